//! CancelOTATaskByJob: cancels the device tasks of a job. It does not end the policy of a dynamic job.

use super::{Call, Methods, Operation};
use crate::answer::{Object, Refusal, ServiceError};
use crate::clock::millis;
use crate::store::{JobStatus, TaskStatus};

/// The operation.
pub(super) const OPERATION: Operation =
    Operation { name: "CancelOTATaskByJob", calls_per_second: 5, methods: Methods::GetOrPost, carry_out };

const FLAGS: [&str; 5] =
    ["CancelScheduledTask", "CancelQueuedTask", "CancelNotifiedTask", "CancelInProgressTask", "CancelUnconfirmedTask"];

fn carry_out(call: &mut Call<'_>) -> Result<Object, Refusal> {
    call.parameters.required("JobId")?;
    let [scheduled, queued, notified, in_progress, unconfirmed] = read_flags(call)?;
    let number = call.job_number()?;
    let is_on = |flag: Option<bool>| flag.unwrap_or(false);
    // Without a flag of their own, tasks that wait for confirmation go with the queued ones.
    let statuses: Vec<TaskStatus> = [
        (is_on(unconfirmed.or(queued)), TaskStatus::Confirm),
        (is_on(queued), TaskStatus::Queued),
        (is_on(notified), TaskStatus::Notified),
        (is_on(in_progress), TaskStatus::InProgress),
    ]
    .into_iter()
    .filter_map(|(is_hit, status)| is_hit.then_some(status))
    .collect();
    let now = millis(call.now);
    if is_on(scheduled) && call.store.job(number).status == JobStatus::Planned {
        call.store.cancel_job(number, now);
    }
    call.store.cancel_tasks(number, &statuses, now);
    Ok(Object::new())
}

fn read_flags(call: &Call<'_>) -> Result<[Option<bool>; 5], Refusal> {
    let mut flags = [None; 5];
    for (flag, name) in flags.iter_mut().zip(FLAGS) {
        *flag = call.parameters.boolean(name)?;
    }
    if flags.iter().all(Option::is_none) {
        return Err(ServiceError::null(format!("One of {} has to be sent.", FLAGS.join(", "))).into());
    }
    Ok(flags)
}
