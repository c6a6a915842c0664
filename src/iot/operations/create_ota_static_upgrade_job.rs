//! `CreateOTAStaticUpgradeJob`: starts a rollout to devices that are chosen once.

use super::created_job::CreatedJob;
use super::tag::Tag;
use crate::iot::{Node, Operation, Parameters, Unreadable};

/// Creates a static update job. At most 20 calls a second and account.
///
/// The update package has to be verified. Devices that have its version already are skipped, and several static jobs of
/// one package may run side by side: after a lost answer, look for the job with
/// [`list_all_jobs`](super::list_all_jobs) before it is created again.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CreateOtaStaticUpgradeJob {
    /// The update package.
    pub firmware_id: String,
    /// The product of the package and of the devices.
    pub product_key: String,
    /// The instance; absent for a public instance without an id.
    pub iot_instance_id: Option<String>,
    /// `ALL`, `SPECIFIC` (named devices), `GRAY` (a share of them) or, newer and not in all regions, `GROUP`.
    pub target_selection: String,
    /// For `ALL` and `GRAY`: devices with one of these versions. At most 10, none twice.
    pub src_versions: Vec<String>,
    /// For `SPECIFIC`: these devices. At most 200, none twice; not beside a file.
    pub target_device_names: Vec<String>,
    /// For `SPECIFIC`: the names in a file, as [`GenerateDeviceNameListUrl`](super::GenerateDeviceNameListUrl) gives it
    /// an address. One name a line, at most 5 MB and 10000 devices.
    pub dn_list_file_url: Option<String>,
    /// For `GRAY`: percent with at most 3 decimals. The number of devices is rounded down, and at least one.
    pub gray_percent: Option<String>,
    /// For `GROUP`: the group.
    pub group_id: Option<String>,
    /// `LINK_PLATFORM`, needed beside a group.
    pub group_type: Option<String>,
    /// When it begins, in milliseconds since 1970: 5 minutes to 7 days ahead. Absent: at once.
    pub schedule_time: Option<i64>,
    /// When it ends, in the same unit: 1 hour to 30 days after it begins.
    pub schedule_finish_time: Option<i64>,
    /// Delivered to the devices with the update. At most 10.
    pub tags: Vec<Tag>,
    /// Minutes until a failed update is tried again: 0 (at once), 10, 30, 60 or 1440. Absent: never.
    pub retry_interval: Option<i64>,
    /// How often it is tried again: 1, 2 or 5. Needed beside an interval.
    pub retry_count: Option<i64>,
    /// Minutes from a device's first report of progress until its update counts as failed, 1 to 1440. Absent: no limit.
    pub timeout_in_minutes: Option<i64>,
    /// How many devices are notified a minute.
    pub maximum_per_minute: Option<i64>,
    /// What happens to an earlier task of a device: 1 keeps it (the service's default), 2 replaces it.
    pub overwrite_mode: Option<i64>,
    /// Whether the platform notifies devices that are online (the service's default), or waits until they ask.
    pub need_push: Option<bool>,
    /// Whether each device's update has to be confirmed. The service's default is false.
    pub need_confirm: Option<bool>,
    /// Whether a device may update several modules at once. The service's default is false.
    pub multi_module_mode: Option<bool>,
    /// How devices fetch the package: `HTTPS` (the service's default) or `MQTT`.
    pub download_protocol: Option<String>,
}

impl Operation for CreateOtaStaticUpgradeJob {
    const ACTION: &'static str = "CreateOTAStaticUpgradeJob";
    const CALLS_PER_SECOND: u32 = 20;
    const IS_SAFE_TO_REPEAT: bool = false;
    type Answer = CreatedJob;

    fn parameters(&self, parameters: &mut Parameters) {
        parameters.text("FirmwareId", &self.firmware_id);
        parameters.text("ProductKey", &self.product_key);
        parameters.optional_text("IotInstanceId", self.iot_instance_id.as_deref());
        parameters.text("TargetSelection", &self.target_selection);
        parameters.texts("SrcVersion", &self.src_versions);
        parameters.texts("TargetDeviceName", &self.target_device_names);
        parameters.optional_text("DnListFileUrl", self.dn_list_file_url.as_deref());
        parameters.optional_text("GrayPercent", self.gray_percent.as_deref());
        parameters.optional_text("GroupId", self.group_id.as_deref());
        parameters.optional_text("GroupType", self.group_type.as_deref());
        parameters.optional_integer("ScheduleTime", self.schedule_time);
        parameters.optional_integer("ScheduleFinishTime", self.schedule_finish_time);
        Tag::write_all(&self.tags, "Tag", parameters);
        parameters.optional_integer("RetryInterval", self.retry_interval);
        parameters.optional_integer("RetryCount", self.retry_count);
        parameters.optional_integer("TimeoutInMinutes", self.timeout_in_minutes);
        parameters.optional_integer("MaximumPerMinute", self.maximum_per_minute);
        parameters.optional_integer("OverwriteMode", self.overwrite_mode);
        parameters.optional_boolean("NeedPush", self.need_push);
        parameters.optional_boolean("NeedConfirm", self.need_confirm);
        parameters.optional_boolean("MultiModuleMode", self.multi_module_mode);
        parameters.optional_text("DownloadProtocol", self.download_protocol.as_deref());
    }

    fn parse(answer: &Node) -> Result<CreatedJob, Unreadable> {
        CreatedJob::read(answer)
    }
}
