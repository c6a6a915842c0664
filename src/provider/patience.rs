//! How long the service is waited for: by the timeouts of the resource, and once core has asked to stop.
//!
//! Calls that only look are given up soon after a stop: what they would say can be asked again. Calls that change
//! something are not: their answer says what to record, core waits for it, and the client ends them by its own limit.

use std::sync::OnceLock;
use std::time::Duration;

use tokio::time::Instant;

use crate::iot::{Client, Error, Operation};
use crate::plugin::Call;

/// For calls that only look: what they would say can be asked again.
const FOR_LOOKS: Duration = Duration::from_secs(2);
/// After a stop, for finding out what became of a change.
const FOR_CERTAINTY: Duration = Duration::from_secs(10);

/// Waits for the answer to an operation that only looks.
pub(super) async fn for_look<O: Operation, T>(answer: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
    let answer = Call::current().patiently(FOR_LOOKS, answer).await;
    answer.unwrap_or_else(|| Err(Error::given_up(O::ACTION, FOR_LOOKS)))
}

/// The client for calls that change something: after a stop none is sent, or sent again. What was sent is waited for.
pub(super) fn acting(client: &Client) -> Client {
    client.stopped_by(Call::current().stop().clone())
}

/// The client for what a call before has begun: it is brought to its end after a stop too, soon.
pub(super) fn finishing(client: &Client) -> Client {
    if Call::current().stop().is_cancelled() {
        client.until((Instant::now() + FOR_CERTAINTY).into_std())
    } else {
        acting(client)
    }
}

/// The time that some work may take, looks and pauses between them together.
#[derive(Debug)]
pub(super) struct Patience {
    until: Instant,
    /// When a stop was first noticed.
    stopped: OnceLock<Instant>,
}

impl Patience {
    /// From now on.
    pub(super) fn of(timeout: Duration) -> Self {
        Self { until: Instant::now() + timeout, stopped: OnceLock::new() }
    }

    /// The client whose calls end with the time.
    pub(super) fn bounds(&self, client: &Client) -> Client {
        client.until(self.until.into_std())
    }

    /// Whether there is no time left.
    pub(super) fn is_over(&self) -> bool {
        Instant::now() >= self.until
    }

    /// Pauses between two looks. False if the time is over, which ends the pause. After a stop there is only as much as it
    /// takes to become certain.
    pub(super) async fn pause(&self, time: Duration) -> bool {
        let call = Call::current();
        let enough = async {
            call.stop().cancelled().await;
            tokio::time::sleep_until(*self.stopped.get_or_init(Instant::now) + FOR_CERTAINTY).await;
        };
        tokio::select! {
            biased;
            () = enough => false,
            () = tokio::time::sleep_until(self.until) => false,
            () = tokio::time::sleep(time) => true,
        }
    }
}

/// The pauses between looks: each is twice as long as the one before, up to the longest.
#[derive(Debug)]
pub(super) struct Pauses {
    next: Duration,
}

impl Pauses {
    const FIRST: Duration = Duration::from_millis(250);
    const LONGEST: Duration = Duration::from_secs(5);

    pub(super) fn new() -> Self {
        Self { next: Self::FIRST }
    }

    pub(super) fn next(&mut self) -> Duration {
        let next = self.next;
        self.next = (next * 2).min(Self::LONGEST);
        next
    }
}

#[cfg(test)]
mod tests {
    use tokio_util::sync::CancellationToken;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn pauses_end_with_the_time() {
        let patience = Patience::of(Duration::from_secs(3));
        let second = Duration::from_secs(1);
        assert!(patience.pause(second).await && patience.pause(second).await && !patience.is_over());
        assert!(!patience.pause(2 * second).await && patience.is_over());
    }

    #[tokio::test(start_paused = true)]
    async fn a_stop_leaves_time_to_become_certain() {
        let stop = CancellationToken::new();
        stop.cancel();
        let pauses = async {
            let patience = Patience::of(Duration::from_secs(600));
            let mut pauses = 0;
            while patience.pause(Duration::from_secs(3)).await {
                pauses += 1;
            }
            (pauses, patience.is_over())
        };
        assert_eq!(Call::stopped_by(stop).serve(pauses).await, (3, false));
    }
}
