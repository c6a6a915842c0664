//! What a plan finds out by asking the service. Every finding names the way past it, since a destroy plans first.

use tf_provider::Diagnostic;

use super::super::{at, labelled, service};
use super::{import_id, reason};
use crate::iot::Error;
use crate::plugin::convert::diagnostics::diagnostic;

/// The way past a finding.
const PAST: &str = "To go on without these checks, as a destroy may need to, set ALICLOUD_IOT_PREFLIGHT=off in the \
                    environment, or `preflight = \"off\"` in the provider block.";

fn finding(summary: &'static str, attribute: &'static str, what: &str) -> Diagnostic {
    // A line that begins with a blank is not wrapped.
    let gap = if what.ends_with('\n') { "" } else { " " };
    diagnostic(summary, format!("{what}{gap}Nothing was changed. {PAST}"), at(attribute))
}

/// There is no such package.
pub(crate) fn package_missing(firmware_id: &str, region: &str, iot_instance_id: Option<&str>) -> Diagnostic {
    let instance = iot_instance_id.map_or_else(|| "no instance".to_owned(), |id| format!("instance {id:?}"));
    finding(
        "Update Package Not Found",
        "firmware_id",
        &format!(
            "The service knows no update package {firmware_id:?} in region {region:?} and {instance}, so the job could not be \
             created. Check `firmware_id`, and that region and instance are those of the package."
        ),
    )
}

/// Nobody has verified the package.
pub(crate) fn package_not_verified(firmware_id: &str) -> Diagnostic {
    finding(
        "Update Package Is Not Verified",
        "firmware_id",
        &format!(
            "The update package {firmware_id:?} has not been verified, and the service refuses jobs for it. Verify it on some \
             devices first, with CreateOTAVerifyJob or in the console, then plan again."
        ),
    )
}

/// Somebody is at it.
pub(crate) fn package_being_verified(firmware_id: &str, progress: Option<i64>) -> Diagnostic {
    let progress = progress.map_or_else(String::new, |percent| format!(" ({percent} %)"));
    finding(
        "Update Package Is Being Verified",
        "firmware_id",
        &format!(
            "The update package {firmware_id:?} is being verified{progress}, and the service refuses jobs for it until that \
             has succeeded. Wait for the end of the verification, then plan again."
        ),
    )
}

/// It did not work on the devices that it was tried on.
pub(crate) fn package_failed_verification(firmware_id: &str) -> Diagnostic {
    finding(
        "Update Package Failed Verification",
        "firmware_id",
        &format!(
            "The verification of the update package {firmware_id:?} has failed, and the service refuses jobs for it. Find out \
             from the verification job's tasks why; then verify it once more, or upload a corrected package and use its ID."
        ),
    )
}

/// It updates other devices.
pub(crate) fn package_of_other_product(firmware_id: &str, own: &str, given: &str) -> Diagnostic {
    finding(
        "Update Package Belongs To Another Product",
        "product_key",
        &format!(
            "The update package {firmware_id:?} belongs to the product {own:?}, and `product_key` is {given:?}. The service \
             refuses such a job. Correct one of the two."
        ),
    )
}

/// Devices that have the version already are selected.
pub(crate) fn destination_is_source(firmware_id: &str, version: &str, index: usize) -> Diagnostic {
    finding_at_version(
        "Destination Version Is Selected",
        index,
        &format!(
            "The update package {firmware_id:?} brings version {version:?}, which `src_versions[{index}]` selects: devices \
             that have been updated would match again. Remove the entry."
        ),
    )
}

/// A package that updates one version is to update another.
pub(crate) fn differential_from_other_version(
    firmware_id: &str,
    source: &str,
    version: &str,
    index: usize,
) -> Diagnostic {
    finding_at_version(
        "Differential Package Is For Another Version",
        index,
        &format!(
            "The update package {firmware_id:?} is a differential one, which updates version {source:?} only, and \
             `src_versions[{index}]` is {version:?}. The service refuses such a job. Give {source:?} alone, or use a full \
             package."
        ),
    )
}

fn finding_at_version(summary: &'static str, index: usize, what: &str) -> Diagnostic {
    let path = at("src_versions").index(i64::try_from(index).unwrap_or(i64::MAX));
    diagnostic(summary, format!("{what} Nothing was changed. {PAST}"), path)
}

