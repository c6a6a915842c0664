//! Stopping the rollout of a gate that was breached.

use crate::iot::operations::{CancelOtaStrategyByJob, CancelOtaTaskByJob};
use crate::iot::{Client, Error};
use crate::provider::patience;
use crate::provider::progress::{JobProgress, LookedAt};

/// What became of the job.
#[derive(Debug)]
pub(crate) enum Stopped {
    /// Its policy has ended, and what had not begun is cancelled.
    Whole,
    /// Its policy has ended, if it had one; the updates that had not begun may still be.
    PolicyOnly(Error),
    /// It may go on as it was.
    Not(Error),
}

/// Ends the policy first, so that no further device gets what is cancelled after it. Updates that devices have begun are
/// left alone: a device that is cut off while it writes its firmware may not come back.
pub(super) async fn stop(client: &Client, job: &LookedAt, seen: &JobProgress) -> Stopped {
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
        job_id,
        iot_instance_id,
        // A static job that is scheduled has tasks too before it begins.
        cancel_scheduled_task: (!seen.is_dynamic).then_some(true),
        // Those that wait for a confirmation among them.
        cancel_queued_task: Some(true),
        cancel_notified_task: Some(true),
        ..CancelOtaTaskByJob::default()
    };
    match patience::acting(client).send(&cancel).await {
        Ok(_) => Stopped::Whole,
        Err(error) if seen.is_dynamic => Stopped::PolicyOnly(error),
        Err(error) => Stopped::Not(error),
    }
}
