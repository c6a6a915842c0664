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
    Ok(call.start_job(firmware_id, product_key, JobKind::Verification, settings))
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

/// Where the fixtures list devices of the product one by one, no others exist.
fn check_devices(call: &Call<'_>, product_key: &str, devices: &[String]) -> Result<(), ServiceError> {
    let fixtures = &call.store.fixtures;
    let has_fleet = fixtures.fleets.iter().any(|fleet| fleet.product_key == product_key);
    let listed = fixtures.devices.iter().filter(|device| device.product_key == product_key);
    let names: Vec<&str> = listed.map(|device| device.device_name.as_str()).collect();
    if has_fleet || names.is_empty() {
        return Ok(());
    }
    match devices.iter().find(|device| !names.contains(&device.as_str())) {
        None => Ok(()),
        Some(device) => Err(ServiceError::new(
            "iot.device.NotExistedDevice",
            format!("The product {product_key} has no device {device}."),
        )),
    }
}

fn check_verifiable(firmware: &Firmware) -> Result<(), ServiceError> {
    if matches!(firmware.status, VerificationStatus::NotVerified | VerificationStatus::Failed) {
        return Ok(());
    }
    let message = format!("The package {} is verified, being verified, or needs no verification.", firmware.id);
    Err(ServiceError::new("iot.ota.FirmwareAlreadyVerified", message))
}
