//! ModifyOTAFirmware: another name, description or custom text for a package.

use super::create_ota_firmware::{DESCRIPTION, check_free_name, check_name, check_text};
use super::{Call, Methods, Operation};
use crate::answer::{Object, Refusal};
use crate::assumptions::ModifyFirmware;

/// The operation.
pub(super) const OPERATION: Operation =
    Operation { name: "ModifyOTAFirmware", calls_per_second: 5, methods: Methods::GetOrPost, carry_out };

fn carry_out(call: &mut Call<'_>) -> Result<Object, Refusal> {
    let id = call.firmware_of_product()?.id.clone();
    let name = call.parameters.get("FirmwareName").map(check_name).transpose()?;
    if let Some(name) = &name {
        check_free_name(call, name, Some(&id))?;
    }
    let description = check_text(call, DESCRIPTION)?;
    let information = check_text(call, ("FirmwareUdi", 4096, "iot.firmware.FirmwareUdiExceedLimit"))?;
    let clears = call.assumptions.modify_firmware == ModifyFirmware::Clears;
    let now = call.now;
    if let Some(firmware) = call.store.firmware_mut(&id) {
        firmware.name = name.unwrap_or_else(|| firmware.name.clone());
        if description.is_some() || clears {
            firmware.description = description;
        }
        if information.is_some() || clears {
            firmware.user_defined_information = information;
        }
        firmware.modified = now;
    }
    Ok(Object::new())
}
