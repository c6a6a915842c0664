//! Everything that can refuse a request before its operation sees it.

use std::time::{Duration, Instant};

use axum::http::{Method, StatusCode};
use time::OffsetDateTime;

use super::Request;
use super::service::Operation;
use crate::access_keys::Caller;
use crate::answer::{Format, GatewayError};
use crate::emulator::World;
use crate::operations::Methods;
use crate::parameters::Parameters;
use crate::signature::{self, Clocks, Scheme, Signed};

/// A request that may be carried out.
#[derive(Debug)]
pub(super) struct Admitted {
    pub(super) operation: Operation,
    /// `None`: the operation wants no signature.
    pub(super) caller: Option<Caller>,
}

/// Makes every check that is not the operation's own. `sent` is what was signed, `parameters` has what came as headers
/// too.
pub(super) fn admit(
    world: &mut World,
    scheme: Scheme,
    request: &Request<'_>,
    sent: &Parameters,
    parameters: &Parameters,
) -> Result<Admitted, GatewayError> {
    accept_method(request.method, Methods::GetOrPost)?;
    accept_format(parameters)?;
    let operation = find_operation(parameters)?;
    accept_method(request.method, operation.methods())?;
    let caller = match operation.is_anonymous() {
        true => None,
        false => Some(verify(world, scheme, request, sent)?),
    };
    if let Operation::Iot(operation) = operation {
        let taken = world.quotas.take(operation.name, operation.calls_per_second, Instant::now());
        taken.map_err(|wait| GatewayError::throttled(millis_rounded_up(wait)))?;
    }
    Ok(Admitted { operation, caller })
}

fn verify(world: &mut World, scheme: Scheme, request: &Request<'_>, sent: &Parameters) -> Result<Caller, GatewayError> {
    let Request { method, query, headers, body, .. } = *request;
    let signed = Signed { method, query, headers, body, parameters: sent };
    let clocks = Clocks { wall: OffsetDateTime::now_utc(), simulated: world.clock.now() };
    signature::verify(scheme, signed, &world.access_keys, &mut world.nonces, clocks)
}

fn accept_method(method: &Method, allowed: Methods) -> Result<(), GatewayError> {
    if allowed.include(method) {
        return Ok(());
    }
    let message = format!("The HTTP method {method} is not supported; use {}.", allowed.names());
    Err(GatewayError::bad_request("UnsupportedHTTPMethod", message))
}

fn accept_format(parameters: &Parameters) -> Result<(), GatewayError> {
    match parameters.get("Format") {
        Some(name) if Format::named(name).is_none() => {
            Err(GatewayError::bad_request("InvalidParameter.Format", "Format has to be JSON or XML."))
        }
        _ => Ok(()),
    }
}

fn find_operation(parameters: &Parameters) -> Result<Operation, GatewayError> {
    let action = parameters.required("Action")?;
    let version = parameters.required("Version")?;
    Operation::named(version, action).ok_or_else(|| {
        let message = "There is no such Action in this Version; letter case matters, the Version is 2018-01-20, that \
                       of STS 2015-04-01.";
        GatewayError::new(StatusCode::NOT_FOUND, "InvalidApi.NotFound", message)
    })
}

fn millis_rounded_up(wait: Duration) -> u64 {
    u64::try_from(wait.as_micros().div_ceil(1_000)).unwrap_or(u64::MAX)
}
