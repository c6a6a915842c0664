//! What the provider block and the environment come to.

use tf_provider::value::Value;

use crate::iot::Client;
use crate::provider::limits::Edition;

/// What the provider block and the environment come to.
#[derive(Debug)]
pub(crate) struct Settings {
    /// Unknown only while something that it depends on has not been created.
    pub(crate) region: Value<String>,
    /// What resources take that name no instance.
    pub(crate) iot_instance_id: Value<String>,
    pub(crate) edition: Edition,
    /// What a plan makes of trouble that it foresees.
    pub(crate) preflight: Preflight,
    /// Set up, unless arguments are unknown that it needs: those.
    pub(crate) client: Result<Client, Vec<&'static str>>,
}

/// What a plan makes of trouble that it foresees by asking the service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Preflight {
    /// An error: nothing is applied.
    #[default]
    Error,
    /// A warning.
    Warn,
    /// Nothing: the service is not asked.
    Off,
}

impl Preflight {
    const ALL: [(&'static str, Self); 3] = [("error", Self::Error), ("warn", Self::Warn), ("off", Self::Off)];

    /// The one of that name, as the argument spells it.
    pub(super) fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().find_map(|(known, preflight)| (*known == name).then_some(*preflight))
    }

    /// All names, for a message.
    pub(crate) fn names() -> String {
        Self::ALL.map(|(name, _)| format!("`{name}`")).join(", ")
    }
}
