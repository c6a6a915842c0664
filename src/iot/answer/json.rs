//! JSON into the tree. `serde_json`'s own value would keep the last of repeated members and has no limit on size.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};

use super::{Budget, Node, Unreadable};

pub(super) fn parse(text: &str) -> Result<Node, Unreadable> {
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let mut budget = Budget::new();
    let builder = Builder { budget: &mut budget, depth: 1 };
    let node = builder.deserialize(&mut deserializer).map_err(unreadable)?;
    deserializer.end().map_err(unreadable)?;
    Ok(node)
}

/// The parser's message names places and what was expected, never what stands there.
fn unreadable(error: serde_json::Error) -> Unreadable {
    Unreadable::new(format!("it is not valid JSON ({error})"))
}

/// Builds the node at one depth.
struct Builder<'a> {
    budget: &'a mut Budget,
    depth: usize,
}

impl Builder<'_> {
    fn below(&mut self) -> Builder<'_> {
        Builder { budget: self.budget, depth: self.depth + 1 }
    }
}

impl<'de> DeserializeSeed<'de> for Builder<'_> {
    type Value = Node;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Node, D::Error> {
        self.budget.spend(self.depth).map_err(D::Error::custom)?;
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Builder<'_> {
    type Value = Node;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Node, E> {
        Ok(Node::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Node, E> {
        Ok(Node::Text(value.to_string()))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Node, E> {
        Ok(Node::Text(value.to_string()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Node, E> {
        Ok(Node::Text(value.to_string()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Node, E> {
        Ok(Node::Text(value.to_string()))
    }

    fn visit_str<E>(self, value: &str) -> Result<Node, E> {
        Ok(Node::Text(value.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut items: A) -> Result<Node, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element_seed(self.below())? {
            list.push(item);
        }
        Ok(Node::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut entries: A) -> Result<Node, A::Error> {
        let mut members = Vec::new();
        while let Some(name) = entries.next_key::<String>()? {
            members.push((name, entries.next_value_seed(self.below())?));
        }
        Ok(Node::Object(members))
    }
}
