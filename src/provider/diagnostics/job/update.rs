//! How changing a running job can end.

use tf_provider::Diagnostic;

use super::{JobContext, failed, reason, warning_or_error};
use crate::iot::Error;

/// The change did not come about, or that is not certain; the state is what the service reports.
pub(crate) fn not_updated(job: &JobContext<'_>, error: &Error) -> Diagnostic {
    failed(
        "Dynamic Job Not Updated",
        "The job was not changed as planned. It goes on, and the state holds what the service reports of it now, so that the \
         next plan shows what is left to do.",
        job,
        error,
    )
}

/// The same, where the service could not be asked what the job has now.
pub(crate) fn not_updated_nor_read(job: &JobContext<'_>, error: &Error) -> Diagnostic {
    failed(
        "Dynamic Job Not Updated",
        "The job was not changed as planned, or that is not certain, and it could not be read afterwards. It goes on. The \
         state was kept as it is; the next refresh shows what the job has.",
        job,
        error,
    )
}

/// The service has no such call here.
pub(crate) fn update_not_offered(job: &JobContext<'_>, error: &Error) -> Diagnostic {
    warning_or_error(
        "Update Is Not Offered Here",
        format!(
            "A running job is changed by UpdateOTAJob, and the service refuses that operation in this region, instance or \
             account. {} The job goes on as it is. Undo the change, or replace the job with `terraform apply \
             -replace=ADDRESS`, which cancels it and restarts the rollout with the new values.{}",
            reason(error),
            job.lines_with(error)
        ),
    )
}
