//! `ConfirmOTATask`: lets tasks go on that wait for a confirmation.

use crate::iot::{Node, Operation, Parameters, Unreadable};

/// Confirms tasks in `CONFIRM`; those of a scheduled job only inside its time window. By `POST` only; at most 20 calls a
/// second and account.
///
/// # Examples
///
/// Confirms what a device waits for:
///
/// ```no_run
/// use terraform_provider_alicloud_iot::iot::operations::{ConfirmOtaTask, Device, ListOtaUnfinishedTaskByDevice};
/// use terraform_provider_alicloud_iot::iot::{Client, Error};
///
/// async fn confirm(client: &Client, device: Device) -> Result<(), Error> {
///     let task_statuses = vec!["CONFIRM".to_owned()];
///     let list =
///         ListOtaUnfinishedTaskByDevice { device, iot_instance_id: None, module_name: None, task_statuses };
///     let waiting = client.send(&list).await?.data;
///     let task_ids: Vec<_> = waiting.into_iter().filter_map(|task| task.task_id).collect();
///     for task_ids in task_ids.chunks(10) {
///         client.send(&ConfirmOtaTask { task_ids: task_ids.to_vec(), iot_instance_id: None }).await?;
///     }
///     Ok(())
/// }
/// ```
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
