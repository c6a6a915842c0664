//! `ModifyOTAFirmware`: changes the texts of an update package.

use crate::iot::{Node, Operation, Parameters, Unreadable};

/// Changes name, description and text for the devices of an update package. At most 5 calls a second and account.
///
/// Whether a text that is not sent is kept or cleared is not documented.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ModifyOtaFirmware {
    /// The update package.
    pub firmware_id: String,
    /// Its product.
    pub product_key: String,
    /// The instance; absent for a public instance without an id.
    pub iot_instance_id: Option<String>,
    /// Another name, as [`CreateOtaFirmware`](super::CreateOtaFirmware) takes it.
    pub firmware_name: Option<String>,
    /// Another description, at most 100 characters.
    pub firmware_desc: Option<String>,
    /// Another text for the devices, at most 4096 characters. Elsewhere the API calls it `Udi`.
    pub firmware_udi: Option<String>,
}

impl Operation for ModifyOtaFirmware {
    const ACTION: &'static str = "ModifyOTAFirmware";
    const CALLS_PER_SECOND: u32 = 5;
    /// The second one writes the same texts.
    const IS_SAFE_TO_REPEAT: bool = true;
    type Answer = ();

    fn parameters(&self, parameters: &mut Parameters) {
        parameters.text("FirmwareId", &self.firmware_id);
        parameters.text("ProductKey", &self.product_key);
        parameters.optional_text("IotInstanceId", self.iot_instance_id.as_deref());
        parameters.optional_text("FirmwareName", self.firmware_name.as_deref());
        parameters.optional_text("FirmwareDesc", self.firmware_desc.as_deref());
        parameters.optional_text("FirmwareUdi", self.firmware_udi.as_deref());
    }

    fn parse(_: &Node) -> Result<(), Unreadable> {
        Ok(())
    }
}
