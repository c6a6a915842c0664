//! How long the service is still waited for once core has asked to stop.
//!
//! Calls that only look are given up soon: what they would say can be asked again. Calls that change something are not:
//! their answer says what to record, core waits for it, and the client ends them by its own limit.

use std::time::Duration;

use crate::iot::{Error, Operation};
use crate::plugin::Call;

/// For calls that only look: what they would say can be asked again.
const FOR_LOOKS: Duration = Duration::from_secs(2);

/// Waits for the answer to an operation that only looks.
pub(super) async fn for_look<O: Operation, T>(answer: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
    let answer = Call::current().patiently(FOR_LOOKS, answer).await;
    answer.unwrap_or_else(|| Err(Error::given_up(O::ACTION, FOR_LOOKS)))
}
