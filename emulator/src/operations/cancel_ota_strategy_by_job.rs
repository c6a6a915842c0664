//! CancelOTAStrategyByJob: ends the policy of a dynamic rollout.

use super::{Call, Methods, Operation};
use crate::answer::{Object, Refusal, ServiceError};
use crate::store::{Job, JobKind, JobStatus};

/// The operation.
pub(super) const OPERATION: Operation =
    Operation { name: "CancelOTAStrategyByJob", calls_per_second: 10, methods: Methods::GetOrPost, carry_out };

fn carry_out(call: &mut Call<'_>) -> Result<Object, Refusal> {
    let job = call.job()?;
    check_cancellable(job)?;
    let (id, now) = (job.id.clone(), call.now);
    if let Some(job) = call.store.job_mut(&id) {
        job.end(JobStatus::Canceled, now);
    }
    Ok(Object::new())
}

fn check_cancellable(job: &Job) -> Result<(), ServiceError> {
    let (code, reason) = match (&job.kind, job.status) {
        (JobKind::Dynamic(_), JobStatus::InProgress) => return Ok(()),
        (JobKind::Verification, _) => ("iot.ota.noDynamicJob", "is not a dynamic one"),
        (JobKind::Dynamic(_), JobStatus::Canceled) => ("iot.ota.JobHasCanceled", "was cancelled before"),
        (JobKind::Dynamic(_), JobStatus::Completed) => ("iot.ota.JobHasFinished", "is finished"),
    };
    Err(ServiceError::new(code, format!("The job {} {reason}.", job.id)))
}
