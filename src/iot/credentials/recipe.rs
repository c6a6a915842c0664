//! How keys are to be got: checked, and not carried out yet.

use thiserror::Error;

use super::account::AccountGuard;
use super::assumed_role::AssumedRole;
use super::cache::CredentialCache;
use super::environment::Environment;
use super::external::ExternalProgram;
use super::keys::Credentials;
use super::metadata::{self, Metadata};
use super::oidc::{OidcRole, OidcSource};
use super::role::Role;
use super::source::CredentialSource;
use super::sts::Sts;
use super::uri::{CredentialsUri, UriSource};
use crate::iot::Endpoint;
use crate::iot::endpoint::EndpointError;
use crate::iot::transport::Timeouts;

/// How keys are to be got.
///
/// ```
/// use terraform_provider_alicloud_iot::iot::credentials::{Environment, Kitchen, Recipe, Role};
/// use terraform_provider_alicloud_iot::iot::{Credentials, Endpoint, Timeouts};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let options = testkit::Options { fixtures: serde_json::json!({}), flags: Vec::new() };
/// # let emulator = testkit::Emulator::start(&options)?;
/// # let (url, key_id, secret) = (emulator.url(), testkit::ACCESS_KEY_ID.to_owned(), testkit::ACCESS_KEY_SECRET);
/// let keys = Credentials::new(key_id, secret.into(), None);
/// let role = Role::new("acs:ram::100000000000:role/ota", "rollout")?;
/// let recipe = Recipe::AssumeRole { with: Box::new(Recipe::Keys(keys)), role };
/// assert!(recipe.asks_sts());
/// let kitchen = Kitchen {
///     region: "cn-shanghai".to_owned(),
///     sts: Some(Endpoint::parse(url)?),
///     sts_region: None,
///     metadata: None,
///     account_id: None,
///     environment: Environment::default(),
///     user_agent: "example/1.0".to_owned(),
///     timeouts: Timeouts::default(),
/// };
/// let keys = recipe.prepare(&kitchen)?.current().await?;
/// assert!(keys.access_key_id().starts_with("STS.") && keys.expires_at().is_some());
/// assert!(!format!("{keys:?}").contains(keys.access_key_id()));
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub enum Recipe {
    /// They are known.
    Keys(Credentials),
    /// A role is assumed with those of another recipe.
    AssumeRole {
        /// How the first keys are got.
        with: Box<Recipe>,
        /// What they are exchanged for.
        role: Role,
    },
    /// A role is assumed with a token.
    Oidc(OidcRole),
    /// The ECS instance has a role: this one, or the one that the instance names.
    EcsRole(Option<String>),
    /// A program prints them.
    Program(ExternalProgram),
    /// They are there for a GET.
    Uri(CredentialsUri),
}

/// What is needed beside a recipe to carry it out.
#[derive(Clone, Debug)]
pub struct Kitchen {
    /// The region of the devices, whose STS is asked.
    pub region: String,
    /// The STS to ask, if it is another.
    pub sts: Option<Endpoint>,
    /// The region of the STS to ask, if it is another; `sts` is stronger.
    pub sts_region: Option<String>,
    /// What stands in for the metadata service of ECS, for tests: something on this machine.
    pub metadata: Option<Endpoint>,
    /// The only account whose keys may be used, as STS says.
    pub account_id: Option<String>,
    /// What the variables of the SDKs say.
    pub environment: Environment,
    /// How the program introduces itself.
    pub user_agent: String,
    /// How long answers may take.
    pub timeouts: Timeouts,
}

/// Why a recipe is not carried out.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum RecipeError {
    /// The environment forbids what it needs.
    #[error("the environment variable {variable} forbids {what}")]
    Forbidden {
        /// The variable.
        variable: &'static str,
        /// What it forbids.
        what: &'static str,
    },
    /// A name that no role can have.
    #[error("the name of an ECS role has 1 to 64 characters out of letters, digits, `.`, `-` and `_`")]
    EcsRoleName,
    /// The region of the STS is none.
    #[error("the region of the STS cannot be used: {0}")]
    StsRegion(EndpointError),
}

