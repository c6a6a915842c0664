//! `ReupgradeOTATask`: runs tasks of a job again.

use crate::iot::{Node, Operation, Parameters, Unreadable};

/// Runs failed or cancelled tasks of a job again. By `POST` only; at most 20 calls a second and account.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReupgradeOtaTask {
    /// The job, which must not be cancelled.
    pub job_id: String,
    /// The instance; absent for a public instance without an id.
    pub iot_instance_id: Option<String>,
    /// Tasks of that job. 1 to 10.
    pub task_ids: Vec<String>,
}

impl Operation for ReupgradeOtaTask {
    const ACTION: &'static str = "ReupgradeOTATask";
    const CALLS_PER_SECOND: u32 = 20;
    /// A task that ran again and failed by the time of the second call would run a third time.
    const IS_SAFE_TO_REPEAT: bool = false;
    type Answer = ();

    fn parameters(&self, parameters: &mut Parameters) {
        parameters.text("JobId", &self.job_id);
        parameters.optional_text("IotInstanceId", self.iot_instance_id.as_deref());
        parameters.texts("TaskId", &self.task_ids);
    }

    fn parse(_: &Node) -> Result<(), Unreadable> {
        Ok(())
    }
}
