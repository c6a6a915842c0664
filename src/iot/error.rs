//! What failed, and what may have happened in the cloud.

use std::fmt;
use std::time::Duration;

use time::OffsetDateTime;

use super::codes;

/// What a failure says about the other side. It decides whether a request may be sent again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FailureKind {
    /// The cloud did not act, and never will: the request cannot be built, or the endpoint is not trusted. Sending it
    /// again is pointless.
    NotSendable,
    /// The cloud did not act: no connection came about. Sending it again is safe.
    NotSent,
    /// The cloud did not act, as its answer says. Whether sending it again makes sense depends on the code.
    Refused,
    /// The cloud may have acted: the answer was lost, unreadable, or says that something failed inside. A reading
    /// operation may be sent again; after one that creates something, look whether the thing exists.
    OutcomeUnknown,
}

impl FailureKind {
    fn phrase(self) -> &'static str {
        match self {
            Self::NotSendable => "could not be sent",
            Self::NotSent => "was not sent",
            Self::Refused => "was refused",
            Self::OutcomeUnknown => "has an unknown outcome",
        }
    }
}

/// Why an operation did not succeed. It holds no secret and no URL, and texts of the service with key ids masked.
#[derive(Clone, Debug)]
pub struct Error(Box<Failure>);

/// The inside, boxed to keep results small.
#[derive(Clone, Debug)]
pub(super) struct Failure {
    pub(super) action: &'static str,
    pub(super) kind: FailureKind,
    /// `Operation::IS_SAFE_TO_REPEAT` of the operation.
    pub(super) operation_is_repeatable: bool,
    pub(super) message: String,
    pub(super) code: Option<String>,
    pub(super) request_id: Option<String>,
    pub(super) http_status: Option<u16>,
    pub(super) server_time: Option<OffsetDateTime>,
    pub(super) retry_after: Option<Duration>,
    pub(super) tries: u32,
    pub(super) elapsed: Duration,
    pub(super) is_about_credentials: bool,
    pub(super) is_interrupted: bool,
}

impl Failure {
    /// A failure that no answer is about.
    pub(super) fn bare() -> Self {
        Self {
            action: "",
            kind: FailureKind::NotSendable,
            operation_is_repeatable: false,
            message: String::new(),
            code: None,
            request_id: None,
            http_status: None,
            server_time: None,
            retry_after: None,
            tries: 0,
            elapsed: Duration::ZERO,
            is_about_credentials: false,
            is_interrupted: false,
        }
    }
}

impl Error {
    pub(super) fn new(failure: Failure) -> Self {
        Self(Box::new(failure))
    }

    /// The same, of a call that took so many tries and so much time.
    pub(super) fn after(mut self, tries: u32, elapsed: Duration) -> Self {
        self.0.tries = tries;
        self.0.elapsed = elapsed;
        self
    }

    /// The same, of a call that would have gone on, had it not been stopped.
    pub(super) fn interrupted(mut self) -> Self {
        self.0.is_interrupted = true;
        self
    }

    /// A failure before any operation: the client itself could not be set up.
    pub(super) fn set_up(message: String) -> Self {
        Self::new(Failure { action: "Setting up the client", message, ..Failure::bare() })
    }

    /// No keys to sign with, for a reason that may pass or not. The request that needed them was not sent.
    pub fn no_credentials(reason: impl Into<String>, may_pass: bool) -> Self {
        Self::new(Failure {
            action: "Getting credentials",
            kind: if may_pass { FailureKind::NotSent } else { FailureKind::NotSendable },
            message: reason.into(),
            is_about_credentials: true,
            ..Failure::bare()
        })
    }

    /// An answer that the caller did not wait for any longer. What happened in the cloud is not known.
    pub fn given_up(action: &'static str, after: Duration) -> Self {
        Self::new(Failure {
            action,
            kind: FailureKind::OutcomeUnknown,
            message: format!(
                "the run was interrupted, and the answer did not come within {} s from then on",
                after.as_secs()
            ),
            is_interrupted: true,
            ..Failure::bare()
        })
    }

    /// A list of which the service gives page after page.
    pub(super) fn endless_list(action: &'static str, pages: i64) -> Self {
        Self::new(Failure {
            action,
            kind: FailureKind::OutcomeUnknown,
            message: format!("the list does not end after {pages} pages"),
            ..Failure::bare()
        })
    }

    /// A list that counts more than it shows, or shows what cannot be told apart.
    pub(super) fn incomplete_list(action: &'static str) -> Self {
        Self::new(Failure {
            action,
            kind: FailureKind::OutcomeUnknown,
            message: "the list is not whole: it counts more than it shows, or leaves out ids".to_owned(),
            ..Failure::bare()
        })
    }

    /// The operation, such as `QueryOTAJob`.
    pub fn action(&self) -> &str {
        self.0.action
    }

    /// What may have happened in the cloud.
    pub fn kind(&self) -> FailureKind {
        self.0.kind
    }

    /// The HTTP status, if an answer came.
    pub fn http_status(&self) -> Option<u16> {
        self.0.http_status
    }

