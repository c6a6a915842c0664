//! The provider block: its schema, and what its arguments and the environment come to.

use std::collections::HashMap;

use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use tf_provider::schema::{Attribute, AttributeConstraint, AttributeType, Block, Description, NestedBlock, Schema};
use tf_provider::value::Value;
use tf_provider::{Diagnostic, Diagnostics};

use super::diagnostics::configuration as text;
use super::limits::{self, Edition};
use crate::iot::{Client, ClientOptions, Credentials, Endpoint};

/// Where a user is who names no region.
const DEFAULT_REGION: &str = "cn-shanghai";

// The environment variables of the official provider's users, in the order in which it looks.
const REGION: &[&str] = &["ALICLOUD_REGION", "ALIBABA_CLOUD_REGION"];
const ACCESS_KEY: &[&str] = &["ALICLOUD_ACCESS_KEY", "ALIBABA_CLOUD_ACCESS_KEY_ID", "ALIBABACLOUD_ACCESS_KEY_ID"];
const SECRET_KEY: &[&str] =
    &["ALICLOUD_SECRET_KEY", "ALIBABA_CLOUD_ACCESS_KEY_SECRET", "ALIBABACLOUD_ACCESS_KEY_SECRET"];
const SECURITY_TOKEN: &[&str] =
    &["ALICLOUD_SECURITY_TOKEN", "ALIBABA_CLOUD_SECURITY_TOKEN", "ALIBABACLOUD_SECURITY_TOKEN"];
const IOT_ENDPOINT: &[&str] = &["ALIBABA_CLOUD_ENDPOINT_IOT", "IOT_ENDPOINT"];

/// The provider block as written. It holds secrets, so it has no `Debug`.
#[derive(Serialize, Deserialize)]
pub(super) struct ProviderConfig {
    region: Value<String>,
    access_key: Value<String>,
    secret_key: Value<String>,
    security_token: Value<String>,
    iot_instance_id: Value<String>,
    extended_limits: Value<bool>,
    #[serde(with = "optional_block")]
    endpoints: Value<Endpoints>,
}

#[derive(Serialize, Deserialize)]
struct Endpoints {
    iot: Value<String>,
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

/// What the provider block and the environment come to.
#[derive(Debug)]
pub(crate) struct Settings {
    /// Unknown only while something that it depends on has not been created.
    pub(crate) region: Value<String>,
    /// What resources take that name no instance.
    pub(crate) iot_instance_id: Value<String>,
    pub(crate) edition: Edition,
    /// Set up, unless arguments are unknown that it needs: those.
    pub(crate) client: Result<Client, Vec<&'static str>>,
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

    /// What can be said without the environment, which `terraform validate` may not have.
    pub(crate) fn validate(&self, diagnostics: &mut Diagnostics) {
        if let Value::Value(region) = &self.region
            && !region.is_empty()
            && let Err(error) = Endpoint::for_region(region)
        {
            diagnostics.errors.push(text::invalid_region(None, region, &error));
        }
        if let Value::Value(Endpoints { iot: Value::Value(endpoint) }) = &self.endpoints
            && !endpoint.is_empty()
            && let Err(error) = Endpoint::parse(endpoint)
        {
            diagnostics.errors.push(text::invalid_endpoint(None, &error));
        }
        if matches!(&self.iot_instance_id, Value::Value(instance) if !limits::fits_resource_id(instance)) {
            diagnostics.errors.push(text::invalid_instance_id());
        }
    }

