//! `CancelOTATaskByDevice`: cancels the tasks that devices have for a package.

use crate::iot::{Node, Operation, Parameters, Unreadable};

/// Cancels tasks of devices that are not over. At most 10 calls a second and account.
///
/// Which statuses it takes differs by edition: `QUEUED`, `NOTIFIED` and `IN_PROGRESS`, the newest `CONFIRM` too, the
/// oldest only what is pending.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CancelOtaTaskByDevice {
    /// The update package.
    pub firmware_id: String,
    /// The product of the devices.
    pub product_key: String,
    /// The instance; absent for a public instance without an id.
    pub iot_instance_id: Option<String>,
    /// The devices. 1 to 200, none twice.
    pub device_names: Vec<String>,
    /// Only tasks of this job. Absent: of all jobs of the package.
    pub job_id: Option<String>,
}

impl Operation for CancelOtaTaskByDevice {
    const ACTION: &'static str = "CancelOTATaskByDevice";
    const CALLS_PER_SECOND: u32 = 10;
    /// A task is cancelled once.
    const IS_SAFE_TO_REPEAT: bool = true;
    type Answer = ();

    fn parameters(&self, parameters: &mut Parameters) {
        parameters.text("FirmwareId", &self.firmware_id);
        parameters.text("ProductKey", &self.product_key);
        parameters.optional_text("IotInstanceId", self.iot_instance_id.as_deref());
        parameters.texts("DeviceName", &self.device_names);
        parameters.optional_text("JobId", self.job_id.as_deref());
    }

    fn parse(_: &Node) -> Result<(), Unreadable> {
        Ok(())
    }
}
