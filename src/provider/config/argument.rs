//! One argument at a time, with the environment variables that stand in for it.

use std::fmt::Display;

use tf_provider::Diagnostic;
use tf_provider::value::Value;

use crate::plugin::convert::Number;
use crate::provider::diagnostics::configuration as text;

/// An argument that has a value.
#[derive(Clone)]
pub(super) struct Given<T = String> {
    pub(super) value: T,
    /// The variable that it came from; none for the block itself and for defaults.
    pub(super) source: Option<&'static str>,
}

/// Reads arguments, and remembers what was wrong with them, and which are not known yet.
pub(super) struct Reader<'a> {
    variable: &'a dyn Fn(&str) -> Option<String>,
    /// Whether the environment is that of the run: what is in neither place is missing then.
    pub(super) is_complete: bool,
    pub(super) unknown: Vec<&'static str>,
    pub(super) errors: Vec<Diagnostic>,
}

impl<'a> Reader<'a> {
    /// With an environment.
    pub(super) fn new(variable: &'a dyn Fn(&str) -> Option<String>) -> Self {
        Self { variable, is_complete: true, unknown: Vec::new(), errors: Vec::new() }
    }

    /// Without one.
    pub(super) fn of_block() -> Self {
        Self { is_complete: false, ..Self::new(&|_| None) }
    }

    /// The first of the variables that is set; an empty one is not, as users of the official provider are used to.
    pub(super) fn variable(&self, names: &[&'static str]) -> Option<Given> {
        names.iter().find_map(|name| {
            let value = (self.variable)(name).filter(|value| !value.is_empty())?;
            Some(Given { value, source: Some(name) })
        })
    }

    /// A text. An empty one counts as absent.
    pub(super) fn text(
        &mut self,
        argument: &'static str,
        value: &Value<String>,
        variables: &[&'static str],
    ) -> Option<Given> {
        match value {
            Value::Unknown => self.not_known(argument),
            Value::Value(value) if !value.is_empty() => Some(Given { value: value.clone(), source: None }),
            Value::Value(_) | Value::Null => self.variable(variables),
        }
    }

    /// A boolean, from a variable in the spellings that Terraform takes for one.
    pub(super) fn flag(
        &mut self,
        argument: &'static str,
        value: &Value<bool>,
        variables: &[&'static str],
    ) -> Option<Given<bool>> {
        match value {
            Value::Unknown => self.not_known(argument),
            Value::Value(value) => Some(Given { value: *value, source: None }),
            Value::Null => self.parsed(argument, variables, |text| match text.to_ascii_lowercase().as_str() {
                "true" | "t" | "1" => Ok(true),
                "false" | "f" | "0" => Ok(false),
                _ => Err("it is neither `true` nor `false`"),
            }),
        }
    }

    /// A whole number.
    pub(super) fn number(
        &mut self,
        argument: &'static str,
        value: &Value<Number>,
        variables: &[&'static str],
    ) -> Option<Given<i64>> {
        match value {
            Value::Unknown => self.not_known(argument),
            Value::Value(value) => {
                let given = Given { value: value.clone(), source: None };
                self.checked(argument, given, |number| number.as_integer().ok_or("it is no whole number, or too large"))
            }
            Value::Null => self.parsed(argument, variables, |text| text.trim().parse().map_err(|_| "it is no number")),
        }
    }

    fn parsed<T>(
        &mut self,
        argument: &'static str,
        variables: &[&'static str],
        parse: impl Fn(&str) -> Result<T, &'static str>,
    ) -> Option<Given<T>> {
        let given = self.variable(variables)?;
        self.checked(argument, given, |text| parse(&text))
    }

    /// What `check` makes of a value, or an error that does not quote it.
    pub(super) fn checked<T, U, E: Display>(
        &mut self,
        argument: &'static str,
        given: Given<T>,
        check: impl FnOnce(T) -> Result<U, E>,
    ) -> Option<Given<U>> {
        let Given { value, source } = given;
        match check(value) {
            Ok(value) => Some(Given { value, source }),
            Err(reason) => {
                self.errors.push(text::invalid_argument(argument, source, &reason));
                None
            }
        }
    }

    fn not_known<T>(&mut self, argument: &'static str) -> Option<T> {
        self.unknown.push(argument);
        None
    }
}
