//! The parameters of a request, in the order in which they are signed.

use std::collections::BTreeMap;
use std::fmt;

/// Names and values of a request, sorted by name in byte order. What is absent is not sent at all.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Parameters(BTreeMap<String, String>);

impl Parameters {
    /// Sends `value`, even if it is empty: an empty value is signed too.
    pub fn text(&mut self, name: impl Into<String>, value: impl Into<String>) {
        self.0.insert(name.into(), value.into());
    }

    /// Sends the text if there is one.
    pub fn optional_text(&mut self, name: &str, value: Option<&str>) {
        if let Some(value) = value {
            self.text(name, value);
        }
    }

    /// Sends a number in decimal digits.
    pub fn integer(&mut self, name: &str, value: i64) {
        self.text(name, value.to_string());
    }

    /// Sends the number if there is one. Zero is a number.
    pub fn optional_integer(&mut self, name: &str, value: Option<i64>) {
        if let Some(value) = value {
            self.integer(name, value);
        }
    }

    /// Sends `true` or `false` if there is a value.
    pub fn optional_boolean(&mut self, name: &str, value: Option<bool>) {
        if let Some(value) = value {
            self.text(name, value.to_string());
        }
    }

    /// Sends a list flattened as the API wants it: `Name.1`, `Name.2` and so on.
    pub fn texts(&mut self, name: &str, values: &[String]) {
        for (value, number) in values.iter().zip(1..) {
            self.text(format!("{name}.{number}"), value);
        }
    }

    /// Names and values, sorted by name in byte order.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }
}

/// Names only: among the values is the security token.
impl fmt::Debug for Parameters {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_set().entries(self.0.keys()).finish()
    }
}
