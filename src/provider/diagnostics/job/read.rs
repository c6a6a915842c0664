//! What a refresh can find.

use tf_provider::Diagnostic;

use super::super::at;
use super::{JobContext, failed, warning_or_error};
use crate::iot::Error;
use crate::plugin::convert::diagnostics::diagnostic;

/// A refresh that failed.
pub(crate) fn not_read(job: &JobContext<'_>, error: &Error) -> Diagnostic {
    failed("Dynamic Job Not Read", "The job could not be read. The state was kept as it is.", job, error)
}

/// The service does not know the job, but its package's jobs could not be listed to make sure.
pub(crate) fn absence_not_confirmed(job: &JobContext<'_>, error: &Error) -> Diagnostic {
    failed(
        "Absence Of Job Not Confirmed",
        "The service does not know this job, and the list of its package's jobs, which has to confirm that it is gone, \
         could not be read either. That is also what credentials of another account, another instance, or a deleted \
         package look like, so the state was kept. If you are sure that the job is gone, run `terraform state rm`.",
        job,
        error,
    )
}

/// The service contradicts itself about whether the job exists.
pub(crate) fn listed_but_not_found(job: &JobContext<'_>) -> Diagnostic {
    warning_or_error(
        "Job Is Listed But Not Found",
        format!(
            "The service lists this job under its package and, asked for it, does not know it. The state was kept. Run this \
             again in a moment; if it stays so, ask the service's support with the lines below.{}",
            job.lines()
        ),
    )
}

/// The service knows no such job, and has never shown it since it was created.
pub(crate) fn not_shown_yet(job: &JobContext<'_>) -> Diagnostic {
    warning_or_error(
        "Dynamic Job Is Not Shown Yet",
        format!(
            "The job was created, and the service has not shown it ever since: neither asked for it nor in its package's list. \
             That is no word that it is gone, and devices may receive the package, so the state was kept. Run this again in \
             some minutes. If it stays so, look for the job in the console; if it is not there, run `terraform state rm`.{}",
            job.lines()
        ),
    )
}

/// The job is gone.
pub(crate) fn gone(job: &JobContext<'_>) -> Diagnostic {
    warning_or_error(
        "Dynamic Job No Longer Exists",
        format!(
            "The service does not know this job any more, and its package's list confirms that. It leaves the state; the \
             next plan proposes to create it again, which restarts the rollout. Remove the resource block if that is not \
             wanted.{}",
            job.lines()
        ),
    )
}

/// The job was cancelled by a destroy that has still something to do.
pub(crate) fn destroy_not_finished(job: &JobContext<'_>) -> Diagnostic {
    warning_or_error(
        "Destroy Was Not Finished",
        format!(
            "An earlier destroy has ended the policy of this job, and failed before all was done that `on_destroy` says: no \
             further device is selected, and tasks that devices have may go on. The job stays in the state as cancelled. \
             Destroy it again to finish that; or run `terraform apply -replace=ADDRESS`, which finishes it too, and starts \
             the rollout again.{}",
            job.lines()
        ),
    )
}

/// The job was cancelled outside Terraform, and is to be created again.
pub(crate) fn cancelled_leaves_state(job: &JobContext<'_>) -> Diagnostic {
    warning_or_error(
        "Dynamic Job Was Cancelled Outside Terraform",
        format!(
            "It leaves the state; the plan proposes to create it again, which restarts the rollout. Remove the resource \
             block if that is not wanted. If the stop is to stand, set `on_external_cancel = \"keep\"` and run `terraform \
             apply -refresh=false` before any other apply.{}",
            job.lines()
        ),
    )
}

/// The job was cancelled outside Terraform, and that stands.
pub(crate) fn cancelled_stays(job: &JobContext<'_>) -> Diagnostic {
    warning_or_error(
        "Dynamic Job Was Cancelled Outside Terraform",
        format!(
            "It stays in the state as cancelled, since `on_external_cancel` is \"keep\": no further device is selected. \
             To start the rollout again, run `terraform apply -replace=ADDRESS`.{}",
            job.lines()
        ),
    )
}

/// The job was cancelled outside Terraform, and somebody has to decide.
pub(crate) fn cancelled_stops(job: &JobContext<'_>) -> Diagnostic {
    diagnostic(
        "Dynamic Job Was Cancelled Outside Terraform",
        format!(
            "`on_external_cancel` is \"error\", so nothing goes on until you decide. The state was kept. Find out who stopped \
             the job; then set `on_external_cancel` to \"keep\" so that the stop stands, or to \"recreate\" so that a new job \
             is proposed, and run `terraform apply -refresh=false`.{}",
            job.lines()
        ),
        at("on_external_cancel"),
    )
}

/// An answer about another job.
pub(crate) fn contradiction(job: &JobContext<'_>) -> Diagnostic {
    warning_or_error(
        "Answer Is About Another Job",
        format!(
            "The service answered with another job, package or product than the state holds for this job, and none of them \
             ever changes. The state was kept. Check the endpoint and the credentials.{}",
            job.lines()
        ),
    )
}
