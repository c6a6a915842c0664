//! The one place where a task comes into another state, with all that follows from it.

use crate::clock::{Millis, moment};
use crate::fleet::DeviceNumber;
use crate::store::{JobKind, JobNumber, JobStatus, Reason, Store, TaskNumber, TaskStatus, VerificationStatus};

impl Store {
    pub(super) fn set_status(&mut self, task: TaskNumber, status: TaskStatus, reason: Reason, at: Millis) {
        let reached = self.task_progress(task, at);
        let record = self.tasks.row_mut(task);
        let old = record.status;
        record.progress = reached as u8; // Between 0 and 100.
        record.status = status;
        record.reason = reason;
        record.modified = at;
        record.generation = record.generation.wrapping_add(1);
        let job = record.job;
        let progress = &mut self.jobs.row_mut(job).progress;
        progress.history.before_change(at, &progress.counts);
        progress.counts.remove(old);
        progress.counts.add(status);
        if !status.is_active() {
            self.complete_if_over(job, at);
        }
    }

    /// A job with a fixed set of devices is over when all their tasks are.
    pub(super) fn complete_if_over(&mut self, job: JobNumber, at: Millis) {
        let record = self.jobs.row(job);
        if record.status != JobStatus::InProgress || record.task_counts().active() > 0 {
            return;
        }
        let all_are = |status: TaskStatus| record.task_counts().of(status) as usize == record.progress.tasks.len();
        let has_tasks = !record.progress.tasks.is_empty();
        match record.kind {
            JobKind::Dynamic { .. } => {}
            JobKind::Static { .. } if has_tasks && all_are(TaskStatus::Canceled) => {
                self.jobs.row_mut(job).set_status(JobStatus::Canceled, at);
            }
            JobKind::Static { .. } => self.jobs.row_mut(job).set_status(JobStatus::Completed, at),
            JobKind::Verification { .. } => {
                let is_verified = all_are(TaskStatus::Succeeded);
                self.end_verification(job, is_verified, at);
            }
        }
    }

    /// The end of a verification on devices that nobody simulates.
    pub(super) fn verification_ends(&mut self, job: JobNumber, at: Millis) {
        if self.jobs.row(job).status == JobStatus::InProgress {
            self.end_verification(job, true, at);
        }
    }

    fn end_verification(&mut self, job: JobNumber, is_verified: bool, at: Millis) {
        self.jobs.row_mut(job).set_status(JobStatus::Completed, at);
        let status = if is_verified { VerificationStatus::Verified } else { VerificationStatus::Failed };
        if let Some(firmware) = self.firmwares.get_mut(&self.jobs.row(job).firmware_id) {
            firmware.set_status(status, moment(at));
        }
    }

    /// Whether the task is still in the state that an event was planned for.
    pub(super) fn is_current(&self, task: TaskNumber, generation: u16) -> bool {
        self.tasks.row(task).generation == generation
    }

    pub(super) fn place_of(&self, task: TaskNumber) -> (JobNumber, DeviceNumber, u16) {
        let task = self.tasks.row(task);
        (task.job, task.device, task.generation)
    }
}
