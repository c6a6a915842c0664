//! `ConfirmOTATask`: lets tasks go on that wait for a confirmation.

use crate::iot::{Node, Operation, Parameters, Unreadable};

/// Confirms tasks in `CONFIRM`; those of a scheduled job only inside its time window. By `POST` only; at most 20 calls a
/// second and account.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ConfirmOtaTask {
    /// The tasks. 1 to 10.
    pub task_ids: Vec<String>,
    /// The instance; absent for a public instance without an id.
    pub iot_instance_id: Option<String>,
}

impl Operation for ConfirmOtaTask {
    const ACTION: &'static str = "ConfirmOTATask";
    const CALLS_PER_SECOND: u32 = 20;
    /// A task that failed and waits again by the time of the second call would go on unasked.
    const IS_SAFE_TO_REPEAT: bool = false;
    type Answer = ();

    fn parameters(&self, parameters: &mut Parameters) {
        parameters.texts("TaskId", &self.task_ids);
        parameters.optional_text("IotInstanceId", self.iot_instance_id.as_deref());
    }

    fn parse(_: &Node) -> Result<(), Unreadable> {
        Ok(())
    }
}