/// A job that runs for the package, and that nobody here manages.
#[derive(Debug)]
pub(crate) struct RunningJob<'a> {
    pub(crate) firmware_id: &'a str,
    pub(crate) job_id: &'a str,
    pub(crate) iot_instance_id: Option<&'a str>,
    pub(crate) utc_create: Option<&'a str>,
    /// What it was created with, as a configuration would say it.
    pub(crate) parameters: Vec<(&'static str, String)>,
}

/// Another job of this package runs.
pub(crate) fn package_has_a_running_job(job: &RunningJob<'_>) -> Diagnostic {
    let RunningJob { firmware_id, job_id, iot_instance_id, utc_create, parameters } = job;
    let mut lines = vec![("job", Some(*job_id)), ("created", *utc_create)];
    lines.extend(parameters.iter().map(|(name, value)| (*name, Some(value.as_str()))));
    let id = import_id(*iot_instance_id, job_id);
    finding(
        "Update Package Has A Running Job",
        "firmware_id",
        &format!(
            "The update package {firmware_id:?} has a running dynamic job, and the service allows one a package.\n{}\n\nIf a \
             resource has it, `terraform state list -id={id}` names it. If that is this resource itself, \
             `create_before_destroy` keeps the job running until the new one exists, which cannot be: remove that, and if an \
             earlier apply has put the job aside already (deposed), apply once without the resource. If it is another one, use another package in one of the two.\n\nIf no resource has it, as after an apply that was \
             interrupted, import it with this block, which has the resource's own name in place of NAME; or cancel it in the \
             console if it is not wanted any more.\n\n  import {{\n    to = alicloud_iot_ota_dynamic_job.NAME\n    id = \
             {id:?}\n  }}\n\n",
            labelled(&lines)
        ),
    )
}

/// The job that runs for this package is another resource's.
pub(crate) fn package_in_use(firmware_id: &str, job_id: &str) -> Diagnostic {
    finding(
        "Update Package Has A Running Job",
        "firmware_id",
        &format!(
            "Another resource of this configuration has job {job_id}, which runs for the update package {firmware_id:?}, and \
             the service allows one running dynamic job a package. Use another package here, or put what both are to do \
             into one resource."
        ),
    )
}

/// Two resources of one configuration want a job of the same package.
pub(crate) fn package_wanted_twice(firmware_id: &str) -> Diagnostic {
    finding(
        "Two Jobs For One Update Package",
        "firmware_id",
        &format!(
            "Another resource of this configuration is to create a job for the update package {firmware_id:?} too, and the \
             service allows one running dynamic job a package: the second one would be refused. Use another package in one of \
             the two, or put what both are to do into one resource."
        ),
    )
}

/// The provider block is not known yet.
pub(crate) fn preflight_without_client(arguments: &[&'static str]) -> Diagnostic {
    diagnostic(
        "Preflight Was Skipped",
        format!(
            "`{}` of the provider block is not known yet, so the service was not asked whether jobs can be created as planned. \
             What stands against them shows during the apply. Give fixed values, or apply what they depend on first with \
             `-target`, to know beforehand.",
            arguments.join("`, `")
        ),
        tf_provider::AttributePath::root(),
    )
}

/// A check that the account may not make.
pub(crate) fn preflight_not_permitted(error: &Error) -> Diagnostic {
    diagnostic(
        "Preflight Is Not Permitted",
        format!(
            "The account may not call {}, so it was not checked whether jobs can be created as planned. What stands against them \
             shows during the apply, and a job whose answer is lost cannot be found again. Grant the permission, or set \
             `preflight = \"off\"` in the provider block.\n{}",
            error.action(),
            service::lines(error)
        ),
        tf_provider::AttributePath::root(),
    )
}

/// A check that failed.
pub(crate) fn preflight_failed(error: &Error) -> Diagnostic {
    let (path, advice) = service::advice(error);
    diagnostic(
        "Preflight Failed",
        format!(
            "The service could not be asked whether the job can be created as planned. {} {advice} Nothing was changed. \
             {PAST}\n{}",
            reason(error),
            service::lines(error)
        ),
        path,
    )
}
