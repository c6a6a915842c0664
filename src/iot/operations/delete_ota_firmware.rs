//! `DeleteOTAFirmware`: removes an update package.

use crate::iot::{Node, Operation, Parameters, Unreadable};

/// Removes an update package. At most 10 calls a second and account.
///
/// What happens to a package with a running job, or to one that does not exist, is not documented.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DeleteOtaFirmware {
    /// The update package.
    pub firmware_id: String,
    /// The instance; absent for a public instance without an id.
    pub iot_instance_id: Option<String>,
}

impl Operation for DeleteOtaFirmware {
    const ACTION: &'static str = "DeleteOTAFirmware";
    const CALLS_PER_SECOND: u32 = 10;
    /// An id is given once. After a lost answer the second call may be refused, as the package is gone already.
    const IS_SAFE_TO_REPEAT: bool = true;
    type Answer = ();

    fn parameters(&self, parameters: &mut Parameters) {
        parameters.text("FirmwareId", &self.firmware_id);
        parameters.optional_text("IotInstanceId", self.iot_instance_id.as_deref());
    }

    fn parse(_: &Node) -> Result<(), Unreadable> {
        Ok(())
    }
}
