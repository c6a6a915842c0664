//! A job ("batch"): a verification or a dynamic rollout.

use std::collections::BTreeMap;

use time::{Duration, OffsetDateTime};

/// Simulated time that a verification takes.
const VERIFICATION_TIME: Duration = Duration::seconds(5);

/// State of a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum JobStatus {
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
            Self::InProgress => "IN_PROGRESS",
            Self::Completed => "COMPLETED",
            Self::Canceled => "CANCELED",
        }
    }
}

/// A label that devices get together with the update.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Tag {
    pub(crate) key: String,
    pub(crate) value: String,
}

/// What happens when a device fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Retry {
    /// Minutes until the next try; 0 is at once.
    pub(crate) interval: i64,
    /// Most tries.
    pub(crate) count: i64,
}

/// What every kind of job has.
#[derive(Clone, Debug, Default)]
pub(crate) struct JobSettings {
    pub(crate) tags: Vec<Tag>,
    /// Minutes; `None`: a device never times out.
    pub(crate) timeout_in_minutes: Option<i64>,
    pub(crate) need_push: bool,
    pub(crate) need_confirm: bool,
    pub(crate) download_protocol: String,
}

/// What only a dynamic rollout has.
#[derive(Clone, Debug)]
pub(crate) struct DynamicPolicy {
    pub(crate) src_versions: Vec<String>,
    pub(crate) retry: Option<Retry>,
    pub(crate) maximum_per_minute: i64,
    /// 1 keep the earlier task of a device, 2 replace it.
    pub(crate) overwrite_mode: i64,
    /// 1 keep checking devices, 2 only those that report a version later.
    pub(crate) dynamic_mode: i64,
    pub(crate) multi_module_mode: bool,
    pub(crate) group_id: Option<String>,
}

/// What UpdateOTAJob changes.
#[derive(Clone, Debug)]
pub(crate) struct JobUpdate {
    pub(crate) maximum_per_minute: i64,
    /// The whole set; empty deletes the tags.
    pub(crate) tags: Vec<Tag>,
    /// `None`: as it is.
    pub(crate) timeout_in_minutes: Option<i64>,
    /// `None`: as they are.
    pub(crate) src_versions: Option<Vec<String>>,
}

/// Which kind of job it is.
#[derive(Clone, Debug)]
pub(crate) enum JobKind {
    /// Made by CreateOTAVerifyJob.
    Verification,
    /// Made by CreateOTADynamicUpgradeJob.
    Dynamic(DynamicPolicy),
}

/// A job.
#[derive(Clone, Debug)]
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
    pub(crate) ended: Option<OffsetDateTime>,
    /// The operation's own parameters as they were sent.
    pub(crate) parameters: BTreeMap<String, String>,
}

impl Job {
    /// The wire's `JobType`.
    pub(crate) fn type_name(&self) -> &'static str {
        match self.kind {
            JobKind::Verification => "VERIFY_FIRMWARE",
            JobKind::Dynamic(_) => "UPGRADE_FIRMWARE",
        }
    }

    /// The wire's `SelectionType`.
    pub(crate) fn selection_type(&self) -> &'static str {
        match self.kind {
            JobKind::Verification => "STATIC",
            JobKind::Dynamic(_) => "DYNAMIC",
        }
    }

    /// The wire's `TargetSelection`.
    pub(crate) fn target_selection(&self) -> &'static str {
        match self.kind {
            JobKind::Verification => "SPECIFIC",
            JobKind::Dynamic(_) => "ALL",
        }
    }

    /// The policy of a dynamic rollout.
    pub(crate) fn dynamic_policy(&self) -> Option<&DynamicPolicy> {
        match &self.kind {
            JobKind::Verification => None,
            JobKind::Dynamic(policy) => Some(policy),
        }
    }

    /// The policy, if the rollout is still running.
    pub(crate) fn running_policy(&self) -> Option<&DynamicPolicy> {
        self.dynamic_policy().filter(|_| self.status == JobStatus::InProgress)
    }

    /// When the running verification succeeds.
    pub(super) fn verification_due(&self) -> Option<OffsetDateTime> {
        let is_running = matches!(self.kind, JobKind::Verification) && self.status == JobStatus::InProgress;
        is_running.then(|| self.created.saturating_add(VERIFICATION_TIME))
    }

    /// Changes what can be changed of a running job.
    pub(crate) fn update(&mut self, update: JobUpdate, now: OffsetDateTime) {
        self.settings.tags = update.tags;
        self.settings.timeout_in_minutes = update.timeout_in_minutes.or(self.settings.timeout_in_minutes);
        if let JobKind::Dynamic(policy) = &mut self.kind {
            policy.maximum_per_minute = update.maximum_per_minute;
            policy.src_versions = update.src_versions.unwrap_or_else(|| std::mem::take(&mut policy.src_versions));
        }
        self.modified = now;
    }

    /// Ends the job.
    pub(crate) fn end(&mut self, status: JobStatus, now: OffsetDateTime) {
        self.status = status;
        self.modified = now;
        self.ended = Some(now);
    }
}
