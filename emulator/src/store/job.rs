//! A job ("batch"): a verification, or a static or dynamic rollout.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use super::pace::Pace;
use super::{History, TaskCounts, TaskNumber};
use crate::clock::{Millis, millis, moment};
use crate::fleet::VersionNumber;
use crate::table::row_number;

row_number! {
    /// A job.
    JobNumber
}

/// State of a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub(crate) enum JobStatus {
    /// Waits for its time.
    Planned,
    /// Running.
    InProgress,
    /// Ended by itself.
    Completed,
    /// Ended by a caller.
    Canceled,
}

impl JobStatus {
    /// The wire's `JobStatus`.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Planned => "PLANNED",
            Self::InProgress => "IN_PROGRESS",
            Self::Completed => "COMPLETED",
            Self::Canceled => "CANCELED",
        }
    }
}

/// A label that devices get together with the update.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub(crate) struct Tag {
    pub(crate) key: String,
    pub(crate) value: String,
}

/// What happens when a device fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub(crate) struct Retry {
    /// Minutes until the next try; 0 is at once.
    pub(crate) interval: i64,
    /// Most tries after the first.
    pub(crate) count: i64,
}

/// What every kind of job has.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub(crate) struct JobSettings {
    pub(crate) tags: Vec<Tag>,
    /// Minutes; `None`: a device never times out.
    pub(crate) timeout_in_minutes: Option<i64>,
    pub(crate) need_push: bool,
    pub(crate) need_confirm: bool,
    pub(crate) download_protocol: String,
}

/// What static and dynamic rollouts have.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct Policy {
    /// Empty: any version.
    pub(crate) src_versions: Vec<String>,
    pub(crate) retry: Option<Retry>,
    pub(crate) maximum_per_minute: i64,
    /// 1 keep the earlier task of a device, 2 replace it.
    pub(crate) overwrite_mode: i64,
    pub(crate) multi_module_mode: bool,
    pub(crate) group_id: Option<String>,
}

/// Which devices a static rollout takes, among those that its policy lets pass.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
pub(crate) enum Selection {
    /// All of them, or all in the policy's group.
    All,
    /// Those with these names.
    Specific(Vec<String>),
    /// This percentage of them.
    Gray(f64),
}

/// When a static rollout runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub(crate) struct Schedule {
    pub(crate) start: Millis,
    pub(crate) finish: Option<Millis>,
}

/// Which kind of job it is.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) enum JobKind {
    /// Made by CreateOTAVerifyJob.
    Verification {
        /// Names of the devices.
        devices: Vec<String>,
    },
    /// Made by CreateOTAStaticUpgradeJob.
    Static {
        policy: Policy,
        selection: Selection,
        /// `None`: at once.
        schedule: Option<Schedule>,
    },
    /// Made by CreateOTADynamicUpgradeJob.
    Dynamic {
        policy: Policy,
        /// 1 keep checking devices, 2 only those that report a version later.
        dynamic_mode: i64,
    },
}

/// What UpdateOTAJob changes.
#[derive(Clone, Debug)]
pub(crate) struct JobUpdate {
    pub(crate) maximum_per_minute: i64,
    /// The whole set; empty deletes the tags.
    pub(crate) tags: Vec<Tag>,
    /// `None`: none.
    pub(crate) timeout_in_minutes: Option<i64>,
    /// `None`: as they are.
    pub(crate) src_versions: Option<Vec<String>>,
}

/// What the package of the job does to a device.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(super) struct Target {
    pub(super) module_name: String,
    pub(super) version: VersionNumber,
    /// Versions that are updated; empty: any.
    pub(super) sources: Vec<VersionNumber>,
}

/// How far the job is with its devices.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(super) struct Progress {
    pub(super) target: Target,
    pub(super) tasks: Vec<TaskNumber>,
    pub(super) counts: TaskCounts,
    pub(super) history: History,
    pub(super) pace: Pace,
}

/// A job.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct Job {
    pub(crate) id: String,
    /// Instance of the creating call; `None` is the public instance.
    pub(crate) instance_id: Option<String>,
    pub(crate) firmware_id: String,
    pub(crate) product_key: String,
    pub(crate) kind: JobKind,
    pub(crate) settings: JobSettings,
    pub(crate) status: JobStatus,
    pub(crate) created: OffsetDateTime,
    pub(crate) modified: OffsetDateTime,
    pub(crate) started: Option<OffsetDateTime>,
    pub(crate) ended: Option<OffsetDateTime>,
    /// The operation's own parameters as they were sent.
    pub(crate) parameters: BTreeMap<String, String>,
    pub(super) progress: Progress,
}

/// A job as a caller describes it.
#[derive(Clone, Debug)]
pub(crate) struct NewJob {
    pub(crate) id: String,
    pub(crate) instance_id: Option<String>,
    pub(crate) firmware_id: String,
    pub(crate) product_key: String,
    pub(crate) kind: JobKind,
    pub(crate) settings: JobSettings,
    pub(crate) created: OffsetDateTime,
    pub(crate) parameters: BTreeMap<String, String>,
}

