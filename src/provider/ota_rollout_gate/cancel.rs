//! Stopping the rollout of a gate that was breached.

use crate::iot::operations::{CancelOtaStrategyByJob, CancelOtaTaskByJob, QueryOtaJob};
use crate::iot::{Client, Error};
use crate::plugin::Call;
use crate::provider::ending::{NotOver, until_over};
use crate::provider::patience::{self, Patience};
use crate::provider::progress::{JobProgress, LookedAt};

/// What became of the job.
#[derive(Debug)]
pub(crate) enum Stopped {
    /// Its policy has ended, and what had not begun is cancelled.
    Whole,
    /// The service has accepted all of that, and does not report the end.
    NotConfirmed(NotOver),
    /// Its policy has ended, if it had one; the updates that had not begun may still be.
    PolicyOnly(Error),
    /// It may go on as it was.
    Not(Error),
    /// It goes on as it was: the run was interrupted before it was to be stopped.
    NotBegun,
}

/// Ends the policy first, so that no further device gets what is cancelled after it. Updates that devices have begun are
/// left alone: a device that is cut off while it writes its firmware may not come back.
///
/// After a stop by core it is not begun, since the job is left alone then; once begun, it is brought to its end.
pub(super) async fn stop(client: &Client, job: &LookedAt, seen: &JobProgress, patience: &Patience) -> Stopped {
    if Call::current().stop().is_cancelled() {
        return Stopped::NotBegun;
    }
    let client = &patience.bounds(client);
    let LookedAt { job_id, iot_instance_id } = job.clone();
    if seen.is_dynamic {
        let cancel = CancelOtaStrategyByJob { job_id: job_id.clone(), iot_instance_id: iot_instance_id.clone() };
        match patience::acting(client).send(&cancel).await {
            Ok(_) => {}
            Err(error) if error.is_already_cancelled() || error.is_already_finished() => {}
            Err(error) => return Stopped::Not(error),
        }
    }
    let cancel = CancelOtaTaskByJob {
        job_id: job_id.clone(),
        iot_instance_id: iot_instance_id.clone(),
        // A static job that is scheduled has tasks too before it begins.
        cancel_scheduled_task: (!seen.is_dynamic).then_some(true),
        // Those that wait for a confirmation among them.
        cancel_queued_task: Some(true),
        cancel_notified_task: Some(true),
        ..CancelOtaTaskByJob::default()
    };
    match patience::finishing(client).send(&cancel).await {
        // A static job has no policy, and ends with the updates that devices have begun.
        Ok(_) if !seen.is_dynamic => Stopped::Whole,
        Ok(_) => match until_over(client, &QueryOtaJob { job_id, iot_instance_id }, patience).await {
            Ok(()) => Stopped::Whole,
            Err(not_over) => Stopped::NotConfirmed(not_over),
        },
        Err(error) if seen.is_dynamic => Stopped::PolicyOnly(error),
        Err(error) => Stopped::Not(error),
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio_util::sync::CancellationToken;

    use super::*;
    use crate::iot::{ClientOptions, Credentials, Endpoint};
    use crate::provider::progress::TaskCounts;

    #[tokio::test]
    async fn after_a_stop_it_is_not_begun() {
        let credentials = Credentials::new("id".to_owned(), "secret".to_owned().into(), None);
        // A port that is reserved, so that nobody listens there.
        let nobody = Endpoint::parse("http://127.0.0.1:1").unwrap();
        let options = ClientOptions::new("cn-shanghai".to_owned(), nobody, credentials, "test".to_owned());
        let client = Client::new(options).unwrap();
        let job = LookedAt { job_id: "job".to_owned(), iot_instance_id: None };
        let seen =
            JobProgress { job_status: "IN_PROGRESS".to_owned(), is_dynamic: true, counts: TaskCounts::default() };
        let token = CancellationToken::new();
        token.cancel();
        let patience = Patience::of(Duration::from_secs(1));
        let stopped = Call::stopped_by(token).serve(stop(&client, &job, &seen, &patience)).await;
        assert!(matches!(stopped, Stopped::NotBegun), "{stopped:?}");
    }
}
