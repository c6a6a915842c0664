//! Rules between the parameters of a rollout, and between them and the package.
//!
//! Rules marked "newer" are not on the reference page and apply in the extended edition only.

use super::Call;
use crate::answer::ServiceError;
use crate::limits::{GROUP_REGIONS, MQTT_PACKAGE_SIZE, MQTT_REGIONS, NO_GROUP_REGIONS};
use crate::store::{Firmware, JobSettings, Policy};

/// Rules that the request of a static rollout alone can break.
pub(super) fn check_static_request(
    call: &Call<'_>,
    settings: &JobSettings,
    policy: &Policy,
) -> Result<(), ServiceError> {
    if !call.limits.is_extended() {
        return Ok(());
    }
    retry_before_timeout(policy, settings.timeout_in_minutes)?;
    one_module_when_replacing(policy)?;
    region_offers_mqtt(call, settings)?;
    match call.parameters.get("RegionId") {
        Some(region) if policy.group_id.is_some() && NO_GROUP_REGIONS.contains(&region) => {
            Err(ServiceError::invalid(format!("Groups are not offered in the region {region}.")))
        }
        _ => Ok(()),
    }
}

/// Rules between the request of a static rollout and what exists.
pub(super) fn check_static_firmware(
    call: &Call<'_>,
    firmware: &Firmware,
    settings: &JobSettings,
    policy: &Policy,
) -> Result<(), ServiceError> {
    verified(firmware)?;
    differential_source(firmware, &policy.src_versions)?;
    if call.limits.is_extended() { fits_mqtt(firmware, settings) } else { Ok(()) }
}

/// Rules that the request of a dynamic rollout alone can break.
pub(super) fn check_request(call: &Call<'_>, settings: &JobSettings, policy: &Policy) -> Result<(), ServiceError> {
    if !call.limits.is_extended() {
        return Ok(());
    }
    retry_before_timeout(policy, settings.timeout_in_minutes)?;
    one_way_of_selection(call, policy)?;
    one_module_when_replacing(policy)?;
    region_offers(call, settings, policy)
}

/// Rules between the request of a dynamic rollout and what exists.
pub(super) fn check_firmware(
    call: &Call<'_>,
    firmware: &Firmware,
    settings: &JobSettings,
    policy: &Policy,
) -> Result<(), ServiceError> {
    verified(firmware)?;
    differential_source(firmware, &policy.src_versions)?;
    only_running_rollout(call, firmware)?;
    if call.limits.is_extended() {
        fits_mqtt(firmware, settings)?;
        same_modes_in_group(call, policy)?;
    }
    Ok(())
}

fn verified(firmware: &Firmware) -> Result<(), ServiceError> {
    if firmware.status.allows_jobs() {
        return Ok(());
    }
    let message = format!("The package {} is not verified.", firmware.id);
    Err(ServiceError::new("iot.ota.FirmwareNotVerified", message))
}

/// Newer.
pub(super) fn retry_before_timeout(policy: &Policy, timeout_in_minutes: Option<i64>) -> Result<(), ServiceError> {
    match (policy.retry, timeout_in_minutes) {
        (Some(retry), Some(timeout)) if retry.interval >= timeout => {
            let message = "RetryInterval has to be smaller than TimeoutInMinutes.";
            Err(ServiceError::new("iot.ota.InvalidTimeout", message))
        }
        _ => Ok(()),
    }
}

/// Newer: source versions or a group, and a group is an id with its type.
fn one_way_of_selection(call: &Call<'_>, policy: &Policy) -> Result<(), ServiceError> {
    let has_group_type = call.parameters.get("GroupType").is_some();
    match (policy.group_id.is_some(), has_group_type, policy.src_versions.is_empty()) {
        (true, true, true) | (false, false, false) => Ok(()),
        (true, true, false) => Err(ServiceError::new(
            "iot.ota.InvalidSrcVersionList",
            "SrcVersion cannot be combined with GroupId and GroupType.",
        )),
        (false, false, true) => Err(ServiceError::new(
            "iot.ota.EmptySrcVersionList",
            "Either SrcVersion or GroupId and GroupType have to be sent.",
        )),
        _ => Err(ServiceError::null("GroupId and GroupType have to be sent together.")),
    }
}

