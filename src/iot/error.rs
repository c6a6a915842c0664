//! What went wrong with a call, sorted by what the service may have done.

use std::fmt;

use super::codes;

/// What the service may have done. Decide by this, never by a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FailureKind {
    /// The request could not be made or must not be sent, for example because the server's
    /// certificate is not trusted. Nothing happened, and trying again is pointless.
    NotSendable,
    /// The request did not reach the service. Nothing happened, and trying again may help.
    NotSent,
    /// The service said no, with a code. Nothing happened.
    Refused,
    /// The request was sent, and what became of it is not known: no answer, a broken one, or one that
    /// blames the service itself. Before a call that creates something is repeated, somebody has to look.
    OutcomeUnknown,
}

/// A call that did not succeed.
#[derive(Debug, Clone)]
pub struct Error(Box<Failure>);

/// The parts of an [`Error`].
#[derive(Debug, Clone)]
pub(super) struct Failure {
    pub(super) action: &'static str,
    pub(super) kind: FailureKind,
    pub(super) http_status: Option<u16>,
    pub(super) code: Option<String>,
    pub(super) message: String,
    pub(super) request_id: Option<String>,
    pub(super) operation_is_safe_to_repeat: bool,
}

impl Error {
    /// Name of the operation.
    pub fn action(&self) -> &str {
        self.0.action
    }

    /// What the service may have done.
    pub fn kind(&self) -> FailureKind {
        self.0.kind
    }

    /// Status of the HTTP answer, if there was one.
    pub fn http_status(&self) -> Option<u16> {
        self.0.http_status
    }

    /// The service's error code, if it gave one.
    pub fn code(&self) -> Option<&str> {
        self.0.code.as_deref()
    }

    /// The service's own text, or what happened on the way. It holds no secret.
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// The service's ID of the request, which its support asks for.
    pub fn request_id(&self) -> Option<&str> {
        self.0.request_id.as_deref()
    }

    /// Whether the same call may be sent again without doing something twice.
    pub fn is_safe_to_repeat(&self) -> bool {
        match self.0.kind {
            FailureKind::NotSendable => false,
            FailureKind::NotSent => true,
            FailureKind::Refused => self.is_throttled(),
            FailureKind::OutcomeUnknown => self.0.operation_is_safe_to_repeat,
        }
    }

    /// Whether too many calls were made.
    pub fn is_throttled(&self) -> bool {
        self.0.http_status == Some(429) || self.code().is_some_and(codes::is_throttled)
    }

    /// Whether the service says that there is no such job.
    pub fn is_job_not_found(&self) -> bool {
        self.0.kind == FailureKind::Refused && self.code().is_some_and(codes::is_job_not_found)
    }

    /// Whether the service says that there is no such update package.
    pub fn is_firmware_not_found(&self) -> bool {
        self.0.kind == FailureKind::Refused && self.code().is_some_and(codes::is_firmware_not_found)
    }
}

impl From<Failure> for Error {
    fn from(failure: Failure) -> Self {
        Self(Box::new(failure))
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Failure { action, http_status, code, message, request_id, .. } = &*self.0;
        write!(f, "{action}: {message}")?;
        if let Some(code) = code {
            write!(f, " (code {code})")?;
        }
        if let Some(status) = http_status {
            write!(f, " (HTTP status {status})")?;
        }
        if let Some(id) = request_id {
            write!(f, " (request {id})")?;
        }
        Ok(())
    }
}

impl std::error::Error for Error {}
