//! XML answers.
//!
//! The root element stands for the answer, whatever its name: documents disagree on it.

use std::collections::BTreeMap;

use quick_xml::Reader;
use quick_xml::events::{BytesRef, Event};
use quick_xml::name::QName;

use super::{Node, Unreadable};

/// Deeper than any answer nests.
const MAXIMUM_DEPTH: usize = 64;

/// An element that has begun and not ended.
#[derive(Default)]
struct Open {
    name: String,
    text: String,
    members: BTreeMap<String, Node>,
}

impl Open {
    fn named(name: QName<'_>) -> Self {
        Self { name: name.as_ref().to_owned(), ..Self::default() }
    }
}

/// Reads XML without attributes, namespaces or entities of its own, which the service does not use.
pub(super) fn parse(body: &[u8]) -> Result<Node, Unreadable> {
    let text = std::str::from_utf8(body).map_err(|_| Unreadable("it is not UTF-8".to_owned()))?;
    let mut reader = Reader::from_str(text);
    let mut open: Vec<Open> = Vec::new();
    let mut root = None;
    loop {
        let event = reader.read_event().map_err(|_| malformed(&reader))?;
        match event {
            Event::Start(element) => {
                if root.is_some() || open.len() >= MAXIMUM_DEPTH {
                    return Err(malformed(&reader));
                }
                open.push(Open::named(element.name()));
            }
            Event::Empty(element) => {
                if root.is_some() {
                    return Err(malformed(&reader));
                }
                close(&mut open, &mut root, Open::named(element.name()));
            }
            Event::End(_) => {
                let element = open.pop().ok_or_else(|| malformed(&reader))?;
                close(&mut open, &mut root, element);
            }
            Event::Text(text) => append(&mut open, &text),
            Event::CData(text) => append(&mut open, &text),
            Event::GeneralRef(reference) => {
                let character = resolved(&reference).ok_or_else(|| malformed(&reader))?;
                append(&mut open, character.encode_utf8(&mut [0; 4]));
            }
            // Entities of its own could make a small answer huge.
            Event::DocType(_) => return Err(malformed(&reader)),
            Event::Decl(_) | Event::Comment(_) | Event::PI(_) => {}
            Event::Eof => break,
        }
    }
    root.filter(|_| open.is_empty()).ok_or_else(|| malformed(&reader))
}

/// Ends an element: it becomes a member of the one around it, or the root.
fn close(open: &mut [Open], root: &mut Option<Node>, element: Open) {
    let node = if element.members.is_empty() { Node::Text(element.text) } else { Node::Object(element.members) };
    let Some(parent) = open.last_mut() else {
        *root = Some(node);
        return;
    };
    match parent.members.remove(&element.name) {
        None => parent.members.insert(element.name, node),
        Some(Node::List(mut elements)) => {
            elements.push(node);
            parent.members.insert(element.name, Node::List(elements))
        }
        Some(first) => parent.members.insert(element.name, Node::List(vec![first, node])),
    };
}

fn append(open: &mut [Open], text: &str) {
    if let Some(element) = open.last_mut() {
        element.text.push_str(text);
    }
}

/// The character that a reference stands for: one of XML's own five, or a number.
fn resolved(reference: &BytesRef<'_>) -> Option<char> {
    match &**reference {
        "lt" => Some('<'),
        "gt" => Some('>'),
        "amp" => Some('&'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => reference.resolve_char_ref().ok().flatten(),
    }
}

fn malformed(reader: &Reader<&[u8]>) -> Unreadable {
    Unreadable(format!("it is not XML from byte {} on", reader.buffer_position()))
}
