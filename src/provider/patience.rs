//! How long the service is still waited for once core has asked to stop.
//!
//! Core waits for every answer without limit after the first Ctrl-C, and the second one loses what was not
//! answered by then. So calls get a bounded time to come to something that can be recorded.

use std::time::Duration;

use crate::iot::{Error, Operation};
use crate::plugin::Call;

/// For calls that change something: long enough for a slow answer, which says what to record.
const FOR_CHANGES: Duration = Duration::from_secs(20);

/// For calls that only look: what they would say can be asked again.
const FOR_LOOKS: Duration = Duration::from_secs(2);

/// Waits for the answer to an operation that changes something.
pub(super) async fn for_change<O: Operation, T>(answer: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
    patiently::<O, T>(answer, FOR_CHANGES).await
}

/// Waits for the answer to an operation that only looks.
pub(super) async fn for_look<O: Operation, T>(answer: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
    patiently::<O, T>(answer, FOR_LOOKS).await
}

async fn patiently<O: Operation, T>(
    answer: impl Future<Output = Result<T, Error>>,
    patience: Duration,
) -> Result<T, Error> {
    let answer = Call::current().patiently(patience, answer).await;
    answer.unwrap_or_else(|| Err(Error::given_up(O::ACTION, patience)))
}
