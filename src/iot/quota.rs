//! How many calls a second go out, so that an account's quotas are not exceeded by this program alone.
//!
//! The service counts each operation for itself. How it counts is not documented (a window of a second, or a bucket that
//! fills up), so calls are spaced evenly, which fits into either, from the first one on: a burst at the start could meet
//! what another process of the same account has left over.
//!
//! Own code rather than a crate for rate limits: callers go in the order in which they came, a caller who gives up takes
//! no call with it, and a refusal by the service holds all of them back.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::time::{Instant, sleep_until};

use super::operation::Operation;

/// Calls are spaced this much wider than the quota allows: those that were sent in different seconds may arrive in one.
const MARGIN: f64 = 1.05;
/// Timers are late by about a millisecond. A call that went out no later than this after its time does not delay the
/// next one.
const LATENESS: Duration = Duration::from_millis(5);

/// The quotas of one account in one region. A clone is cheap and shares them: give the same one to all clients of the
/// account.
#[derive(Clone, Debug)]
pub struct Quotas(Option<Arc<Mutex<Limiters>>>);

/// By action.
type Limiters = HashMap<&'static str, Arc<Limiter>>;

impl Quotas {
    /// Holds each operation to its documented quota, [`Operation::CALLS_PER_SECOND`].
    pub fn documented() -> Self {
        Self(Some(Arc::default()))
    }

    /// Holds nothing back: for a service that counts no calls.
    pub fn unlimited() -> Self {
        Self(None)
    }

    /// The limiter of an operation, the same for all who ask.
    pub(super) fn limiter<O: Operation>(&self) -> Option<Arc<Limiter>> {
        let mut limiters = self.0.as_deref()?.lock().unwrap_or_else(PoisonError::into_inner);
        let limiter = limiters.entry(O::ACTION).or_insert_with(|| Arc::new(Limiter::new(O::CALLS_PER_SECOND)));
        Some(limiter.clone())
    }
}

/// Spaces the calls of one operation.
#[derive(Debug)]
pub(super) struct Limiter {
    spacing: Duration,
    /// When the next call may go out. Whoever holds the lock is next; the lock is given in the order of asking.
    next: tokio::sync::Mutex<Instant>,
    /// Nothing goes out before.
    held_until: Mutex<Instant>,
}

impl Limiter {
    fn new(calls_per_second: u32) -> Self {
        let now = Instant::now();
        let spacing = Duration::from_secs(1).mul_f64(MARGIN) / calls_per_second.max(1);
        Self { spacing, next: tokio::sync::Mutex::new(now), held_until: Mutex::new(now) }
    }

    /// Waits until a call may go out. Dropped before, it has taken nothing.
    pub(super) async fn turn(&self) {
        let mut next = self.next.lock().await;
        let mut at = *next;
        loop {
            sleep_until(at).await;
            // It may have been put off meanwhile.
            let held_until = self.held_until();
            if held_until <= at {
                break;
            }
            at = held_until;
        }
        let earliest = Instant::now().checked_sub(LATENESS).unwrap_or(at);
        *next = at.max(earliest) + self.spacing;
    }

    /// Holds all calls back for a while: the service has refused one, as others use the same quota.
    pub(super) fn hold_back(&self, wait: Duration) {
        let mut held_until = self.held_until.lock().unwrap_or_else(PoisonError::into_inner);
        *held_until = (*held_until).max(Instant::now() + wait);
    }

    fn held_until(&self) -> Instant {
        *self.held_until.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use tokio::task::JoinSet;

    use super::*;

    /// When each of so many calls that ask at once goes out, in milliseconds from now.
    async fn calls(limiter: &Arc<Limiter>, count: usize) -> Vec<u128> {
        let start = Instant::now();
        let mut calls = JoinSet::new();
        for _ in 0..count {
            let limiter = limiter.clone();
            calls.spawn(async move {
                limiter.turn().await;
                start.elapsed().as_millis()
            });
        }
        let mut times = calls.join_all().await;
        times.sort_unstable();
        times
    }

    #[tokio::test(start_paused = true)]
    async fn no_second_has_more_calls_than_the_quota_wherever_it_begins() {
        for quota in [5, 10, 20, 50] {
            let limiter = Arc::new(Limiter::new(quota));
            let mut times = calls(&limiter, 200).await;
            // Idleness earns nothing.
            tokio::time::advance(Duration::from_secs(60)).await;
            let idle = times[199] + 60_000;
            times.extend(calls(&limiter, 50).await.into_iter().map(|time| idle + time));
            for (number, &begin) in times.iter().enumerate() {
                let within = times[number..].iter().take_while(|&&time| time < begin + 1000).count();
                assert!(within <= quota as usize, "{within} calls in the second from {begin} ms on, of {quota}");
            }
            let floor = 199 * 1000 / u128::from(quota);
            assert!(times[199] <= floor * 107 / 100, "200 calls take {} ms, and the quota {floor}", times[199]);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn who_gives_up_takes_no_call_and_a_refusal_holds_all_back() {
        let limiter = Arc::new(Limiter::new(10));
        limiter.turn().await;
        for _ in 0..5 {
            let impatient = tokio::time::timeout(Duration::from_millis(1), limiter.turn()).await;
            assert!(impatient.is_err());
        }
        assert!(calls(&limiter, 1).await[0] <= 110);
        let waiting = tokio::spawn({
            let limiter = limiter.clone();
            async move { calls(&limiter, 2).await }
        });
        tokio::task::yield_now().await;
        limiter.hold_back(Duration::from_secs(3));
        limiter.hold_back(Duration::from_secs(1));
        let times = waiting.await.unwrap();
        assert!(times[0] >= 3000 && times[1] >= 3100, "{times:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn operations_have_limiters_of_their_own_and_clones_share_them() {
        use crate::iot::operations::{CancelOtaTaskByJob, QueryOtaJob};
        let quotas = Quotas::documented();
        let limiter = quotas.limiter::<QueryOtaJob>().unwrap();
        assert!(Arc::ptr_eq(&limiter, &quotas.clone().limiter::<QueryOtaJob>().unwrap()));
        assert!(!Arc::ptr_eq(&limiter, &quotas.limiter::<CancelOtaTaskByJob>().unwrap()));
        assert!(Quotas::unlimited().limiter::<QueryOtaJob>().is_none());
    }
}
