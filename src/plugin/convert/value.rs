//! The tree between bytes and structs.

use std::collections::BTreeMap;

use super::number::Number;
use super::types::Type;

/// A value of Terraform's type system, after its bytes were checked against a type.
#[derive(Debug, Clone, PartialEq)]
pub enum WireValue {
    /// No value, of whichever type.
    Null,
    /// Not known yet; the refinements that core may add are not kept.
    Unknown,
    /// `true` or `false`.
    Bool(bool),
    /// A number, without loss.
    Number(Number),
    /// A text.
    String(String),
    /// Elements of a list, a set or a tuple.
    List(Vec<WireValue>),
    /// Elements of a map, or attributes of an object.
    Map(BTreeMap<String, WireValue>),
    /// A value whose type is not in the schema but beside it.
    Dynamic(Box<(Type, WireValue)>),
}

impl WireValue {
    /// Whether nothing in it is unknown, at any depth.
    pub fn is_wholly_known(&self) -> bool {
        match self {
            Self::Unknown => false,
            Self::List(elements) => elements.iter().all(Self::is_wholly_known),
            Self::Map(elements) => elements.values().all(Self::is_wholly_known),
            Self::Dynamic(typed) => typed.1.is_wholly_known(),
            Self::Null | Self::Bool(_) | Self::Number(_) | Self::String(_) => true,
        }
    }

    /// The same with null for all that is unknown.
    pub fn with_unknown_as_null(self) -> Self {
        match self {
            Self::Unknown => Self::Null,
            Self::List(elements) => Self::List(elements.into_iter().map(Self::with_unknown_as_null).collect()),
            Self::Map(elements) => {
                Self::Map(elements.into_iter().map(|(key, value)| (key, value.with_unknown_as_null())).collect())
            }
            Self::Dynamic(mut typed) => {
                typed.1 = typed.1.with_unknown_as_null();
                Self::Dynamic(typed)
            }
            known => known,
        }
    }

    /// What kind of value it is, as a message says it.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Unknown => "an unknown value",
            Self::Bool(_) => "a bool",
            Self::Number(_) => "a number",
            Self::String(_) => "a string",
            Self::List(_) => "a list",
            Self::Map(_) => "a map",
            Self::Dynamic(_) => "a value with its type",
        }
    }
}
