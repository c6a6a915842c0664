//! What can happen to a job between its plan and its end: one file a kind of work.

mod create;
mod destroy;
mod import;
mod plan;
mod preflight;
mod read;
mod update;

use tf_provider::{AttributePath, Diagnostic};

use super::{context, service};
use crate::iot::Error;
use crate::plugin::convert::diagnostics::diagnostic;
pub(crate) use create::*;
pub(crate) use destroy::*;
pub(crate) use import::*;
pub(crate) use plan::*;
pub(crate) use preflight::*;
pub(crate) use read::*;
pub(crate) use update::*;

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

    /// What it is imported by.
    fn import_id(&self) -> String {
        import_id(self.iot_instance_id, self.job_id)
    }

    /// The lines about the job, then those about the failure.
    fn lines_with(&self, error: &Error) -> String {
        self.lines() + &service::lines(error)
    }
}

/// A diagnostic that no attribute is to blame for.
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

fn failed(summary: &'static str, consequence: &str, job: &JobContext<'_>, error: &Error) -> Diagnostic {
    let (path, advice) = service::advice(error);
    diagnostic(summary, format!("{consequence} {} {advice}{}", reason(error), job.lines_with(error)), path)
}

/// The service's own words, as a sentence.
pub(super) fn reason(error: &Error) -> String {
    let message = error.message().trim_end_matches(['.', ' ']);
    if message.is_empty() { "It gave no reason.".to_owned() } else { format!("Reason: {message}.") }
}

/// What a job is imported by.
fn import_id(iot_instance_id: Option<&str>, job_id: &str) -> String {
    iot_instance_id.map_or_else(|| job_id.to_owned(), |instance| format!("{instance}/{job_id}"))
}
