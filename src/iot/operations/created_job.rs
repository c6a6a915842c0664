//! What every operation that creates a job answers.

use crate::iot::{Node, Unreadable};

/// The job that came about.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CreatedJob {
    /// The id of the job.
    pub job_id: String,
    /// When it was created, in UTC, such as `2019-05-10T02:18:53.000Z`; empty if the answer does not say.
    pub utc_create: String,
}

impl CreatedJob {
    pub(super) fn read(answer: &Node) -> Result<Self, Unreadable> {
        let data = answer.object("Data")?.ok_or_else(|| Unreadable::missing("Data"))?;
        let job_id = data.text("JobId")?.filter(|job_id| !job_id.trim().is_empty());
        Ok(Self {
            job_id: job_id.ok_or_else(|| Unreadable::missing("JobId"))?,
            // The job exists, so a missing time must not make a failure of it.
            utc_create: data.text("UtcCreate").ok().flatten().unwrap_or_default(),
        })
    }
}
