//! The environment variables of the SDKs and of the command line that say how keys are got. Where keys are taken from is
//! for the caller to say.

/// A region's STS instead of that of the devices' region.
const STS_REGION: &str = "ALIBABA_CLOUD_STS_REGION";
/// The STS inside a VPC.
const VPC_ENDPOINT_ENABLED: &str = "ALIBABA_CLOUD_VPC_ENDPOINT_ENABLED";
/// No ECS role.
const ECS_METADATA_DISABLED: &str = "ALIBABA_CLOUD_ECS_METADATA_DISABLED";
/// No metadata service without tokens.
const IMDSV1_DISABLED: &str = "ALIBABA_CLOUD_IMDSV1_DISABLED";
/// No external program, and no credentials URI.
const DISABLE_EXTERNAL_PROCESS: &str = "ALIBABA_CLOUD_DISABLE_EXTERNAL_PROCESS";

/// What those variables say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Environment {
    pub(super) sts_region: Option<String>,
    pub(super) sts_in_vpc: bool,
    pub(super) metadata_needs_token: bool,
    /// The variable that forbids ECS roles.
    pub(super) no_metadata: Option<&'static str>,
    /// The variable that forbids external programs and credentials URIs.
    pub(super) no_external: Option<&'static str>,
}

impl Environment {
    /// Asks for each of them. An empty one counts as not set.
    pub fn read(variable: &dyn Fn(&str) -> Option<String>) -> Self {
        let is_true = |name| variable(name).is_some_and(|value| value == "1" || value.eq_ignore_ascii_case("true"));
        let forbids = |name| is_true(name).then_some(name);
        Self {
            sts_region: variable(STS_REGION).filter(|region| !region.is_empty()),
            sts_in_vpc: is_true(VPC_ENDPOINT_ENABLED),
            metadata_needs_token: is_true(IMDSV1_DISABLED),
            no_metadata: forbids(ECS_METADATA_DISABLED),
            no_external: forbids(DISABLE_EXTERNAL_PROCESS),
        }
    }
}
