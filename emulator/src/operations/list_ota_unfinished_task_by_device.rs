//! ListOTAUnfinishedTaskByDevice: the tasks of a device that are not over.

use super::{Call, Methods, Operation};
use crate::answer::{Object, Refusal, ServiceError};
use crate::store::{TaskNumber, TaskStatus};

/// The operation.
pub(super) const OPERATION: Operation =
    Operation { name: "ListOTAUnfinishedTaskByDevice", calls_per_second: 10, methods: Methods::GetOrPost, carry_out };

const MOST_STATUSES: usize = 4;

fn carry_out(call: &mut Call<'_>) -> Result<Object, Refusal> {
    let statuses = read_statuses(call)?;
    let device = call.device("iot.ota.EmptyDeviceInfoParams")?;
    let module_name = call.parameters.get("ModuleName");
    let instance_id = call.instance_id();
    let is_shown = |number: &TaskNumber| {
        let task = call.store.task(*number);
        let job = call.store.job(task.job);
        statuses.contains(&task.status)
            && job.instance_id.as_deref() == instance_id
            && module_name.is_none_or(|name| call.store.job_module(job) == name)
    };
    let tasks: Vec<TaskNumber> = call.store.tasks_of_device(device).filter(is_shown).collect();
    let tasks = call.randomness.shuffled(tasks);
    let items: Vec<Object> = tasks.into_iter().map(|task| item(call, task)).collect();
    Ok(Object::new().with("Data", Object::new().with("SimpleOTATaskInfo", items)))
}

fn item(call: &Call<'_>, number: TaskNumber) -> Object {
    let job = call.store.job(call.store.task(number).job);
    call.task_members(number).with("ModuleName", call.store.job_module(job))
}

/// One way to name states excludes the other; without either, all that are not over.
fn read_statuses(call: &Call<'_>) -> Result<Vec<TaskStatus>, Refusal> {
    let one = call.parameters.get("TaskStatus");
    let several = call.parameters.list("TaskStatusList")?;
    if several.len() > MOST_STATUSES || (one.is_some() && !several.is_empty()) {
        return Err(ServiceError::invalid("Either TaskStatus or TaskStatusList is sent, with at most 4 items.").into());
    }
    let names = one.into_iter().chain(several.iter().map(String::as_str));
    let statuses = names.map(|name| TaskStatus::named(name).filter(|status| status.is_active()));
    let Some(statuses) = statuses.collect::<Option<Vec<TaskStatus>>>() else {
        let message = "A task that is not over is CONFIRM, QUEUED, NOTIFIED or IN_PROGRESS.";
        return Err(ServiceError::new("iot.firmware.InvalidTaskStatus", message).into());
    };
    if statuses.is_empty() {
        return Ok(TaskStatus::ALL.into_iter().filter(|status| status.is_active()).collect());
    }
    Ok(statuses)
}
