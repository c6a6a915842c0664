//! CreateOTADynamicUpgradeJob: starts a dynamic update job.

use super::super::answer::{Node, Unreadable};
use super::super::operation::Operation;
use super::super::parameters::Parameters;
use super::Tag;

/// Starts a standing policy that updates every device with a matching version. At most 20 calls a second.
///
/// The API has no idempotency token, so a call whose outcome is not known must not be repeated blindly.
/// What is left out, the service chooses; the ranges are those of the request page of the operation.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CreateOtaDynamicUpgradeJob {
    /// ID of the update package, which has to be verified.
    pub firmware_id: String,
    /// Product that the package belongs to.
    pub product_key: String,
    /// See the module.
    pub iot_instance_id: Option<String>,
    /// Versions whose devices are updated: at most 10, all different.
    pub src_versions: Vec<String>,
    /// Sent to the devices.
    pub tags: Vec<Tag>,
    /// Minutes: 0 (at once), 10, 30, 60 or 1440. None: no retry.
    pub retry_interval: Option<i64>,
    /// 1, 2 or 5. Needed with an interval.
    pub retry_count: Option<i64>,
    /// Minutes, 1 to 1440, from a device's first progress report on.
    pub timeout_in_minutes: Option<i64>,
    /// Devices, 0 to 1000 (10 to 10000 in newer documentation).
    pub maximum_per_minute: Option<i64>,
    /// 1 keeps a device's earlier task, 2 replaces it.
    pub overwrite_mode: Option<i64>,
    /// 1 keeps checking all devices, 2 only those that report a version later.
    pub dynamic_mode: Option<i64>,
    /// Whether the service pushes to online devices.
    pub need_push: Option<bool>,
    /// Whether each device waits for ConfirmOTATask.
    pub need_confirm: Option<bool>,
    /// A dynamic group, in place of versions.
    pub group_id: Option<String>,
    /// `LINK_PLATFORM_DYNAMIC`, with a group.
    pub group_type: Option<String>,
    /// `HTTPS` or `MQTT`.
    pub download_protocol: Option<String>,
    /// Whether a device may update several modules at once.
    pub multi_module_mode: Option<bool>,
}

/// The job that was created.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CreatedJob {
    /// ID of the job.
    pub job_id: String,
    /// When it was created, such as `2019-05-10T02:18:53.000Z`; empty if the answer does not say.
    pub utc_create: String,
}

impl Operation for CreateOtaDynamicUpgradeJob {
    const ACTION: &'static str = "CreateOTADynamicUpgradeJob";
    const IS_SAFE_TO_REPEAT: bool = false;
    type Answer = CreatedJob;

    fn parameters(&self, parameters: &mut Parameters) {
        parameters.set("FirmwareId", &self.firmware_id);
        parameters.set("ProductKey", &self.product_key);
        parameters.set_optional("IotInstanceId", self.iot_instance_id.as_ref());
        parameters.set_list("SrcVersion", &self.src_versions);
        parameters.set_tags("Tag", &self.tags);
        parameters.set_optional("RetryInterval", self.retry_interval);
        parameters.set_optional("RetryCount", self.retry_count);
        parameters.set_optional("TimeoutInMinutes", self.timeout_in_minutes);
        parameters.set_optional("MaximumPerMinute", self.maximum_per_minute);
        parameters.set_optional("OverwriteMode", self.overwrite_mode);
        parameters.set_optional("DynamicMode", self.dynamic_mode);
        parameters.set_optional("NeedPush", self.need_push);
        parameters.set_optional("NeedConfirm", self.need_confirm);
        parameters.set_optional("GroupId", self.group_id.as_ref());
        parameters.set_optional("GroupType", self.group_type.as_ref());
        parameters.set_optional("DownloadProtocol", self.download_protocol.as_ref());
        parameters.set_optional("MultiModuleMode", self.multi_module_mode);
    }

    fn read(answer: &Node) -> Result<CreatedJob, Unreadable> {
        let data = answer.member("Data").ok_or_else(|| Unreadable::missing("Data"))?;
        let job_id = data.text("JobId").filter(|id| !id.is_empty()).ok_or_else(|| Unreadable::missing("Data.JobId"))?;
        Ok(CreatedJob { job_id, utc_create: data.text("UtcCreate").unwrap_or_default() })
    }
}
