//! What static and dynamic rollouts share: source versions, retry, rate, modes, group.

use super::Call;
use super::job_parameters::read_versions;
use crate::answer::{Refusal, ServiceError};
use crate::limits::{RETRY_COUNTS, RETRY_INTERVALS, SOURCE_VERSIONS};
use crate::store::{Policy, Retry};

/// Reads and checks the policy, one parameter at a time; `group_type` is the only one there is.
pub(super) fn read_policy(call: &Call<'_>, group_type: &'static str) -> Result<Policy, Refusal> {
    let parameters = call.parameters;
    parameters.one_of("GroupType", &[group_type])?;
    Ok(Policy {
        src_versions: read_versions(parameters, "SrcVersion", SOURCE_VERSIONS)?,
        retry: read_retry(call)?,
        maximum_per_minute: read_rate(call)?,
        overwrite_mode: one_or_two(call, "OverwriteMode")?,
        multi_module_mode: parameters.boolean("MultiModuleMode")?.unwrap_or(false),
        group_id: parameters.get("GroupId").map(str::to_owned),
    })
}

/// A `RetryCount` alone is accepted, as no document forbids it, and means nothing: there is no retry to count.
fn read_retry(call: &Call<'_>) -> Result<Option<Retry>, Refusal> {
    let interval = call.parameters.integer("RetryInterval")?;
    let count = call.parameters.integer("RetryCount")?;
    if interval.is_some_and(|minutes| !RETRY_INTERVALS.contains(&minutes)) {
        return Err(ServiceError::invalid("RetryInterval has to be 0, 10, 30, 60 or 1440.").into());
    }
    if count.is_some_and(|count| !RETRY_COUNTS.contains(&count)) {
        return Err(ServiceError::invalid("RetryCount has to be 1, 2 or 5.").into());
    }
    match (interval, count) {
        (None, _) => Ok(None),
        (Some(interval), Some(count)) => Ok(Some(Retry { interval, count })),
        (Some(_), None) => Err(ServiceError::null("RetryInterval needs RetryCount.").into()),
    }
}

fn read_rate(call: &Call<'_>) -> Result<i64, Refusal> {
    let limits = call.limits;
    let rate = call.parameters.integer("MaximumPerMinute")?.unwrap_or(limits.default_maximum_per_minute);
    if limits.maximum_per_minute.contains(&rate) {
        return Ok(rate);
    }
    let (least, most) = limits.maximum_per_minute.clone().into_inner();
    let message = format!("MaximumPerMinute has to be {least} to {most}.");
    Err(ServiceError::new("iot.ota.InvalidMaximumPerMinute", message).into())
}

/// Reads a mode that is 1 or 2; left out, it is 1.
pub(super) fn one_or_two(call: &Call<'_>, name: &str) -> Result<i64, Refusal> {
    match call.parameters.integer(name)?.unwrap_or(1) {
        mode @ 1..=2 => Ok(mode),
        _ => Err(ServiceError::invalid(format!("{name} has to be 1 or 2.")).into()),
    }
}
