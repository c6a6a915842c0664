//! QueryOTAJob: one job in full.

use super::lookup::unknown_job;
use super::{Call, Methods, Operation};
use crate::answer::{Object, Refusal};
use crate::assumptions::{Spelling, UnknownJob};
use crate::clock::{moment, utc_text};
use crate::store::{Firmware, Job, Policy, Tag};

/// The operation.
pub(super) const OPERATION: Operation =
    Operation { name: "QueryOTAJob", calls_per_second: 10, methods: Methods::GetOrPost, carry_out };

fn carry_out(call: &mut Call<'_>) -> Result<Object, Refusal> {
    let Some(job) = call.shown_job()?.cloned() else {
        return match call.assumptions.unknown_job {
            UnknownJob::NoData => Ok(Object::new()),
            UnknownJob::Error => Err(unknown_job(call.parameters.required("JobId")?)),
        };
    };
    let firmware = call.store.firmware(&job.firmware_id);
    let mut data = common_members(&job, firmware, call.assumptions.spelling);
    data = data.with("DestVersion", call.store.job_version(&job));
    if let Some(policy) = job.policy() {
        data = with_policy(data, &job, policy, call.randomness.shuffled(policy.src_versions.clone()));
    }
    data = data.with_wrapped_list("Tags", "OtaTagDTO", tags(call.randomness.shuffled(job.settings.tags.clone())));
    if call.limits.is_extended() {
        data = with_newer_members(data, &job);
    }
    Ok(Object::new().with("Data", data))
}

fn common_members(job: &Job, firmware: Option<&Firmware>, spelling: Spelling) -> Object {
    let schedule = job.schedule();
    Object::new()
        .with("JobId", &job.id)
        .with("JobStatus", spelling.of(job.status.name()))
        .with("JobType", spelling.of(job.type_name()))
        .with("SelectionType", job.selection_type())
        .with("TargetSelection", job.target_selection())
        .with("FirmwareId", &job.firmware_id)
        .with("ProductKey", &job.product_key)
        .with_some("Name", firmware.map(|firmware| &firmware.name))
        .with_some("TimeoutInMinutes", job.settings.timeout_in_minutes)
        .with("UtcCreate", utc_text(job.created))
        .with("UtcModified", utc_text(job.modified))
        .with_some("UtcStartTime", job.started.map(utc_text))
        .with_some("UtcEndTime", job.ended.map(utc_text))
        .with_some("UtcScheduleTime", schedule.map(|schedule| utc_text(moment(schedule.start))))
        .with_some("UtcScheduleFinishTime", schedule.and_then(|s| s.finish).map(|finish| utc_text(moment(finish))))
        .with_some("GrayPercent", job.gray_percent().map(percent_text))
}

/// As in `50.00`; the third decimal, which a request can have, only if it says something.
fn percent_text(percent: f64) -> String {
    let text = format!("{percent:.3}");
    text.strip_suffix('0').map_or_else(|| text.clone(), str::to_owned)
}

fn with_policy(data: Object, job: &Job, policy: &Policy, src_versions: Vec<String>) -> Object {
    data.with_wrapped_list("SrcVersions", "SrcVersion", src_versions)
        .with_some("RetryInterval", policy.retry.map(|retry| retry.interval))
        .with_some("RetryCount", policy.retry.map(|retry| retry.count))
        .with("MaximumPerMinute", policy.maximum_per_minute)
        .with("OverwriteMode", policy.overwrite_mode)
        .with_some("DynamicMode", job.dynamic_mode())
}

/// Members that only the newer edition of the page has.
fn with_newer_members(data: Object, job: &Job) -> Object {
    let policy = job.policy();
    data.with("NeedPush", job.settings.need_push)
        .with("NeedConfirm", job.settings.need_confirm)
        .with("DownloadProtocol", &job.settings.download_protocol)
        .with_some("MultiModuleMode", policy.map(|policy| policy.multi_module_mode))
        .with_text("GroupId", policy.and_then(|policy| policy.group_id.as_ref()))
}

/// The elements of `Tags`.
pub(super) fn tags(tags: Vec<Tag>) -> impl Iterator<Item = Object> {
    tags.into_iter().map(|tag| Object::new().with("Key", tag.key).with("Value", tag.value))
}
