//! XML into the tree. Attributes, comments and the root element's name carry nothing: the names of roots differ
//! between samples of the same operation.

use quick_xml::Reader;
use quick_xml::events::{BytesRef, Event};

use super::{Budget, Node, Unreadable};

/// The entities that XML itself defines. Others need a document type, which no answer has.
const ENTITIES: [(&str, char); 5] = [("amp", '&'), ("lt", '<'), ("gt", '>'), ("quot", '"'), ("apos", '\'')];

pub(super) fn parse(text: &str) -> Result<Node, Unreadable> {
    let mut reader = Reader::from_str(text);
    let mut document = Document::new();
    loop {
        match reader.read_event().map_err(|_| malformed(&reader))? {
            Event::Start(tag) => document.open(tag.local_name().as_ref())?,
            Event::End(_) => document.close()?,
            Event::Empty(tag) => {
                document.open(tag.local_name().as_ref())?;
                document.close()?;
            }
            Event::Text(text) => document.write(&text.xml10_content())?,
            Event::CData(text) => document.write(&text.xml10_content())?,
            Event::GeneralRef(reference) => document.write(resolved(&reference)?.encode_utf8(&mut [0; 4]))?,
            Event::DocType(_) => return Err(Unreadable::new("it has a document type")),
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) => {}
            Event::Eof => return document.finish(),
        }
    }
}

/// The parser's own message repeats names from the document.
fn malformed(reader: &Reader<&[u8]>) -> Unreadable {
    Unreadable::new(format!("it is not valid XML (at byte {})", reader.error_position()))
}

fn resolved(reference: &BytesRef<'_>) -> Result<char, Unreadable> {
    let unknown = || Unreadable::new("it has an unknown entity");
    if reference.is_char_ref() {
        return reference.resolve_char_ref().ok().flatten().ok_or_else(unknown);
    }
    ENTITIES.iter().find(|(name, _)| *name == &**reference).map(|(_, character)| *character).ok_or_else(unknown)
}

/// An element that is not closed yet.
#[derive(Default)]
struct Element {
    name: String,
    text: String,
    children: Vec<(String, Node)>,
}

impl Element {
    /// Text between children is layout.
    fn into_node(self) -> Node {
        if self.children.is_empty() { Node::Text(self.text) } else { Node::Object(self.children) }
    }
}

/// The elements from the root down to where the reader is.
struct Document {
    open: Vec<Element>,
    root: Option<Node>,
    budget: Budget,
}

impl Document {
    fn new() -> Self {
        Self { open: Vec::new(), root: None, budget: Budget::new() }
    }

    fn open(&mut self, name: &str) -> Result<(), Unreadable> {
        if self.root.is_some() {
            return Err(Unreadable::new("it has two roots"));
        }
        self.budget.spend(self.open.len() + 1)?;
        self.open.push(Element { name: name.to_owned(), ..Element::default() });
        Ok(())
    }

    fn write(&mut self, text: &str) -> Result<(), Unreadable> {
        match self.open.last_mut() {
            Some(element) => element.text.push_str(text),
            None if text.trim().is_empty() => {}
            None => return Err(Unreadable::new("it has text outside of its root")),
        }
        Ok(())
    }

    fn close(&mut self) -> Result<(), Unreadable> {
        let mut element = self.open.pop().ok_or_else(|| Unreadable::new("it ends an element that is not open"))?;
        let name = std::mem::take(&mut element.name);
        let node = element.into_node();
        match self.open.last_mut() {
            Some(parent) => parent.children.push((name, node)),
            None => self.root = Some(node),
        }
        Ok(())
    }

    fn finish(self) -> Result<Node, Unreadable> {
        match self.root {
            Some(root) if self.open.is_empty() => Ok(root),
            _ => Err(Unreadable::new("it breaks off")),
        }
    }
}
