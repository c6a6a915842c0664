//! What can happen to a job between its creation and its end.

use tf_provider::{AttributePath, Diagnostic};

use super::{at, context, service};
use crate::iot::Error;
use crate::iot::operations::CreateOtaDynamicUpgradeJob;
use crate::plugin::convert::diagnostics::diagnostic;

/// Which job a message is about.
pub(crate) struct JobContext<'a> {
    pub(crate) region: &'a str,
    pub(crate) job_id: &'a str,
    pub(crate) iot_instance_id: Option<&'a str>,
    pub(crate) firmware_id: Option<&'a str>,
}

impl JobContext<'_> {
    fn lines(&self) -> String {
        context(&[
            ("region", Some(self.region)),
            ("instance", self.iot_instance_id),
            ("job", Some(self.job_id)),
            ("firmware", self.firmware_id),
        ])
    }

    /// The lines about the job, then those about the failure.
    fn lines_with(&self, error: &Error) -> String {
        self.lines() + &service::lines(error)
    }
}

pub(super) fn warning_or_error(summary: &'static str, detail: String) -> Diagnostic {
    diagnostic(summary, detail, AttributePath::root())
}

/// The provider works in another region than the job is in.
pub(crate) fn other_region(configured: &str, own: &str, job_id: &str) -> Diagnostic {
    warning_or_error(
        "Job Is In Another Region",
        format!(
            "The provider's region is {configured:?}, but this job is in {own:?}. Nothing was asked or changed, since the \
             service of one region does not know the jobs of another. Set the provider's `region` back, or give this \
             resource a provider of its own for {own:?} (an alias).{}",
            context(&[("job", Some(job_id))])
        ),
    )
}

/// The service refused to create the job, or was never reached.
pub(crate) fn not_created(request: &CreateOtaDynamicUpgradeJob, region: &str, error: &Error) -> Diagnostic {
    let (path, advice) = service::advice(error);
    let why = reason(error);
    diagnostic(
        "Dynamic Job Not Created",
        format!(
            "The job was not created, so no device gets the package by it. {why} {advice} If this was a replacement, the job \
             before it has been cancelled already, and nothing is rolled out until an apply succeeds.{}",
            creation_lines(request, region, error)
        ),
        path,
    )
}

/// Nobody knows whether the job was created.
pub(crate) fn create_unresolved(request: &CreateOtaDynamicUpgradeJob, region: &str, error: &Error) -> Diagnostic {
    let id =
        request.iot_instance_id.as_ref().map_or_else(|| "JOB_ID".to_owned(), |instance| format!("{instance}/JOB_ID"));
    warning_or_error(
        "Job May Be Running",
        format!(
            "The request to create the job was sent, and its outcome is not known. Devices may receive the package already. \
             {} Before the next apply, look at the package's jobs in the console. If one was created just now, import it \
             with its ID in place of JOB_ID; apply again only if there is none.\n\n  terraform import ADDRESS {id}{}",
            reason(error),
            creation_lines(request, region, error)
        ),
    )
}

fn creation_lines(request: &CreateOtaDynamicUpgradeJob, region: &str, error: &Error) -> String {
    let about = context(&[
        ("region", Some(region)),
        ("instance", request.iot_instance_id.as_deref()),
        ("product", Some(&request.product_key)),
        ("firmware", Some(&request.firmware_id)),
    ]);
    about + &service::lines(error)
}

/// The job runs, but the service has no description of it yet.
pub(crate) fn created_but_not_described(job: &JobContext<'_>) -> Diagnostic {
    warning_or_error(
        "Job Was Created But Not Read",
        format!(
            "The job was created and is in the state. The service does not describe it yet, so values that it chose are \
             missing there until the next refresh. Run `terraform apply -refresh-only` to fetch them.{}",
            job.lines()
        ),
    )
}

/// The job runs, but its description could not be read.
pub(crate) fn created_but_not_read(job: &JobContext<'_>, error: &Error) -> Diagnostic {
    warning_or_error(
        "Job Was Created But Not Read",
        format!(
            "The job was created and is in the state. Its description could not be read afterwards, so values that the \
             service chose are missing there until the next refresh. {} Run `terraform apply -refresh-only` to fetch \
             them.{}",
            reason(error),
            job.lines_with(error)
        ),
    )
}

/// A value that the job may not have was written into the configuration of an imported job.
pub(crate) fn only_recorded(attribute: &'static str) -> Diagnostic {
    diagnostic(
        "Value Is Only Recorded",
        format!(
            "The service does not report `{attribute}` of this job, which was imported. The value is written into the state; \
             the job stays as it is, whatever it has. To be sure of the value, replace the job with `terraform apply \
             -replace=ADDRESS`, which restarts the rollout."
        ),
        at(attribute),
    )
}

/// A replacement would be created in another instance than the job that it replaces.
pub(crate) fn replaced_elsewhere(own: Option<&str>, default: Option<&str>) -> Diagnostic {
    let name =
        |instance: Option<&str>| instance.map_or_else(|| "no instance".to_owned(), |id| format!("instance {id:?}"));
    diagnostic(
        "Replacement Moves To Another Instance",
        format!(
            "This job is in {}, and its replacement would be created in {}, the provider's default by now. Set \
             `iot_instance_id` here if it is to stay where it is.",
            name(own),
            name(default)
        ),
        at("iot_instance_id"),
    )
}

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

/// The policy could not be ended.
pub(crate) fn not_cancelled(job: &JobContext<'_>, error: &Error) -> Diagnostic {
    failed(
        "Dynamic Job Not Cancelled",
        "The job was not cancelled, or that is not certain: further devices may receive the package. It stays in the state.",
        job,
        error,
    )
}

/// An import id of a wrong form.
pub(crate) fn invalid_import_id(given: &str) -> Diagnostic {
    warning_or_error(
        "Invalid Import Id",
        format!("The import ID is {given:?}. Give `JOB_ID`, or `IOT_INSTANCE_ID/JOB_ID` for a job of an instance."),
    )
}

/// A part of an import's identity that is no ID.
pub(crate) fn invalid_identity(attribute: &str, given: &str) -> Diagnostic {
    warning_or_error(
        "Invalid Import Identity",
        format!(
            "`{attribute}` of the identity is {given:?}, which is no ID. A job is named by `job_id` alone, and its \
             instance by `iot_instance_id`."
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

fn failed(summary: &'static str, consequence: &str, job: &JobContext<'_>, error: &Error) -> Diagnostic {
    let (path, advice) = service::advice(error);
    diagnostic(summary, format!("{consequence} {} {advice}{}", reason(error), job.lines_with(error)), path)
}

/// The service's own words, as a sentence.
pub(super) fn reason(error: &Error) -> String {
    let message = error.message().trim_end_matches(['.', ' ']);
    if message.is_empty() { "It gave no reason.".to_owned() } else { format!("Reason: {message}.") }
}
