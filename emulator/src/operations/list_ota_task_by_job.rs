//! ListOTATaskByJob: the device tasks of a job, a page at a time.

use super::paging::Page;
use super::{Call, Methods, Operation};
use crate::answer::{Object, Refusal, ServiceError};
use crate::limits::{LISTED_DEVICES, REACHABLE_TASKS};

/// The operation.
pub(super) const OPERATION: Operation =
    Operation { name: "ListOTATaskByJob", calls_per_second: 10, methods: Methods::GetOrPost, carry_out };

const LARGEST_PAGE: i64 = 100;
/// What the newer edition takes for a page that the call does not ask for; no document says.
const DEFAULT_PAGE_SIZE: i64 = 10;
const STATUSES: [&str; 7] = ["CONFIRM", "QUEUED", "NOTIFIED", "IN_PROGRESS", "SUCCEEDED", "FAILED", "CANCELED"];

fn carry_out(call: &mut Call<'_>) -> Result<Object, Refusal> {
    call.parameters.required("JobId")?;
    call.parameters.one_of("TaskStatus", &STATUSES)?;
    let names = read_device_names(call)?;
    let page = if names.is_empty() { read_page(call)? } else { Page::checked(1, LARGEST_PAGE, LARGEST_PAGE)? };
    call.job()?;
    let (tasks, members) = page.cut(Vec::<Object>::new());
    Ok(members.with("Data", Object::new().with("SimpleOTATaskInfo", tasks)))
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
