//! ConfirmOTATask: lets tasks go on that wait for confirmation.

use super::{Call, Methods, Operation};
use crate::answer::{Object, Refusal, ServiceError};
use crate::clock::millis;
use crate::store::TaskStatus;

/// The operation.
pub(super) const OPERATION: Operation =
    Operation { name: "ConfirmOTATask", calls_per_second: 20, methods: Methods::PostOnly, carry_out };

fn carry_out(call: &mut Call<'_>) -> Result<Object, Refusal> {
    let ids = call.task_ids()?;
    let mut tasks = Vec::new();
    for id in &ids {
        let task = call.store.task_with_id(id).filter(|task| {
            let job = call.store.job(call.store.task(*task).job);
            job.instance_id.as_deref() == call.instance_id()
        });
        let Some(task) = task else {
            return Err(ServiceError::new("iot.ota.InvalidTaskId", format!("The task {id} does not exist.")).into());
        };
        // Outside the window of a scheduled job there are none: before it no task exists, after it they are cancelled.
        if call.store.task(task).status != TaskStatus::Confirm {
            let message = format!("The task {id} does not wait for confirmation.");
            return Err(ServiceError::new("iot.ota.InvalidTaskExist", message).into());
        }
        tasks.push(task);
    }
    let now = millis(call.now);
    for task in tasks {
        call.store.confirm_task(task, now);
    }
    Ok(Object::new())
}
