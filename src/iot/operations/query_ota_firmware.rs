//! QueryOTAFirmware: one update package.

use super::super::answer::{Node, Unreadable};
use super::super::operation::Operation;
use super::super::parameters::Parameters;

/// Asks for one update package. At most 20 calls a second.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct QueryOtaFirmware {
    /// ID of the update package.
    pub firmware_id: String,
    /// See the module.
    pub iot_instance_id: Option<String>,
}

/// An update package as the service describes it. Its download address is left out: it is signed, and
/// whoever has it can fetch the package.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Firmware {
    /// ID of the package.
    pub firmware_id: Option<String>,
    /// Its name.
    pub firmware_name: Option<String>,
    /// Product that it belongs to.
    pub product_key: Option<String>,
    /// Module that it updates; `default` is the whole device.
    pub module_name: Option<String>,
    /// Version that it brings.
    pub dest_version: Option<String>,
    /// Version that a differential package was made from; empty for a full one.
    pub src_version: Option<String>,
    /// 0 is a full package, 1 a differential one.
    pub firmware_type: Option<i64>,
    /// -1 needs no verification, 0 not verified, 1 verified, 2 being verified, 3 verification failed.
    pub status: Option<i64>,
    /// Percent, 0 to 100.
    pub verify_progress: Option<i64>,
    /// When it was created.
    pub utc_create: Option<String>,
}

impl Operation for QueryOtaFirmware {
    const ACTION: &'static str = "QueryOTAFirmware";
    const IS_SAFE_TO_REPEAT: bool = true;
    /// None is success without a package, which the documents leave open for unknown IDs.
    type Answer = Option<Firmware>;

    fn parameters(&self, parameters: &mut Parameters) {
        parameters.set("FirmwareId", &self.firmware_id);
        parameters.set_optional("IotInstanceId", self.iot_instance_id.as_ref());
    }

    fn read(answer: &Node) -> Result<Option<Firmware>, Unreadable> {
        let info = answer.member("FirmwareInfo").filter(|info| info.member("FirmwareId").is_some());
        Ok(info.map(|info| Firmware {
            firmware_id: info.text("FirmwareId"),
            firmware_name: info.text("FirmwareName"),
            product_key: info.text("ProductKey"),
            module_name: info.text("ModuleName"),
            dest_version: info.text("DestVersion"),
            src_version: info.text("SrcVersion"),
            firmware_type: info.integer("Type"),
            status: info.integer("Status"),
            verify_progress: info.integer("VerifyProgress"),
            utc_create: info.text("UtcCreate"),
        }))
    }
}
