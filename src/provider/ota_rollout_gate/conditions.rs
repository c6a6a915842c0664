//! What decides: a function of the conditions and of what was seen of the job.

use super::model::OtaRolloutGateModel;
use super::percentage::Percentage;
use crate::plugin::convert::Number;
use crate::provider::progress::{JobProgress, TaskCounts};

/// What has to hold for the gate to pass.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Conditions {
    /// Updates that have to finish before anything is decided.
    pub(crate) minimum_finished: u64,
    /// The share of all updates that has to.
    pub(crate) minimum_finished_percentage: Option<Percentage>,
    /// The share of the finished that has to have succeeded.
    pub(crate) minimum_success: Percentage,
    /// The share of the finished that may have failed.
    pub(crate) maximum_failed: Percentage,
}

/// What a look at the job comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    Passed,
    Breached(Breach),
    /// It can still become either.
    Open,
}

/// Why a gate does not open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Breach {
    /// Too large a share of the updates failed.
    TooManyFailed,
    /// The time box ended before the gate could pass.
    TimeIsUp,
    /// The job ended before the gate could pass.
    JobCompleted,
    /// Somebody stopped the job, whatever the numbers say.
    JobCancelled,
}

impl Conditions {
    /// None if the configuration does not fit, which validation refuses.
    pub(crate) fn of(gate: &OtaRolloutGateModel) -> Option<Self> {
        let minimum_finished = gate.minimum_finished.as_ref().as_option().and_then(Number::as_integer)?;
        let success = gate.minimum_success_percentage.as_ref().as_option().and_then(Percentage::of);
        let failed = gate.maximum_failed_percentage.as_ref().as_option().and_then(Percentage::of);
        Some(Self {
            minimum_finished: u64::try_from(minimum_finished).ok()?,
            minimum_finished_percentage: gate.minimum_finished_percentage.as_ref().as_option().and_then(Percentage::of),
            // One of them is enough: what does not succeed fails.
            minimum_success: success.or_else(|| failed.map(Percentage::rest))?,
            maximum_failed: failed.or_else(|| success.map(Percentage::rest))?,
        })
    }

    /// Decides. `time_is_up` tells whether this was the last look.
    pub(crate) fn judge(&self, seen: &JobProgress, time_is_up: bool) -> Verdict {
        let counts = &seen.counts;
        if seen.is_cancelled() {
            Verdict::Breached(Breach::JobCancelled)
        } else if self.too_many_failed(counts) {
            Verdict::Breached(Breach::TooManyFailed)
        } else if self.enough_finished(counts) && self.enough_succeeded(counts) {
            Verdict::Passed
        } else if seen.is_completed() {
            Verdict::Breached(Breach::JobCompleted)
        } else if time_is_up {
            Verdict::Breached(Breach::TimeIsUp)
        } else {
            Verdict::Open
        }
    }

    /// Before the minimum has finished, whether that is certain by the time it has.
    fn too_many_failed(&self, counts: &TaskCounts) -> bool {
        self.maximum_failed.is_exceeded_by(counts.failed, counts.finished().max(self.minimum_finished))
    }

    /// Whether so many have finished that the gate may pass.
    pub(crate) fn enough_finished(&self, counts: &TaskCounts) -> bool {
        let finished = counts.finished();
        let is_share = |share: Percentage| share.is_reached_by(finished, counts.not_cancelled());
        finished >= self.minimum_finished && self.minimum_finished_percentage.is_none_or(is_share)
    }

