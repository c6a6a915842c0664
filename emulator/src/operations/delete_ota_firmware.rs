//! DeleteOTAFirmware: removes a package.

use super::{Call, Methods, Operation};
use crate::answer::{Object, Refusal, ServiceError};
use crate::assumptions::DeleteFirmwareInUse;
use crate::store::JobStatus;

/// The operation.
pub(super) const OPERATION: Operation =
    Operation { name: "DeleteOTAFirmware", calls_per_second: 10, methods: Methods::GetOrPost, carry_out };

fn carry_out(call: &mut Call<'_>) -> Result<Object, Refusal> {
    let id = call.firmware()?.id.clone();
    let is_in_use = call.store.jobs().any(|job| job.firmware_id == id && job.status == JobStatus::InProgress);
    if is_in_use && call.assumptions.delete_firmware_in_use == DeleteFirmwareInUse::Refused {
        let message = format!("The package {id} has a running job.");
        return Err(ServiceError::new("iot.ota.FirmwareInUse", message).into());
    }
    call.store.remove_firmware(&id);
    Ok(Object::new())
}
