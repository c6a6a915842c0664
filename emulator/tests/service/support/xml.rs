//! Answers of both formats as one flat form: sorted pairs of path and text, so that they can be compared.

use quick_xml::Reader;
use quick_xml::events::Event;
use serde_json::Value;

type Leaves = Vec<(String, String)>;

/// The root's name and the leaves below it.
pub(crate) fn leaves_of_xml(text: &str) -> (String, Leaves) {
    let mut reader = Reader::from_str(text);
    let mut path: Vec<String> = Vec::new();
    let (mut root, mut leaves, mut content, mut is_leaf) = (String::new(), Vec::new(), String::new(), false);
    loop {
        match reader.read_event().unwrap() {
            Event::Start(start) => {
                let name = start.name().as_ref().to_owned();
                if path.is_empty() {
                    root.clone_from(&name);
                }
                path.push(name);
                content.clear();
                is_leaf = true;
            }
            Event::Text(text) => content.push_str(&text),
            Event::GeneralRef(reference) => content.push_str(&resolved(&reference)),
            Event::End(_) => {
                if is_leaf {
                    leaves.push((path[1..].join("/"), content.clone()));
                }
                path.pop();
                is_leaf = false;
            }
            Event::Eof => break,
            _ => {}
        }
    }
    assert!(path.is_empty(), "{text}");
    leaves.sort();
    (root, leaves)
}

fn resolved(entity: &str) -> String {
    let known = [("lt", "<"), ("gt", ">"), ("amp", "&"), ("quot", "\""), ("apos", "'")];
    known.iter().find(|(name, _)| *name == entity).unwrap().1.to_owned()
}

/// The leaves of a JSON answer; elements of an array share one path.
pub(crate) fn leaves_of_json(value: &Value) -> Leaves {
    let mut leaves = Vec::new();
    collect("", value, &mut leaves);
    leaves.sort();
    leaves
}

fn collect(path: &str, value: &Value, leaves: &mut Leaves) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                let inner = if path.is_empty() { name.clone() } else { format!("{path}/{name}") };
                collect(&inner, member, leaves);
            }
        }
        Value::Array(elements) => elements.iter().for_each(|element| collect(path, element, leaves)),
        Value::String(text) => leaves.push((path.to_owned(), text.clone())),
        other => leaves.push((path.to_owned(), other.to_string())),
    }
}
