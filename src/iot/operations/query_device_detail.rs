//! `QueryDeviceDetail`: a device, as far as updates are concerned.

use super::device::Device;
use crate::iot::{Node, Operation, Parameters, Unreadable};

/// Asks for a device. At most 50 calls a second and account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueryDeviceDetail {
    /// The device.
    pub device: Device,
    /// The instance; absent for a public instance without an id.
    pub iot_instance_id: Option<String>,
}

/// A device. What the answer leaves out, or gives as null, is none.
///
/// The answer has the device's secret too, which is left out on purpose.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DeviceDetail {
    /// The id of the device.
    pub iot_id: Option<String>,
    /// Its product.
    pub product_key: Option<String>,
    /// The name of that product.
    pub product_name: Option<String>,
    /// Its name, unique in its product.
    pub device_name: Option<String>,
    /// Its alias.
    pub nickname: Option<String>,
    /// The version that it has reported for the module `default`; for others see
    /// [`ListOtaModuleVersionsByDevice`](super::ListOtaModuleVersionsByDevice).
    pub firmware_version: Option<String>,
    /// `ONLINE`, `OFFLINE`, `UNACTIVE` or `DISABLE`.
    pub status: Option<String>,
    /// 0 for a device, 1 for a gateway.
    pub node_type: Option<i64>,
    /// Where it is.
    pub region: Option<String>,
    /// When it was created. Times are in UTC, such as `2018-08-06T02:47:50.000Z`.
    pub utc_create: Option<String>,
    /// When it was activated.
    pub utc_active: Option<String>,
    /// When it was last online.
    pub utc_online: Option<String>,
}

impl Operation for QueryDeviceDetail {
    const ACTION: &'static str = "QueryDeviceDetail";
    const CALLS_PER_SECOND: u32 = 50;
    const IS_SAFE_TO_REPEAT: bool = true;
    /// None if the service reports a success without a device.
    type Answer = Option<DeviceDetail>;

    fn parameters(&self, parameters: &mut Parameters) {
        self.device.write(parameters);
        parameters.optional_text("IotInstanceId", self.iot_instance_id.as_deref());
    }

    fn parse(answer: &Node) -> Result<Option<DeviceDetail>, Unreadable> {
        answer.object("Data")?.map(DeviceDetail::read).transpose()
    }
}

impl DeviceDetail {
    fn read(device: &Node) -> Result<Self, Unreadable> {
        Ok(Self {
            iot_id: device.text("IotId")?,
            product_key: device.text("ProductKey")?,
            product_name: device.text("ProductName")?,
            device_name: device.text("DeviceName")?,
            nickname: device.text("Nickname")?,
            firmware_version: device.text("FirmwareVersion")?,
            status: device.text("Status")?,
            node_type: device.integer("NodeType")?,
            region: device.text("Region")?,
            utc_create: device.text("UtcCreate")?,
            utc_active: device.text("UtcActive")?,
            utc_online: device.text("UtcOnline")?,
        })
    }
}
