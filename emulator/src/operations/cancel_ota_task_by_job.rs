//! CancelOTATaskByJob: cancels the device tasks of a job. It does not end the policy of a dynamic job.

use super::{Call, Methods, Operation};
use crate::answer::{Object, Refusal, ServiceError};

/// The operation.
pub(super) const OPERATION: Operation =
    Operation { name: "CancelOTATaskByJob", calls_per_second: 5, methods: Methods::GetOrPost, carry_out };

const FLAGS: [&str; 5] =
    ["CancelScheduledTask", "CancelQueuedTask", "CancelNotifiedTask", "CancelInProgressTask", "CancelUnconfirmedTask"];

fn carry_out(call: &mut Call<'_>) -> Result<Object, Refusal> {
    call.parameters.required("JobId")?;
    let mut is_any_sent = false;
    for flag in FLAGS {
        is_any_sent |= call.parameters.boolean(flag)?.is_some();
    }
    if !is_any_sent {
        return Err(ServiceError::null(format!("One of {} has to be sent.", FLAGS.join(", "))).into());
    }
    call.job()?;
    Ok(Object::new())
}
