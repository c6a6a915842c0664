//! Where requests go, how long they may take, and what the program calls itself.

use std::time::Duration;

use tf_provider::value::Value;

use super::argument::{Given, Reader};
use super::environment::{
    CLIENT_CONNECT_TIMEOUT, CLIENT_READ_TIMEOUT, CONFIGURATION_SOURCE, IOT_ENDPOINT, MAX_RETRY_TIMEOUT,
    METADATA_ENDPOINT, STS_ENDPOINT,
};
use super::model::{Endpoints, ProviderConfig};
use crate::iot::{Endpoint, RetryPolicy, Timeouts};
use crate::plugin::convert::Number;
use crate::provider::diagnostics::configuration as text;

/// Characters of what is added to the user agent.
const LONGEST_SOURCE: usize = 1024;

/// Seconds, a day: no apply waits longer for one call.
const LONGEST_RETRY: u64 = 24 * 60 * 60;

/// What the arguments say of the network.
pub(super) struct Network {
    /// None for the region's.
    pub(super) iot: Option<Endpoint>,
    /// None for the region's.
    pub(super) sts: Option<Endpoint>,
    /// None for that of ECS.
    pub(super) metadata: Option<Endpoint>,
    pub(super) timeouts: Timeouts,
    pub(super) retry: RetryPolicy,
    /// What is added to the user agent.
    pub(super) source: Option<String>,
}

impl ProviderConfig {
    pub(super) fn network(&self, reader: &mut Reader<'_>) -> Network {
        let none = Endpoints { iot: Value::Null, sts: Value::Null };
        let endpoints = match &self.endpoints {
            Value::Value(endpoints) => endpoints,
            Value::Null => &none,
            Value::Unknown => {
                reader.unknown.push("endpoints");
                &none
            }
        };
        let iot = reader.text("endpoints.iot", &endpoints.iot, IOT_ENDPOINT);
        let sts = reader.text("endpoints.sts", &endpoints.sts, STS_ENDPOINT);
        let source = reader.text("configuration_source", &self.configuration_source, CONFIGURATION_SOURCE);
        let source = source.and_then(|it| reader.checked("configuration_source", it, user_agent_part));
        let default = Timeouts::default();
        let connect =
            milliseconds(reader, "client_connect_timeout", &self.client_connect_timeout, CLIENT_CONNECT_TIMEOUT);
        let read = milliseconds(reader, "client_read_timeout", &self.client_read_timeout, CLIENT_READ_TIMEOUT);
        Network {
            iot: endpoint(reader, "endpoints.iot", iot),
            sts: endpoint(reader, "endpoints.sts", sts),
            metadata: metadata(reader),
            timeouts: Timeouts { connect: connect.unwrap_or(default.connect), read: read.unwrap_or(default.read) },
            retry: self.retry(reader),
            source: source.map(|it| it.value),
        }
    }

    /// How calls are repeated. 0 is the default of the official provider, so it means the default here too.
    fn retry(&self, reader: &mut Reader<'_>) -> RetryPolicy {
        let given = reader.number("max_retry_timeout", &self.max_retry_timeout, MAX_RETRY_TIMEOUT);
        let default = RetryPolicy::default();
        let check = |seconds| match u64::try_from(seconds) {
            Ok(0) => Ok(None),
            Ok(seconds @ 1..=LONGEST_RETRY) => Ok(Some(Duration::from_secs(seconds))),
            _ => Err(format!("it has to be a number of seconds from 1 to {LONGEST_RETRY}, or 0 for the default")),
        };
        let within = given.and_then(|given| reader.checked("max_retry_timeout", given, check));
        RetryPolicy { within: within.and_then(|it| it.value), ..default }
    }
}

fn endpoint(reader: &mut Reader<'_>, argument: &'static str, given: Option<Given>) -> Option<Endpoint> {
    let Given { value, source } = given?;
    let parse = if source == STS_ENDPOINT.last().copied() { Endpoint::parse_host_or_url } else { Endpoint::parse };
    parse(&value).map_err(|error| reader.errors.push(text::invalid_endpoint(argument, source, &error))).ok()
}

/// What stands in for the metadata service of ECS, which has one address everywhere.
fn metadata(reader: &mut Reader<'_>) -> Option<Endpoint> {
    let Given { value, source } = reader.variable(METADATA_ENDPOINT)?;
    let parsed = Endpoint::parse_local(&value);
    parsed.map_err(|error| reader.errors.push(text::invalid_endpoint("endpoints", source, &error))).ok()
}

fn milliseconds(
    reader: &mut Reader<'_>,
    argument: &'static str,
    value: &Value<Number>,
    variables: &[&'static str],
) -> Option<Duration> {
    let given = reader.number(argument, value, variables)?;
    let positive = |number| u64::try_from(number).ok().filter(|number| *number > 0);
    let check =
        |number| positive(number).map(Duration::from_millis).ok_or("it has to be a number of milliseconds above 0");
    reader.checked(argument, given, check).map(|it| it.value)
}

fn user_agent_part(text: String) -> Result<String, String> {
    let is_shown = text.bytes().all(|byte| byte == b' ' || byte.is_ascii_graphic());
    if is_shown && text.len() <= LONGEST_SOURCE {
        return Ok(text);
    }
    Err(format!("it becomes part of the user agent, and can have at most {LONGEST_SOURCE} printable ASCII characters"))
}
