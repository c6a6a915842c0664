//! The endpoint `/`: the checks in front of every operation, in the order in which they answer.

use std::time::{Duration, Instant};

use axum::http::{Method, StatusCode};
use time::OffsetDateTime;

use crate::answer::{Format, GatewayError, Object, Refusal, SERVICE_ERROR_STATUS, ServiceError};
use crate::emulator::{Emulator, World};
use crate::faults::{FaultKind, Hit};
use crate::operations::{self, Call, Methods, Operation};
use crate::parameters::Parameters;
use crate::requests_log;
use crate::signature;

const VERSION: &str = "2018-01-20";

/// What happens on the connection.
#[derive(Debug)]
pub(crate) enum Outcome {
    /// An answer, after a while.
    Answer {
        /// The answer.
        reply: Reply,
        /// How long it is held back.
        delay: Duration,
    },
    /// The connection ends without any answer.
    Drop,
}

/// An answer, rendered.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    pub(crate) content_type: &'static str,
    pub(crate) request_id: String,
    /// Value of `x-acs-retry-after`, in milliseconds.
    pub(crate) retry_after_millis: Option<u64>,
    pub(crate) body: String,
}

/// A request as it came over the wire.
#[derive(Debug)]
pub(crate) struct Request<'a> {
    pub(crate) method: &'a Method,
    pub(crate) query: &'a str,
    /// Empty unless the body is a form.
    pub(crate) form: &'a [u8],
    /// Header `Host`, shown in gateway errors.
    pub(crate) host: &'a str,
}

/// Carries out one request and writes it into the log.
pub(crate) fn answer(emulator: &Emulator, request: &Request<'_>) -> Outcome {
    let mut world = emulator.world();
    let (parameters, merged) = match Parameters::merge(request.query, request.form) {
        Ok(parameters) => (parameters, Ok(())),
        Err(error) => (Parameters::default(), Err(error)),
    };
    let admitted = merged.and_then(|()| admit(emulator, &mut world, request.method, &parameters));
    let (result, hit) = match admitted {
        Ok(operation) => carry_out(emulator, &mut world, operation, &parameters),
        Err(error) => (Err(error.into()), None),
    };
    let request_id = world.randomness.request_id();
    let outcome = apply(hit, render(&result, &parameters, &request_id, request.host));
    world.log.add(OffsetDateTime::now_utc(), &parameters, log_entry(&result, &outcome));
    outcome
}

fn log_entry(result: &Result<Object, Refusal>, outcome: &Outcome) -> requests_log::Result {
    let (http_status, code) = match outcome {
        Outcome::Answer { reply, .. } => (Some(reply.status.as_u16()), result.as_ref().err().map(code_of)),
        Outcome::Drop => (None, None),
    };
    let success = result.is_ok();
    requests_log::Result { http_status, success, code }
}

/// Everything that can refuse a request before its operation sees it.
fn admit(
    emulator: &Emulator,
    world: &mut World,
    method: &Method,
    parameters: &Parameters,
) -> Result<&'static Operation, GatewayError> {
    accept_method(method, Methods::GetOrPost)?;
    accept_format(parameters)?;
    let operation = find_operation(parameters)?;
    accept_method(method, operation.methods)?;
    let wall_clock = OffsetDateTime::now_utc();
    signature::verify(method.as_str(), parameters, &emulator.options, &mut world.nonces, wall_clock)?;
    let taken = world.quotas.take(operation.name, operation.calls_per_second, Instant::now());
    taken.map_err(|wait| GatewayError::throttled(millis_rounded_up(wait)))?;
    Ok(operation)
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

fn find_operation(parameters: &Parameters) -> Result<&'static Operation, GatewayError> {
    let action = parameters.required("Action")?;
    let version = parameters.required("Version")?;
    let operation = operations::named(action).filter(|_| version == VERSION);
    operation.ok_or_else(|| {
        let message = "There is no such Action in this Version; letter case matters, the Version is 2018-01-20.";
        GatewayError::new(StatusCode::NOT_FOUND, "InvalidApi.NotFound", message)
    })
}

