//! A job as lists show it.

use super::spelling;
use super::tag::Tag;
use crate::iot::{Node, Unreadable};

/// A job as a list shows it: retry, timeout, rate and modes need [`QueryOtaJob`](super::QueryOtaJob). What the answer
/// leaves out is none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct JobSummary {
    /// The id of the job.
    pub job_id: Option<String>,
    /// The update package.
    pub firmware_id: Option<String>,
    /// The product.
    pub product_key: Option<String>,
    /// `PLANNED`, `IN_PROGRESS`, `COMPLETED` or `CANCELED`.
    pub job_status: Option<String>,
    /// `UPGRADE_FIRMWARE` or `VERIFY_FIRMWARE`.
    pub job_type: Option<String>,
    /// `DYNAMIC` or `STATIC`.
    pub selection_type: Option<String>,
    /// `ALL` (always for a dynamic job), `SPECIFIC` or `GRAY`.
    pub target_selection: Option<String>,
    /// The tags that devices get.
    pub tags: Option<Vec<Tag>>,
    /// When the job was created. All times are in UTC, such as `2019-12-28T02:43:10.000Z`.
    pub utc_create: Option<String>,
    /// When the job was last changed.
    pub utc_modified: Option<String>,
    /// When the job began.
    pub utc_start_time: Option<String>,
    /// When the job ended.
    pub utc_end_time: Option<String>,
}

impl JobSummary {
    pub(super) fn read(job: &Node) -> Result<Self, Unreadable> {
        Ok(Self {
            job_id: job.text("JobId")?,
            firmware_id: job.text("FirmwareId")?,
            product_key: job.text("ProductKey")?,
            job_status: job.text("JobStatus")?.map(spelling::job_status),
            job_type: job.text("JobType")?.map(spelling::job_type),
            selection_type: job.text("SelectionType")?,
            target_selection: job.text("TargetSelection")?,
            tags: Tag::read_all(job)?,
            utc_create: job.text("UtcCreate")?,
            utc_modified: job.text("UtcModified")?,
            utc_start_time: job.text("UtcStartTime")?,
            utc_end_time: job.text("UtcEndTime")?,
        })
    }
}
