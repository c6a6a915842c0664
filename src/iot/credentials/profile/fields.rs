//! The fields of one profile.

use std::fmt::Display;
use std::path::Path;

use secrecy::SecretString;
use serde_json::{Map, Value};

use super::{ProfileError, ProfileProblem};

/// The fields of one profile, and where they are.
#[derive(Clone, Copy)]
pub(super) struct Fields<'a> {
    pub(super) file: &'a Path,
    pub(super) profile: &'a str,
    pub(super) values: &'a Map<String, Value>,
}

impl<'a> Fields<'a> {
    /// What is wrong with a field.
    pub(super) fn wrong(self, field: &'static str, problem: ProfileProblem) -> ProfileError {
        let (file, profile) = (self.file.to_owned(), Some(self.profile.to_owned()));
        ProfileError { file, profile, field: Some(field), problem }
    }

    /// What is wrong with the value of a field, in words that do not quote it.
    pub(super) fn invalid(self, field: &'static str) -> impl Fn(&dyn Display) -> ProfileError {
        move |reason| self.wrong(field, ProfileProblem::Invalid(reason.to_string()))
    }

    /// The text of a field; an empty one counts as none, as the command line writes all fields.
    pub(super) fn text(self, field: &'static str) -> Result<Option<&'a str>, ProfileError> {
        match self.values.get(field) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) => Ok(Some(text.as_str()).filter(|text| !text.is_empty())),
            Some(_) => Err(self.wrong(field, ProfileProblem::WrongType("a text"))),
        }
    }

    /// The text of a field that a mode needs.
    pub(super) fn required(self, field: &'static str, mode: &'static str) -> Result<&'a str, ProfileError> {
        self.text(field)?.ok_or_else(|| self.wrong(field, ProfileProblem::Missing(mode)))
    }

    /// The same as a secret.
    pub(super) fn secret(self, field: &'static str, mode: &'static str) -> Result<SecretString, ProfileError> {
        self.required(field, mode).map(SecretString::from)
    }

    /// A number of seconds; 0 counts as none.
    pub(super) fn seconds(self, field: &'static str) -> Result<Option<u32>, ProfileError> {
        let number = match self.values.get(field) {
            None | Some(Value::Null) => return Ok(None),
            Some(value) => value.as_u64().and_then(|number| u32::try_from(number).ok()),
        };
        let wrong = || self.wrong(field, ProfileProblem::WrongType("a whole number of seconds"));
        Ok(Some(number.ok_or_else(wrong)?).filter(|seconds| *seconds > 0))
    }
}
