//! `CancelOTATaskByJob`: cancels tasks of a job by their status.

use crate::iot::{Node, Operation, Parameters, Unreadable};

/// Cancels the device tasks of a static or dynamic job that have one of the chosen statuses. At most 5 calls a second and
/// account.
///
/// At least one choice has to be sent. It does not end the policy of a dynamic job: devices that match later get new
/// tasks until [`CancelOtaStrategyByJob`](super::CancelOtaStrategyByJob).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CancelOtaTaskByJob {
    /// The job.
    pub job_id: String,
    /// The instance; absent for a public instance without an id.
    pub iot_instance_id: Option<String>,
    /// Tasks of a scheduled static job that has not begun.
    pub cancel_scheduled_task: Option<bool>,
    /// Tasks in `QUEUED`, and in `CONFIRM` too unless `cancel_unconfirmed_task` is sent.
    pub cancel_queued_task: Option<bool>,
    /// Tasks in `NOTIFIED`.
    pub cancel_notified_task: Option<bool>,
    /// Tasks in `IN_PROGRESS`.
    pub cancel_in_progress_task: Option<bool>,
    /// Tasks in `CONFIRM`; newer editions. Sent at all, it takes these out of `cancel_queued_task`.
    pub cancel_unconfirmed_task: Option<bool>,
}

impl Operation for CancelOtaTaskByJob {
    const ACTION: &'static str = "CancelOTATaskByJob";
    const CALLS_PER_SECOND: u32 = 5;
    /// A task is cancelled once.
    const IS_SAFE_TO_REPEAT: bool = true;
    type Answer = ();

    fn parameters(&self, parameters: &mut Parameters) {
        parameters.text("JobId", &self.job_id);
        parameters.optional_text("IotInstanceId", self.iot_instance_id.as_deref());
        parameters.optional_boolean("CancelScheduledTask", self.cancel_scheduled_task);
        parameters.optional_boolean("CancelQueuedTask", self.cancel_queued_task);
        parameters.optional_boolean("CancelNotifiedTask", self.cancel_notified_task);
        parameters.optional_boolean("CancelInProgressTask", self.cancel_in_progress_task);
        parameters.optional_boolean("CancelUnconfirmedTask", self.cancel_unconfirmed_task);
    }

    fn parse(_: &Node) -> Result<(), Unreadable> {
        Ok(())
    }
}
