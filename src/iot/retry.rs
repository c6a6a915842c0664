//! Whether a failed call is sent again, and after which wait.
//!
//! Own code rather than a crate for retries: what may be repeated depends on the failure and on the operation, each try
//! waits for its turn under a quota, and between two tries a stop has to end the call.

use std::time::Duration;

use tokio::time::Instant;

use super::error::Error;

/// How long a call without any end is repeated.
const WITHOUT_END: Duration = Duration::from_secs(600);

/// How calls are repeated.
///
/// A call is sent again if that is safe ([`Error::is_safe_to_repeat`]): always if it never arrived or if the service
/// refused it because there were too many, and after an unknown outcome only if the operation may be repeated. Before
/// each try it waits a random time between nothing and a bound that doubles from try to try ("full jitter"), so that
/// callers who failed together do not come back together. If the answer names a time to wait, that is added.
#[derive(Clone, Copy, Debug)]
pub struct RetryPolicy {
    /// The bound of the first wait.
    pub base: Duration,
    /// What the bound never exceeds.
    pub cap: Duration,
    /// How many tries in a row may find nothing of the service: no connection, or something that answers in another
    /// language. A wrong address does not get better by waiting. At least 1.
    pub tries_without_service: u32,
    /// How many tries a call has at most. At least 1.
    pub most_tries: u32,
    /// How long a call is repeated at most, counted from its beginning; [`Client::until`](super::Client::until) can end
    /// it before. None is until then, or for ten minutes where no end is set.
    pub within: Option<Duration>,
}

impl Default for RetryPolicy {
    /// Waits of up to half a second, then up to 1, 2, 4, 8, 16 and at most 20 seconds, until the call's time is over; six tries where
    /// nothing of the service is found, which takes 8 seconds on the average.
    fn default() -> Self {
        Self {
            base: Duration::from_millis(500),
            cap: Duration::from_secs(20),
            tries_without_service: 6,
            most_tries: u32::MAX,
            within: None,
        }
    }
}

impl RetryPolicy {
    /// One try, with the usual time for it.
    pub fn never() -> Self {
        Self { most_tries: 1, ..Self::default() }
    }

    /// When a call ends that began at `started`, with `deadline` as its client's.
    pub(super) fn end(&self, started: Instant, deadline: Option<Instant>) -> Instant {
        let own = self.within.map(|within| started + within);
        own.into_iter().chain(deadline).min().unwrap_or(started + WITHOUT_END)
    }
}

/// The tries of one call so far.
#[derive(Debug)]
pub(super) struct Tries {
    policy: RetryPolicy,
    /// Requests that were sent.
    made: u32,
    /// Failures, those to get keys included.
    failures: u32,
    without_service: u32,
}

impl Tries {
    pub(super) fn new(policy: RetryPolicy) -> Self {
        Self { policy, made: 0, failures: 0, without_service: 0 }
    }

    /// Counts one more request that is sent.
    pub(super) fn begin(&mut self) {
        self.made += 1;
    }

    pub(super) fn made(&self) -> u32 {
        self.made
    }

    /// How long to wait before the next try after this failure; none if there must not be another.
    pub(super) fn wait_after(&mut self, error: &Error) -> Option<Duration> {
        self.failures += 1;
        self.without_service = if error.is_from_the_service() { 0 } else { self.without_service + 1 };
        let has_tries_left =
            self.failures < self.policy.most_tries && self.without_service < self.policy.tries_without_service;
        let may_go_on = has_tries_left && error.is_safe_to_repeat();
        may_go_on.then(|| error.retry_after().unwrap_or_default() + jittered(self.bound()))
    }

    fn bound(&self) -> Duration {
        let doublings = self.failures.saturating_sub(1).min(31);
        self.policy.base.saturating_mul(1 << doublings).min(self.policy.cap)
    }
}

/// A random time up to a bound.
pub(super) fn jittered(bound: Duration) -> Duration {
    bound.mul_f64(fastrand::f64())
}
