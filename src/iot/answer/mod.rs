//! Answers in JSON or XML, read into one tree, so that the operations know neither.

mod json;
mod xml;

use std::collections::BTreeMap;

/// An answer, or a part of it. Numbers and booleans are text, as they always are in XML.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Node {
    /// JSON's null.
    Null,
    /// A scalar.
    Text(String),
    /// A list, or an XML element that stands there more than once.
    List(Vec<Node>),
    /// Members by name.
    Object(BTreeMap<String, Node>),
}

/// Why an answer could not be read. The text never quotes the answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Unreadable(pub(super) String);

impl Unreadable {
    /// A member that the operation always answers is not there.
    pub(super) fn missing(member: &str) -> Self {
        Self(format!("the member {member} is missing"))
    }
}

/// Reads an answer by what it is, whatever was asked for.
///
/// # Errors
///
/// If it is neither JSON nor XML, or nests too deep.
pub(super) fn parse(body: &[u8]) -> Result<Node, Unreadable> {
    match body.trim_ascii_start().first() {
        Some(b'{') => json::parse(body),
        Some(b'<') => xml::parse(body),
        Some(_) => Err(Unreadable("it is neither JSON nor XML".to_owned())),
        None => Err(Unreadable("it is empty".to_owned())),
    }
}

impl Node {
    /// A member by its name. One that is null is absent.
    pub(super) fn member(&self, name: &str) -> Option<&Node> {
        match self {
            Self::Object(members) => members.get(name).filter(|node| **node != Self::Null),
            _ => None,
        }
    }

    /// A member of the envelope, whose first letter some operations write in lower case.
    pub(super) fn envelope(&self, name: &str) -> Option<&str> {
        let mut lower = name.to_owned();
        if let Some(first) = lower.get_mut(..1) {
            first.make_ascii_lowercase();
        }
        self.member(name).or_else(|| self.member(&lower))?.as_text()
    }

    fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// A member that is a text, a number or a boolean, as text.
    pub(super) fn text(&self, name: &str) -> Option<String> {
        self.member(name)?.as_text().map(str::to_owned)
    }

    /// A member that is a whole number. Empty text, by which XML says "none", is absent.
    pub(super) fn integer(&self, name: &str) -> Option<i64> {
        self.member(name)?.as_text()?.trim().parse().ok()
    }

    /// A member that is `true` or `false`.
    pub(super) fn boolean(&self, name: &str) -> Option<bool> {
        self.member(name)?.as_text()?.trim().to_ascii_lowercase().parse().ok()
    }

    /// The elements of a list member.
    ///
    /// JSON wraps them in an object under the element's name, XML repeats the element; an array, a
    /// lone element and an empty wrapper of whichever form are lists too. None if the member is absent.
    pub(super) fn list(&self, name: &str, element: &str) -> Option<Vec<&Node>> {
        let elements = match self.member(name)? {
            wrapper @ Self::Object(members) if members.is_empty() || members.contains_key(element) => {
                wrapper.member(element)
            }
            Self::Text(text) if text.trim().is_empty() => None,
            bare => Some(bare),
        };
        Some(match elements {
            None => Vec::new(),
            Some(Self::Text(text)) if text.is_empty() => Vec::new(),
            Some(Self::List(elements)) => elements.iter().filter(|node| **node != Self::Null).collect(),
            Some(lone) => vec![lone],
        })
    }

