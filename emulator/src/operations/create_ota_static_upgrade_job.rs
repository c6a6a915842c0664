//! CreateOTAStaticUpgradeJob: updates a fixed set of devices, at once or at a time.

use super::policy_parameters::read_policy;
use super::{Call, Methods, Operation, rollout_rules};
use crate::answer::{GatewayError, Object, Refusal, ServiceError};
use crate::clock::{Millis, millis};
use crate::limits::{SCHEDULE_FINISH, SCHEDULE_START, TARGET_DEVICES, UPLOADED_DEVICES, UPLOADED_DEVICES_EXTENDED};
use crate::store::{JobKind, Policy, Schedule, Selection};

/// The operation.
pub(super) const OPERATION: Operation =
    Operation { name: "CreateOTAStaticUpgradeJob", calls_per_second: 20, methods: Methods::GetOrPost, carry_out };

fn carry_out(call: &mut Call<'_>) -> Result<Object, Refusal> {
    call.parameters.required("FirmwareId")?;
    let product_key = call.parameters.required("ProductKey")?.to_owned();
    let settings = call.job_settings()?;
    let policy = read_policy(call, "LINK_PLATFORM")?;
    let selection = read_selection(call, &policy)?;
    let schedule = read_schedule(call)?;
    rollout_rules::check_static_request(call, &settings, &policy)?;
    let firmware = call.firmware_of_product()?;
    rollout_rules::check_static_firmware(call, firmware, &settings, &policy)?;
    let firmware_id = firmware.id.clone();
    if let Selection::Specific(names) = &selection {
        names.iter().try_for_each(|name| call.device_named(&product_key, name).map(drop))?;
    }
    Ok(call.start_job(firmware_id, product_key, JobKind::Static { policy, selection, schedule }, settings))
}

fn read_selection(call: &Call<'_>, policy: &Policy) -> Result<Selection, Refusal> {
    let parameters = call.parameters;
    parameters.required("TargetSelection")?;
    let kind = parameters.one_of("TargetSelection", &["ALL", "SPECIFIC", "GRAY", "GROUP"])?;
    let has_group = policy.group_id.is_some() && parameters.get("GroupType").is_some();
    match kind {
        Some("GROUP") if !has_group => Err(ServiceError::null("GROUP needs GroupId and GroupType.").into()),
        Some("GROUP") => Ok(Selection::All),
        _ if policy.group_id.is_some() => {
            Err(ServiceError::invalid("GroupId is for TargetSelection GROUP only.").into())
        }
        Some("SPECIFIC") if !policy.src_versions.is_empty() => {
            Err(ServiceError::invalid("SrcVersion is for TargetSelection ALL and GRAY only.").into())
        }
        Some("SPECIFIC") => read_names(call).map(Selection::Specific),
        Some("GRAY") => read_percentage(call).map(Selection::Gray),
        _ => Ok(Selection::All),
    }
}

fn read_names(call: &Call<'_>) -> Result<Vec<String>, Refusal> {
    let names = call.parameters.list("TargetDeviceName")?;
    match call.parameters.get("DnListFileUrl") {
        Some(_) if !names.is_empty() => {
            return Err(ServiceError::invalid("TargetDeviceName and DnListFileUrl exclude each other.").into());
        }
        Some(url) => return Ok(read_uploaded_names(call, url)?),
        None if names.is_empty() => {
            return Err(ServiceError::null("SPECIFIC needs TargetDeviceName or DnListFileUrl.").into());
        }
        None => {}
    }
    if names.len() > TARGET_DEVICES || names.iter().any(String::is_empty) || super::has_duplicates(&names) {
        let message = format!("TargetDeviceName has at most {TARGET_DEVICES} items, none empty, all different.");
        return Err(ServiceError::invalid(message).into());
    }
    Ok(names)
}

/// The names in an uploaded file, one a line.
fn read_uploaded_names(call: &Call<'_>, url: &str) -> Result<Vec<String>, ServiceError> {
    let most = if call.limits.is_extended() { UPLOADED_DEVICES_EXTENDED } else { UPLOADED_DEVICES };
    let content = call.object_storage.object_at(url, call.now).and_then(|object| object.content.as_deref());
    let text = content.and_then(|content| std::str::from_utf8(content).ok());
    let text = text.ok_or_else(|| {
        ServiceError::invalid(format!("No list of device names was uploaded to {url} in the last 60 minutes."))
    })?;
    let names: Vec<String> = text.lines().map(str::trim).filter(|name| !name.is_empty()).map(str::to_owned).collect();
    if names.is_empty() || names.len() > most || super::has_duplicates(&names) {
        return Err(ServiceError::invalid(format!("A list of device names has 1 to {most} names, all different.")));
    }
    Ok(names)
}

/// A number above 0, up to 100, with at most three decimals.
fn read_percentage(call: &Call<'_>) -> Result<f64, Refusal> {
    let text = call.parameters.get("GrayPercent").ok_or_else(|| ServiceError::null("GRAY needs GrayPercent."))?;
    let is_plain = text.chars().all(|character| character.is_ascii_digit() || character == '.');
    let decimals = text.split_once('.').map_or(0, |(_, decimals)| decimals.len());
    let percent = text.parse::<f64>().ok().filter(|percent| *percent > 0.0 && *percent <= 100.0);
    percent.filter(|_| is_plain && decimals <= 3).ok_or_else(|| {
        ServiceError::invalid("GrayPercent has to be above 0 and at most 100, with at most three decimals.").into()
    })
}

fn read_schedule(call: &Call<'_>) -> Result<Option<Schedule>, Refusal> {
    let start = read_time(call, "ScheduleTime", millis(call.now), SCHEDULE_START)?;
    match start {
        Some(start) => {
            let finish = read_time(call, "ScheduleFinishTime", start, SCHEDULE_FINISH)?;
            Ok(Some(Schedule { start, finish }))
        }
        None if call.parameters.get("ScheduleFinishTime").is_some() => {
            Err(ServiceError::null("ScheduleFinishTime needs ScheduleTime.").into())
        }
        None => Ok(None),
    }
}

fn read_time(
    call: &Call<'_>,
    name: &str,
    from: Millis,
    range: std::ops::RangeInclusive<Millis>,
) -> Result<Option<Millis>, Refusal> {
    let time = call.parameters.integer(name)?;
    if time.is_some_and(|time| !range.contains(&time.saturating_sub(from))) {
        let message = match name {
            "ScheduleTime" => "ScheduleTime has to be 5 minutes to 7 days ahead, in milliseconds since 1970.",
            _ => "ScheduleFinishTime has to be 1 hour to 30 days after ScheduleTime.",
        };
        return Err(ServiceError::invalid(message).into());
    }
    if time.is_some_and(|time| time < 0) {
        return Err(GatewayError::invalid(name, "it is negative").into());
    }
    Ok(time)
}
