//! What happens by itself: devices join and report, jobs start, tasks are pushed, begin and end.
//!
//! Each step is a function of the store at the moment of the event, so it makes no difference whether a day passes at
//! once or in a thousand pieces. Reading order: `start` (a job gets its tasks), `push`, `attempt` (a device updates),
//! `versions` (a device reports, and policies look at it), `stop`, and `status`, the one place that changes a task.

mod attempt;
#[cfg(test)]
mod properties;
mod push;
mod start;
mod status;
mod stop;
mod versions;

use super::Store;
use super::events::Event;
use crate::clock::Millis;

impl Store {
    /// Lets everything happen until that moment. Gives the number of events.
    pub(super) fn run_until(&mut self, now: Millis) -> usize {
        let mut count = 0;
        while let Some((at, event)) = self.events.next_due(now) {
            self.happen(at, event);
            count += 1;
        }
        count
    }

    fn happen(&mut self, at: Millis, event: Event) {
        match event {
            Event::DeviceJoins(device) => self.device_joins(device, at),
            Event::DeviceReports(device, report) => self.device_reports(device, report, at),
            Event::DeviceReturns(device) => self.device_returns(device, at),
            Event::JobStarts(job) => self.scheduled_job_starts(job, at),
            Event::JobCloses(job) => self.scheduled_job_closes(job, at),
            Event::VerificationEnds(job) => self.verification_ends(job, at),
            Event::JobPushes(job) => self.job_pushes(job, at),
            Event::TaskRetries(task, generation) => self.task_retries(task, generation, at),
            Event::DeviceAsks(task, generation) => self.device_asks(task, generation, at),
            Event::TaskBegins(task, generation) => self.task_begins(task, generation, at),
            Event::TaskEnds(task, generation) => self.task_ends(task, generation, at),
        }
    }
}