    /// Settles what the arguments leave open, with `variable` as the environment.
    pub(crate) fn settle(
        self,
        diagnostics: &mut Diagnostics,
        user_agent: String,
        variable: impl Fn(&str) -> Option<String>,
    ) -> Option<Settings> {
        let edition = self.edition();
        let endpoint = match self.endpoints {
            Value::Value(endpoints) => endpoints.iot,
            Value::Null => Value::Null,
            Value::Unknown => Value::Unknown,
        };
        let argument = |value, names| Argument::settle(value, names, &variable);
        let region = argument(self.region, REGION).or(DEFAULT_REGION);
        let access_key = argument(self.access_key, ACCESS_KEY);
        let secret_key = argument(self.secret_key, SECRET_KEY);
        // A token belongs to one key: that of the environment must not join a key from the block.
        let is_own_key = matches!(access_key, Argument::Known { source: None, .. });
        let security_token = argument(self.security_token, if is_own_key { &[] } else { SECURITY_TOKEN });
        let endpoint = argument(endpoint, IOT_ENDPOINT);
        let settled_region = match &region {
            Argument::Unknown => Value::Unknown,
            Argument::Known { value, .. } => Value::Value(value.clone()),
            Argument::Absent => Value::Null,
        };
        missing(diagnostics, &access_key, &secret_key);
        let unknown: Vec<_> = [
            ("region", &region),
            ("access_key", &access_key),
            ("secret_key", &secret_key),
            ("security_token", &security_token),
            ("endpoints.iot", &endpoint),
        ]
        .into_iter()
        .filter_map(|(name, argument)| matches!(argument, Argument::Unknown).then_some(name))
        .collect();
        let client = match (region, access_key, secret_key) {
            _ if !unknown.is_empty() => Err(unknown),
            (
                region @ Argument::Known { .. },
                Argument::Known { value: key, .. },
                Argument::Known { value: secret, .. },
            ) => {
                let token = security_token.known().map(SecretString::from);
                let credentials = Credentials::new(key, SecretString::from(secret), token);
                Ok(client(diagnostics, region, endpoint, credentials, user_agent)?)
            }
            _ => return None,
        };
        let iot_instance_id = match self.iot_instance_id {
            Value::Value(instance) if instance.is_empty() => Value::Null,
            instance => instance,
        };
        Some(Settings { region: settled_region, iot_instance_id, edition, client })
    }
}

fn client(
    diagnostics: &mut Diagnostics,
    region: Argument,
    endpoint: Argument,
    credentials: Credentials,
    user_agent: String,
) -> Option<Client> {
    let Argument::Known { value: region, source } = region else { return None };
    let endpoint = match endpoint {
        Argument::Known { value, source } => {
            Endpoint::parse(&value).map_err(|error| text::invalid_endpoint(source, &error))
        }
        _ => Endpoint::for_region(&region).map_err(|error| text::invalid_region(source, &region, &error)),
    };
    let mut refuse = |error: Diagnostic| diagnostics.errors.push(error);
    let endpoint = endpoint.map_err(&mut refuse).ok()?;
    Client::new(ClientOptions { region, endpoint, credentials, user_agent })
        .map_err(|error| refuse(text::no_client(&error)))
        .ok()
}

/// Says which halves of the credentials are missing, and everywhere that was looked.
fn missing(diagnostics: &mut Diagnostics, access_key: &Argument, secret_key: &Argument) {
    let mut halves = Vec::new();
    if matches!(access_key, Argument::Absent) {
        halves.push(("access_key", ACCESS_KEY));
    }
    if matches!(secret_key, Argument::Absent) {
        halves.push(("secret_key", SECRET_KEY));
    }
    if !halves.is_empty() {
        diagnostics.errors.push(text::missing_credentials(&halves));
    }
}

/// An argument after the environment was asked.
enum Argument {
    /// `source` is the variable that it came from; none for the block itself and for defaults.
    Known {
        value: String,
        source: Option<&'static str>,
    },
    Unknown,
    Absent,
}

impl Argument {
    /// An empty text counts as absent, as users of the official provider are used to.
    fn settle(
        value: Value<String>,
        names: &'static [&'static str],
        variable: &impl Fn(&str) -> Option<String>,
    ) -> Self {
        match value {
            Value::Unknown => Self::Unknown,
            Value::Value(value) if !value.is_empty() => Self::Known { value, source: None },
            Value::Value(_) | Value::Null => names
                .iter()
                .find_map(|name| {
                    let value = variable(name).filter(|value| !value.is_empty())?;
                    Some(Self::Known { value, source: Some(name) })
                })
                .unwrap_or(Self::Absent),
        }
    }

    fn or(self, default: &str) -> Self {
        match self {
            Self::Absent => Self::Known { value: default.to_owned(), source: None },
            other => other,
        }
    }

    fn known(self) -> Option<String> {
        match self {
            Self::Known { value, .. } => Some(value),
            Self::Unknown | Self::Absent => None,
        }
    }
}

/// The schema of the provider block.
pub(super) fn schema() -> Schema {
    let optional = |attr_type, sensitive, description: String| Attribute {
        attr_type,
        description: Description::markdown(description),
        constraint: AttributeConstraint::Optional,
        sensitive,
        deprecated: false,
    };
    let text = |sensitive, description: &str, variables: &[&str]| {
        let variables =
            if variables.is_empty() { String::new() } else { format!(" Also read from `{}`.", variables.join("`, `")) };
        optional(AttributeType::String, sensitive, format!("{description}{variables}"))
    };
    let attributes = [
        (
            "region",
            text(false, &format!("Region of the IoT Platform service. Defaults to `{DEFAULT_REGION}`."), REGION),
        ),
        ("access_key", text(false, "AccessKey ID.", ACCESS_KEY)),
        ("secret_key", text(true, "AccessKey secret.", SECRET_KEY)),
        (
            "security_token",
            text(
                true,
                "Token that belongs to temporary keys. From the environment only if the key is.",
                SECURITY_TOKEN,
            ),
        ),
        (
            "iot_instance_id",
            text(
                false,
                "ID of the IoT Platform instance of resources that name none themselves when they are created.",
                &[],
            ),
        ),
        (
            "extended_limits",
            optional(
                AttributeType::Bool,
                false,
                "Whether the limits of the newer public documentation count, as a whole, instead of those of the \
                 edition that this provider implements. Defaults to `false`."
                    .to_owned(),
            ),
        ),
    ];
    let iot = text(
        false,
        "URL of the IoT Platform endpoint, instead of the region's. Plain `http` is accepted for this machine only.",
        IOT_ENDPOINT,
    );
    let endpoints = Block {
        version: 0,
        attributes: HashMap::from([("iot".to_owned(), iot)]),
        blocks: HashMap::new(),
        description: Description::markdown("Endpoints other than those of the region."),
        deprecated: false,
    };
    let block = Block {
        version: 0,
        attributes: attributes.map(|(name, attribute)| (name.to_owned(), attribute)).into_iter().collect(),
        blocks: HashMap::from([("endpoints".to_owned(), NestedBlock::Optional(endpoints))]),
        description: Description::markdown("Manages firmware rollouts (OTA updates) of Alibaba Cloud IoT Platform."),
        deprecated: false,
    };
    Schema { version: 0, block }
}
