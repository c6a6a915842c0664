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
    patient::<O, T>(answer, FOR_CHANGES).await
}

/// Waits for the answer to an operation that only looks.
pub(super) async fn for_look<O: Operation, T>(answer: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
    patient::<O, T>(answer, FOR_LOOKS).await
}

async fn patient<O: Operation, T>(
    answer: impl Future<Output = Result<T, Error>>,
    patience: Duration,
) -> Result<T, Error> {
    let call = Call::current();
    let enough = async {
        call.stop().cancelled().await;
        tokio::time::sleep(patience).await;
    };
    tokio::select! {
        answer = answer => answer,
        () = enough => Err(Error::given_up(O::ACTION, patience)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::iot::FailureKind;
    use crate::iot::operations::QueryOtaJob;

    /// A call that `stopped` ends after `after`, waiting for an answer that takes `takes`.
    async fn waited(stopped: bool, takes: Duration) -> Result<(), Error> {
        let stop = tokio_util::sync::CancellationToken::new();
        if stopped {
            stop.cancel();
        }
        let answer = async {
            tokio::time::sleep(takes).await;
            Ok(())
        };
        Call::stopped_by(stop).serve(for_look::<QueryOtaJob, _>(answer)).await
    }

    #[tokio::test(start_paused = true)]
    async fn only_a_stop_makes_it_impatient() {
        waited(false, FOR_LOOKS * 1000).await.unwrap();
        waited(true, FOR_LOOKS / 2).await.unwrap();
        let error = waited(true, FOR_LOOKS * 2).await.unwrap_err();
        assert_eq!(error.kind(), FailureKind::OutcomeUnknown);
        assert_eq!(error.action(), "QueryOTAJob");
    }
}
