//! ReupgradeOTATask: runs failed or cancelled tasks of a job again.

use std::collections::BTreeSet;

use super::{Call, Methods, Operation};
use crate::answer::{GatewayError, Object, Refusal, ServiceError};
use crate::clock::millis;
use crate::fleet::DeviceNumber;
use crate::limits::TASKS_OF_A_CALL;
use crate::store::{JobNumber, JobStatus, TaskNumber, TaskStatus};

/// The operation.
pub(super) const OPERATION: Operation =
    Operation { name: "ReupgradeOTATask", calls_per_second: 20, methods: Methods::PostOnly, carry_out };

fn carry_out(call: &mut Call<'_>) -> Result<Object, Refusal> {
    call.parameters.required("JobId")?;
    let ids = call.task_ids()?;
    let job = find_job(call)?;
    let tasks = find_tasks(call, job, &ids)?;
    let now = millis(call.now);
    for task in tasks {
        call.store.run_again(task, now);
    }
    Ok(Object::new())
}

/// This operation has codes of its own for a job that is not there or cancelled.
fn find_job(call: &Call<'_>) -> Result<JobNumber, Refusal> {
    let job = call.job_number().map_err(|refusal| match refusal {
        Refusal::Service(error) if error.code == "iot.ota.taskNotExist" => {
            ServiceError::new("iot.ota.InvalidJobId", error.message).into()
        }
        other => other,
    })?;
    if call.store.job(job).status == JobStatus::Canceled {
        return Err(ServiceError::new("iot.ota.JobCanceled", "The job is cancelled.").into());
    }
    Ok(job)
}

fn find_tasks(call: &Call<'_>, job: JobNumber, ids: &[String]) -> Result<Vec<TaskNumber>, ServiceError> {
    let mut tasks = Vec::new();
    for id in ids {
        let Some(task) = call.store.task_with_id(id) else {
            return Err(ServiceError::new("iot.ota.InvalidTaskId", format!("The task {id} does not exist.")));
        };
        if call.store.task(task).job != job {
            return Err(ServiceError::new("iot.ota.UnmatchedJob", format!("The task {id} is not of this job.")));
        }
        tasks.push(task);
    }
    let is_over =
        |task: &TaskNumber| matches!(call.store.task(*task).status, TaskStatus::Failed | TaskStatus::Canceled);
    if !tasks.iter().any(is_over) {
        return Err(ServiceError::new("iot.ota.FailedTaskNotFound", "None of the tasks failed or was cancelled."));
    }
    if !tasks.iter().all(is_over) {
        return Err(ServiceError::new(
            "iot.ota.InvalidTaskExist",
            "Some of the tasks neither failed nor were cancelled.",
        ));
    }
    let devices: BTreeSet<DeviceNumber> = tasks.iter().map(|task| call.store.task(*task).device).collect();
    if devices.len() < tasks.len() || !tasks.iter().all(|task| call.store.can_run_again(*task)) {
        let message =
            "A device has the version already, is pending or updating, or has several of the tasks of this call.";
        return Err(ServiceError::new("iot.ota.DeviceNotReUpgraded", message));
    }
    Ok(tasks)
}

impl Call<'_> {
    /// The list `TaskId.N`.
    pub(super) fn task_ids(&self) -> Result<Vec<String>, Refusal> {
        let ids = self.parameters.list("TaskId")?;
        if ids.is_empty() {
            return Err(GatewayError::missing("TaskId").into());
        }
        if ids.len() > TASKS_OF_A_CALL {
            let message = format!("TaskId has at most {TASKS_OF_A_CALL} items.");
            return Err(ServiceError::new("iot.ota.TooManyOtaTask", message).into());
        }
        if super::has_duplicates(&ids) {
            return Err(ServiceError::invalid("The items of TaskId have to differ.").into());
        }
        Ok(ids)
    }
}
