//! CancelOTATaskByDevice: cancels the tasks that devices have for a package.

use super::{Call, Methods, Operation};
use crate::answer::{GatewayError, Object, Refusal, ServiceError};
use crate::clock::millis;
use crate::limits::TARGET_DEVICES;
use crate::store::{JobNumber, TaskNumber, TaskStatus};

/// The operation.
pub(super) const OPERATION: Operation =
    Operation { name: "CancelOTATaskByDevice", calls_per_second: 10, methods: Methods::GetOrPost, carry_out };

fn carry_out(call: &mut Call<'_>) -> Result<Object, Refusal> {
    call.parameters.required("FirmwareId")?;
    call.parameters.required("ProductKey")?;
    let names = call.parameters.list("DeviceName")?;
    if names.is_empty() {
        return Err(GatewayError::missing("DeviceName").into());
    }
    if names.len() > TARGET_DEVICES || super::has_duplicates(&names) {
        let message = format!("DeviceName has at most {TARGET_DEVICES} items, all different.");
        return Err(ServiceError::invalid(message).into());
    }
    let job = call.parameters.get("JobId").map(|_| call.job_number()).transpose()?;
    let tasks = find_tasks(call, &names, job)?;
    for task in tasks {
        call.store.cancel_task(task, millis(call.now));
    }
    Ok(Object::new())
}

fn find_tasks(call: &Call<'_>, names: &[String], only: Option<JobNumber>) -> Result<Vec<TaskNumber>, Refusal> {
    let firmware = call.firmware_of_product()?;
    let product_key = call.product_key()?;
    let is_hit = |number: &TaskNumber| {
        let task = call.store.task(*number);
        let job = call.store.job(task.job);
        is_cancellable(call, task.status)
            && job.firmware_id == firmware.id
            && job.instance_id.as_deref() == call.instance_id()
            && only.is_none_or(|only| task.job == only)
    };
    let mut tasks = Vec::new();
    for name in names {
        let device = call.device_named(product_key, name)?;
        tasks.extend(call.store.tasks_of_device(device).filter(is_hit));
    }
    Ok(tasks)
}

/// Tasks that wait for confirmation are mentioned by the newer pages only.
fn is_cancellable(call: &Call<'_>, status: TaskStatus) -> bool {
    status.is_active() && (status != TaskStatus::Confirm || call.limits.is_extended())
}
