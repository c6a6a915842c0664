//! When a job is at its end, and waiting for the service to say so.

use super::patience::{self, Patience, Pauses};
use crate::iot::operations::QueryOtaJob;
use crate::iot::{Client, Error};
use crate::plugin::Call;

/// The status of a job whose policy was ended.
pub(crate) const CANCELED: &str = "CANCELED";
/// The status of a job that has nothing left to do.
pub(crate) const COMPLETED: &str = "COMPLETED";

/// Whether a job of this status selects no device any more.
pub(super) fn is_over(status: Option<&str>) -> bool {
    matches!(status, Some(CANCELED | COMPLETED))
}

/// Why it is not certain that a job has ended, though the service has accepted to end it.
#[derive(Debug)]
pub(crate) enum NotOver {
    /// It reports another status still.
    Reported(Option<String>),
    /// It could not be asked.
    Unread(Error),
}

/// Waits until the service reports the job as over, or knows it no more. After a stop its word of before counts, unless it
/// says otherwise.
pub(super) async fn until_over(client: &Client, job: &QueryOtaJob, patience: &Patience) -> Result<(), NotOver> {
    let mut pauses = Pauses::new();
    loop {
        let not_over = match patience::for_look::<QueryOtaJob, _>(client.send(job)).await.map(|answer| answer.data) {
            Ok(None) => return Ok(()),
            Ok(Some(job)) if is_over(job.job_status.as_deref()) => return Ok(()),
            Ok(Some(job)) => NotOver::Reported(job.job_status),
            Err(error) if error.is_job_not_found() => return Ok(()),
            Err(_) if Call::current().stop().is_cancelled() => return Ok(()),
            Err(error) => NotOver::Unread(error),
        };
        if !patience.pause(pauses.next()).await {
            return Err(not_over);
        }
    }
}
