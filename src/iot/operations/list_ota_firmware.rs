//! `ListOTAFirmware`: the update packages, page by page.

use super::page::Page;
use super::query_ota_firmware::Firmware;
use crate::iot::{Node, Operation, Parameters, Unreadable};

/// Asks for one page of the update packages. At most 10 calls a second and account.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ListOtaFirmware {
    /// The instance; absent for a public instance without an id.
    pub iot_instance_id: Option<String>,
    /// Only packages of this product.
    pub product_key: Option<String>,
    /// Only packages that bring this version.
    pub dest_version: Option<String>,
    /// The number of the page, from 1.
    pub current_page: i64,
    /// Packages a page, at most [`ListOtaFirmware::LARGEST_PAGE`].
    pub page_size: i64,
}

impl ListOtaFirmware {
    /// The largest page that the service gives.
    pub const LARGEST_PAGE: i64 = 100;
}

impl Operation for ListOtaFirmware {
    const ACTION: &'static str = "ListOTAFirmware";
    const CALLS_PER_SECOND: u32 = 10;
    const IS_SAFE_TO_REPEAT: bool = true;
    type Answer = Page<Firmware>;

    fn parameters(&self, parameters: &mut Parameters) {
        parameters.optional_text("IotInstanceId", self.iot_instance_id.as_deref());
        parameters.optional_text("ProductKey", self.product_key.as_deref());
        parameters.optional_text("DestVersion", self.dest_version.as_deref());
        parameters.integer("CurrentPage", self.current_page);
        parameters.integer("PageSize", self.page_size);
    }

    fn parse(answer: &Node) -> Result<Page<Firmware>, Unreadable> {
        Page::read(answer, "FirmwareInfo", "SimpleFirmwareInfo", Firmware::read)
    }
}
