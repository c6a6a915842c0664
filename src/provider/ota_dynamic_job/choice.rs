//! What users can choose of Terraform's own behaviour: it is kept in the state and told to nobody.

/// What a refresh makes of a job that was cancelled outside Terraform.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum OnExternalCancel {
    /// It leaves the state, so that the next plan proposes a new one.
    #[default]
    Recreate,
    /// It stays, with its status: an operator's stop is not undone.
    Keep,
    /// The refresh fails.
    Error,
}

/// What a destroy makes of a job. Devices that have finished keep what they have in each case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum OnDestroy {
    /// No further device is selected; tasks that devices have go on.
    #[default]
    CancelStrategy,
    /// Tasks that no device has begun are cancelled as well.
    CancelPending,
    /// Tasks in progress are cancelled as well.
    CancelAll,
    /// Nothing: it leaves the state and goes on.
    Keep,
}

/// A closed list of words in a configuration.
pub(crate) trait Choice: Copy + Default + 'static {
    /// All of them, in the order in which documentation lists them.
    const ALL: &'static [Self];

    /// Its spelling in a configuration.
    fn name(self) -> &'static str;

    /// The spellings of all of them.
    fn names() -> Vec<&'static str> {
        Self::ALL.iter().map(|choice| choice.name()).collect()
    }

    /// The one of that spelling; what a state does not say, or says in words of another version, is the default.
    fn chosen(name: Option<&str>) -> Self {
        Self::ALL.iter().copied().find(|choice| Some(choice.name()) == name).unwrap_or_default()
    }
}

impl Choice for OnExternalCancel {
    const ALL: &'static [Self] = &[Self::Recreate, Self::Keep, Self::Error];

    fn name(self) -> &'static str {
        match self {
            Self::Recreate => "recreate",
            Self::Keep => "keep",
            Self::Error => "error",
        }
    }
}

impl Choice for OnDestroy {
    const ALL: &'static [Self] = &[Self::CancelStrategy, Self::CancelPending, Self::CancelAll, Self::Keep];

    fn name(self) -> &'static str {
        match self {
            Self::CancelStrategy => "cancel_strategy",
            Self::CancelPending => "cancel_pending",
            Self::CancelAll => "cancel_all",
            Self::Keep => "keep",
        }
    }
}