fn millis_rounded_up(wait: Duration) -> u64 {
    u64::try_from(wait.as_micros().div_ceil(1_000)).unwrap_or(u64::MAX)
}

/// The operation, unless a fault stands before it.
fn carry_out(
    emulator: &Emulator,
    world: &mut World,
    operation: &Operation,
    parameters: &Parameters,
) -> (Result<Object, Refusal>, Option<Hit>) {
    let World { clock, store, faults, randomness, .. } = world;
    let hit = faults.hit(operation.name, randomness);
    if let Some(refusal) = hit.and_then(refusal_of) {
        return (Err(refusal), hit);
    }
    let mut call = Call { parameters, limits: emulator.options.edition.limits(), now: clock.now(), store, randomness };
    ((operation.carry_out)(&mut call), hit)
}

/// What a fault says in place of the operation; `None`: the operation is carried out.
fn refusal_of(hit: Hit) -> Option<Refusal> {
    let gateway = |status, code: &str, message: &str| Some(GatewayError::new(status, code, message).into());
    match hit.kind {
        FaultKind::Slow | FaultKind::MalformedBody | FaultKind::DropAfterCommit => None,
        FaultKind::DropBefore => gateway(StatusCode::BAD_GATEWAY, "InternalError", "The request was lost."),
        FaultKind::Status500 => gateway(
            StatusCode::INTERNAL_SERVER_ERROR,
            "InternalError",
            "The request processing has failed due to some unknown error.",
        ),
        FaultKind::Status503 => gateway(
            StatusCode::SERVICE_UNAVAILABLE,
            "ServiceUnavailable",
            "The request has failed due to a temporary failure of the server.",
        ),
        FaultKind::Throttle => Some(GatewayError::throttled(hit.millis).into()),
        FaultKind::SystemException => {
            Some(ServiceError::new("iot.system.SystemException", "A system exception occurred.").into())
        }
    }
}

/// What a fault does to the answer.
fn apply(hit: Option<Hit>, mut reply: Reply) -> Outcome {
    let mut delay = Duration::ZERO;
    match hit.map(|hit| (hit.kind, hit.millis)) {
        Some((FaultKind::DropBefore | FaultKind::DropAfterCommit, _)) => return Outcome::Drop,
        Some((FaultKind::MalformedBody, _)) => reply.body = first_half(&reply.body),
        Some((FaultKind::Slow, millis)) => delay = Duration::from_millis(millis),
        _ => {}
    }
    Outcome::Answer { reply, delay }
}

fn first_half(body: &str) -> String {
    body.chars().take(body.chars().count() / 2).collect()
}

fn render(result: &Result<Object, Refusal>, parameters: &Parameters, request_id: &str, host: &str) -> Reply {
    let format = parameters.get("Format").and_then(Format::named).unwrap_or_default();
    let root = format!("{}Response", parameters.get("Action").unwrap_or_default());
    let body = match result {
        Ok(answer) => {
            let answer = answer.clone().with("RequestId", request_id).with("Success", true);
            format.render(&root, &answer)
        }
        Err(Refusal::Service(error)) => format.render(&root, &error.answer(request_id)),
        Err(Refusal::Gateway(error)) => format.render("Error", &error.answer(request_id, host)),
    };
    Reply {
        status: status_of(result),
        content_type: format.content_type(),
        request_id: request_id.to_owned(),
        retry_after_millis: result.as_ref().err().and_then(retry_after_of),
        body,
    }
}

fn retry_after_of(refusal: &Refusal) -> Option<u64> {
    match refusal {
        Refusal::Gateway(error) => error.retry_after_millis,
        Refusal::Service(_) => None,
    }
}

fn status_of(result: &Result<Object, Refusal>) -> StatusCode {
    match result {
        Ok(_) => StatusCode::OK,
        Err(Refusal::Service(_)) => SERVICE_ERROR_STATUS,
        Err(Refusal::Gateway(error)) => error.status,
    }
}

fn code_of(refusal: &Refusal) -> String {
    match refusal {
        Refusal::Gateway(error) => error.code.clone(),
        Refusal::Service(error) => error.code.to_owned(),
    }
}
