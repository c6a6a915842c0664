//! The calls to `/`, newest last, without secrets.

use std::collections::{BTreeMap, VecDeque};

use serde::Serialize;
use time::OffsetDateTime;

use crate::clock::utc_text;
use crate::parameters::{Parameters, SECRETS};

/// More calls than this are not kept: the oldest go first.
const CAPACITY: usize = 10_000;
/// Longer names and values are cut in the log, in characters.
const LONGEST_TEXT: usize = 4_096;
/// Parameters beyond this many bytes of names and values together are left out of the log.
const LARGEST_ENTRY: usize = 16 * 1_024;

/// One call and what became of it.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct LoggedRequest {
    /// Wall clock of this machine, so that it can be laid beside a client's log.
    pub(crate) time: String,
    /// The parameter `Action`, empty if absent.
    pub(crate) action: String,
    /// All parameters but the secret ones.
    pub(crate) parameters: BTreeMap<String, String>,
    /// Status of the answer; null if the connection was closed without one.
    pub(crate) http_status: Option<u16>,
    /// Whether the operation was carried out.
    pub(crate) success: bool,
    /// The error's code, null in a success.
    pub(crate) code: Option<String>,
}

/// What became of a call.
#[derive(Debug)]
pub(crate) struct Result {
    /// Status of the answer; `None` if there is none.
    pub(crate) http_status: Option<u16>,
    /// Whether the operation was carried out.
    pub(crate) success: bool,
    /// The error's code.
    pub(crate) code: Option<String>,
}

/// The log.
#[derive(Debug, Default)]
pub(crate) struct RequestsLog(VecDeque<LoggedRequest>);

impl RequestsLog {
    /// Adds a call.
    pub(crate) fn add(&mut self, wall_clock: OffsetDateTime, parameters: &Parameters, result: Result) {
        if self.0.len() >= CAPACITY {
            self.0.pop_front();
        }
        self.0.push_back(LoggedRequest {
            time: utc_text(wall_clock),
            action: shortened(parameters.get("Action").unwrap_or_default()),
            parameters: without_secrets(parameters),
            http_status: result.http_status,
            success: result.success,
            code: result.code,
        });
    }

    /// The calls kept, oldest first.
    pub(crate) fn entries(&self) -> &VecDeque<LoggedRequest> {
        &self.0
    }
}

fn without_secrets(parameters: &Parameters) -> BTreeMap<String, String> {
    let shown = parameters.pairs().filter(|(name, _)| !SECRETS.contains(name));
    let mut room = LARGEST_ENTRY;
    let mut kept = BTreeMap::new();
    for (name, value) in shown.map(|(name, value)| (shortened(name), shortened(value))) {
        let Some(rest) = room.checked_sub(name.len() + value.len()) else {
            break;
        };
        room = rest;
        kept.insert(name, value);
    }
    kept
}

fn shortened(text: &str) -> String {
    text.chars().take(LONGEST_TEXT).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn log(queries: impl Iterator<Item = String>) -> RequestsLog {
        let mut log = RequestsLog::default();
        for query in queries {
            let result = Result { http_status: Some(200), success: true, code: None };
            log.add(OffsetDateTime::UNIX_EPOCH, &Parameters::merge(&query, b"").unwrap(), result);
        }
        log
    }

    #[test]
    fn secrets_are_not_kept() {
        let log = log(["Action=A&AccessKeyId=k&Signature=s&SecurityToken=t&OIDCToken=o&X=1".to_owned()].into_iter());
        let text = serde_json::to_string(log.entries()).unwrap();
        assert_eq!(
            text,
            r#"[{"time":"1970-01-01T00:00:00.000Z","action":"A","parameters":{"Action":"A","X":"1"},"http_status":200,"success":true,"code":null}]"#
        );
    }

    #[test]
    fn the_oldest_calls_go_first_and_long_values_are_cut() {
        let queries = (0..CAPACITY + 2).map(|number| format!("Action={number}{}", "x".repeat(20)));
        let full = log(queries);
        assert_eq!(full.entries().len(), CAPACITY);
        assert!(full.entries().front().unwrap().action.starts_with("2x"));
        let long = log([format!("Action=A&V={}", "v".repeat(100_000))].into_iter());
        assert_eq!(long.entries().front().unwrap().parameters["V"].len(), LONGEST_TEXT);
    }
}
