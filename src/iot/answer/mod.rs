//! Answers in one small tree, whether they came as JSON or as XML.
//!
//! JSON is asked for, but the gateway answers some errors in XML all the same, and the format is taken from the body
//! itself. The tree has no numbers and booleans: XML has none, and JSON answers hold some of them as text.

mod json;
mod node;
mod xml;

pub use node::{Node, Unreadable};

/// Deeper answers are not from the service, whose own are five deep.
const DEEPEST: usize = 64;
/// Bounds what a small body can be blown up to in memory.
const MOST_NODES: usize = 500_000;

/// Reads the body of an answer by what it looks like; the content type is not trusted, as samples contradict it.
///
/// # Errors
///
/// The body is neither JSON nor XML, nests too deep or has too many parts. The text quotes nothing of it.
pub fn parse(body: &[u8]) -> Result<Node, Unreadable> {
    let text = std::str::from_utf8(body).map_err(|_| Unreadable::new("it is not UTF-8"))?;
    let text = text.trim_start_matches('\u{feff}').trim();
    match text.chars().next() {
        Some('{') => json::parse(text),
        Some('<') => xml::parse(text),
        Some(_) => Err(Unreadable::new("it is neither a JSON object nor an XML document")),
        None => Err(Unreadable::new("it is empty")),
    }
}

/// Counts nodes and depth while a tree is built.
struct Budget {
    nodes: usize,
}

impl Budget {
    fn new() -> Self {
        Self { nodes: MOST_NODES }
    }

    /// Pays for one node at a depth.
    fn spend(&mut self, depth: usize) -> Result<(), Unreadable> {
        if depth > DEEPEST {
            return Err(Unreadable::new(format!("it is nested more than {DEEPEST} deep")));
        }
        self.nodes = self.nodes.checked_sub(1).ok_or_else(|| Unreadable::new("it has too many parts"))?;
        Ok(())
    }
}
