//! What can keep a job from being imported.

use tf_provider::Diagnostic;

use super::{JobContext, failed, warning_or_error};
use crate::iot::Error;

/// An import id of a wrong form.
pub(crate) fn invalid_import_id(given: &str) -> Diagnostic {
    warning_or_error(
        "Invalid Import ID",
        format!("The import ID is {given:?}. Give `JOB_ID`, or `IOT_INSTANCE_ID/JOB_ID` for a job of an instance."),
    )
}

/// A part of an import's identity that is no ID.
pub(crate) fn invalid_identity(attribute: &str, given: &str) -> Diagnostic {
    warning_or_error(
        "Invalid Import Identity",
        format!(
            "`{attribute}` of the identity is {given:?}, which is no ID: IDs have no `/` and no blank. Give the ID of the \
             job alone as `job_id`, and that of its instance, if it has one, as `iot_instance_id`."
        ),
    )
}

/// An import that failed.
pub(crate) fn not_imported(job: &JobContext<'_>, error: &Error) -> Diagnostic {
    failed("Dynamic Job Not Imported", "The job could not be read, so nothing was imported.", job, error)
}

/// An import of a job that does not exist.
pub(crate) fn nothing_to_import(job: &JobContext<'_>) -> Diagnostic {
    warning_or_error(
        "Dynamic Job Not Imported",
        format!("The service knows no such job. Check the job ID, the region and the instance.{}", job.lines()),
    )
}

/// An import of a job of another kind.
pub(crate) fn not_a_dynamic_job(job: &JobContext<'_>) -> Diagnostic {
    warning_or_error(
        "Not A Dynamic Job",
        format!(
            "The job exists, but it is a static or a verification job, which has no policy to manage. Nothing was imported. \
             Give the ID of a dynamic job.{}",
            job.lines()
        ),
    )
}

/// An import of a job that is over.
pub(crate) fn cancelled_not_imported(job: &JobContext<'_>) -> Diagnostic {
    warning_or_error(
        "Cancelled Job Not Imported",
        format!(
            "The job was cancelled, and no call brings it back to life. Nothing was imported. Create a new job instead, by \
             applying the resource block without importing.{}",
            job.lines()
        ),
    )
}

/// An answer that lacks what every job has.
pub(crate) fn incomplete_answer(job: &JobContext<'_>) -> Diagnostic {
    warning_or_error(
        "Answer Is Incomplete",
        format!(
            "The service described the job without its package, its product or how it selects devices. Nothing was imported. Run this again; if it stays \
             so, ask the service's support with the lines below.{}",
            job.lines()
        ),
    )
}
