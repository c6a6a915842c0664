//! `ListOTAJobByDevice`: the jobs of an update package that a device is in.

use super::job_summary::JobSummary;
use super::page::Page;
use crate::iot::{Node, Operation, Parameters, Unreadable};

/// Asks for one page of the jobs of an update package that a device is in. At most 10 calls a second and account.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ListOtaJobByDevice {
    /// The update package.
    pub firmware_id: String,
    /// The product of the device.
    pub product_key: String,
    /// The device.
    pub device_name: String,
    /// The instance; absent for a public instance without an id.
    pub iot_instance_id: Option<String>,
    /// The number of the page, from 1.
    pub current_page: i64,
    /// Jobs a page, at most [`ListOtaJobByDevice::LARGEST_PAGE`].
    pub page_size: i64,
}

impl ListOtaJobByDevice {
    /// The largest page that the service gives.
    pub const LARGEST_PAGE: i64 = 100;
}

impl Operation for ListOtaJobByDevice {
    const ACTION: &'static str = "ListOTAJobByDevice";
    const CALLS_PER_SECOND: u32 = 10;
    const IS_SAFE_TO_REPEAT: bool = true;
    type Answer = Page<JobSummary>;

    fn parameters(&self, parameters: &mut Parameters) {
        parameters.text("FirmwareId", &self.firmware_id);
        parameters.text("ProductKey", &self.product_key);
        parameters.text("DeviceName", &self.device_name);
        parameters.optional_text("IotInstanceId", self.iot_instance_id.as_deref());
        parameters.integer("CurrentPage", self.current_page);
        parameters.integer("PageSize", self.page_size);
    }

    fn parse(answer: &Node) -> Result<Page<JobSummary>, Unreadable> {
        Page::read(answer, "Data", "SimpleOTAJobInfo", JobSummary::read)
    }
}
