//! How far a job has come, by the tasks of its devices.

use std::collections::BTreeMap;

use tf_provider::value::Value;

use super::ending::{CANCELED, COMPLETED};
use super::patience;
use crate::iot::operations::{ListOtaTaskByJob, QueryOtaJob, Task, count_tasks};
use crate::iot::{Client, Error};
use crate::plugin::convert::Number;

/// The status of a task that failed.
const FAILED: &str = "FAILED";

/// A job and its tasks, as seen within one look.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct JobProgress {
    /// `PLANNED`, `IN_PROGRESS`, `COMPLETED` or `CANCELED`.
    pub(crate) job_status: String,
    /// Whether it has a policy that selects devices.
    pub(crate) is_dynamic: bool,
    /// Its tasks.
    pub(crate) counts: TaskCounts,
}

impl JobProgress {
    /// Whether somebody stopped the job.
    pub(crate) fn is_cancelled(&self) -> bool {
        self.job_status == CANCELED
    }

    /// Whether the job has nothing left to do.
    pub(crate) fn is_completed(&self) -> bool {
        self.job_status == COMPLETED
    }
}

/// Tasks by their status.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct TaskCounts {
    /// Wait for a confirmation.
    pub(crate) confirm: u64,
    /// Are to be pushed.
    pub(crate) queued: u64,
    /// Were pushed.
    pub(crate) notified: u64,
    /// Are being carried out.
    pub(crate) in_progress: u64,
    /// Were cancelled, or replaced by those of another job.
    pub(crate) canceled: u64,
    /// Brought the new version.
    pub(crate) succeeded: u64,
    /// Failed, or took too long.
    pub(crate) failed: u64,
}

impl TaskCounts {
    /// Each count under the service's name of the status, in the order in which a task goes through them. Read in this
    /// order, a task that moves on meanwhile may count twice, but is not missed.
    fn by_status(&mut self) -> [(&'static str, &mut u64); 7] {
        [
            ("CONFIRM", &mut self.confirm),
            ("QUEUED", &mut self.queued),
            ("NOTIFIED", &mut self.notified),
            ("IN_PROGRESS", &mut self.in_progress),
            ("CANCELED", &mut self.canceled),
            ("SUCCEEDED", &mut self.succeeded),
            (FAILED, &mut self.failed),
        ]
    }

    /// Tasks that were carried out. A cancelled one was not, and says nothing about the package.
    pub(crate) fn finished(&self) -> u64 {
        self.succeeded.saturating_add(self.failed)
    }

    /// All tasks that can finish, or have.
    pub(crate) fn not_cancelled(&self) -> u64 {
        [self.confirm, self.queued, self.notified, self.in_progress]
            .into_iter()
            .fold(self.finished(), u64::saturating_add)
    }

    /// As an attribute.
    pub(crate) fn to_value(self) -> Value<BTreeMap<String, Value<Number>>> {
        let mut counts = self;
        let entries = counts.by_status().map(|(status, count)| (status.to_owned(), Value::Value(Number::from(*count))));
        Value::Value(entries.into())
    }

    /// As one line.
    pub(crate) fn to_line(self) -> String {
        let mut counts = self;
        counts.by_status().map(|(status, count)| format!("{status} {count}")).join(", ")
    }
}

/// How many hundredths of a percent `part` is of `whole`, cut off; none of nothing.
pub(crate) fn hundredths_of_percent(part: u64, whole: u64) -> Option<u128> {
    (u128::from(part) * 10_000).checked_div(u128::from(whole))
}

/// Which job is looked at.
#[derive(Debug, Clone)]
pub(crate) struct LookedAt {
    pub(crate) job_id: String,
    pub(crate) iot_instance_id: Option<String>,
}

impl LookedAt {
    /// Looks at the job and counts its tasks; the job first, so that those of one that has ended are final. None if the
    /// service knows no such job.
    pub(crate) async fn progress(&self, client: &Client) -> Result<Option<JobProgress>, Error> {
        let query = QueryOtaJob { job_id: self.job_id.clone(), iot_instance_id: self.iot_instance_id.clone() };
        let job = match patience::for_look::<QueryOtaJob, _>(client.send(&query)).await {
            Ok(answer) => answer.data,
            Err(error) if error.is_job_not_found() => None,
            Err(error) => return Err(error),
        };
        let Some(job) = job else { return Ok(None) };
        let mut counts = TaskCounts::default();
        for (status, count) in counts.by_status() {
            let counting = count_tasks(client, &self.job_id, self.iot_instance_id.as_deref(), status);
            *count = patience::for_look::<ListOtaTaskByJob, _>(counting).await?;
        }
        Ok(Some(JobProgress {
            job_status: job.job_status.unwrap_or_default(),
            is_dynamic: job.selection_type.as_deref() == Some("DYNAMIC"),
            counts,
        }))
    }

    /// Some of the tasks that failed.
    pub(crate) async fn failures(&self, client: &Client, most: i64) -> Result<Vec<Task>, Error> {
        let list = ListOtaTaskByJob {
            job_id: self.job_id.clone(),
            iot_instance_id: self.iot_instance_id.clone(),
            task_status: Some(FAILED.to_owned()),
            current_page: Some(1),
            page_size: Some(most),
            device_names: Vec::new(),
        };
        Ok(patience::for_look::<ListOtaTaskByJob, _>(client.send(&list)).await?.data.items)
    }
}
