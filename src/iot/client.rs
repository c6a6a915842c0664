//! The door: sends operations and returns typed answers.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant};

use time::OffsetDateTime;

use super::credentials::{CredentialCache, Credentials};
use super::endpoint::Endpoint;
use super::error::{Error, Failure, FailureKind};
use super::operation::Operation;
use super::parameters::Parameters;
use super::redact::Secrets;
use super::sign::{SignedRequest, Stamp, sign};
use super::trace;
use super::transport::{Loss, RawAnswer, Timeouts, Transport};
use super::verdict::{Sent, Verdict, judge};

/// What a client needs to know.
#[derive(Clone, Debug)]
pub struct ClientOptions {
    /// The region of the devices, sent as `RegionId`. It has to be the endpoint's.
    pub region: String,
    /// Where requests go.
    pub endpoint: Endpoint,
    /// What they are signed with: a source, or [`Credentials`] made into one.
    pub credentials: CredentialCache,
    /// How the program introduces itself, sent as `User-Agent`.
    pub user_agent: String,
    /// How long each sending may take.
    pub timeouts: Timeouts,
}

/// Sends operations to one region with one key. A clone is cheap and shares the connections.
#[derive(Clone)]
pub struct Client(Arc<Inner>);

struct Inner {
    region: String,
    credentials: CredentialCache,
    transport: Transport,
}

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

impl Client {
    /// Sets up the connections; none is opened yet. For an endpoint on this machine no proxy is used, for others that
    /// of the environment.
    ///
    /// # Errors
    ///
    /// [`FailureKind::NotSendable`] if the user agent is no header value, or TLS cannot be set up.
    pub fn new(options: ClientOptions) -> Result<Self, Error> {
        let ClientOptions { region, endpoint, credentials, user_agent, timeouts } = options;
        let transport = Transport::new(endpoint, &user_agent, timeouts)?;
        Ok(Self(Arc::new(Inner { region, credentials, transport })))
    }

    /// The region that requests name.
    pub fn region(&self) -> &str {
        &self.0.region
    }

    /// Sends the operation once, signed with a nonce and a time of its own; a second time only if the service says that
    /// the keys are over, which it finds out before it acts, and there are newer ones.
    ///
    /// # Errors
    ///
    /// [`Error::kind`] says what may have happened in the cloud.
    pub async fn send<O: Operation>(&self, operation: &O) -> Result<Answer<O::Answer>, Error> {
        let credentials = self.0.credentials.current().await?;
        match self.attempt(operation, &credentials).await {
            Err(error) if error.is_expired_token() => match self.0.credentials.instead_of(&credentials).await? {
                Some(renewed) => self.attempt(operation, &renewed).await,
                None => Err(error),
            },
            outcome => outcome,
        }
    }

    async fn attempt<O: Operation>(
        &self,
        operation: &O,
        credentials: &Credentials,
    ) -> Result<Answer<O::Answer>, Error> {
        let mut parameters = Parameters::default();
        operation.parameters(&mut parameters);
        let request = sign(O::ACTION, O::METHOD, &self.0.region, parameters, credentials, Stamp::fresh());
        let started = Instant::now();
        let outcome = self.exchange::<O>(request, credentials).await;
        let elapsed = started.elapsed();
        log(O::ACTION, &outcome, elapsed);
        outcome.map(|received| received.answer).map_err(|failed| failed.into_error::<O>(elapsed))
    }

    async fn exchange<O: Operation>(
        &self,
        request: SignedRequest,
        credentials: &Credentials,
    ) -> Result<Received<O::Answer>, Failed> {
        let SignedRequest { method, form, parameters, string_to_sign, signature } = request;
        let transport = &self.0.transport;
        let secrets = Secrets { credentials, signature: &signature };
        trace::request(transport.endpoint(), method, O::ACTION, &parameters, secrets);
        let answer = transport.send(method, form).await;
        match &answer {
            Ok(raw) => trace::answer(O::ACTION, raw, secrets),
            Err(loss) => trace::loss(O::ACTION, loss, secrets),
        }
        receive::<O>(&answer.map_err(Failed::from)?, Sent { secrets, string_to_sign: &string_to_sign })
    }
}

/// Makes of an answer to `O` what [`Client::send`] would, had it come over the network: for answers that were recorded,
/// or made up.
///
/// # Errors
///
/// Those of [`Client::send`] that speak of an answer.
pub fn read_answer<O: Operation>(
    http_status: u16,
    body: Vec<u8>,
    credentials: &Credentials,
) -> Result<Answer<O::Answer>, Error> {
    let raw = RawAnswer { status: http_status, server_time: None, retry_after: None, request_id: None, body };
    let received = receive::<O>(&raw, Sent { secrets: Secrets { credentials, signature: "" }, string_to_sign: "" });
    received.map(|received| received.answer).map_err(|failed| failed.into_error::<O>(Duration::ZERO))
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

impl fmt::Debug for Client {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Client")
            .field("region", &self.0.region)
            .field("credentials", &self.0.credentials)
            .finish_non_exhaustive()
    }
}

struct Received<T> {
    answer: Answer<T>,
    http_status: u16,
}

/// A failure with what its answer's head says.
struct Failed {
    verdict: Verdict,
    http_status: Option<u16>,
    server_time: Option<OffsetDateTime>,
    retry_after: Option<Duration>,
}

impl Failed {
    fn with(verdict: Verdict, raw: &RawAnswer) -> Self {
        Self { verdict, http_status: Some(raw.status), server_time: raw.server_time, retry_after: raw.retry_after }
    }

    fn into_error<O: Operation>(self, elapsed: Duration) -> Error {
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
            elapsed,
            is_about_credentials: false,
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

/// One event a call. Parameters and bodies are for [`trace`] to show.
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
