//! A task: the update of one device by one job. There may be millions: 48 bytes each.

use serde::{Deserialize, Serialize};

use super::JobNumber;
use crate::clock::Millis;
use crate::fleet::{DeviceNumber, VersionNumber};
use crate::table::row_number;

row_number! {
    /// A task.
    TaskNumber
}

/// State of a task.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize)]
pub(crate) enum TaskStatus {
    /// Waits for a caller's confirmation.
    Confirm,
    /// To be pushed.
    Queued,
    /// Pushed; the device has not begun.
    Notified,
    /// The device has reported progress.
    InProgress,
    Succeeded,
    Failed,
    Canceled,
}

impl TaskStatus {
    /// All states, in the order in which a task can go through them.
    pub(crate) const ALL: [Self; 7] =
        [Self::Confirm, Self::Queued, Self::Notified, Self::InProgress, Self::Succeeded, Self::Failed, Self::Canceled];

    /// The wire's `TaskStatus`.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Confirm => "CONFIRM",
            Self::Queued => "QUEUED",
            Self::Notified => "NOTIFIED",
            Self::InProgress => "IN_PROGRESS",
            Self::Succeeded => "SUCCEEDED",
            Self::Failed => "FAILED",
            Self::Canceled => "CANCELED",
        }
    }

    /// The state of that name.
    pub(crate) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.name() == name)
    }

    /// Whether the device is pending or updating.
    pub(crate) fn is_active(self) -> bool {
        matches!(self, Self::Confirm | Self::Queued | Self::Notified | Self::InProgress)
    }
}

/// Why a task is in its state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub(crate) enum Reason {
    None,
    /// The device was pending or updating in another job.
    Busy,
    TimedOut,
    /// The device said so; the number is the fleet's.
    Failed(u16),
    /// A try failed, and another one is due.
    Retries(u16),
    CanceledByJob,
    CanceledByDevice,
    /// By a later job with `OverwriteMode` 2.
    Replaced,
    /// The job's time was over.
    Closed,
}

/// A task.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct Task {
    pub(crate) created: Millis,
    /// When it came into its state.
    pub(crate) modified: Millis,
    pub(crate) device: DeviceNumber,
    pub(crate) job: JobNumber,
    /// The task that the device got before.
    pub(crate) previous: Option<TaskNumber>,
    /// Version of the module when the task was created.
    pub(crate) src_version: VersionNumber,
    /// Minutes from the first report of progress; 0: never.
    pub(crate) timeout: u16,
    /// Changes with every state, so that events of an earlier state are known to be over.
    pub(crate) generation: u16,
    pub(crate) status: TaskStatus,
    pub(crate) reason: Reason,
    /// Tries that failed since the task was run or run again: what the retry policy counts.
    pub(crate) tries: u8,
    /// All tries that failed: what a failing device counts.
    pub(crate) failures: u8,
    /// Hundredths of the way, when it came into its state.
    pub(crate) progress: u8,
}

/// How many tasks are in each state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
pub(crate) struct TaskCounts([u32; 7]);

impl TaskCounts {
    /// The number of tasks in that state.
    pub(crate) fn of(&self, status: TaskStatus) -> u32 {
        self.0.get(status as usize).copied().unwrap_or_default()
    }

    /// States that some task is in, with their numbers.
    pub(crate) fn present(&self) -> impl Iterator<Item = (TaskStatus, u32)> {
        TaskStatus::ALL.into_iter().map(|status| (status, self.of(status))).filter(|(_, count)| *count > 0)
    }

    /// The number of tasks that are not over.
    pub(crate) fn active(&self) -> u32 {
        TaskStatus::ALL.into_iter().filter(|status| status.is_active()).map(|status| self.of(status)).sum()
    }

    pub(super) fn add(&mut self, status: TaskStatus) {
        if let Some(count) = self.0.get_mut(status as usize) {
            *count += 1;
        }
    }

    pub(super) fn remove(&mut self, status: TaskStatus) {
        if let Some(count) = self.0.get_mut(status as usize) {
            *count = count.saturating_sub(1);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_task_takes_forty_eight_bytes() {
        assert_eq!(size_of::<Task>(), 48);
    }
}
