//! What goes to the service and what comes back, as events for whoever has to know exactly.
//!
//! What is shown is chosen by name: a parameter or a member that nobody has thought about shows that it is there, and
//! not its value. A text that is shown loses the secrets of this client first, as the service repeats what it was sent.
//! The values of an event's fields are made only if somebody listens.

use super::answer::{self, Node};
use super::codes;
use super::endpoint::Endpoint;
use super::operation::Method;
use super::parameters::Parameters;
use super::redact::{HIDDEN, Secrets, masked_key_id};
use super::transport::{Loss, RawAnswer};

/// Longer lines are cut, in bytes: whoever reads the log takes lines up to a limit, and a list of jobs has none.
const LONGEST_LINE: usize = 16 * 1024;

/// Parameters and members of answers whose values are shown, without the numbers of lists. To be on this list, a value
/// has to be harmless in every operation.
const SHOWN: &[&str] = &[
    "Action",
    "AliasName",
    "CancelInProgressTask",
    "CancelNotifiedTask",
    "CancelQueuedTask",
    "CancelScheduledTask",
    "CancelUnconfirmedTask",
    "Code",
    "CurrentPage",
    "Desc",
    "DestVersion",
    "DnListFileUrl",
    "DownloadProtocol",
    "DynamicMode",
    "ErrorMessage",
    "FileSuffix",
    "FileUrl",
    "FirmwareDesc",
    "FirmwareId",
    "FirmwareName",
    "FirmwareSize",
    "FirmwareUrl",
    "FirmwareVersion",
    "Format",
    "GmtCreate",
    "GmtModified",
    "GrayPercent",
    "GroupId",
    "GroupName",
    "GroupType",
    "Host",
    "HostId",
    "IotInstanceId",
    "JobDesc",
    "JobId",
    "JobStatus",
    "JobType",
    "Key",
    "MaximumPerMinute",
    "Message",
    "ModuleName",
    "ModuleVersion",
    "MultiFiles.Name",
    "MultiFiles.Size",
    "MultiFiles.Url",
    "MultiModuleMode",
    "Name",
    "NeedConfirm",
    "NeedPush",
    "NeedToVerify",
    "NodeType",
    "ObjectStorage",
    "OverwriteMode",
    "PageCount",
    "PageSize",
    "ProductKey",
    "ProductName",
    "Progress",
    "Recommend",
    "Region",
    "RegionId",
    "RequestId",
    "RetryCount",
    "RetryInterval",
    "ScheduleFinishTime",
    "ScheduleTime",
    "SelectionType",
    "SignMethod",
    "SignatureMethod",
    "SignatureNonce",
    "SignatureVersion",
    "Size",
    "SrcVersion",
    "SrcVersionList",
    "Status",
    "Success",
    "Tag.Key",
    "Tag.Value",
    "Tags.Key",
    "Tags.Value",
    "TargetSelection",
    "TaskId",
    "TaskStatus",
    "TaskStatusList",
    "Timeout",
    "TimeoutInMinutes",
    "Timestamp",
    "Total",
    "Type",
    "UpgradeType",
    "Url",
    "UtcActive",
    "UtcCreate",
    "UtcEndTime",
    "UtcModified",
    "UtcOnline",
    "UtcScheduleFinishTime",
    "UtcScheduleTime",
    "UtcStartTime",
    "Value",
    "VerifyProgress",
    "Version",
];

/// A request that is about to be sent.
pub(super) fn request(
    endpoint: &Endpoint,
    method: Method,
    action: &str,
    parameters: &Parameters,
    secrets: Secrets<'_>,
) {
    tracing::trace!(
        action,
        method = method.name(),
        url = %endpoint,
        parameters = parameters_shown(parameters, secrets),
        "sending a request"
    );
}

/// An answer as it came, before anybody has judged it.
pub(super) fn answer(action: &str, raw: &RawAnswer, secrets: Secrets<'_>) {
    tracing::trace!(
        action,
        http_status = raw.status,
        request_id = raw.request_id.as_deref().map(|id| secrets.shown(id)),
        date = raw.server_time.map(tracing::field::display),
        retry_after_ms = raw.retry_after.map(|wait| u64::try_from(wait.as_millis()).unwrap_or(u64::MAX)),
        body_bytes = raw.body.len(),
        body = body_shown(&raw.body, secrets),
        "received an answer"
    );
}

