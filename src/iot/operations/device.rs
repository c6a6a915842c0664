//! How a request names a device.

use crate::iot::Parameters;

/// A device, named in one of the two ways that the service takes.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Device {
    /// Its id in the whole service.
    IotId(String),
    /// Its name in a product.
    Named {
        /// The product.
        product_key: String,
        /// The name of the device, unique in the product.
        device_name: String,
    },
}

impl Device {
    /// Sends one way only: beside an id the service would ignore the other.
    pub(super) fn write(&self, parameters: &mut Parameters) {
        match self {
            Self::IotId(iot_id) => parameters.text("IotId", iot_id),
            Self::Named { product_key, device_name } => {
                parameters.text("ProductKey", product_key);
                parameters.text("DeviceName", device_name);
            }
        }
    }
}
