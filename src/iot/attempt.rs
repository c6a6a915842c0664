//! One sending of an operation, and what became of it.

use std::time::{Duration, Instant};

use time::OffsetDateTime;

use super::credentials::Credentials;
use super::error::{Error, Failure, FailureKind};
use super::operation::Operation;
use super::parameters::Parameters;
use super::redact::Secrets;
use super::sign::{SignedRequest, Stamp, sign};
use super::trace;
use super::transport::{Loss, RawAnswer, Transport};
use super::verdict::{Sent, Verdict, judge};

/// The answer to an operation that succeeded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer<T> {
    /// What was asked for.
    pub data: T,
    /// The id under which the service's support finds the call; empty if the answer has none.
    pub request_id: String,
    /// The service's clock when it answered (header `Date`).
    pub server_time: Option<OffsetDateTime>,
}

/// Sends the operation once, signed with a nonce and a time of its own.
pub(super) async fn attempt<O: Operation>(
    transport: &Transport,
    region: &str,
    credentials: &Credentials,
    operation: &O,
) -> Result<Answer<O::Answer>, Failed> {
    let mut parameters = Parameters::default();
    operation.parameters(&mut parameters);
    let request = sign(O::ACTION, O::METHOD, region, parameters, credentials, Stamp::fresh());
    let started = Instant::now();
    let outcome = exchange::<O>(transport, credentials, request).await;
    log(O::ACTION, &outcome, started.elapsed());
    outcome.map(|received| received.answer)
}

async fn exchange<O: Operation>(
    transport: &Transport,
    credentials: &Credentials,
    request: SignedRequest,
) -> Result<Received<O::Answer>, Failed> {
    let SignedRequest { method, form, parameters, string_to_sign, signature } = request;
    let secrets = Secrets { credentials, signature: &signature };
    trace::request(transport.endpoint(), method, O::ACTION, &parameters, secrets);
    let answer = transport.send(method, form).await;
    match &answer {
        Ok(raw) => trace::answer(O::ACTION, raw, secrets),
        Err(loss) => trace::loss(O::ACTION, loss, secrets),
    }
    receive::<O>(&answer.map_err(Failed::from)?, Sent { secrets, string_to_sign: &string_to_sign })
}

/// Makes of an answer to `O` what [`Client::send`](super::Client::send) would, had it come over the network: for answers
/// that were recorded, or made up.
///
/// # Errors
///
/// Those of [`Client::send`](super::Client::send) that speak of an answer.
pub fn read_answer<O: Operation>(
    http_status: u16,
    body: Vec<u8>,
    credentials: &Credentials,
) -> Result<Answer<O::Answer>, Error> {
    let raw = RawAnswer { status: http_status, body, ..RawAnswer::default() };
    let received = receive::<O>(&raw, Sent { secrets: Secrets { credentials, signature: "" }, string_to_sign: "" });
    received.map(|received| received.answer).map_err(|failed| failed.into_error::<O>())
}

fn receive<O: Operation>(raw: &RawAnswer, sent: Sent<'_>) -> Result<Received<O::Answer>, Failed> {
    let success = judge(raw, sent).map_err(|verdict| Failed::with(verdict, raw))?;
    match O::parse(&success.answer) {
        Ok(data) => Ok(Received {
            answer: Answer { data, request_id: success.request_id, server_time: raw.server_time },
            http_status: raw.status,
        }),
        Err(unreadable) => Err(Failed::with(
            Verdict {
                kind: FailureKind::OutcomeUnknown,
                message: format!("the service reports success, but {unreadable}"),
                code: None,
                request_id: Some(success.request_id).filter(|id| !id.is_empty()),
            },
            raw,
        )),
    }
}

struct Received<T> {
    answer: Answer<T>,
    http_status: u16,
}

/// A failure with what its answer's head says.
pub(super) struct Failed {
    verdict: Verdict,
    http_status: Option<u16>,
    server_time: Option<OffsetDateTime>,
    retry_after: Option<Duration>,
}

impl Failed {
    fn with(verdict: Verdict, raw: &RawAnswer) -> Self {
        Self { verdict, http_status: Some(raw.status), server_time: raw.server_time, retry_after: raw.retry_after }
    }

    /// An attempt that no answer has come to.
    pub(super) fn without_answer(kind: FailureKind, message: impl Into<String>) -> Self {
        Self::from(Loss { kind, message: message.into(), http_status: None })
    }

    /// An answer that its caller did not wait for any longer.
    pub(super) fn out_of_time() -> Self {
        Self::without_answer(FailureKind::OutcomeUnknown, "no answer had come when the call's time was over")
    }

    /// The failure of a call to `O`.
    pub(super) fn into_error<O: Operation>(self) -> Error {
        let Verdict { kind, message, code, request_id } = self.verdict;
        Error::new(Failure {
            action: O::ACTION,
            kind,
            operation_is_repeatable: O::IS_SAFE_TO_REPEAT,
            message,
            code,
            request_id,
            http_status: self.http_status,
            server_time: self.server_time,
            retry_after: self.retry_after,
            ..Failure::bare()
        })
    }
}

impl From<Loss> for Failed {
    fn from(loss: Loss) -> Self {
        let Loss { kind, message, http_status } = loss;
        let verdict = Verdict { kind, message, code: None, request_id: None };
        Self { verdict, http_status, server_time: None, retry_after: None }
    }
}

/// One event a sending. Parameters and bodies are for [`trace`] to show.
fn log<T>(action: &str, outcome: &Result<Received<T>, Failed>, elapsed: Duration) {
    let duration_ms = u64::try_from(elapsed.as_millis()).unwrap_or(u64::MAX);
    match outcome {
        Ok(received) => tracing::debug!(
            action,
            http_status = received.http_status,
            request_id = received.answer.request_id,
            duration_ms,
            "call succeeded"
        ),
        Err(failed) => tracing::debug!(
            action,
            http_status = failed.http_status,
            code = failed.verdict.code,
            request_id = failed.verdict.request_id,
            kind = ?failed.verdict.kind,
            reason = failed.verdict.message,
            duration_ms,
            "call failed"
        ),
    }
}
