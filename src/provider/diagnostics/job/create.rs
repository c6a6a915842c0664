//! How creating a job can end.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use tf_provider::Diagnostic;

use super::super::{context, service};
use super::{JobContext, import_id, reason, warning_or_error};
use crate::iot::Error;
use crate::iot::operations::CreateOtaDynamicUpgradeJob;
use crate::plugin::convert::diagnostics::diagnostic;

/// How many jobs of a kind are named.
const MOST_NAMED: usize = 5;

/// How many of so many are not, if any, behind what separates them.
fn not_named(all: usize, separator: &str) -> String {
    match all.saturating_sub(MOST_NAMED) {
        0 => String::new(),
        more => format!("{separator}and {more} more"),
    }
}

/// What a create was about, and what is known of its package beside the failure.
#[derive(Debug)]
pub(crate) struct Creation<'a> {
    pub(crate) request: &'a CreateOtaDynamicUpgradeJob,
    pub(crate) region: &'a str,
    /// The job of the package that this process has cancelled before, as it does for a replacement.
    pub(crate) ended: Option<String>,
    /// Jobs that this process has cancelled before, by other packages of the product: a replacement with another package
    /// looks like that.
    pub(crate) ended_beside: BTreeMap<String, String>,
    /// The job of the package that ran when the call was made.
    pub(crate) running: Option<&'a str>,
}

impl Creation<'_> {
    fn lines(&self) -> String {
        context(&[
            ("region", Some(self.region)),
            ("instance", self.request.iot_instance_id.as_deref()),
            ("product", Some(&self.request.product_key)),
            ("firmware", Some(&self.request.firmware_id)),
        ])
    }

    /// What the package's other jobs mean for the reader.
    fn background(&self) -> String {
        let mut text = String::new();
        // Writing into a string cannot fail.
        if let Some(job) = self.running {
            let _ = write!(
                text,
                " Job {job} of this update package runs already, and the service lets one package have one running dynamic \
                 job. If it is this resource's own, `create_before_destroy` keeps it running until the new one exists, which \
                 cannot be: remove that. If another resource has it, use another package in one of the two. If it was made \
                 elsewhere, import it ({}) instead of creating one.",
                import_id(self.request.iot_instance_id.as_deref(), job)
            );
        }
        if let Some(job) = &self.ended {
            let _ = write!(
                text,
                " Job {job} was cancelled before, in this run, so nothing runs for this update package now: the rollout \
                 stands still until an apply succeeds."
            );
        } else if !self.ended_beside.is_empty() {
            let named = self.ended_beside.iter().take(MOST_NAMED);
            let named: Vec<_> = named.map(|(firmware, job)| format!("{job} of {firmware}")).collect();
            let more = not_named(self.ended_beside.len(), " ");
            let _ = write!(
                text,
                " Of other update packages of this product, jobs were cancelled before, in this run: {}{more}. If the new \
                 job was to take the place of one, nothing runs in its place until an apply succeeds.",
                named.join(", ")
            );
        }
        text
    }
}

/// The service refused to create the job, or was never reached.
pub(crate) fn not_created(creation: &Creation<'_>, error: &Error) -> Diagnostic {
    let (path, advice) = service::advice(error);
    let why = reason(error);
    diagnostic(
        "Dynamic Job Not Created",
        format!(
            "The job was not created, so no device gets the package by it. {why} {advice}{}{}{}",
            creation.background(),
            creation.lines(),
            service::lines(error)
        ),
        path,
    )
}

/// The call was made in vain, as the package's list has shown, and is not made again.
pub(crate) fn proven_absent(creation: &Creation<'_>, error: &Error, why_not_again: &str) -> Diagnostic {
    warning_or_error(
        "Dynamic Job Not Created",
        format!(
            "The answer to the request to create the job was lost. {} The package's list of jobs was read until it was certain \
             that none came about, so no device gets the package by it. {why_not_again} Apply again.{}{}{}",
            reason(error),
            creation.background(),
            creation.lines(),
            service::lines(error)
        ),
    )
}

/// What keeps a job that turned up from being taken for the one that was asked for.
#[derive(Debug)]
pub(crate) struct Stranger {
    pub(crate) job_id: String,
    pub(crate) utc_create: Option<String>,
    pub(crate) why: String,
}

/// Nobody knows whether the job was created.
pub(crate) fn create_unresolved(
    creation: &Creation<'_>,
    error: &Error,
    strangers: &[Stranger],
    not_looked: Option<&Error>,
) -> Diagnostic {
    let mut known = match (strangers, not_looked) {
        (_, Some(failure)) => {
            format!("The package's jobs could not be read to find out: {}", reason(failure))
        }
        ([], None) => "The package's list of jobs shows no new one so far, which may still change.".to_owned(),
        (_, None) => "These jobs of the package are new, and none of them is certain to be the one:".to_owned(),
    };
    for Stranger { job_id, utc_create, why } in strangers.iter().take(MOST_NAMED) {
        let when = utc_create.as_deref().unwrap_or("at an unknown time");
        // Writing into a string cannot fail.
        let _ = write!(known, "\n  job {job_id}, created {when}: {why}");
    }
    known.push_str(&not_named(strangers.len(), "\n  "));
    if !strangers.is_empty() {
        known.push('\n');
    }
    let id = import_id(creation.request.iot_instance_id.as_deref(), "JOB_ID");
    warning_or_error(
        "Job May Be Running",
        format!(
            "The request to create the job was sent, and its outcome is not known. {} Devices may receive the package already. \
             {known} Before the next apply, look at the package's jobs in the console. If one was created just now, import it \
             with its ID in place of JOB_ID; apply again only if there is none.\n\n  terraform import ADDRESS {id}{}{}",
            reason(error),
            creation.lines(),
            service::lines(error)
        ),
    )
}

/// Nothing was sent, since the package's jobs could not be listed before.
pub(crate) fn nothing_sent(creation: &Creation<'_>, error: &Error) -> Diagnostic {
    let (path, advice) = service::advice(error);
    diagnostic(
        "Dynamic Job Not Created",
        format!(
            "The package's jobs are listed before a new one is created, so that a lost answer can be told from a refusal. That \
             failed, so nothing was sent and no device gets the package. {} {advice}{}{}{}",
            reason(error),
            creation.background(),
            creation.lines(),
            service::lines(error)
        ),
        path,
    )
}

/// The run was interrupted before the job was asked for.
pub(crate) fn interrupted_before(creation: &Creation<'_>) -> Diagnostic {
    warning_or_error(
        "Dynamic Job Not Created",
        format!(
            "The run was interrupted before the job was asked for. Nothing was sent, and no device gets the package. Apply \
             again when you are ready.{}{}",
            creation.background(),
            creation.lines()
        ),
    )
}

/// The job runs, but the service has no description of it yet.
pub(crate) fn created_but_not_described(job: &JobContext<'_>) -> Diagnostic {
    warning_or_error(
        "Job Was Created But Not Read",
        format!(
            "The job was created and is in the state. The service does not show it yet, so values that it chose are \
             missing there until a refresh finds it. Run `terraform apply -refresh-only` in some minutes to fetch them.{}",
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