/// Newer.
fn one_module_when_replacing(policy: &Policy) -> Result<(), ServiceError> {
    if policy.overwrite_mode == 2 && policy.multi_module_mode {
        return Err(ServiceError::invalid("OverwriteMode 2 cannot be combined with MultiModuleMode true."));
    }
    Ok(())
}

/// Newer. Clients that send no `RegionId` are let through.
fn region_offers(call: &Call<'_>, settings: &JobSettings, policy: &Policy) -> Result<(), ServiceError> {
    let Some(region) = call.parameters.get("RegionId") else {
        return Ok(());
    };
    if policy.group_id.is_some() && !GROUP_REGIONS.contains(&region) {
        return Err(ServiceError::invalid(format!("Dynamic groups are not offered in the region {region}.")));
    }
    region_offers_mqtt(call, settings)
}

/// Newer.
fn region_offers_mqtt(call: &Call<'_>, settings: &JobSettings) -> Result<(), ServiceError> {
    match call.parameters.get("RegionId") {
        Some(region) if settings.download_protocol == "MQTT" && !MQTT_REGIONS.contains(&region) => {
            Err(ServiceError::invalid(format!("DownloadProtocol MQTT is not offered in the region {region}.")))
        }
        _ => Ok(()),
    }
}

/// A differential package updates one version only.
pub(super) fn differential_source(firmware: &Firmware, src_versions: &[String]) -> Result<(), ServiceError> {
    let Some(source) = &firmware.src_version else {
        return Ok(());
    };
    if src_versions.iter().all(|version| version == source) {
        return Ok(());
    }
    let message = format!("The differential package {} updates only {source}: SrcVersion has to be that.", firmware.id);
    Err(ServiceError::invalid(message))
}

fn only_running_rollout(call: &Call<'_>, firmware: &Firmware) -> Result<(), ServiceError> {
    let instance_id = call.instance_id();
    let running = call.store.jobs().find(|job| {
        job.firmware_id == firmware.id && job.instance_id.as_deref() == instance_id && job.running_policy().is_some()
    });
    match running {
        None => Ok(()),
        Some(job) => Err(ServiceError::new(
            "iot.ota.DynamicJobAlreadyExists",
            format!("The package {} already has the running dynamic job {}.", firmware.id, job.id),
        )),
    }
}

/// Newer. A size that nobody told is taken as small enough.
fn fits_mqtt(firmware: &Firmware, settings: &JobSettings) -> Result<(), ServiceError> {
    if settings.download_protocol != "MQTT" {
        return Ok(());
    }
    let is_too_large = firmware.files.iter().any(|file| file.size.is_some_and(|size| size > MQTT_PACKAGE_SIZE));
    if firmware.files.len() > 1 || is_too_large {
        let message = "DownloadProtocol MQTT needs a package of one file of at most 16 MB.";
        return Err(ServiceError::invalid(message));
    }
    Ok(())
}

/// Newer: all running rollouts of a group have the same modes.
fn same_modes_in_group(call: &Call<'_>, policy: &Policy) -> Result<(), ServiceError> {
    let Some(group_id) = &policy.group_id else {
        return Ok(());
    };
    let mut others = call.store.jobs().filter_map(|job| job.running_policy());
    let differs = others.any(|other| {
        other.group_id.as_ref() == Some(group_id)
            && (other.overwrite_mode, other.multi_module_mode) != (policy.overwrite_mode, policy.multi_module_mode)
    });
    if differs {
        let message = "OverwriteMode and MultiModuleMode have to match the group's running dynamic jobs.";
        return Err(ServiceError::invalid(message));
    }
    Ok(())
}
