//! What can be wrong with a value, and where in it.

use std::fmt;

use tf_provider::{AttributePath, AttributePathStep};

/// A value that does not fit its type.
#[derive(Debug)]
pub struct ConvertError {
    /// From the inside out, so that each level adds its own step cheaply.
    steps: Vec<AttributePathStep>,
    message: String,
}

impl ConvertError {
    /// An error at the place that is being looked at.
    pub fn new(message: impl Into<String>) -> Self {
        Self { steps: Vec::new(), message: message.into() }
    }

    /// The same error, seen from the object around it.
    #[must_use]
    pub fn in_attribute(mut self, name: &str) -> Self {
        self.steps.push(AttributePathStep::Attribute(name.to_owned().into()));
        self
    }

    /// The same error, seen from the map around it.
    #[must_use]
    pub fn in_key(mut self, key: &str) -> Self {
        self.steps.push(AttributePathStep::Key(key.to_owned().into()));
        self
    }

    /// The same error, seen from the list around it.
    #[must_use]
    pub fn in_element(mut self, index: usize) -> Self {
        self.steps.push(AttributePathStep::Index(i64::try_from(index).unwrap_or(i64::MAX)));
        self
    }

    /// Where the error is, seen from the outermost value.
    pub fn path(&self) -> AttributePath {
        AttributePath { steps: self.steps.iter().rev().cloned().collect() }
    }

    /// What is wrong there.
    pub fn message(&self) -> &str {
        &self.message
    }
}

impl fmt::Display for ConvertError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.steps.is_empty() { f.write_str(&self.message) } else { write!(f, "{}: {}", self.path(), self.message) }
    }
}

impl std::error::Error for ConvertError {}

impl serde::de::Error for ConvertError {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self::new(message.to_string())
    }
}

impl serde::ser::Error for ConvertError {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self::new(message.to_string())
    }
}