    /// The code of the service or of its gateway, such as `iot.ota.FirmwareNotFound`, in the service's spelling.
    pub fn code(&self) -> Option<&str> {
        self.0.code.as_deref()
    }

    /// One line that says what happened, without the code: the service's own words where there are any.
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// The id under which the service's support finds the call.
    pub fn request_id(&self) -> Option<&str> {
        self.0.request_id.as_deref()
    }

    /// The service's clock when it answered.
    pub fn server_time(&self) -> Option<OffsetDateTime> {
        self.0.server_time
    }

    /// How long the service asks to wait before the next try (header `x-acs-retry-after` or `Retry-After`).
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.retry_after
    }

    /// How often the request was sent.
    pub fn tries(&self) -> u32 {
        self.0.tries
    }

    /// How long the call took until it failed, all its tries and waits together.
    pub fn elapsed(&self) -> Duration {
        self.0.elapsed
    }

    /// Whether the same operation may be sent again, freshly signed, without the risk of doing it twice and with a
    /// chance that it succeeds.
    pub fn is_safe_to_repeat(&self) -> bool {
        match self.0.kind {
            FailureKind::NotSendable => false,
            FailureKind::NotSent => true,
            FailureKind::Refused => self.is_throttled(),
            FailureKind::OutcomeUnknown => self.0.operation_is_repeatable,
        }
    }

    /// Whether the failure comes from the service, which may recover, or from the way to it. If not, something else
    /// answered in its place, or nothing at all.
    pub(super) fn is_from_the_service(&self) -> bool {
        let failure = &*self.0;
        let is_lost_answer = failure.kind == FailureKind::OutcomeUnknown && failure.http_status.is_none();
        let is_failure_inside = failure.http_status.is_some_and(|status| status >= 500);
        self.is_throttled() || failure.code.is_some() || is_failure_inside || is_lost_answer
    }

    /// Whether the call was refused because there were too many.
    pub fn is_throttled(&self) -> bool {
        self.is_refused_with(codes::is_throttled)
            || (self.0.kind == FailureKind::Refused && self.0.http_status == Some(429))
    }

    /// Whether the account may not make the call.
    pub fn is_not_permitted(&self) -> bool {
        self.is_refused_with(codes::is_not_permitted)
    }

    /// Whether the operation is not to be had in this region, instance or account.
    pub fn is_operation_not_offered(&self) -> bool {
        self.is_refused_with(codes::is_operation_not_offered)
    }

    /// Whether the call was refused for a reason that the documents do not explain, as the one that the update package has a
    /// running job.
    pub fn is_refused_for_unknown_reason(&self) -> bool {
        let code = self.0.code.as_deref().unwrap_or_default();
        self.0.kind == FailureKind::Refused && !self.is_throttled() && codes::is_unexplained(code)
    }

    /// Whether the service says that there is no such job.
    pub fn is_job_not_found(&self) -> bool {
        self.is_refused_with(codes::is_job_not_found)
    }

    /// Whether the service says that there is no such update package.
    pub fn is_firmware_not_found(&self) -> bool {
        self.is_refused_with(codes::is_firmware_not_found)
    }

    /// Whether the service says that the job was cancelled before.
    pub fn is_already_cancelled(&self) -> bool {
        self.is_refused_with(codes::is_already_cancelled)
    }

    /// Whether the service says that the job has come to its end.
    pub fn is_already_finished(&self) -> bool {
        self.is_refused_with(codes::is_already_finished)
    }

    /// Whether the service says that the keys were good once: newer ones of the same source may be.
    pub fn is_expired_token(&self) -> bool {
        self.is_refused_with(codes::is_expired_token)
    }

    /// Whether there were no keys to sign with, so that nothing was sent; the rest of the error is about that.
    pub fn is_about_credentials(&self) -> bool {
        self.0.is_about_credentials
    }

    /// Whether the call ended because its caller was told to stop: nothing is known of what further tries would have come to.
    pub fn is_interrupted(&self) -> bool {
        self.0.is_interrupted
    }

    fn is_refused_with(&self, is_meant: impl FnOnce(&str) -> bool) -> bool {
        self.0.kind == FailureKind::Refused && self.code().is_some_and(is_meant)
    }
}

/// One line with everything.
impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let failure = &self.0;
        let phrase = if failure.is_about_credentials { "did not succeed" } else { failure.kind.phrase() };
        write!(formatter, "{} {phrase}: {}", failure.action, failure.message)?;
        let facts = [
            ("code", failure.code.clone()),
            ("HTTP status", failure.http_status.map(|status| status.to_string())),
            ("request id", failure.request_id.clone()),
            ("tries", (failure.tries > 0).then(|| failure.tries.to_string())),
            ("after", (!failure.elapsed.is_zero()).then(|| format!("{} ms", failure.elapsed.as_millis()))),
        ];
        let facts: Vec<String> =
            facts.into_iter().filter_map(|(name, value)| Some(format!("{name} {}", value?))).collect();
        if facts.is_empty() { Ok(()) } else { write!(formatter, " [{}]", facts.join(", ")) }
    }
}

impl std::error::Error for Error {}
