//! Callers stop jobs and tasks, and let tasks go on.

use crate::clock::{Millis, millis};
use crate::store::{JobKind, JobNumber, JobStatus, JobUpdate, Reason, Store, TaskNumber, TaskStatus};

impl Store {
    /// Ends the policy of a dynamic job, or a scheduled job before its time. Tasks that exist go on.
    pub(crate) fn cancel_job(&mut self, job: JobNumber, at: Millis) {
        self.policies.retain(|policy| *policy != job);
        self.jobs.row_mut(job).set_status(JobStatus::Canceled, at);
    }

    /// Changes a running job. A timeout counts for tasks to come only.
    pub(crate) fn update_job(&mut self, job: JobNumber, update: JobUpdate, now: time::OffsetDateTime) {
        let old_rate = self.jobs.row(job).rate().unwrap_or_default();
        self.jobs.row_mut(job).update(update, now);
        let versions = self.jobs.row(job).policy().map(|policy| policy.src_versions.clone()).unwrap_or_default();
        if matches!(self.jobs.row(job).kind, JobKind::Dynamic { .. }) && !versions.is_empty() {
            let sources = versions.iter().map(|version| self.devices.version_number(version)).collect();
            self.jobs.row_mut(job).progress.target.sources = sources;
        }
        if self.jobs.row(job).rate() != Some(old_rate) {
            self.rate_changed(job, old_rate, millis(now));
        }
    }

    /// Cancels the tasks of a job that are in these states.
    pub(crate) fn cancel_tasks(&mut self, job: JobNumber, statuses: &[TaskStatus], at: Millis) {
        let is_hit = |task: &TaskNumber| statuses.contains(&self.tasks.row(*task).status);
        let hit: Vec<TaskNumber> = self.jobs.row(job).progress.tasks.iter().copied().filter(is_hit).collect();
        for task in hit {
            self.set_status(task, TaskStatus::Canceled, Reason::CanceledByJob, at);
        }
    }

    /// Cancels one task on behalf of its device.
    pub(crate) fn cancel_task(&mut self, task: TaskNumber, at: Millis) {
        self.set_status(task, TaskStatus::Canceled, Reason::CanceledByDevice, at);
    }

    /// The time of a scheduled job is over: devices that have not begun do not begin any more.
    pub(super) fn scheduled_job_closes(&mut self, job: JobNumber, at: Millis) {
        let pending = [TaskStatus::Confirm, TaskStatus::Queued, TaskStatus::Notified];
        let is_hit = |task: &TaskNumber| pending.contains(&self.tasks.row(*task).status);
        let hit: Vec<TaskNumber> = self.jobs.row(job).progress.tasks.iter().copied().filter(is_hit).collect();
        for task in hit {
            self.set_status(task, TaskStatus::Canceled, Reason::Closed, at);
        }
    }

    /// A caller has confirmed the task.
    pub(crate) fn confirm_task(&mut self, task: TaskNumber, at: Millis) {
        self.set_status(task, TaskStatus::Queued, Reason::None, at);
        self.offer(task, at);
    }

    /// Runs a failed or cancelled task again, with all its tries. A job that was over runs again.
    pub(crate) fn run_again(&mut self, task: TaskNumber, at: Millis) {
        let job = self.tasks.row(task).job;
        self.tasks.row_mut(task).tries = 0;
        if self.jobs.row(job).status == JobStatus::Completed {
            self.jobs.row_mut(job).set_status(JobStatus::InProgress, at);
        }
        self.confirm_task(task, at);
    }

    /// Whether the task's device could run the task again: it is not busy, and does not have the version.
    pub(crate) fn can_run_again(&self, task: TaskNumber) -> bool {
        let record = self.tasks.row(task);
        let target = &self.jobs.row(record.job).progress.target;
        let has_it = self.devices.version(record.device, &target.module_name) == Some(target.version);
        !has_it && self.conflicting_tasks(record.job, record.device).is_empty()
    }
}
