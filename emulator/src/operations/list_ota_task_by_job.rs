//! ListOTATaskByJob: the device tasks of a job, a page at a time.

use std::collections::BTreeSet;

use super::paging::Page;
use super::{Call, Methods, Operation};
use crate::answer::{Object, Refusal, ServiceError};
use crate::limits::{LISTED_DEVICES, REACHABLE_TASKS};
use crate::store::{JobNumber, TaskNumber, TaskStatus};

/// The operation.
pub(super) const OPERATION: Operation =
    Operation { name: "ListOTATaskByJob", calls_per_second: 10, methods: Methods::GetOrPost, carry_out };

const LARGEST_PAGE: i64 = 100;
/// What the newer edition takes for a page that the call does not ask for; no document says.
const DEFAULT_PAGE_SIZE: i64 = 10;

fn carry_out(call: &mut Call<'_>) -> Result<Object, Refusal> {
    call.parameters.required("JobId")?;
    let status = call.parameters.one_of("TaskStatus", &TaskStatus::ALL.map(TaskStatus::name))?;
    let status = status.and_then(TaskStatus::named);
    let names = read_device_names(call)?;
    let page = if names.is_empty() { read_page(call)? } else { Page::checked(1, LARGEST_PAGE, LARGEST_PAGE)? };
    let job = call.job_number()?;
    let has_status = |task: &TaskNumber| status.is_none_or(|status| call.store.task(*task).status == status);
    let (tasks, members) = if names.is_empty() {
        let counts = call.store.job(job).task_counts();
        let total = TaskStatus::ALL.into_iter().filter(|one| status.is_none_or(|status| status == *one));
        let total = total.map(|one| i64::from(counts.of(one))).sum();
        let tasks = call.store.tasks_of_job(job, call.randomness).filter(has_status);
        page.cut_counted(tasks, total)
    } else {
        page.cut(named_tasks(call, job, &names).into_iter().filter(has_status).collect())
    };
    let items: Vec<Object> = tasks.into_iter().map(|task| item(call, task)).collect();
    Ok(members.with("Data", Object::new().with("SimpleOTATaskInfo", items)))
}

fn item(call: &Call<'_>, task: TaskNumber) -> Object {
    call.with_progress(call.task_members(task), task)
}

/// The tasks that devices of these names have in the job. A name that no device has is none.
fn named_tasks(call: &Call<'_>, job: JobNumber, names: &[String]) -> Vec<TaskNumber> {
    let product_key = &call.store.job(job).product_key;
    let names: BTreeSet<&String> = names.iter().collect();
    let devices = names.into_iter().filter_map(|name| call.device_named(product_key, name).ok());
    let tasks = devices.flat_map(|device| call.store.tasks_of_device(device));
    tasks.filter(|task| call.store.task(*task).job == job).collect()
}

/// With names, the parameters of the page are ignored.
fn read_device_names(call: &Call<'_>) -> Result<Vec<String>, Refusal> {
    let names = call.parameters.list("DeviceNames")?;
    if names.len() > LISTED_DEVICES || names.iter().any(String::is_empty) {
        let message = format!("DeviceNames has at most {LISTED_DEVICES} items, none of them empty.");
        return Err(ServiceError::invalid(message).into());
    }
    Ok(names)
}

/// The page is mandatory in the older edition only.
fn read_page(call: &Call<'_>) -> Result<Page, Refusal> {
    let parameters = call.parameters;
    let page = if call.limits.is_extended() {
        let number = parameters.integer("CurrentPage")?.unwrap_or(1);
        Page::checked(number, parameters.integer("PageSize")?.unwrap_or(DEFAULT_PAGE_SIZE), LARGEST_PAGE)?
    } else {
        Page::read(parameters, LARGEST_PAGE)?
    };
    if page.reach() > REACHABLE_TASKS {
        let message = format!("CurrentPage times PageSize has to be at most {REACHABLE_TASKS}.");
        return Err(ServiceError::new("iot.common.InvalidPageParams", message).into());
    }
    Ok(page)
}
