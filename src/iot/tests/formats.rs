//! The same answer in JSON and in XML, whatever it holds, is read as the same.

use std::collections::BTreeMap;

use proptest::prelude::*;
use serde_json::{Value, json};

use crate::iot::{Node, Unreadable, answer};

/// What the items of lists are called.
const ELEMENT: &str = "Element";

type Members = BTreeMap<String, Part>;

/// A member of an answer, as the service means it.
#[derive(Clone, Debug)]
enum Part {
    /// Null, which XML leaves out.
    Null,
    Text(String),
    /// As a number, or as text in JSON too.
    Integer(i64, bool),
    /// As a boolean, or as text in JSON too.
    Boolean(bool, bool),
    /// Not an empty one, which XML does not tell from an empty text.
    Object(Members),
    Texts(Vec<String>),
    Objects(Vec<Members>),
}

fn to_json(members: &Members) -> Value {
    members.iter().map(|(name, part)| (name.clone(), part.to_json())).collect()
}

fn to_xml(members: &Members) -> String {
    members.iter().map(|(name, part)| part.to_xml(name)).collect()
}

impl Part {
    fn to_json(&self) -> Value {
        match self {
            Self::Null => Value::Null,
            Self::Text(text) => json!(text),
            Self::Integer(number, true) => json!(number.to_string()),
            Self::Integer(number, false) => json!(number),
            Self::Boolean(boolean, true) => json!(boolean.to_string()),
            Self::Boolean(boolean, false) => json!(boolean),
            Self::Object(members) => to_json(members),
            Self::Texts(texts) => json!({ELEMENT: texts}),
            Self::Objects(objects) => json!({ELEMENT: objects.iter().map(to_json).collect::<Vec<_>>()}),
        }
    }

    fn to_xml(&self, name: &str) -> String {
        let element = |name: &str, content: String| match content.as_str() {
            "" => format!("<{name}/>"),
            content => format!("<{name}>{content}</{name}>"),
        };
        match self {
            Self::Null => String::new(),
            Self::Text(text) => element(name, escaped(text)),
            Self::Integer(number, _) => element(name, number.to_string()),
            Self::Boolean(boolean, _) => element(name, boolean.to_string()),
            Self::Object(members) => element(name, to_xml(members)),
            Self::Texts(texts) => element(name, texts.iter().map(|text| element(ELEMENT, escaped(text))).collect()),
            Self::Objects(objects) => {
                element(name, objects.iter().map(|members| element(ELEMENT, to_xml(members))).collect())
            }
        }
    }

    /// Fails if the member of a node is not this.
    fn check(&self, name: &str, node: &Node) -> Result<(), TestCaseError> {
        match self {
            Self::Null => prop_assert_eq!(node.text(name), Ok(None)),
            Self::Text(text) => prop_assert_eq!(node.text(name), Ok(Some(text.clone()))),
            Self::Integer(number, _) => prop_assert_eq!(node.integer(name), Ok(Some(*number))),
            Self::Boolean(boolean, _) => prop_assert_eq!(node.boolean(name), Ok(Some(*boolean))),
            Self::Object(members) => check(members, node.object(name).unwrap().unwrap())?,
            Self::Texts(texts) => {
                // An empty list and a list of an empty text look alike in XML.
                let filled = texts.iter().filter(|text| !text.trim().is_empty()).cloned().collect();
                prop_assert_eq!(node.texts(name, ELEMENT), Ok(Some(filled)));
            }
            Self::Objects(objects) => {
                let read: Result<_, Unreadable> = node.objects(name, ELEMENT, |object| Ok(object.clone()));
                let read = read.unwrap().unwrap();
                prop_assert_eq!(read.len(), objects.len());
                for (members, node) in objects.iter().zip(&read) {
                    check(members, node)?;
                }
            }
        }
        Ok(())
    }
}

fn check(members: &Members, node: &Node) -> Result<(), TestCaseError> {
    members.iter().try_for_each(|(name, part)| part.check(name, node))
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// Texts with what both formats have to escape, and blanks.
fn any_text() -> impl Strategy<Value = String> {
    "[ -~\n\t上-丘é]{0,8}|[<>&\"'\\\\]{1,4}|&amp;|\\]\\]>"
}

fn any_members(part: impl Strategy<Value = Part>) -> impl Strategy<Value = Members> {
    prop::collection::btree_map("[A-Z][A-Za-z0-9]{0,6}", part, 1..5)
}

/// With something in it that XML shows.
fn any_object(part: impl Strategy<Value = Part>) -> impl Strategy<Value = Members> {
    any_members(part).prop_map(|mut members| {
        members.insert("Id".to_owned(), Part::Integer(7, false));
        members
    })
}

fn any_part() -> impl Strategy<Value = Part> {
    let leaf = prop_oneof![
        Just(Part::Null),
        any_text().prop_map(Part::Text),
        (any::<i64>(), any::<bool>()).prop_map(|(number, as_text)| Part::Integer(number, as_text)),
        (any::<bool>(), any::<bool>()).prop_map(|(boolean, as_text)| Part::Boolean(boolean, as_text)),
        prop::collection::vec(any_text(), 0..4).prop_map(Part::Texts),
    ];
    leaf.prop_recursive(4, 64, 5, |part| {
        prop_oneof![
            any_object(part.clone()).prop_map(Part::Object),
            prop::collection::vec(any_object(part), 0..4).prop_map(Part::Objects),
        ]
    })
}

proptest! {
    #[test]
    fn both_formats_read_as_what_was_meant(members in any_members(any_part())) {
        let json = to_json(&members).to_string();
        let xml = format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?><Answer>{}</Answer>", to_xml(&members));
        for body in [json, xml] {
            check(&members, &answer::parse(body.as_bytes()).unwrap())?;
        }
    }
}