/// An answer that did not come, or not whole.
pub(super) fn loss(action: &str, loss: &Loss, secrets: Secrets<'_>) {
    tracing::trace!(
        action,
        http_status = loss.http_status,
        reason = secrets.shown(&loss.message),
        "received no whole answer"
    );
}

/// `Name=value`, sorted by name; the signature, which comes last in the form, is named as well.
fn parameters_shown(parameters: &Parameters, secrets: Secrets<'_>) -> String {
    let mut line = Line::new(secrets);
    for (name, value) in parameters.iter() {
        line.separate(" ");
        line.name(name);
        if name == "AccessKeyId" {
            line.text(&masked_key_id(value));
        } else {
            line.value(&without_numbers(name), value);
        }
    }
    line.separate(" ");
    line.name("Signature");
    line.text(HIDDEN);
    line.text
}

/// `SrcVersion.1` is an element of `SrcVersion`, and `Tag.1.Key` is the `Tag.Key` of one.
fn without_numbers(name: &str) -> String {
    let words = name.split('.').filter(|word| word.is_empty() || !word.bytes().all(|byte| byte.is_ascii_digit()));
    words.collect::<Vec<_>>().join(".")
}

/// The tree of the answer. What is no tree is not shown at all: nobody can tell what is in it.
fn body_shown(body: &[u8], secrets: Secrets<'_>) -> String {
    match answer::parse(body) {
        Ok(tree) => {
            let mut line = Line::new(secrets);
            let code = tree.text("Code").ok().flatten().unwrap_or_default();
            // Its message is the text that the service has signed, in which everything is.
            line.hides_messages = codes::is_signature_mismatch(&code);
            line.node("", &tree);
            line.text
        }
        Err(unreadable) => format!("{HIDDEN}: {}", secrets.shown(&unreadable.to_string())),
    }
}

/// A line of bounded length that is being written.
struct Line<'a> {
    text: String,
    /// Whether something had no room: nothing comes after it.
    is_full: bool,
    secrets: Secrets<'a>,
    hides_messages: bool,
}

impl<'a> Line<'a> {
    fn new(secrets: Secrets<'a>) -> Self {
        Self { text: String::new(), is_full: false, secrets, hides_messages: false }
    }

    /// Writes what is safe to show. The first piece for which there is no room ends the line.
    fn text(&mut self, text: &str) {
        if self.is_full {
            return;
        }
        self.is_full = self.text.len() + text.len() > LONGEST_LINE;
        self.text.push_str(if self.is_full { "…" } else { text });
    }

    /// Between two of a kind, not before the first.
    fn separate(&mut self, by: &str) {
        if !self.text.is_empty() && !self.text.ends_with(['{', '[']) {
            self.text(by);
        }
    }

    /// The same of what others have written. It is not even looked through if there is no room for it.
    fn shown(&mut self, text: &str) {
        if !self.is_full {
            let text = self.secrets.shown(text);
            self.text(&text);
        }
    }

    fn name(&mut self, name: &str) {
        self.shown(name);
        self.text("=");
    }

    fn value(&mut self, name: &str, value: &str) {
        let is_message = name.eq_ignore_ascii_case("Message") || name.eq_ignore_ascii_case("ErrorMessage");
        // Some answers spell members in lower camel case.
        let is_shown = SHOWN.iter().any(|shown| shown.eq_ignore_ascii_case(name));
        if is_shown && !(is_message && self.hides_messages) {
            self.shown(value);
        } else if !value.is_empty() {
            self.text(HIDDEN);
        }
    }

    fn node(&mut self, name: &str, node: &Node) {
        match node {
            _ if self.is_full => {}
            Node::Null => self.text("null"),
            Node::Text(value) => self.value(name, value),
            Node::List(elements) => {
                self.text("[");
                for element in elements {
                    self.separate(", ");
                    self.node(name, element);
                }
                self.text("]");
            }
            Node::Object(members) => {
                self.text("{");
                for (name, member) in members {
                    self.separate(", ");
                    self.name(name);
                    self.node(name, member);
                }
                self.text("}");
            }
        }
    }
}
