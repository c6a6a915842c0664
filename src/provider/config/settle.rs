//! All arguments together, with the environment: they become settings, or errors.

use secrecy::SecretString;
use tf_provider::value::Value;
use tf_provider::{Diagnostic, Diagnostics};

use super::argument::Argument;
use super::environment::{ACCESS_KEY, IOT_ENDPOINT, PREFLIGHT, REFUSE_LIVE, REGION, SECRET_KEY, SECURITY_TOKEN};
use super::model::ProviderConfig;
use super::settings::{Preflight, Settings};
use crate::iot::{Client, ClientOptions, Credentials, Endpoint};
use crate::provider::diagnostics::configuration as text;

/// Where a user is who names no region.
pub(super) const DEFAULT_REGION: &str = "cn-shanghai";

impl ProviderConfig {
    /// Settles what the arguments leave open, with `variable` as the environment.
    pub(crate) fn settle(
        self,
        diagnostics: &mut Diagnostics,
        user_agent: String,
        variable: &dyn Fn(&str) -> Option<String>,
    ) -> Option<Settings> {
        let edition = self.edition();
        let endpoint = match self.endpoints {
            Value::Value(endpoints) => endpoints.iot,
            Value::Null => Value::Null,
            Value::Unknown => Value::Unknown,
        };
        let argument = |value, names| Argument::settle(value, names, variable);
        let region = argument(self.region, REGION).or(DEFAULT_REGION);
        let access_key = argument(self.access_key, ACCESS_KEY);
        let secret_key = argument(self.secret_key, SECRET_KEY);
        // A token belongs to one key: that of the environment must not join a key from the block.
        let is_own_key = matches!(access_key, Argument::Known { source: None, .. });
        let security_token = argument(self.security_token, if is_own_key { &[] } else { SECURITY_TOKEN });
        let endpoint = argument(endpoint, IOT_ENDPOINT);
        let preflight = preflight(diagnostics, argument(self.preflight, PREFLIGHT))?;
        let refuse_live = flag(diagnostics, self.refuse_live, REFUSE_LIVE, variable)?;
        let settled_region = match &region {
            Argument::Unknown => Value::Unknown,
            Argument::Known { value, .. } => Value::Value(value.clone()),
            Argument::Absent => Value::Null,
        };
        missing(diagnostics, &access_key, &secret_key);
        let unknown: Vec<_> = [
            ("region", region.is_unknown()),
            ("access_key", access_key.is_unknown()),
            ("secret_key", secret_key.is_unknown()),
            ("security_token", security_token.is_unknown()),
            ("endpoints.iot", endpoint.is_unknown()),
            ("refuse_live", refuse_live.is_unknown()),
        ]
        .into_iter()
        .filter_map(|(name, is_unknown)| is_unknown.then_some(name))
        .collect();
        let client = match (region, access_key, secret_key) {
            _ if !unknown.is_empty() => Err(unknown),
            (
                region @ Argument::Known { .. },
                Argument::Known { value: key, .. },
                Argument::Known { value: secret, .. },
            ) => {
                let token = security_token.known().map(SecretString::from);
                let credentials = Credentials::new(key, SecretString::from(secret), token).into();
                let endpoint = endpoint_of(diagnostics, &region, endpoint, refuse_live)?;
                let region = region.known()?;
                Ok(client(
                    diagnostics,
                    ClientOptions {
                        region,
                        endpoint,
                        credentials,
                        user_agent,
                        timeouts: crate::iot::Timeouts::default(),
                    },
                )?)
            }
            _ => return None,
        };
        let iot_instance_id = match self.iot_instance_id {
            Value::Value(instance) if instance.is_empty() => Value::Null,
            instance => instance,
        };
        Some(Settings { region: settled_region, iot_instance_id, edition, preflight, client })
    }
}

fn endpoint_of(
    diagnostics: &mut Diagnostics,
    region: &Argument,
    endpoint: Argument,
    refuse_live: Argument<bool>,
) -> Option<Endpoint> {
    let endpoint = match (endpoint, region) {
        (Argument::Known { value, source }, _) => {
            Endpoint::parse(&value).map_err(|error| text::invalid_endpoint(source, &error))
        }
        (_, Argument::Known { value, source }) => {
            Endpoint::for_region(value).map_err(|error| text::invalid_region(*source, value, &error))
        }
        _ => return None,
    };
    let endpoint = endpoint.and_then(|endpoint| match refuse_live {
        Argument::Known { value: true, source } if !endpoint.is_loopback() => {
            Err(text::live_endpoint(source, "endpoints.iot", &endpoint))
        }
        _ => Ok(endpoint),
    });
    endpoint.map_err(|error| diagnostics.errors.push(error)).ok()
}

fn client(diagnostics: &mut Diagnostics, options: ClientOptions) -> Option<Client> {
    let mut refuse = |error: Diagnostic| diagnostics.errors.push(error);
    Client::new(options).map_err(|error| refuse(text::no_client(&error))).ok()
}

/// Unknown counts as the default, which is the strictest.
fn preflight(diagnostics: &mut Diagnostics, argument: Argument) -> Option<Preflight> {
    let Argument::Known { value, source } = argument else { return Some(Preflight::default()) };
    let preflight = Preflight::named(&value);
    if preflight.is_none() {
        diagnostics.errors.push(text::invalid_preflight(source, &value));
    }
    preflight
}

/// A boolean, in the spellings that Terraform takes for one in a variable.
fn flag(
    diagnostics: &mut Diagnostics,
    value: Value<bool>,
    names: &[&'static str],
    variable: &dyn Fn(&str) -> Option<String>,
) -> Option<Argument<bool>> {
    let (value, source) = match value {
        Value::Unknown => return Some(Argument::Unknown),
        Value::Value(value) => return Some(Argument::Known { value, source: None }),
        Value::Null => match Argument::from_environment(names, variable) {
            Argument::Known { value, source } => (value, source),
            _ => return Some(Argument::Absent),
        },
    };
    let value = match value.to_ascii_lowercase().as_str() {
        "true" | "t" | "1" => true,
        "false" | "f" | "0" => false,
        _ => {
            diagnostics.errors.push(text::invalid_flag(source.unwrap_or_default(), &value));
            return None;
        }
    };
    Some(Argument::Known { value, source })
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
