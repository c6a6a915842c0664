//! From what an operation gave to what goes over the wire.

use axum::http::StatusCode;
use time::OffsetDateTime;

use crate::answer::{Format, GatewayError, Object, Refusal, ServiceError};
use crate::assumptions::{Assumptions, EnvelopeCase, ServiceErrorStatus, SuccessCode};
use crate::clock::http_date;

/// An answer, rendered.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    pub(crate) content_type: &'static str,
    pub(crate) request_id: String,
    /// Value of `Date`: the service's clock, by which it dates what it creates.
    pub(crate) date: String,
    /// Value of `x-acs-retry-after`, in milliseconds.
    pub(crate) retry_after_millis: Option<u64>,
    pub(crate) body: String,
}

/// What surrounds the answer of an operation.
#[derive(Clone, Copy, Debug)]
pub(super) struct Envelope<'a> {
    pub(super) assumptions: &'a Assumptions,
    /// The parameter `Action`.
    pub(super) action: &'a str,
    pub(super) request_id: &'a str,
    /// The simulated time.
    pub(super) now: OffsetDateTime,
    pub(super) host: &'a str,
}

/// The members of a success of the IoT service beside the operation's own.
pub(super) fn success(answer: Object, assumptions: &Assumptions) -> Object {
    let answer = answer.with("Success", true);
    match assumptions.success_code {
        SuccessCode::Absent => answer,
        SuccessCode::Empty => answer.with("Code", "").with("ErrorMessage", crate::answer::Value::Null),
        SuccessCode::Filled => {
            answer.with("Code", "iot.system.SystemException").with("ErrorMessage", "A system exception occurred.")
        }
    }
}

/// The refusal of a call that cannot be written into the state file; it is not carried out.
pub(super) fn not_kept(reason: &str) -> Refusal {
    GatewayError::new(StatusCode::INTERNAL_SERVER_ERROR, "InternalError", reason).into()
}

impl Envelope<'_> {
    /// The answer in that format.
    pub(super) fn render(self, result: &Result<Object, Refusal>, format: Format) -> Reply {
        let root = format!("{}Response", self.action);
        let body = match result {
            Ok(answer) => format.render(&root, &self.finished(answer.clone().with("RequestId", self.request_id))),
            Err(Refusal::Service(error)) => format.render(&root, &self.finished(error.answer(self.request_id))),
            Err(Refusal::Gateway(error)) => format.render("Error", &error.answer(self.request_id, self.host)),
        };
        Reply {
            status: self.status(result),
            content_type: format.content_type(),
            request_id: self.request_id.to_owned(),
            date: http_date(self.now),
            retry_after_millis: result.as_ref().err().and_then(retry_after_of),
            body,
        }
    }

    fn finished(self, answer: Object) -> Object {
        let answer = answer.resolved(self.assumptions.absent_members);
        match self.assumptions.envelope_case {
            EnvelopeCase::Upper => answer,
            EnvelopeCase::Lower => answer.renamed(&[
                ("Success", "success"),
                ("Code", "code"),
                ("ErrorMessage", "errorMessage"),
                ("RequestId", "requestId"),
            ]),
        }
    }

    fn status(self, result: &Result<Object, Refusal>) -> StatusCode {
        match (result, self.assumptions.service_error_status) {
            (Err(Refusal::Gateway(error)), _) => error.status,
            (Err(Refusal::Service(_)), ServiceErrorStatus::BadRequest) => StatusCode::BAD_REQUEST,
            _ => StatusCode::OK,
        }
    }
}

fn retry_after_of(refusal: &Refusal) -> Option<u64> {
    match refusal {
        Refusal::Gateway(error) => error.retry_after_millis,
        Refusal::Service(_) => None,
    }
}

/// The code of a refusal, for the log.
pub(super) fn code_of(refusal: &Refusal) -> String {
    match refusal {
        Refusal::Gateway(error) => error.code.clone(),
        Refusal::Service(ServiceError { code, .. }) => (*code).to_owned(),
    }
}
