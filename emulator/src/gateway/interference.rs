//! What an injected fault does: in place of the operation, or to its answer.

use std::time::Duration;

use axum::http::StatusCode;

use super::{Outcome, Reply};
use crate::answer::{GatewayError, Refusal, ServiceError};
use crate::faults::{FaultKind, Hit};

/// What a fault says in place of the operation; `None`: the operation is carried out.
pub(super) fn refusal_of(hit: Hit) -> Option<Refusal> {
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
pub(super) fn apply(hit: Option<Hit>, mut reply: Reply) -> Outcome {
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
