//! ListOTAJobByFirmware: the jobs of a package, a page at a time.

use super::paging::Page;
use super::{Call, Methods, Operation, query_ota_job};
use crate::answer::{Object, Refusal};
use crate::assumptions::Spelling;
use crate::clock::utc_text;
use crate::store::Job;

/// The operation.
pub(super) const OPERATION: Operation =
    Operation { name: "ListOTAJobByFirmware", calls_per_second: 10, methods: Methods::GetOrPost, carry_out };

const LARGEST_PAGE: i64 = 200;

fn carry_out(call: &mut Call<'_>) -> Result<Object, Refusal> {
    call.parameters.required("FirmwareId")?;
    let page = Page::read(call.parameters, LARGEST_PAGE)?;
    let firmware = call.firmware()?;
    let instance_id = call.instance_id();
    let is_shown =
        |job: &&Job| job.firmware_id == firmware.id && job.instance_id.as_deref() == instance_id && call.shows(job);
    let jobs = call.store.jobs().filter(is_shown).collect();
    let (jobs, members) = page.cut(call.randomness.arbitrary_order(jobs, |job| &job.id));
    let items: Vec<Object> = jobs.into_iter().map(|job| item(job, call.assumptions.spelling)).collect();
    Ok(members.with("Data", Object::new().with("SimpleOTAJobInfo", items)))
}

/// What lists show of a job.
pub(super) fn item(job: &Job, spelling: Spelling) -> Object {
    Object::new()
        .with("JobId", &job.id)
        .with("FirmwareId", &job.firmware_id)
        .with("ProductKey", &job.product_key)
        .with("JobStatus", spelling.of(job.status.name()))
        .with("JobType", spelling.of(job.type_name()))
        .with("SelectionType", job.selection_type())
        .with("TargetSelection", job.target_selection())
        .with_wrapped_list("Tags", "OtaTagDTO", query_ota_job::tags(job.settings.tags.clone()))
        .with("UtcCreate", utc_text(job.created))
        .with("UtcModified", utc_text(job.modified))
        .with_some("UtcStartTime", job.started.map(utc_text))
        .with_some("UtcEndTime", job.ended.map(utc_text))
}
