//! Answers: one tree a reply, two writers that render it. Nothing here knows an operation.

mod absent;
mod json;
mod refusal;
mod tree;
mod xml;

pub(crate) use refusal::{GatewayError, Refusal, ServiceError};
pub(crate) use tree::{Object, Value};

/// The parameter `Format`: how an answer is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Format {
    /// `application/json`.
    Json,
    /// `text/xml`, the default of the service.
    #[default]
    Xml,
}

impl Format {
    /// The format of that name, whatever its letter case: the official clients write both `JSON` and `json`.
    pub(crate) fn named(name: &str) -> Option<Self> {
        [("JSON", Self::Json), ("XML", Self::Xml)]
            .into_iter()
            .find_map(|(known, format)| known.eq_ignore_ascii_case(name).then_some(format))
    }

    /// The value of the header `Content-Type`.
    pub(crate) fn content_type(self) -> &'static str {
        match self {
            Self::Json => "application/json;charset=utf-8",
            Self::Xml => "text/xml;charset=utf-8",
        }
    }

    /// The answer as text; `root` names the XML document element, JSON has none.
    pub(crate) fn render(self, root: &str, answer: &Object) -> String {
        match self {
            Self::Json => json::document(answer),
            Self::Xml => xml::document(root, answer),
        }
    }
}
