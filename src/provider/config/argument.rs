//! One argument, and the environment variables that stand in for it.

use tf_provider::value::Value;

/// An argument after the environment was asked.
pub(super) enum Argument<T = String> {
    /// `source` is the variable that it came from; none for the block itself and for defaults.
    Known {
        value: T,
        source: Option<&'static str>,
    },
    Unknown,
    Absent,
}

impl Argument {
    /// An empty text counts as absent, as users of the official provider are used to.
    pub(super) fn settle(
        value: Value<String>,
        names: &[&'static str],
        variable: &dyn Fn(&str) -> Option<String>,
    ) -> Self {
        match value {
            Value::Unknown => Self::Unknown,
            Value::Value(value) if !value.is_empty() => Self::Known { value, source: None },
            Value::Value(_) | Value::Null => Self::from_environment(names, variable),
        }
    }

    /// The first of the variables that is set.
    pub(super) fn from_environment(names: &[&'static str], variable: &dyn Fn(&str) -> Option<String>) -> Self {
        let mut set = names.iter().filter_map(|name| {
            let value = variable(name).filter(|value| !value.is_empty())?;
            Some(Self::Known { value, source: Some(name) })
        });
        set.next().unwrap_or(Self::Absent)
    }
}

impl<T> Argument<T> {
    pub(super) fn or(self, default: impl Into<T>) -> Self {
        match self {
            Self::Absent => Self::Known { value: default.into(), source: None },
            other => other,
        }
    }

    pub(super) fn known(self) -> Option<T> {
        match self {
            Self::Known { value, .. } => Some(value),
            Self::Unknown | Self::Absent => None,
        }
    }

    pub(super) fn is_unknown(&self) -> bool {
        matches!(self, Self::Unknown)
    }
}
