//! UpdateOTAJob: changes rate, tags, timeout and source versions of a running job.
//!
//! The tags are replaced as a whole, so a call without tags deletes them. The documents do not say what leaving out the
//! timeout or the versions does: here both stay as they are, unless the assumptions say otherwise.

use super::job_parameters::{read_tags, read_timeout, read_versions};
use super::rollout_rules;
use super::{Call, Methods, Operation};
use crate::answer::{Object, Refusal, ServiceError};
use crate::assumptions::{UpdateTimeout, UpdateVersions};
use crate::limits::{Edition, UPDATED_MAXIMUM_PER_MINUTE, UPDATED_SOURCE_VERSIONS};
use crate::store::{Job, JobKind, JobStatus, JobUpdate, Policy};

/// The operation.
pub(super) const OPERATION: Operation =
    Operation { name: "UpdateOTAJob", calls_per_second: 10, methods: Methods::GetOrPost, carry_out };

fn carry_out(call: &mut Call<'_>) -> Result<Object, Refusal> {
    call.parameters.required("JobId")?;
    let upgrade_type = read_upgrade_type(call)?;
    let target_selection = read_target_selection(call)?;
    let mut update = read_update(call)?;
    let number = call.job_number()?;
    let job = call.store.job(number);
    check_running(job)?;
    check_kind(job, upgrade_type)?;
    check_policy(call, job, target_selection, &update)?;
    check_left_out(call, job, &update)?;
    let keeps = call.assumptions.update_timeout == UpdateTimeout::Keeps;
    let kept = job.settings.timeout_in_minutes.filter(|_| keeps || job.dynamic_mode().is_none());
    update.timeout_in_minutes = update.timeout_in_minutes.or(kept);
    call.store.update_job(number, update, call.now);
    Ok(Object::new())
}

fn read_upgrade_type(call: &Call<'_>) -> Result<&'static str, Refusal> {
    let upgrade_type = call.parameters.required("UpgradeType")?;
    let known = ["STATIC", "DYNAMIC"].into_iter().find(|known| *known == upgrade_type);
    let refusal = || ServiceError::new("iot.ota.InvalidUpgradeType", "UpgradeType has to be STATIC or DYNAMIC.");
    known.ok_or_else(|| refusal().into())
}

/// The letter case does not matter: the page's own example is `All`.
fn read_target_selection(call: &Call<'_>) -> Result<&'static str, Refusal> {
    let selection = call.parameters.required("TargetSelection")?;
    let known = ["ALL", "SPECIFIC", "GRAY", "GROUP"].into_iter().find(|known| known.eq_ignore_ascii_case(selection));
    known.ok_or_else(|| ServiceError::invalid("TargetSelection has to be ALL, SPECIFIC, GRAY or GROUP.").into())
}

/// The limits are those of the newer edition, whatever the emulator's edition: the reference does not have this call.
fn read_update(call: &Call<'_>) -> Result<JobUpdate, Refusal> {
    let parameters = call.parameters;
    let maximum_per_minute = parameters.required_integer("MaximumPerMinute")?;
    if !UPDATED_MAXIMUM_PER_MINUTE.contains(&maximum_per_minute) {
        let message = "MaximumPerMinute has to be 10 to 10000.";
        return Err(ServiceError::new("iot.ota.InvalidMaximumPerMinute", message).into());
    }
    let src_versions = read_versions(parameters, "SrcVersionList", UPDATED_SOURCE_VERSIONS)?;
    Ok(JobUpdate {
        maximum_per_minute,
        tags: read_tags(parameters, "Tags", Edition::Extended.limits())?,
        timeout_in_minutes: read_timeout(parameters)?,
        src_versions: (!src_versions.is_empty()).then_some(src_versions),
    })
}

fn check_left_out(call: &Call<'_>, job: &Job, update: &JobUpdate) -> Result<(), ServiceError> {
    let is_refused = call.assumptions.update_versions == UpdateVersions::Refused && job.dynamic_mode().is_some();
    let has_versions = job.policy().is_some_and(|policy| !policy.src_versions.is_empty());
    if is_refused && has_versions && update.src_versions.is_none() {
        let message = "SrcVersionList has to be sent, as the job has source versions.";
        return Err(ServiceError::new("iot.ota.EmptySrcVersionList", message));
    }
    Ok(())
}

fn check_running(job: &Job) -> Result<(), ServiceError> {
    let (code, reason) = match job.status {
        JobStatus::Planned | JobStatus::InProgress => return Ok(()),
        JobStatus::Canceled => ("iot.ota.JobHasCanceled", "is cancelled"),
        JobStatus::Completed => ("iot.ota.JobHasFinished", "is finished"),
    };
    Err(ServiceError::new(code, format!("The job {} {reason}.", job.id)))
}

fn check_kind(job: &Job, upgrade_type: &str) -> Result<(), ServiceError> {
    match (&job.kind, upgrade_type) {
        (JobKind::Dynamic { .. }, "DYNAMIC") | (JobKind::Static { .. }, "STATIC") => Ok(()),
        (JobKind::Verification { .. } | JobKind::Static { .. }, "DYNAMIC") => {
            Err(ServiceError::new("iot.ota.noDynamicJob", format!("The job {} is not a dynamic one.", job.id)))
        }
        _ => Err(ServiceError::new(
            "iot.ota.InvalidUpgradeType",
            format!("The job {} is not a static one that updates devices.", job.id),
        )),
    }
}

fn check_policy(call: &Call<'_>, job: &Job, target_selection: &str, update: &JobUpdate) -> Result<(), ServiceError> {
    let Some(policy) = job.policy() else {
        return Ok(());
    };
    if !fits_selection(job, policy, target_selection) {
        let message = "TargetSelection has to be that of the job: ALL, or GROUP if it is a job of a group, if it is \
                       dynamic.";
        return Err(ServiceError::new("iot.ota.InvalidStrategyType", message));
    }
    if job.dynamic_mode().is_none() {
        // The versions of a static job are ignored, its timeout cannot change.
        return no_timeout(update);
    }
    if update.src_versions.is_some() && policy.src_versions.is_empty() {
        let message = "SrcVersionList is only for jobs that were created with source versions.";
        return Err(ServiceError::new("iot.ota.InvalidSrcVersionList", message));
    }
    if let (Some(versions), Some(firmware)) = (&update.src_versions, call.store.firmware(&job.firmware_id)) {
        rollout_rules::differential_source(firmware, versions)?;
    }
    if call.limits.is_extended() {
        rollout_rules::retry_before_timeout(policy, update.timeout_in_minutes)?;
    }
    Ok(())
}

/// A dynamic job reports ALL; the documents leave open which of the two a job of a group wants.
fn fits_selection(job: &Job, policy: &Policy, target_selection: &str) -> bool {
    let is_group = target_selection == "GROUP" && policy.group_id.is_some();
    is_group || target_selection == job.target_selection()
}

fn no_timeout(update: &JobUpdate) -> Result<(), ServiceError> {
    if update.timeout_in_minutes.is_none() {
        return Ok(());
    }
    Err(ServiceError::new("iot.ota.InvalidTimeout", "TimeoutInMinutes of a static job cannot be changed."))
}
