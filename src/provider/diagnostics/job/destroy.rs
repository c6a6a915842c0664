//! How ending a job can end.

use tf_provider::Diagnostic;

use super::{JobContext, failed, warning_or_error};
use crate::iot::Error;

/// Update tasks of a job that has ended, by what devices know of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct TasksLeft {
    /// `CONFIRM`, `QUEUED` and `NOTIFIED`.
    pub(crate) pending: i64,
    /// `IN_PROGRESS`.
    pub(crate) in_progress: i64,
}

/// The policy could not be ended.
pub(crate) fn not_cancelled(job: &JobContext<'_>, error: &Error) -> Diagnostic {
    failed(
        "Dynamic Job Not Cancelled",
        "The job was not cancelled, or that is not certain: further devices may receive the package. It stays in the state.",
        job,
        error,
    )
}

/// The policy is ended, the tasks that devices have are not.
pub(crate) fn tasks_not_cancelled(job: &JobContext<'_>, on_destroy: &str, error: &Error) -> Diagnostic {
    failed(
        "Tasks Not Cancelled",
        &format!(
            "No further device is selected, but `on_destroy` is \"{on_destroy}\", and the tasks that devices have were not \
             cancelled, or that is not certain. The job stays in the state, so that the next destroy tries again. If these \
             tasks may go on, set `on_destroy` to \"cancel_strategy\" and apply that first."
        ),
        job,
        error,
    )
}

/// The service took the cancellation, and did not report the end in time.
pub(crate) fn end_not_confirmed(job: &JobContext<'_>, status: Option<&str>) -> Diagnostic {
    let status = status.map_or_else(String::new, |status| format!(" and reports the job as {status}"));
    warning_or_error(
        "End Of Job Not Confirmed",
        format!(
            "The service accepted the cancellation{status}, but did not report the job as cancelled within the delete \
             timeout. Further devices may receive the package. The job stays in the state. Run this again, with a longer \
             `timeouts {{ delete }}` if it stays so.{}",
            job.lines()
        ),
    )
}

/// The same, where it could not be asked.
pub(crate) fn end_not_read(job: &JobContext<'_>, error: &Error) -> Diagnostic {
    failed(
        "End Of Job Not Confirmed",
        "The service accepted the cancellation, but could not be asked whether the job has ended. It stays in the state; \
         destroying it again is safe.",
        job,
        error,
    )
}

/// The job is left alone.
pub(crate) fn kept(job: &JobContext<'_>) -> Diagnostic {
    warning_or_error(
        "Job Goes On Outside Terraform",
        format!(
            "`on_destroy` is \"keep\", so the job left the state and still runs: devices that match receive the package. Cancel \
             it in the console when it is to end, or import it to manage it again.\n\n  terraform import ADDRESS {}{}",
            job.import_id(),
            job.lines()
        ),
    )
}

/// The job has ended, and some devices still have its tasks.
pub(crate) fn tasks_left(job: &JobContext<'_>, left: TasksLeft) -> Diagnostic {
    let TasksLeft { pending, in_progress } = left;
    warning_or_error(
        "Devices Still Have Update Tasks",
        format!(
            "The job is cancelled, and no further device is selected. {pending} tasks that no device has begun and \
             {in_progress} in progress may still be carried out. To stop those too, cancel them in the console or with \
             CancelOTATaskByJob. For the next job, set `on_destroy` to \"cancel_pending\" or \"cancel_all\" and apply that \
             before destroying it.{}",
            job.lines()
        ),
    )
}

/// The job has ended, and nobody knows whether devices still have its tasks.
pub(crate) fn tasks_not_counted(job: &JobContext<'_>, error: &Error) -> Diagnostic {
    failed(
        "Devices May Still Have Update Tasks",
        "The job is cancelled, and no further device is selected. Tasks that devices have by now may still be carried out; \
         how many there are could not be read. Look at the job's tasks in the console.",
        job,
        error,
    )
}
