//! `ListOTAModuleVersionsByDevice`: the versions that a device has reported.

use super::device::Device;
use super::page::Page;
use crate::iot::{Node, Operation, Parameters, Unreadable};

/// Asks for one page of the versions of a device's modules. At most 10 calls a second and account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListOtaModuleVersionsByDevice {
    /// The device.
    pub device: Device,
    /// The instance; absent for a public instance without an id.
    pub iot_instance_id: Option<String>,
    /// The number of the page, from 1.
    pub current_page: i64,
    /// Modules a page, at most [`ListOtaModuleVersionsByDevice::LARGEST_PAGE`].
    pub page_size: i64,
}

/// The version of a module. What the answer leaves out, or gives as null, is none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ModuleVersion {
    /// The id of the device.
    pub iot_id: Option<String>,
    /// Its product.
    pub product_key: Option<String>,
    /// Its name.
    pub device_name: Option<String>,
    /// The module.
    pub module_name: Option<String>,
    /// The version that the device has reported for it.
    pub module_version: Option<String>,
}

impl ListOtaModuleVersionsByDevice {
    /// The largest page that the service gives.
    pub const LARGEST_PAGE: i64 = 200;
}

impl Operation for ListOtaModuleVersionsByDevice {
    const ACTION: &'static str = "ListOTAModuleVersionsByDevice";
    const CALLS_PER_SECOND: u32 = 10;
    const IS_SAFE_TO_REPEAT: bool = true;
    type Answer = Page<ModuleVersion>;

    fn parameters(&self, parameters: &mut Parameters) {
        self.device.write(parameters);
        parameters.optional_text("IotInstanceId", self.iot_instance_id.as_deref());
        parameters.integer("CurrentPage", self.current_page);
        parameters.integer("PageSize", self.page_size);
    }

    fn parse(answer: &Node) -> Result<Page<ModuleVersion>, Unreadable> {
        Page::read(answer, "Data", "SimpleOTAModuleInfo", ModuleVersion::read)
    }
}

impl ModuleVersion {
    fn read(module: &Node) -> Result<Self, Unreadable> {
        Ok(Self {
            iot_id: module.text("IotId")?,
            product_key: module.text("ProductKey")?,
            device_name: module.text("DeviceName")?,
            module_name: module.text("ModuleName")?,
            module_version: module.text("ModuleVersion")?,
        })
    }
}
