//! The provider block as written.

use serde::{Deserialize, Serialize};
use tf_provider::value::Value;

use crate::plugin::convert::Number;
use crate::provider::limits::Edition;

/// The provider block. It holds secrets, so it has no `Debug`.
#[derive(Serialize, Deserialize)]
pub(crate) struct ProviderConfig {
    pub(super) region: Value<String>,
    pub(super) skip_region_validation: Value<bool>,
    pub(super) access_key: Value<String>,
    pub(super) secret_key: Value<String>,
    pub(super) security_token: Value<String>,
    pub(super) profile: Value<String>,
    pub(super) shared_credentials_file: Value<String>,
    pub(super) ecs_role_name: Value<String>,
    pub(super) credentials_uri: Value<String>,
    pub(super) account_id: Value<String>,
    pub(super) configuration_source: Value<String>,
    pub(super) client_connect_timeout: Value<Number>,
    pub(super) client_read_timeout: Value<Number>,
    pub(super) max_retry_timeout: Value<Number>,
    pub(super) iot_instance_id: Value<String>,
    pub(super) extended_limits: Value<bool>,
    pub(super) preflight: Value<String>,
    pub(super) refuse_live: Value<bool>,
    #[serde(with = "optional_block")]
    pub(super) endpoints: Value<Endpoints>,
    #[serde(with = "optional_block")]
    pub(super) assume_role: Value<AssumeRole>,
    #[serde(with = "optional_block")]
    pub(super) assume_role_with_oidc: Value<AssumeRoleWithOidc>,
}

#[derive(Serialize, Deserialize)]
pub(super) struct Endpoints {
    pub(super) iot: Value<String>,
    pub(super) sts: Value<String>,
}

#[derive(Serialize, Deserialize)]
pub(super) struct AssumeRole {
    pub(super) role_arn: Value<String>,
    pub(super) session_name: Value<String>,
    pub(super) session_expiration: Value<Number>,
    pub(super) policy: Value<String>,
    pub(super) external_id: Value<String>,
}

#[derive(Serialize, Deserialize)]
pub(super) struct AssumeRoleWithOidc {
    pub(super) role_arn: Value<String>,
    pub(super) oidc_provider_arn: Value<String>,
    pub(super) oidc_token: Value<String>,
    pub(super) oidc_token_file: Value<String>,
    pub(super) role_session_name: Value<String>,
    pub(super) session_expiration: Value<Number>,
    pub(super) policy: Value<String>,
}

impl ProviderConfig {
    /// The edition of limits that the block chooses.
    pub(crate) fn edition(&self) -> Edition {
        match self.extended_limits {
            Value::Value(true) => Edition::Extended,
            Value::Value(false) | Value::Null => Edition::Reference,
            Value::Unknown => Edition::Undecided,
        }
    }
}

/// A block that may be there once: on the wire a list. tf-provider's own form of this refuses a list that is unknown as
/// a whole, which a `dynamic` block makes as long as its `for_each` is.
mod optional_block {
    use serde::{Deserialize, Deserializer, de};
    use tf_provider::value::Value;

    pub(super) use tf_provider::value::serde_as_vec::serialize;

    pub(super) fn deserialize<'de, T: Deserialize<'de>, D: Deserializer<'de>>(from: D) -> Result<Value<T>, D::Error> {
        match Value::<Vec<Value<T>>>::deserialize(from)? {
            Value::Value(mut blocks) if blocks.len() <= 1 => Ok(blocks.pop().unwrap_or(Value::Null)),
            Value::Value(_) => Err(de::Error::custom("there is more than one block")),
            Value::Null => Ok(Value::Null),
            Value::Unknown => Ok(Value::Unknown),
        }
    }
}
