//! Waiting, until there is a verdict.

use std::time::{Duration, Instant};

use super::conditions::{Breach, Conditions, Verdict};
use crate::iot::{Client, Error};
use crate::plugin::Call;
use crate::provider::progress::{JobProgress, LookedAt};

/// How long a job that was just created may be unknown to the service.
const UNTIL_VISIBLE: Duration = Duration::from_secs(30);
/// Between looks once the time box has ended and the last one failed.
const WHEN_OVERDUE: Duration = Duration::from_secs(1);

/// How long one look may take, whose calls are repeated meanwhile: a failed one is said, and the next one follows. The looks
/// of all gates share one quota, so that with 64 of them each takes 47 seconds; none must begin again before it is through.
const LONGEST_LOOK: Duration = Duration::from_mins(5);
/// What the last one gets when the time is over.
const SHORTEST_LOOK: Duration = Duration::from_secs(1);

/// How a wait goes about it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pace {
    /// When there has to be a verdict.
    pub(super) time_box: Duration,
    /// Between two looks.
    pub(super) poll_interval: Duration,
    /// When it is given up, since the service does not answer.
    pub(super) limit: Duration,
}

/// How a wait ends.
#[derive(Debug)]
pub(super) enum End {
    Passed(JobProgress),
    Breached(Breach, JobProgress),
    /// Core asked to stop. With what was seen last.
    Interrupted(Option<JobProgress>),
    /// The service could not be asked, or refused to answer.
    Undecided(Error),
    /// There is no such job.
    NoSuchJob,
}

/// A wait that is under way.
pub(super) struct Wait<'a> {
    client: &'a Client,
    job: &'a LookedAt,
    conditions: Conditions,
    pace: Pace,
    started: Instant,
    last_seen: Option<JobProgress>,
}

impl<'a> Wait<'a> {
    pub(super) fn new(client: &'a Client, job: &'a LookedAt, conditions: Conditions, pace: Pace) -> Self {
        Self { client, job, conditions, pace, started: Instant::now(), last_seen: None }
    }

    /// How long it has taken so far.
    pub(super) fn elapsed(&self) -> Duration {
        self.started.elapsed()
    }

    /// Looks until there is a verdict; for the last time when the time box has ended.
    pub(super) async fn until_decided(&mut self) -> End {
        let call = Call::current();
        loop {
            let is_last = self.elapsed() >= self.pace.time_box;
            let looked = self.job.progress(&self.client.until(Instant::now() + self.for_this_look())).await;
            if call.stop().is_cancelled() {
                return End::Interrupted(self.last_seen.take());
            }
            if let Some(end) = self.end(looked, is_last) {
                return end;
            }
            if !call.pause(self.until_next_look(is_last)).await {
                return End::Interrupted(self.last_seen.take());
            }
        }
    }

    fn end(&mut self, looked: Result<Option<JobProgress>, Error>, is_last: bool) -> Option<End> {
        match looked {
            Ok(Some(seen)) => match self.conditions.judge(&seen, is_last) {
                Verdict::Passed => Some(End::Passed(seen)),
                Verdict::Breached(breach) => Some(End::Breached(breach, seen)),
                Verdict::Open => {
                    self.report(&seen);
                    self.last_seen = Some(seen);
                    None
                }
            },
            Ok(None) => {
                let may_become_visible = self.last_seen.is_none() && self.elapsed() < UNTIL_VISIBLE && !is_last;
                (!may_become_visible).then_some(End::NoSuchJob)
            }
            Err(error) if error.is_safe_to_repeat() && self.elapsed() < self.pace.limit => {
                tracing::warn!(job_id = self.job.job_id, reason = %error, "the job could not be looked at, and will be again");
                None
            }
            Err(error) => Some(End::Undecided(error)),
        }
    }

    fn for_this_look(&self) -> Duration {
        self.pace.limit.saturating_sub(self.elapsed()).clamp(SHORTEST_LOOK, LONGEST_LOOK)
    }

    fn until_next_look(&self, was_last: bool) -> Duration {
        let left = self.pace.time_box.saturating_sub(self.elapsed());
        if was_last { WHEN_OVERDUE } else { self.pace.poll_interval.min(left) }
    }

    fn report(&self, seen: &JobProgress) {
        let counts = &seen.counts;
        tracing::info!(
            job_id = self.job.job_id,
            job_status = seen.job_status,
            finished = counts.finished(),
            minimum_finished = self.conditions.minimum_finished,
            succeeded = counts.succeeded,
            failed = counts.failed,
            tasks = counts.to_line(),
            waited_s = self.elapsed().as_secs(),
            time_box_s = self.pace.time_box.as_secs(),
            "the gate waits"
        );
    }
}
