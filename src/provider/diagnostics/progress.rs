//! Why a job's progress cannot be told.

use tf_provider::Diagnostic;

use super::job::reason;
use super::{at, context, service};
use crate::iot::Error;
use crate::plugin::convert::diagnostics::diagnostic;
use crate::provider::progress::LookedAt;

/// The service could not be asked, or refused to answer.
pub(crate) fn not_read(region: &str, job: &LookedAt, error: &Error) -> Diagnostic {
    let (path, advice) = service::advice(error);
    let lines = lines(region, job) + &service::lines(error);
    diagnostic("Job Progress Not Read", format!("{} {advice}{lines}", reason(error)), path)
}

/// There is no such job.
pub(crate) fn no_such_job(region: &str, job: &LookedAt) -> Diagnostic {
    diagnostic(
        "Job Does Not Exist",
        format!(
            "The service knows no such job here. Check `job_id`, and the region and the instance.{}",
            lines(region, job)
        ),
        at("job_id"),
    )
}

fn lines(region: &str, job: &LookedAt) -> String {
    context(&[("region", Some(region)), ("instance", job.iot_instance_id.as_deref()), ("job", Some(&job.job_id))])
}