    /// The elements of a list of texts.
    pub(super) fn texts(&self, name: &str, element: &str) -> Option<Vec<String>> {
        let elements = self.list(name, element)?;
        Some(elements.into_iter().filter_map(|node| node.as_text().map(str::to_owned)).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_formats_give_the_same_tree() {
        let json = br#"{"Data":{"JobId":"j","SrcVersions":{"SrcVersion":["1","2"]},"RetryCount":1,"NeedPush":true,
            "GroupId":""},"Success":true}"#;
        let xml = b"<?xml version='1.0' encoding='UTF-8'?><XResponse><Data><JobId>j</JobId><SrcVersions>
            <SrcVersion>1</SrcVersion><SrcVersion>2</SrcVersion></SrcVersions><RetryCount>1</RetryCount>
            <NeedPush>true</NeedPush><GroupId/></Data><Success>true</Success></XResponse>";
        let (json, xml) = (parse(json).unwrap(), parse(xml).unwrap());
        assert_eq!(json, xml);
        let data = json.member("Data").unwrap();
        assert_eq!(data.text("JobId").as_deref(), Some("j"));
        assert_eq!(data.texts("SrcVersions", "SrcVersion").unwrap(), ["1", "2"]);
        assert_eq!(data.integer("RetryCount"), Some(1));
        assert_eq!(data.boolean("NeedPush"), Some(true));
        assert_eq!(data.text("GroupId").as_deref(), Some(""));
    }

    #[test]
    fn lists_come_in_many_forms() {
        let list = |body: &str| parse(body.as_bytes()).unwrap().texts("L", "E");
        for (body, expected) in [
            (r#"{}"#, None),
            (r#"{"L":null}"#, None),
            (r#"{"L":{}}"#, Some(vec![])),
            (r#"{"L":[]}"#, Some(vec![])),
            (r#"{"L":{"E":[]}}"#, Some(vec![])),
            (r#"{"L":{"E":null}}"#, Some(vec![])),
            (r#"{"L":{"E":["a"]}}"#, Some(vec!["a"])),
            (r#"{"L":{"E":"a"}}"#, Some(vec!["a"])),
            (r#"{"L":["a","b"]}"#, Some(vec!["a", "b"])),
            ("<R></R>", None),
            ("<R><L/></R>", Some(vec![])),
            ("<R><L></L></R>", Some(vec![])),
            ("<R><L><E>a</E></L></R>", Some(vec!["a"])),
            ("<R><L><E>a</E><E>b</E></L></R>", Some(vec!["a", "b"])),
        ] {
            let expected = expected.map(|texts| texts.into_iter().map(str::to_owned).collect::<Vec<_>>());
            assert_eq!(list(body), expected, "{body}");
        }
    }

    #[test]
    fn envelope_members_are_found_in_both_spellings() {
        for body in [r#"{"RequestId":"r"}"#, r#"{"requestId":"r"}"#] {
            assert_eq!(parse(body.as_bytes()).unwrap().envelope("RequestId"), Some("r"));
        }
    }

    #[test]
    fn what_is_no_answer_is_an_error() {
        let deep_json = format!("{}1{}", r#"{"a":"#.repeat(10_000), "}".repeat(10_000));
        let deep_xml = format!("{}{}", "<a>".repeat(10_000), "</a>".repeat(10_000));
        for body in [
            "",
            "  ",
            "plain text",
            "[1]",
            "{",
            r#"{"a":1} x"#,
            "<a>",
            "<a></b>",
            "<a/><b/>",
            "</a>",
            "<a>&bad;</a>",
            "<!DOCTYPE a [<!ENTITY x \"y\">]><a>&x;</a>",
            "\u{0}",
            &deep_json,
            &deep_xml,
        ] {
            assert!(parse(body.as_bytes()).is_err(), "{body:.40}");
        }
        assert!(parse(b"{\"a\":\"\xff\"}").is_err());
        assert!(parse(b"<a>\xff</a>").is_err());
    }

    proptest::proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..64)) {
            let _ = parse(&[b"<a>".as_slice(), &bytes].concat());
            let _ = parse(&[b"{".as_slice(), &bytes].concat());
        }

        #[test]
        fn text_survives_both_formats(text in "[^\u{0}-\u{1f}\u{fffe}\u{ffff}]{1,40}") {
            let json = serde_json::json!({ "T": text }).to_string();
            proptest::prop_assert_eq!(parse(json.as_bytes()).unwrap().text("T"), Some(text.clone()));
            let xml = format!("<R><T>{}</T></R>", quick_xml::escape::escape(&text));
            proptest::prop_assert_eq!(parse(xml.as_bytes()).unwrap().text("T"), Some(text));
        }
    }
}
