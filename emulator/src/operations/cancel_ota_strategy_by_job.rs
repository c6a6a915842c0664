//! CancelOTAStrategyByJob: ends the policy of a dynamic rollout.

use super::{Call, Methods, Operation};
use crate::answer::{Object, Refusal, ServiceError};
use crate::assumptions::CancelStrategyTasks;
use crate::clock::millis;
use crate::store::{Job, JobKind, JobStatus, TaskStatus};

/// The operation.
pub(super) const OPERATION: Operation =
    Operation { name: "CancelOTAStrategyByJob", calls_per_second: 10, methods: Methods::GetOrPost, carry_out };

fn carry_out(call: &mut Call<'_>) -> Result<Object, Refusal> {
    let number = call.job_number()?;
    check_cancellable(call.store.job(number))?;
    let now = millis(call.now);
    call.store.cancel_job(number, now);
    if call.assumptions.cancel_strategy_tasks == CancelStrategyTasks::Canceled {
        call.store.cancel_tasks(number, &[TaskStatus::Confirm, TaskStatus::Queued, TaskStatus::Notified], now);
    }
    Ok(Object::new())
}

fn check_cancellable(job: &Job) -> Result<(), ServiceError> {
    let (code, reason) = match (&job.kind, job.status) {
        (JobKind::Verification { .. } | JobKind::Static { .. }, _) => ("iot.ota.noDynamicJob", "is not a dynamic one"),
        (JobKind::Dynamic { .. }, JobStatus::Planned | JobStatus::InProgress) => return Ok(()),
        (JobKind::Dynamic { .. }, JobStatus::Canceled) => ("iot.ota.JobHasCanceled", "was cancelled before"),
        (JobKind::Dynamic { .. }, JobStatus::Completed) => ("iot.ota.JobHasFinished", "is finished"),
    };
    Err(ServiceError::new(code, format!("The job {} {reason}.", job.id)))
}
