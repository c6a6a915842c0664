//! QueryOTAJob: one job in full.

use super::super::answer::{Node, Unreadable};
use super::super::operation::Operation;
use super::super::parameters::Parameters;
use super::{Tag, job_status, job_type, tags};

/// Asks for one job. At most 10 calls a second.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct QueryOtaJob {
    /// ID of the job.
    pub job_id: String,
    /// See the module.
    pub iot_instance_id: Option<String>,
}

/// A job as the service describes it. None is a member that was not reported, which is not the same as
/// an empty one: older editions leave out what newer ones report, and some members are reported only
/// if they were set.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Job {
    /// ID of the job.
    pub job_id: Option<String>,
    /// Name of the update package, not of the job.
    pub name: Option<String>,
    /// Description of the job.
    pub job_desc: Option<String>,
    /// `PLANNED`, `IN_PROGRESS`, `COMPLETED` or `CANCELED`.
    pub job_status: Option<String>,
    /// `VERIFY_FIRMWARE` or `UPGRADE_FIRMWARE`.
    pub job_type: Option<String>,
    /// `DYNAMIC` or `STATIC`.
    pub selection_type: Option<String>,
    /// `ALL` for dynamic jobs.
    pub target_selection: Option<String>,
    /// ID of the update package.
    pub firmware_id: Option<String>,
    /// Product of the package.
    pub product_key: Option<String>,
    /// Version that the package brings.
    pub dest_version: Option<String>,
    /// Versions whose devices are updated, in any order.
    pub src_versions: Option<Vec<String>>,
    /// In any order.
    pub tags: Option<Vec<Tag>>,
    /// As in the create call, like the members below.
    pub retry_interval: Option<i64>,
    /// 1, 2 or 5.
    pub retry_count: Option<i64>,
    /// Minutes.
    pub timeout_in_minutes: Option<i64>,
    /// Devices.
    pub maximum_per_minute: Option<i64>,
    /// 1 or 2.
    pub overwrite_mode: Option<i64>,
    /// 1 or 2.
    pub dynamic_mode: Option<i64>,
    /// Newer editions only.
    pub need_push: Option<bool>,
    /// Newer editions only.
    pub need_confirm: Option<bool>,
    /// Newer editions only; empty for jobs without a group.
    pub group_id: Option<String>,
    /// Newer editions only.
    pub download_protocol: Option<String>,
    /// Newer editions only.
    pub multi_module_mode: Option<bool>,
    /// When it was created, such as `2019-12-28T02:43:10.000Z`.
    pub utc_create: Option<String>,
}

impl Operation for QueryOtaJob {
    const ACTION: &'static str = "QueryOTAJob";
    const IS_SAFE_TO_REPEAT: bool = true;
    /// None is success without a job, which the documents leave open for unknown IDs.
    type Answer = Option<Job>;

    fn parameters(&self, parameters: &mut Parameters) {
        parameters.set("JobId", &self.job_id);
        parameters.set_optional("IotInstanceId", self.iot_instance_id.as_ref());
    }

    fn read(answer: &Node) -> Result<Option<Job>, Unreadable> {
        Ok(answer.member("Data").filter(|data| data.member("JobId").is_some()).map(job))
    }
}

fn job(data: &Node) -> Job {
    Job {
        job_id: data.text("JobId"),
        name: data.text("Name"),
        job_desc: data.text("JobDesc"),
        job_status: job_status(data),
        job_type: job_type(data),
        selection_type: data.text("SelectionType"),
        target_selection: data.text("TargetSelection"),
        firmware_id: data.text("FirmwareId"),
        product_key: data.text("ProductKey"),
        dest_version: data.text("DestVersion"),
        src_versions: data.texts("SrcVersions", "SrcVersion"),
        tags: tags(data),
        retry_interval: data.integer("RetryInterval"),
        retry_count: data.integer("RetryCount"),
        timeout_in_minutes: data.integer("TimeoutInMinutes"),
        maximum_per_minute: data.integer("MaximumPerMinute"),
        overwrite_mode: data.integer("OverwriteMode"),
        dynamic_mode: data.integer("DynamicMode"),
        need_push: data.boolean("NeedPush"),
        need_confirm: data.boolean("NeedConfirm"),
        group_id: data.text("GroupId"),
        download_protocol: data.text("DownloadProtocol"),
        multi_module_mode: data.boolean("MultiModuleMode"),
        utc_create: data.text("UtcCreate"),
    }
}
