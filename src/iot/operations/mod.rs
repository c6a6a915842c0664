//! The operations, one file each: the request, the answer, and whether it may be repeated.
//!
//! Every request has `iot_instance_id`: the ID of the instance, left out for public instances without one.

mod cancel_ota_strategy_by_job;
mod create_ota_dynamic_upgrade_job;
mod list_ota_job_by_firmware;
mod query_ota_firmware;
mod query_ota_job;

pub use cancel_ota_strategy_by_job::CancelOtaStrategyByJob;
pub use create_ota_dynamic_upgrade_job::{CreateOtaDynamicUpgradeJob, CreatedJob};
pub use list_ota_job_by_firmware::{JobPage, JobSummary, ListOtaJobByFirmware, list_all_jobs};
pub use query_ota_firmware::{Firmware, QueryOtaFirmware};
pub use query_ota_job::{Job, QueryOtaJob};

use super::answer::Node;

/// A batch tag. It is sent to devices with the update notice.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tag {
    /// 1 to 30 letters, digits and periods.
    pub key: String,
    /// 1 to 128 characters; 1 to 1024 in newer documentation.
    pub value: String,
}

/// The member `Tags` of a job.
fn tags(job: &Node) -> Option<Vec<Tag>> {
    let tags = job.list("Tags", "OtaTagDTO")?;
    let tag = |node: &Node| Some(Tag { key: node.text("Key")?, value: node.text("Value")? });
    Some(tags.into_iter().filter_map(tag).collect())
}

/// `COMPLETED`, which some documents spell `COMPLETE`, in one spelling.
fn job_status(job: &Node) -> Option<String> {
    let status = job.text("JobStatus")?;
    Some(if status == "COMPLETE" { "COMPLETED".to_owned() } else { status })
}

/// `VERIFY_FIRMWARE`, which some documents spell `VERFIY_FIRMWARE`, in one spelling.
fn job_type(job: &Node) -> Option<String> {
    let kind = job.text("JobType")?;
    Some(if kind == "VERFIY_FIRMWARE" { "VERIFY_FIRMWARE".to_owned() } else { kind })
}
