//! What an answer means: a success, or which failure.

use super::answer::{Node, parse};
use super::codes;
use super::error::FailureKind;
use super::redact::{Secrets, one_line};
use super::transport::RawAnswer;

/// What the sender knows, to interpret and to redact what comes back.
#[derive(Clone, Copy)]
pub(super) struct Sent<'a> {
    pub(super) secrets: Secrets<'a>,
    pub(super) string_to_sign: &'a str,
}

/// A success, read but not yet typed.
pub(super) struct Success {
    pub(super) answer: Node,
    pub(super) request_id: String,
}

/// An answer that is no success.
#[derive(Debug, PartialEq)]
pub(super) struct Verdict {
    pub(super) kind: FailureKind,
    pub(super) message: String,
    pub(super) code: Option<String>,
    pub(super) request_id: Option<String>,
}

impl Verdict {
    fn bare(kind: FailureKind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into(), code: None, request_id: None }
    }
}

/// Decides by the body, and by the status only where the body says nothing: the documents disagree on which status
/// comes with a failure of the service.
pub(super) fn judge(raw: &RawAnswer, sent: Sent<'_>) -> Result<Success, Verdict> {
    if (300..400).contains(&raw.status) {
        let message =
            "the endpoint answered with a redirect, which is never followed: it is not the endpoint of the service";
        return Err(Verdict::bare(FailureKind::Refused, message));
    }
    let answer = parse(&raw.body).map_err(|unreadable| {
        // 429 comes from whoever stands before the service, and stands for itself.
        let kind = if raw.status == 429 { FailureKind::Refused } else { FailureKind::OutcomeUnknown };
        let unreadable = one_line(&unreadable.to_string());
        Verdict::bare(kind, format!("the answer is unreadable: {unreadable}{}", foreign_type(raw, sent)))
    })?;
    let envelope = Envelope::read(&answer);
    if envelope.success == Some(true) {
        let request_id = sent.secrets.shown(envelope.request_id.as_deref().unwrap_or_default());
        return Ok(Success { answer, request_id });
    }
    Err(envelope.failure(raw, sent))
}

/// The members that answers of all operations share, and those of the gateway's errors.
struct Envelope {
    success: Option<bool>,
    code: Option<String>,
    message: Option<String>,
    request_id: Option<String>,
}

impl Envelope {
    /// What has another type than the documented one counts as absent: an envelope that cannot be read is no success.
    fn read(answer: &Node) -> Self {
        let text = |name| answer.text(name).ok().flatten();
        Self {
            success: answer.boolean("Success").ok().flatten(),
            code: text("Code").filter(|code| !codes::is_no_failure(code)),
            message: ["ErrorMessage", "Message"]
                .into_iter()
                .find_map(|name| text(name).filter(|text| !text.is_empty())),
            request_id: text("RequestId").filter(|id| !id.is_empty()),
        }
    }

    fn failure(self, raw: &RawAnswer, sent: Sent<'_>) -> Verdict {
        let kind = self.kind(raw.status);
        let message = match (&self.code, self.message) {
            (Some(code), message) if codes::is_signature_mismatch(code) => {
                signature_mismatch(message.as_deref().unwrap_or_default(), sent)
            }
            (_, Some(message)) => sent.secrets.shown(&message),
            (Some(_), None) => "the service gave a code, but no reason".to_owned(),
            (None, None) if self.success == Some(false) => "the service gave neither a code nor a reason".to_owned(),
            (None, None) => {
                let foreign_type = foreign_type(raw, sent);
                format!("the answer says neither that the call succeeded nor that it failed{foreign_type}")
            }
        };
        let clean = |text: String| sent.secrets.shown(&text);
        Verdict { kind, message, code: self.code.map(clean), request_id: self.request_id.map(clean) }
    }

    fn kind(&self, status: u16) -> FailureKind {
        let code = self.code.as_deref().unwrap_or_default();
        let says_no = self.success == Some(false) || !code.is_empty() || self.message.is_some();
        if codes::is_throttled(code) || codes::is_definite(code) || status == 429 {
            FailureKind::Refused
        } else if codes::may_have_acted(code) || status >= 500 || !says_no {
            // Without a word about success or failure, a job may well have been created.
            FailureKind::OutcomeUnknown
        } else {
            FailureKind::Refused
        }
    }
}

/// What an answer came as that is no answer of the service, if that is not what those come as: then something else has
/// answered, such as the web page of a proxy.
fn foreign_type(raw: &RawAnswer, sent: Sent<'_>) -> String {
    let content_type = raw.content_type.as_deref().unwrap_or_default();
    if content_type.is_empty() || content_type.ends_with("json") || content_type.ends_with("xml") {
        return String::new();
    }
    format!("; it came as {}", sent.secrets.shown(content_type))
}

/// The service's message holds the text that it has signed, and with it key id and token: it is compared, never shown.
fn signature_mismatch(message: &str, sent: Sent<'_>) -> String {
    let servers = message.split_once(':').map(|(_, text)| text.trim());
    match servers {
        Some(servers) if servers == sent.string_to_sign => {
            "the service signs the same request differently: the AccessKey secret does not belong to the AccessKey id"
                .to_owned()
        }
        Some(_) => "the service has received another request than the one that was signed: something in between has \
                    changed it"
            .to_owned(),
        None => "the signature is wrong: the AccessKey secret does not belong to the AccessKey id, or something in \
                 between has changed the request"
            .to_owned(),
    }
}
