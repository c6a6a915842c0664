//! A device tries to update: it begins, and succeeds, fails or runs out of time.

use crate::clock::Millis;
use crate::fleet::{Attempt, Outcome};
use crate::store::events::Event;
use crate::store::{JobKind, Reason, Retry, Store, TaskNumber, TaskStatus};

const MINUTE: Millis = 60_000;
/// Time of an update in a verification, if the fixtures give the device none.
const VERIFICATION_UPDATE: Millis = 3_000;

impl Store {
    pub(super) fn task_begins(&mut self, task: TaskNumber, generation: u16, at: Millis) {
        if !self.is_current(task, generation) {
            return;
        }
        self.set_status(task, TaskStatus::InProgress, Reason::None, at);
        let ends = self.attempt(task).end.map(|(time, _)| time);
        // The timeout counts from this first report of progress.
        if let Some(time) = [ends, self.timeout(task)].into_iter().flatten().min() {
            let (.., generation) = self.place_of(task);
            self.events.add(at + time, Event::TaskEnds(task, generation));
        }
    }

    pub(super) fn task_ends(&mut self, task: TaskNumber, generation: u16, at: Millis) {
        if !self.is_current(task, generation) {
            return;
        }
        let timeout = self.timeout(task).unwrap_or(Millis::MAX);
        match self.attempt(task).end.filter(|(time, _)| *time <= timeout) {
            Some((_, Outcome::Success)) => self.task_succeeds(task, at),
            Some((_, Outcome::Failure(reason))) => self.try_fails(task, reason, at),
            // Never retried.
            None => self.set_status(task, TaskStatus::Failed, Reason::TimedOut, at),
        }
    }

    /// How the running try goes: it follows from the device, the task and the number of the try.
    fn attempt(&self, task: TaskNumber) -> Attempt {
        let (job, device, _) = self.place_of(task);
        let usual = match self.jobs.row(job).kind {
            JobKind::Verification { .. } => Some(VERIFICATION_UPDATE),
            JobKind::Static { .. } | JobKind::Dynamic { .. } => None,
        };
        self.devices.member(device).attempt(u32::from(self.tasks.row(task).failures), self.occasion(task), usual)
    }

    fn timeout(&self, task: TaskNumber) -> Option<Millis> {
        let minutes = Millis::from(self.tasks.row(task).timeout);
        (minutes > 0).then_some(minutes * MINUTE)
    }

    /// Hundredths of the way.
    pub(crate) fn task_progress(&self, task: TaskNumber, now: Millis) -> f64 {
        let record = self.tasks.row(task);
        match record.status {
            TaskStatus::Confirm | TaskStatus::Queued | TaskStatus::Notified => 0.0,
            TaskStatus::Succeeded => 100.0,
            TaskStatus::Failed | TaskStatus::Canceled => f64::from(record.progress),
            TaskStatus::InProgress => self.attempt(task).progress(now - record.modified),
        }
    }

    fn task_succeeds(&mut self, task: TaskNumber, at: Millis) {
        let (job, device, _) = self.place_of(task);
        self.set_status(task, TaskStatus::Succeeded, Reason::None, at);
        let target = &self.jobs.row(job).progress.target;
        let (module_name, version) = (target.module_name.clone(), target.version);
        self.device_has(device, &module_name, version, at);
    }

    fn try_fails(&mut self, task: TaskNumber, reason: u16, at: Millis) {
        let (job, ..) = self.place_of(task);
        let failures = self.tasks.row(task).failures.saturating_add(1);
        let retry: Option<Retry> = self.jobs.row(job).policy().and_then(|policy| policy.retry);
        let Some(retry) = retry.filter(|retry| i64::from(self.tasks.row(task).tries) < retry.count) else {
            self.set_status(task, TaskStatus::Failed, Reason::Failed(reason), at);
            self.tasks.row_mut(task).failures = failures;
            return;
        };
        self.set_status(task, TaskStatus::Queued, Reason::Retries(reason), at);
        self.tasks.row_mut(task).tries += 1;
        self.tasks.row_mut(task).failures = failures;
        let (.., generation) = self.place_of(task);
        self.events.add(at + retry.interval * MINUTE, Event::TaskRetries(task, generation));
    }

    pub(super) fn task_retries(&mut self, task: TaskNumber, generation: u16, at: Millis) {
        if self.is_current(task, generation) {
            self.offer(task, at);
        }
    }
}
