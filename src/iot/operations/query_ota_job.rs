//! `QueryOTAJob`: one job in full.

use super::spelling;
use super::tag::Tag;
use crate::iot::{Node, Operation, Parameters, Unreadable};

/// Asks for a job of any kind. At most 10 calls a second and account.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct QueryOtaJob {
    /// The job.
    pub job_id: String,
    /// The instance; absent for a public instance without an id.
    pub iot_instance_id: Option<String>,
}

/// A job as the service describes it. What the answer leaves out, or gives as null, is none: editions of the service
/// differ in what they report, so silence says nothing. An empty text is a text, an empty list is a list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Job {
    /// The id of the job.
    pub job_id: Option<String>,
    /// The name of the update package, not of the job.
    pub name: Option<String>,
    /// A description, which no create parameter sets.
    pub job_desc: Option<String>,
    /// `PLANNED`, `IN_PROGRESS`, `COMPLETED` or `CANCELED`.
    pub job_status: Option<String>,
    /// `UPGRADE_FIRMWARE` or `VERIFY_FIRMWARE`.
    pub job_type: Option<String>,
    /// `DYNAMIC` or `STATIC`.
    pub selection_type: Option<String>,
    /// `ALL` (always for a dynamic job), `SPECIFIC` or `GRAY`.
    pub target_selection: Option<String>,
    /// The product.
    pub product_key: Option<String>,
    /// The update package.
    pub firmware_id: Option<String>,
    /// The version that the package brings.
    pub dest_version: Option<String>,
    /// The versions that the job was created for.
    pub src_versions: Option<Vec<String>>,
    /// The tags that devices get.
    pub tags: Option<Vec<Tag>>,
    /// 1 or 2; dynamic jobs only.
    pub dynamic_mode: Option<i64>,
    /// 1 or 2.
    pub overwrite_mode: Option<i64>,
    /// Minutes until a failed update is tried again.
    pub retry_interval: Option<i64>,
    /// How often it is tried again.
    pub retry_count: Option<i64>,
    /// Minutes until a device's update counts as failed.
    pub timeout_in_minutes: Option<i64>,
    /// How many devices are notified a minute.
    pub maximum_per_minute: Option<i64>,
    /// Share of the devices in percent, such as `50.00`; phased jobs only.
    pub gray_percent: Option<String>,
    /// Whether devices that are online are notified; newer editions.
    pub need_push: Option<bool>,
    /// Whether each device's update has to be confirmed; newer editions.
    pub need_confirm: Option<bool>,
    /// The dynamic group; empty in answers about jobs without one. Newer editions.
    pub group_id: Option<String>,
    /// The name of the group; newer editions.
    pub group_name: Option<String>,
    /// `HTTPS` or `MQTT`; newer editions.
    pub download_protocol: Option<String>,
    /// Whether a device may update several modules at once; newer editions.
    pub multi_module_mode: Option<bool>,
    /// When the job was created. All times are in UTC, such as `2019-12-28T02:43:10.000Z`.
    pub utc_create: Option<String>,
    /// When the job was last changed.
    pub utc_modified: Option<String>,
    /// When the job began.
    pub utc_start_time: Option<String>,
    /// When the job ended; finished jobs only.
    pub utc_end_time: Option<String>,
    /// When a scheduled job is to begin.
    pub utc_schedule_time: Option<String>,
    /// When a scheduled job is to end, if that was set.
    pub utc_schedule_finish_time: Option<String>,
}

impl Operation for QueryOtaJob {
    const ACTION: &'static str = "QueryOTAJob";
    const CALLS_PER_SECOND: u32 = 10;
    const IS_SAFE_TO_REPEAT: bool = true;
    /// None if the service reports a success without a job.
    type Answer = Option<Job>;

    fn parameters(&self, parameters: &mut Parameters) {
        parameters.text("JobId", &self.job_id);
        parameters.optional_text("IotInstanceId", self.iot_instance_id.as_deref());
    }

    fn parse(answer: &Node) -> Result<Option<Job>, Unreadable> {
        answer.object("Data")?.map(Job::read).transpose()
    }
}

impl Job {
    fn read(data: &Node) -> Result<Self, Unreadable> {
        Ok(Self {
            job_id: data.text("JobId")?,
            name: data.text("Name")?,
            job_desc: data.text("JobDesc")?,
            job_status: data.text("JobStatus")?.map(spelling::job_status),
            job_type: data.text("JobType")?.map(spelling::job_type),
            selection_type: data.text("SelectionType")?,
            target_selection: data.text("TargetSelection")?,
            product_key: data.text("ProductKey")?,
            firmware_id: data.text("FirmwareId")?,
            dest_version: data.text("DestVersion")?,
            src_versions: data.texts("SrcVersions", "SrcVersion")?,
            tags: Tag::read_all(data)?,
            dynamic_mode: data.integer("DynamicMode")?,
            overwrite_mode: data.integer("OverwriteMode")?,
            retry_interval: data.integer("RetryInterval")?,
            retry_count: data.integer("RetryCount")?,
            timeout_in_minutes: data.integer("TimeoutInMinutes")?,
            maximum_per_minute: data.integer("MaximumPerMinute")?,
            gray_percent: data.text("GrayPercent")?,
            need_push: data.boolean("NeedPush")?,
            need_confirm: data.boolean("NeedConfirm")?,
            group_id: data.text("GroupId")?,
            group_name: data.text("GroupName")?,
            download_protocol: data.text("DownloadProtocol")?,
            multi_module_mode: data.boolean("MultiModuleMode")?,
            utc_create: data.text("UtcCreate")?,
            utc_modified: data.text("UtcModified")?,
            utc_start_time: data.text("UtcStartTime")?,
            utc_end_time: data.text("UtcEndTime")?,
            utc_schedule_time: data.text("UtcScheduleTime")?,
            utc_schedule_finish_time: data.text("UtcScheduleFinishTime")?,
        })
    }
}
