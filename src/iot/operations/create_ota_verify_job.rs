//! `CreateOTAVerifyJob`: tries an update package on a few devices.

use super::created_job::CreatedJob;
use super::tag::Tag;
use crate::iot::{Node, Operation, Parameters, Unreadable};

/// Creates a job that verifies an update package. At most 10 calls a second and account.
///
/// A package that is being verified, or is verified, cannot be verified again. How far it is, says
/// [`QueryOtaFirmware`](super::QueryOtaFirmware).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CreateOtaVerifyJob {
    /// The update package.
    pub firmware_id: String,
    /// The product of the package and of the devices.
    pub product_key: String,
    /// The instance; absent for a public instance without an id.
    pub iot_instance_id: Option<String>,
    /// The devices that get the package. 1 to 10, none twice.
    pub target_device_names: Vec<String>,
    /// Minutes from a device's first report of progress until its update counts as failed, 1 to 1440. Absent: no limit.
    pub timeout_in_minutes: Option<i64>,
    /// Delivered to the devices with the update; newer editions. At most 10.
    pub tags: Vec<Tag>,
    /// Whether the platform notifies devices that are online (the service's default), or waits until they ask. Newer.
    pub need_push: Option<bool>,
    /// Whether each device's update has to be confirmed. The service's default is false. Newer.
    pub need_confirm: Option<bool>,
    /// How devices fetch the package: `HTTPS` (the service's default) or `MQTT`. Newer.
    pub download_protocol: Option<String>,
}

impl Operation for CreateOtaVerifyJob {
    const ACTION: &'static str = "CreateOTAVerifyJob";
    const CALLS_PER_SECOND: u32 = 10;
    /// A second one would be refused, and the id of the first stay lost.
    const IS_SAFE_TO_REPEAT: bool = false;
    type Answer = CreatedJob;

    fn parameters(&self, parameters: &mut Parameters) {
        parameters.text("FirmwareId", &self.firmware_id);
        parameters.text("ProductKey", &self.product_key);
        parameters.optional_text("IotInstanceId", self.iot_instance_id.as_deref());
        parameters.texts("TargetDeviceName", &self.target_device_names);
        parameters.optional_integer("TimeoutInMinutes", self.timeout_in_minutes);
        Tag::write_all(&self.tags, "Tag", parameters);
        parameters.optional_boolean("NeedPush", self.need_push);
        parameters.optional_boolean("NeedConfirm", self.need_confirm);
        parameters.optional_text("DownloadProtocol", self.download_protocol.as_deref());
    }

    fn parse(answer: &Node) -> Result<CreatedJob, Unreadable> {
        CreatedJob::read(answer)
    }
}
