//! The update of one device, as lists of tasks show it.

use crate::iot::{Node, Unreadable};

/// The update of one device by one job. What the answer leaves out, or gives as null, is none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Task {
    /// The id of the task.
    pub task_id: Option<String>,
    /// The job that it belongs to.
    pub job_id: Option<String>,
    /// The update package.
    pub firmware_id: Option<String>,
    /// The module that is updated; `ListOTAUnfinishedTaskByDevice` alone tells it.
    pub module_name: Option<String>,
    /// The product of the device.
    pub product_key: Option<String>,
    /// The name of that product.
    pub product_name: Option<String>,
    /// The name of the device, unique in its product.
    pub device_name: Option<String>,
    /// The id of the device.
    pub iot_id: Option<String>,
    /// The version before the update.
    pub src_version: Option<String>,
    /// The version after it.
    pub dest_version: Option<String>,
    /// `CONFIRM` (waits for a confirmation), `QUEUED` (to be pushed), `NOTIFIED` (pushed), `IN_PROGRESS`, `SUCCEEDED`,
    /// `FAILED` or `CANCELED`.
    pub task_status: Option<String>,
    /// Why it failed, ran out of time or was cancelled; may be empty.
    pub task_desc: Option<String>,
    /// Percent as a decimal text, `0.00` to `100.00`.
    pub progress: Option<String>,
    /// Minutes until it counts as failed, as text; empty if there is no limit. Newer editions.
    pub timeout: Option<String>,
    /// When the task was created. Times are in UTC, such as `2019-12-28T02:43:10.000Z`.
    pub utc_create: Option<String>,
    /// When the task was last changed.
    pub utc_modified: Option<String>,
}

impl Task {
    pub(super) fn read(task: &Node) -> Result<Self, Unreadable> {
        Ok(Self {
            task_id: task.text("TaskId")?,
            job_id: task.text("JobId")?,
            firmware_id: task.text("FirmwareId")?,
            module_name: task.text("ModuleName")?,
            product_key: task.text("ProductKey")?,
            product_name: task.text("ProductName")?,
            device_name: task.text("DeviceName")?,
            iot_id: task.text("IotId")?,
            src_version: task.text("SrcVersion")?,
            dest_version: task.text("DestVersion")?,
            task_status: task.text("TaskStatus")?,
            task_desc: task.text("TaskDesc")?,
            progress: task.text("Progress")?,
            timeout: task.text("Timeout")?,
            utc_create: task.text("UtcCreate")?,
            utc_modified: task.text("UtcModified")?,
        })
    }
}