impl Job {
    /// The job, before it starts.
    pub(super) fn planned(new: NewJob, target: Target) -> Self {
        let progress = Progress {
            target,
            tasks: Vec::new(),
            counts: TaskCounts::default(),
            history: History::new(millis(new.created)),
            pace: Pace::default(),
        };
        Self {
            id: new.id,
            instance_id: new.instance_id,
            firmware_id: new.firmware_id,
            product_key: new.product_key,
            kind: new.kind,
            settings: new.settings,
            status: JobStatus::Planned,
            created: new.created,
            modified: new.created,
            started: None,
            ended: None,
            parameters: new.parameters,
            progress,
        }
    }

    /// The wire's `JobType`.
    pub(crate) fn type_name(&self) -> &'static str {
        match self.kind {
            JobKind::Verification { .. } => "VERIFY_FIRMWARE",
            JobKind::Static { .. } | JobKind::Dynamic { .. } => "UPGRADE_FIRMWARE",
        }
    }

    /// The wire's `SelectionType`.
    pub(crate) fn selection_type(&self) -> &'static str {
        match self.kind {
            JobKind::Verification { .. } | JobKind::Static { .. } => "STATIC",
            JobKind::Dynamic { .. } => "DYNAMIC",
        }
    }

    /// The wire's `TargetSelection`.
    pub(crate) fn target_selection(&self) -> &'static str {
        match &self.kind {
            JobKind::Verification { .. } | JobKind::Static { selection: Selection::Specific(_), .. } => "SPECIFIC",
            JobKind::Static { selection: Selection::Gray(_), .. } => "GRAY",
            JobKind::Static { policy, .. } if policy.group_id.is_some() => "GROUP",
            JobKind::Static { .. } | JobKind::Dynamic { .. } => "ALL",
        }
    }

    /// The policy of a rollout.
    pub(crate) fn policy(&self) -> Option<&Policy> {
        match &self.kind {
            JobKind::Verification { .. } => None,
            JobKind::Static { policy, .. } | JobKind::Dynamic { policy, .. } => Some(policy),
        }
    }

    /// The wire's `DynamicMode`.
    pub(crate) fn dynamic_mode(&self) -> Option<i64> {
        match self.kind {
            JobKind::Dynamic { dynamic_mode, .. } => Some(dynamic_mode),
            JobKind::Verification { .. } | JobKind::Static { .. } => None,
        }
    }

    /// The policy, if the rollout is dynamic and still running.
    pub(crate) fn running_policy(&self) -> Option<&Policy> {
        match &self.kind {
            JobKind::Dynamic { policy, .. } if self.status == JobStatus::InProgress => Some(policy),
            _ => None,
        }
    }

    /// When the static rollout runs, if not from its creation.
    pub(crate) fn schedule(&self) -> Option<Schedule> {
        match self.kind {
            JobKind::Static { schedule, .. } => schedule,
            JobKind::Verification { .. } | JobKind::Dynamic { .. } => None,
        }
    }

    /// The wire's `GrayPercent`.
    pub(crate) fn gray_percent(&self) -> Option<f64> {
        match self.kind {
            JobKind::Static { selection: Selection::Gray(percent), .. } => Some(percent),
            _ => None,
        }
    }

    /// How many of its tasks are in each state.
    pub(crate) fn task_counts(&self) -> &TaskCounts {
        &self.progress.counts
    }

    /// How its tasks stood over time.
    pub(crate) fn history(&self) -> &History {
        &self.progress.history
    }

    /// Most devices that are notified a minute; `None`: no limit.
    pub(super) fn rate(&self) -> Option<i64> {
        self.policy().map(|policy| policy.maximum_per_minute)
    }

    /// Changes what can be changed of a running job.
    pub(super) fn update(&mut self, update: JobUpdate, now: OffsetDateTime) {
        self.settings.tags = update.tags;
        self.settings.timeout_in_minutes = update.timeout_in_minutes;
        match &mut self.kind {
            JobKind::Verification { .. } => {}
            // Its devices are chosen, so versions are ignored.
            JobKind::Static { policy, .. } => policy.maximum_per_minute = update.maximum_per_minute,
            JobKind::Dynamic { policy, .. } => {
                policy.maximum_per_minute = update.maximum_per_minute;
                policy.src_versions = update.src_versions.unwrap_or_else(|| std::mem::take(&mut policy.src_versions));
            }
        }
        self.modified = now;
    }

    pub(super) fn set_status(&mut self, status: JobStatus, at: Millis) {
        let at = moment(at);
        self.status = status;
        self.modified = at;
        match status {
            JobStatus::Planned => {}
            JobStatus::InProgress => {
                self.started = self.started.or(Some(at));
                self.ended = None;
            }
            JobStatus::Completed | JobStatus::Canceled => self.ended = Some(at),
        }
    }
}
