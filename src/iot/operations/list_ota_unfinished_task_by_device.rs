//! `ListOTAUnfinishedTaskByDevice`: the tasks of a device that are not over.

use super::device::Device;
use super::task::Task;
use crate::iot::{Node, Operation, Parameters, Unreadable};

/// Asks for the tasks of a device that are not over, all at once. At most 10 calls a second and account.
///
/// One page of the documentation reads as if statuses had to be named, the others leave it open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListOtaUnfinishedTaskByDevice {
    /// The device.
    pub device: Device,
    /// The instance; absent for a public instance without an id.
    pub iot_instance_id: Option<String>,
    /// Only tasks that update this module. Absent: all.
    pub module_name: Option<String>,
    /// Only tasks of these statuses: `CONFIRM`, `QUEUED`, `NOTIFIED` or `IN_PROGRESS`. Empty: all four.
    pub task_statuses: Vec<String>,
}

impl Operation for ListOtaUnfinishedTaskByDevice {
    const ACTION: &'static str = "ListOTAUnfinishedTaskByDevice";
    const CALLS_PER_SECOND: u32 = 10;
    const IS_SAFE_TO_REPEAT: bool = true;
    type Answer = Vec<Task>;

    fn parameters(&self, parameters: &mut Parameters) {
        self.device.write(parameters);
        parameters.optional_text("IotInstanceId", self.iot_instance_id.as_deref());
        parameters.optional_text("ModuleName", self.module_name.as_deref());
        // One status has a parameter of its own, which every edition knows, and which excludes the list.
        match self.task_statuses.as_slice() {
            [one] => parameters.text("TaskStatus", one),
            several => parameters.texts("TaskStatusList", several),
        }
    }

    fn parse(answer: &Node) -> Result<Vec<Task>, Unreadable> {
        Ok(answer.objects("Data", "SimpleOTATaskInfo", Task::read)?.unwrap_or_default())
    }
}