    /// Whether so many of them have succeeded.
    pub(crate) fn enough_succeeded(&self, counts: &TaskCounts) -> bool {
        self.minimum_success.is_reached_by(counts.succeeded, counts.finished())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn percent(text: &str) -> Percentage {
        Percentage::of(&Number::from_decimal(text).unwrap()).unwrap()
    }

    /// 10 have to finish, 90 percent to succeed; 20 percent may fail.
    fn conditions() -> Conditions {
        Conditions {
            minimum_finished: 10,
            minimum_finished_percentage: None,
            minimum_success: percent("90"),
            maximum_failed: percent("20"),
        }
    }

    fn seen(succeeded: u64, failed: u64, queued: u64) -> JobProgress {
        let counts = TaskCounts { succeeded, failed, queued, ..TaskCounts::default() };
        JobProgress { job_status: "IN_PROGRESS".to_owned(), is_dynamic: true, counts }
    }

    fn ended(status: &str, succeeded: u64, failed: u64) -> JobProgress {
        JobProgress { job_status: status.to_owned(), ..seen(succeeded, failed, 0) }
    }

    #[test]
    fn passes_waits_and_breaks() {
        use Verdict::{Breached, Open, Passed};
        let up = Breached(Breach::TimeIsUp);
        let failed = Breached(Breach::TooManyFailed);
        for (succeeded, failures, early, at_the_end) in [
            (0, 0, Open, up),
            (9, 0, Open, up),
            (10, 0, Passed, Passed),
            (9, 1, Passed, Passed),
            // Enough failures to miss the aim, not enough to give up: later successes can mend it.
            (8, 2, Open, up),
            (18, 2, Passed, Passed),
            (7, 3, failed, failed),
            // Three failures are more than a fifth of ten, however the other seven end.
            (0, 2, Open, up),
            (0, 3, failed, failed),
            (11, 3, failed, failed),
            (12, 3, Open, up),
        ] {
            let seen = seen(succeeded, failures, 100);
            assert_eq!(conditions().judge(&seen, false), early, "{succeeded} and {failures}");
            assert_eq!(conditions().judge(&seen, true), at_the_end, "{succeeded} and {failures} at the end");
        }
    }

    #[test]
    fn a_share_of_all_updates_delays_the_pass_alone() {
        let conditions = Conditions { minimum_finished_percentage: Some(percent("50")), ..conditions() };
        assert_eq!(conditions.judge(&seen(10, 0, 11), false), Verdict::Open);
        assert_eq!(conditions.judge(&seen(10, 0, 10), false), Verdict::Passed);
        assert_eq!(conditions.judge(&seen(7, 3, 90), false), Verdict::Breached(Breach::TooManyFailed));
        // Cancelled updates will never finish, so they are no part of what is waited for.
        let counts = TaskCounts { succeeded: 10, canceled: 90, ..TaskCounts::default() };
        assert_eq!(conditions.judge(&JobProgress { counts, ..seen(0, 0, 0) }, false), Verdict::Passed);
    }

    #[test]
    fn a_job_that_has_ended_is_not_waited_for() {
        for is_up in [false, true] {
            let judge = |seen: JobProgress| conditions().judge(&seen, is_up);
            assert_eq!(judge(ended("COMPLETED", 9, 0)), Verdict::Breached(Breach::JobCompleted));
            assert_eq!(judge(ended("COMPLETED", 10, 0)), Verdict::Passed);
            assert_eq!(judge(ended("CANCELED", 10, 0)), Verdict::Breached(Breach::JobCancelled));
        }
    }

    proptest! {
        /// Whatever else happens, nothing passes with too few finished or too many failed.
        #[test]
        fn a_pass_is_earned(
            // Small, so that thresholds are often met exactly.
            succeeded in 0..10_u64, failed in 0..10_u64, queued in 0..9_u64, canceled in 0..9_u64,
            minimum in 1..10_i64, tenths in 0..=10_i64, failed_tenths in 0..=10_i64, is_up: bool,
        ) {
            let (success, most_failed) = (10 * tenths, 10 * failed_tenths);
            let conditions = Conditions::of(&OtaRolloutGateModel {
                minimum_finished: tf_provider::value::Value::Value(minimum.into()),
                minimum_success_percentage: tf_provider::value::Value::Value(success.into()),
                maximum_failed_percentage: tf_provider::value::Value::Value(most_failed.into()),
                ..OtaRolloutGateModel::default()
            }).unwrap();
            let mut seen = seen(succeeded, failed, queued);
            seen.counts.canceled = canceled;
            let finished = succeeded + failed;
            let may_pass = finished >= u64::try_from(minimum).unwrap()
                && succeeded * 100 >= u64::try_from(success).unwrap() * finished
                && failed * 100 <= u64::try_from(most_failed).unwrap() * finished;
            prop_assert_eq!(conditions.judge(&seen, is_up) == Verdict::Passed, may_pass);
        }
    }
}
