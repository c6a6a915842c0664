//! ListOTAFirmware: the packages, a page at a time.

use super::paging::Page;
use super::query_ota_firmware::common_members;
use super::{Call, Methods, Operation};
use crate::answer::{Object, Refusal};
use crate::store::Firmware;

/// The operation.
pub(super) const OPERATION: Operation =
    Operation { name: "ListOTAFirmware", calls_per_second: 10, methods: Methods::GetOrPost, carry_out };

const LARGEST_PAGE: i64 = 100;

fn carry_out(call: &mut Call<'_>) -> Result<Object, Refusal> {
    let page = Page::read(call.parameters, LARGEST_PAGE)?;
    let product_key = call.parameters.get("ProductKey");
    let dest_version = call.parameters.get("DestVersion");
    let instance_id = call.instance_id();
    let is_shown = |firmware: &&Firmware| {
        firmware.instance.includes(instance_id)
            && product_key.is_none_or(|key| firmware.product_key.as_deref() == Some(key))
            && dest_version.is_none_or(|version| firmware.dest_version == version)
    };
    let firmwares = call.store.firmwares().filter(is_shown).collect();
    let (firmwares, members) = page.cut(call.randomness.arbitrary_order(firmwares, |firmware| &firmware.id));
    let items: Vec<Object> = firmwares.into_iter().map(common_members).collect();
    Ok(members.with("FirmwareInfo", Object::new().with("SimpleFirmwareInfo", items)))
}
