//! The kinds of work that have a timeout of their own, and the `timeouts` block that sets them.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use tf_provider::value::Value;

use super::model::OtaDynamicJobModel;
use crate::provider::duration;

/// The block as written.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub(crate) struct Timeouts {
    pub(crate) create: Value<String>,
    pub(crate) read: Value<String>,
    pub(crate) update: Value<String>,
    pub(crate) delete: Value<String>,
}

/// A kind of work that has a timeout of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Work {
    /// The call and, after an answer that was lost, the search for the job.
    Create,
    Read,
    Update,
    /// The calls, and waiting until the service reports the end.
    Delete,
}

impl Work {
    pub(super) const ALL: [Self; 4] = [Self::Create, Self::Read, Self::Update, Self::Delete];

    /// The attribute of the block.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Read => "read",
            Self::Update => "update",
            Self::Delete => "delete",
        }
    }

    /// How long it may take if nobody says.
    pub(super) const fn default(self) -> Duration {
        match self {
            Self::Create | Self::Delete => Duration::from_mins(10),
            Self::Read | Self::Update => Duration::from_mins(5),
        }
    }

    /// How long it may take for this job.
    pub(super) fn timeout(self, job: &OtaDynamicJobModel) -> Duration {
        let written = job.timeouts.as_ref().as_option().and_then(|timeouts| timeouts.of(self).as_ref().as_option());
        written.and_then(|text| duration::parse(text)).unwrap_or(self.default())
    }
}

impl Timeouts {
    /// What is written.
    pub(super) fn of(&self, work: Work) -> &Value<String> {
        match work {
            Work::Create => &self.create,
            Work::Read => &self.read,
            Work::Update => &self.update,
            Work::Delete => &self.delete,
        }
    }
}

/// The block's arguments, with what they mean.
pub(super) fn arguments() -> Vec<(&'static str, String)> {
    let argument = |work: Work| {
        let what = match work {
            Work::Create => "creating the job may take, with the search for it after a lost answer",
            Work::Read => "reading the job may take",
            Work::Update => "changing the job may take",
            Work::Delete => "ending the job may take, until the service reports it as ended",
        };
        (work.name(), format!("How long {what}. Left out, it is `{}`.", duration::shown(work.default())))
    };
    Work::ALL.into_iter().map(argument).collect()
}
