//! `UpdateOTAJob`: changes a job that runs.

use super::tag::Tag;
use crate::iot::{Node, Operation, Parameters, Unreadable};

/// Changes rate, tags, timeout and versions of a static or dynamic job that runs. At most 10 calls a second and account.
///
/// It is newer than the other operations of jobs. What it has no parameter for (package, product, retries, modes,
/// confirmation, group, protocol) needs a new job.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UpdateOtaJob {
    /// The job.
    pub job_id: String,
    /// The instance; absent for a public instance without an id.
    pub iot_instance_id: Option<String>,
    /// The kind of the job: `DYNAMIC` or `STATIC`.
    pub upgrade_type: String,
    /// How the job selects devices: `ALL`, `SPECIFIC`, `GRAY` or `GROUP`. `QueryOTAJob` reports `ALL` for every dynamic
    /// job; whether one of a group wants `GROUP` here is not documented.
    pub target_selection: String,
    /// How many devices are notified a minute, 10 to 10000. It has to be sent even if it stays as it is.
    pub maximum_per_minute: i64,
    /// The tags from now on: the service replaces all of them, and removes all if none is sent. At most 10, with keys of
    /// 1 to 30 letters, digits and dots, values of 1 to 1024 characters, and 4096 characters together.
    pub tags: Vec<Tag>,
    /// Minutes until a device's update counts as failed, 1 to 1440, for tasks from now on; dynamic jobs only. What
    /// leaving it out does to a timeout that was set is not documented.
    pub timeout_in_minutes: Option<i64>,
    /// The versions from now on; dynamic jobs that were created with versions only. What leaving them out does to those
    /// that were set is not documented.
    pub src_versions: Vec<String>,
}

impl Operation for UpdateOtaJob {
    const ACTION: &'static str = "UpdateOTAJob";
    const CALLS_PER_SECOND: u32 = 10;
    /// It sets values, and setting them again changes nothing.
    const IS_SAFE_TO_REPEAT: bool = true;
    type Answer = ();

    fn parameters(&self, parameters: &mut Parameters) {
        parameters.text("JobId", &self.job_id);
        parameters.optional_text("IotInstanceId", self.iot_instance_id.as_deref());
        parameters.text("UpgradeType", &self.upgrade_type);
        parameters.text("TargetSelection", &self.target_selection);
        parameters.integer("MaximumPerMinute", self.maximum_per_minute);
        Tag::write_all(&self.tags, "Tags", parameters);
        parameters.optional_integer("TimeoutInMinutes", self.timeout_in_minutes);
        parameters.texts("SrcVersionList", &self.src_versions);
    }

    fn parse(_: &Node) -> Result<(), Unreadable> {
        Ok(())
    }
}