impl Recipe {
    /// Whether carrying it out asks STS for keys.
    pub fn asks_sts(&self) -> bool {
        matches!(self, Self::AssumeRole { .. } | Self::Oidc(_))
    }

    /// What is asked that is not on this machine, STS apart; none if nothing is.
    pub fn leaves_the_machine(&self, kitchen: &Kitchen) -> Option<String> {
        match self {
            Self::AssumeRole { with, .. } => with.leaves_the_machine(kitchen),
            Self::EcsRole(_) if kitchen.metadata.is_none() => Some(metadata::ADDRESS.to_owned()),
            Self::Uri(uri) if !uri.is_loopback() => Some(uri.to_string()),
            Self::Keys(_) | Self::Oidc(_) | Self::EcsRole(_) | Self::Program(_) | Self::Uri(_) => None,
        }
    }

    /// The keys, got when the first request needs them.
    ///
    /// # Errors
    ///
    /// What can be said without asking anybody: see [`RecipeError`].
    pub fn prepare(self, kitchen: &Kitchen) -> Result<CredentialCache, RecipeError> {
        let source = self.source(kitchen)?;
        Ok(match &kitchen.account_id {
            Some(account_id) => {
                let account_id = account_id.clone();
                CredentialCache::new(AccountGuard { source, account_id, sts: kitchen.sts()? })
            }
            None => CredentialCache::of(source),
        })
    }

    fn source(self, kitchen: &Kitchen) -> Result<Box<dyn CredentialSource>, RecipeError> {
        let Kitchen { user_agent, timeouts, environment, .. } = kitchen.clone();
        Ok(match self {
            Self::Keys(keys) => Box::new(keys),
            Self::AssumeRole { with, role } => {
                let with = CredentialCache::of(with.source(kitchen)?);
                Box::new(AssumedRole { with, role, sts: kitchen.sts()? })
            }
            Self::Oidc(role) => Box::new(OidcSource { role, sts: kitchen.sts()? }),
            Self::EcsRole(role) => {
                forbidden(environment.no_metadata, "keys of ECS roles")?;
                if !role.as_deref().is_none_or(metadata::is_role_name) {
                    return Err(RecipeError::EcsRoleName);
                }
                let takes_no_token = !environment.metadata_needs_token;
                let address =
                    kitchen.metadata.as_ref().map_or_else(|| metadata::ADDRESS.to_owned(), Endpoint::to_string);
                Box::new(Metadata::new(address, role, takes_no_token, user_agent))
            }
            Self::Program(program) => {
                forbidden(environment.no_external, "external programs")?;
                Box::new(program)
            }
            Self::Uri(uri) => {
                forbidden(environment.no_external, "credentials URIs")?;
                Box::new(UriSource::new(uri, user_agent, timeouts))
            }
        })
    }
}

impl Kitchen {
    /// Where the STS is that would be asked.
    ///
    /// # Errors
    ///
    /// [`RecipeError::StsRegion`].
    pub fn sts_endpoint(&self) -> Result<Endpoint, RecipeError> {
        if let Some(endpoint) = &self.sts {
            return Ok(endpoint.clone());
        }
        let region = self.sts_region.as_ref().or(self.environment.sts_region.as_ref()).unwrap_or(&self.region);
        Endpoint::for_sts(region, self.environment.sts_in_vpc).map_err(RecipeError::StsRegion)
    }

    fn sts(&self) -> Result<Sts, RecipeError> {
        Ok(Sts::new(self.sts_endpoint()?, self.region.clone(), self.user_agent.clone(), self.timeouts))
    }
}

fn forbidden(variable: Option<&'static str>, what: &'static str) -> Result<(), RecipeError> {
    variable.map_or(Ok(()), |variable| Err(RecipeError::Forbidden { variable, what }))
}
