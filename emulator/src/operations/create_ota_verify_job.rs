//! CreateOTAVerifyJob: has a package verified on a few devices. It succeeds by itself after 5 simulated seconds.

use super::{Call, Methods, Operation};
use crate::answer::{GatewayError, Object, Refusal, ServiceError};
use crate::limits::VERIFICATION_DEVICES;
use crate::store::{Firmware, JobKind, VerificationStatus};

/// The operation.
pub(super) const OPERATION: Operation =
    Operation { name: "CreateOTAVerifyJob", calls_per_second: 10, methods: Methods::GetOrPost, carry_out };

fn carry_out(call: &mut Call<'_>) -> Result<Object, Refusal> {
    call.parameters.required("FirmwareId")?;
    let product_key = call.parameters.required("ProductKey")?.to_owned();
    let devices = read_devices(call)?;
    let settings = call.job_settings()?;
    let firmware = call.firmware_of_product()?;
    check_devices(call, &product_key, &devices)?;
    check_verifiable(firmware)?;
    let firmware_id = firmware.id.clone();
    Ok(call.start_job(firmware_id, product_key, JobKind::Verification { devices }, settings))
}

fn read_devices(call: &Call<'_>) -> Result<Vec<String>, Refusal> {
    let devices = call.parameters.list("TargetDeviceName")?;
    if devices.is_empty() {
        return Err(GatewayError::missing("TargetDeviceName").into());
    }
    if devices.len() > VERIFICATION_DEVICES || devices.iter().any(String::is_empty) {
        let message = format!("TargetDeviceName has 1 to {VERIFICATION_DEVICES} items, none of them empty.");
        return Err(ServiceError::invalid(message).into());
    }
    if super::has_duplicates(&devices) {
        return Err(ServiceError::invalid("The items of TargetDeviceName have to differ.").into());
    }
    Ok(devices)
}

/// A product without any device in the fixtures has every device.
fn check_devices(call: &Call<'_>, product_key: &str, names: &[String]) -> Result<(), ServiceError> {
    if !call.store.devices.has_any(product_key) {
        return Ok(());
    }
    names.iter().try_for_each(|name| call.device_named(product_key, name).map(drop))
}

fn check_verifiable(firmware: &Firmware) -> Result<(), ServiceError> {
    if matches!(firmware.status, VerificationStatus::NotVerified | VerificationStatus::Failed) {
        return Ok(());
    }
    let message = format!("The package {} is verified, being verified, or needs no verification.", firmware.id);
    Err(ServiceError::new("iot.ota.FirmwareAlreadyVerified", message))
}
