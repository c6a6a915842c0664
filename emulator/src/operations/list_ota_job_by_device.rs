//! ListOTAJobByDevice: the jobs of a package that a device is in, a page at a time.

use std::collections::BTreeSet;

use super::paging::Page;
use super::{Call, Methods, Operation, list_ota_job_by_firmware};
use crate::answer::{Object, Refusal};

/// The operation.
pub(super) const OPERATION: Operation =
    Operation { name: "ListOTAJobByDevice", calls_per_second: 10, methods: Methods::GetOrPost, carry_out };

const LARGEST_PAGE: i64 = 100;

fn carry_out(call: &mut Call<'_>) -> Result<Object, Refusal> {
    call.parameters.required("FirmwareId")?;
    call.parameters.required("ProductKey")?;
    let name = call.parameters.required("DeviceName")?;
    let page = Page::read(call.parameters, LARGEST_PAGE)?;
    let firmware = call.firmware_of_product()?;
    let device = call.device_named(call.product_key()?, name)?;
    let tasks = call.store.tasks_of_device(device).map(|task| call.store.task(task).job);
    let numbers: BTreeSet<_> = tasks.collect();
    let jobs = numbers.into_iter().map(|number| call.store.job(number));
    let jobs = jobs.filter(|job| job.firmware_id == firmware.id && job.instance_id.as_deref() == call.instance_id());
    let jobs = jobs.filter(|job| call.shows(job));
    let (jobs, members) = page.cut(call.randomness.arbitrary_order(jobs.collect(), |job| &job.id));
    let items: Vec<Object> =
        jobs.into_iter().map(|job| list_ota_job_by_firmware::item(job, call.assumptions.spelling)).collect();
    Ok(members.with("Data", Object::new().with("SimpleOTAJobInfo", items)))
}
