//! A task is offered to its device: pushed by the job's pace, or asked for by the device.

use crate::clock::Millis;
use crate::fleet::DeviceNumber;
use crate::store::events::Event;
use crate::store::{JobKind, JobNumber, Reason, Store, TaskNumber, TaskStatus};

/// Time that a device of a verification takes to begin.
const VERIFICATION_RESPONSE: Millis = 2_000;

impl Store {
    /// Plans how the queued task reaches its device. A device that is offline gets it when it comes back.
    pub(super) fn offer(&mut self, task: TaskNumber, at: Millis) {
        let (job, device, generation) = self.place_of(task);
        let Some(online_since) = self.devices.member(device).online_since() else {
            return;
        };
        if !self.jobs.row(job).settings.need_push {
            let asks = online_since.max(at) + self.devices.member(device).asks_after(self.occasion(task));
            self.events.add(asks, Event::DeviceAsks(task, generation));
        } else if online_since <= at {
            self.push_soon(task, at);
        }
    }

    fn push_soon(&mut self, task: TaskNumber, at: Millis) {
        let (job, _, generation) = self.place_of(task);
        let Some(rate) = self.jobs.row(job).rate() else {
            self.notify(task, at);
            return;
        };
        if let Some(next) = self.jobs.row_mut(job).progress.pace.put(task, generation, rate, at) {
            self.events.add(next, Event::JobPushes(job));
        }
    }

    pub(super) fn job_pushes(&mut self, job: JobNumber, at: Millis) {
        while let Some((task, generation)) = self.jobs.row_mut(job).progress.pace.take(at) {
            if !self.is_current(task, generation) {
                continue; // Cancelled in the meantime, which is no push.
            }
            self.notify(task, at);
            let rate = self.jobs.row(job).rate().unwrap_or_default();
            if let Some(next) = self.jobs.row_mut(job).progress.pace.pushed(rate, at) {
                self.events.add(next, Event::JobPushes(job));
            }
            return;
        }
    }

    /// The device knows of the task now, and begins after a while.
    fn notify(&mut self, task: TaskNumber, at: Millis) {
        self.set_status(task, TaskStatus::Notified, Reason::None, at);
        let (job, device, generation) = self.place_of(task);
        let response = match self.jobs.row(job).kind {
            JobKind::Verification { .. } => VERIFICATION_RESPONSE,
            JobKind::Static { .. } | JobKind::Dynamic { .. } => {
                self.devices.member(device).response_time(self.occasion(task))
            }
        };
        self.events.add(at + response, Event::TaskBegins(task, generation));
    }

    pub(super) fn device_asks(&mut self, task: TaskNumber, generation: u16, at: Millis) {
        if self.is_current(task, generation) {
            self.notify(task, at);
        }
    }

    /// What has been waiting for the device is pushed. A retry has a time of its own.
    pub(super) fn device_returns(&mut self, device: DeviceNumber, at: Millis) {
        let waits = |task: &TaskNumber| {
            let task = self.tasks.row(*task);
            task.status == TaskStatus::Queued
                && task.reason == Reason::None
                && self.jobs.row(task.job).settings.need_push
        };
        let waiting: Vec<TaskNumber> = self.tasks_of_device(device).filter(waits).collect();
        for task in waiting {
            self.push_soon(task, at);
        }
    }

    /// UpdateOTAJob has changed the rate.
    pub(in crate::store) fn rate_changed(&mut self, job: JobNumber, old: i64, at: Millis) {
        let rate = self.jobs.row(job).rate().unwrap_or_default();
        if let Some(next) = self.jobs.row_mut(job).progress.pace.change_rate(old, rate, at) {
            self.events.add(next, Event::JobPushes(job));
        }
    }
}
