//! The members that describe a task.

use crate::answer::Object;
use crate::clock::{millis, moment, utc_text};
use crate::operations::Call;
use crate::store::{Reason, TaskNumber};

impl Call<'_> {
    /// Members that every list of tasks has.
    pub(super) fn task_members(&self, number: TaskNumber) -> Object {
        let task = self.store.task(number);
        let job = self.store.job(task.job);
        let devices = &self.store.devices;
        Object::new()
            .with("TaskId", devices.task_id(number))
            .with("JobId", &job.id)
            .with("FirmwareId", &job.firmware_id)
            .with("ProductKey", &job.product_key)
            .with("DeviceName", devices.name(task.device))
            .with("IotId", devices.id(task.device))
            .with("SrcVersion", devices.version_text(task.src_version))
            .with("DestVersion", self.store.job_version(job))
            .with("TaskStatus", task.status.name())
            .with("UtcCreate", utc_text(moment(task.created)))
            .with("UtcModified", utc_text(moment(task.modified)))
    }

    /// How far the task is: the members that only the list of a job has.
    pub(super) fn with_progress(&self, members: Object, number: TaskNumber) -> Object {
        let task = self.store.task(number);
        let progress = self.store.task_progress(number, millis(self.now));
        let members = members.with("TaskDesc", self.description(number)).with("Progress", format!("{progress:.2}"));
        if !self.limits.is_extended() {
            return members;
        }
        let timeout = if task.timeout == 0 { String::new() } else { task.timeout.to_string() };
        members.with("Timeout", timeout)
    }

    fn description(&self, number: TaskNumber) -> String {
        let task = self.store.task(number);
        let said = |reason| self.store.devices.failure_reason(task.device, reason);
        match task.reason {
            Reason::None => String::new(),
            Reason::Busy => "The device is pending or updating in another job.".to_owned(),
            Reason::TimedOut => format!("The update took longer than {} minutes.", task.timeout),
            Reason::Failed(reason) => said(reason).to_owned(),
            Reason::Retries(reason) => format!("Try {} failed and will be repeated: {}", task.tries, said(reason)),
            Reason::CanceledByJob => "Cancelled with CancelOTATaskByJob.".to_owned(),
            Reason::CanceledByDevice => "Cancelled with CancelOTATaskByDevice.".to_owned(),
            Reason::Replaced => "Replaced by the task of a later job.".to_owned(),
            Reason::Closed => "The scheduled time of the job was over.".to_owned(),
        }
    }
}
