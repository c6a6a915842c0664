//! Ending a job: its policy, then its tasks, then certainty.

use std::sync::Arc;

use tf_provider::Diagnostics;

use super::Private;
use super::choice::{Choice as _, OnDestroy};
use super::model::{OtaDynamicJobModel, known};
use super::reference::{JobReference, client, guard_region};
use super::registry::Registry;
use super::work::Work;
use crate::iot::operations::{CancelOtaStrategyByJob, CancelOtaTaskByJob, ListOtaTaskByJob, Page, Task};
use crate::iot::{Client, Error, FailureKind};
use crate::plugin::Call;
use crate::provider::config::Settings;
use crate::provider::diagnostics::job::{self as text, TasksLeft};
use crate::provider::ending::{NotOver, is_over, until_over};
use crate::provider::patience::{self, Patience};

/// Statuses of tasks that a device has not begun with.
const PENDING: [&str; 3] = ["CONFIRM", "QUEUED", "NOTIFIED"];
/// The status of a task that a device is at.
const IN_PROGRESS: &str = "IN_PROGRESS";

/// Ends the job as its state says. A job that is over, or gone, is a success. `ending` is what a state remembers whose job
/// was ended but for what follows: a refresh would take that for somebody else's work, and forget the rest.
pub(super) async fn destroy(
    settings: &Arc<Settings>,
    registry: &Registry,
    diagnostics: &mut Diagnostics,
    state: OtaDynamicJobModel,
    ending: &Private,
) -> Option<()> {
    guard_region(settings, diagnostics, &state)?;
    let job = JobReference::of(&state);
    let choice = state.on_destroy();
    if choice == OnDestroy::Keep {
        if !is_over(known(&state.job_status)) {
            diagnostics.warnings.push(text::kept(&job.described()));
        }
        return Some(());
    }
    let patience = Patience::of(Work::Delete.timeout(&state));
    let client = &patience.bounds(client(settings, diagnostics)?);
    let end = End { client, job: &job, patience, ending };
    if matches!(end.policy(diagnostics).await?, Policy::Gone) {
        return Some(());
    }
    end.tasks(diagnostics, choice).await?;
    end.confirmed(diagnostics).await?;
    registry.has_ended(settings, &state);
    if !Call::current().stop().is_cancelled() {
        end.say_what_is_left(diagnostics).await;
    }
    Some(())
}

struct End<'a> {
    client: &'a Client,
    job: &'a JobReference,
    patience: Patience,
    ending: &'a Private,
}

/// What there is of a policy after it was cancelled.
enum Policy {
    /// It selects no device any more, or will not from now on.
    Ended,
    /// There is no such job.
    Gone,
}

impl End<'_> {
    /// Ends the policy. A job that is over is what was wanted.
    async fn policy(&self, diagnostics: &mut Diagnostics) -> Option<Policy> {
        let JobReference { job_id, iot_instance_id, .. } = self.job;
        let cancel = CancelOtaStrategyByJob { job_id: job_id.clone(), iot_instance_id: iot_instance_id.clone() };
        let Err(error) = patience::acting(self.client).send(&cancel).await else { return Some(self.ended()) };
        if error.kind() == FailureKind::Refused || error.kind() == FailureKind::OutcomeUnknown {
            // What the look-up itself has to complain of would hide the reason.
            let mut aside = Diagnostics::default();
            match self.job.find(self.client, &mut aside).await {
                Some(None) => return Some(Policy::Gone),
                Some(Some(job)) if is_over(job.job_status.as_deref()) => return Some(self.ended()),
                // It may end yet.
                _ if error.kind() == FailureKind::OutcomeUnknown => _ = self.ended(),
                _ => {}
            }
        }
        diagnostics.errors.push(text::not_cancelled(&self.job.described(), &error));
        None
    }

    /// From now on a destroy that fails has begun.
    fn ended(&self) -> Policy {
        Call::current().keep_private(self.ending);
        Policy::Ended
    }

    /// Cancels the tasks that the choice includes.
    async fn tasks(&self, diagnostics: &mut Diagnostics, choice: OnDestroy) -> Option<()> {
        if !matches!(choice, OnDestroy::CancelPending | OnDestroy::CancelAll) {
            return Some(());
        }
        let JobReference { job_id, iot_instance_id, .. } = self.job;
        let cancel = CancelOtaTaskByJob {
            job_id: job_id.clone(),
            iot_instance_id: iot_instance_id.clone(),
            // Covers those that wait for a confirmation too; editions that have a parameter of its own know this one.
            cancel_queued_task: Some(true),
            cancel_notified_task: Some(true),
            cancel_in_progress_task: (choice == OnDestroy::CancelAll).then_some(true),
            ..CancelOtaTaskByJob::default()
        };
        let Err(error) = patience::acting(self.client).send(&cancel).await else { return Some(()) };
        // A job without tasks that could be cancelled has what was wanted.
        if error.is_already_finished() || error.is_job_not_found() {
            return Some(());
        }
        diagnostics.errors.push(text::tasks_not_cancelled(&self.job.described(), choice.name(), &error));
        None
    }

    /// Waits until the service reports the job as over.
    async fn confirmed(&self, diagnostics: &mut Diagnostics) -> Option<()> {
        let Err(not_over) = until_over(self.client, &self.job.query(), &self.patience).await else { return Some(()) };
        diagnostics.errors.push(match not_over {
            NotOver::Unread(error) => text::end_not_read(&self.job.described(), &error),
            NotOver::Reported(status) => text::end_not_confirmed(&self.job.described(), status.as_deref()),
        });
        None
    }

    /// A warning about tasks that devices still have.
    async fn say_what_is_left(&self, diagnostics: &mut Diagnostics) {
        match self.tasks_left().await {
            Ok(left) if left == TasksLeft::default() => {}
            Ok(left) => diagnostics.warnings.push(text::tasks_left(&self.job.described(), left)),
            Err(error) => diagnostics.warnings.push(text::tasks_not_counted(&self.job.described(), &error)),
        }
    }

    /// Counts by status; a job with few tasks takes one call.
    async fn tasks_left(&self) -> Result<TasksLeft, Error> {
        let first = self.tasks_of(None, ListOtaTaskByJob::LARGEST_PAGE).await?;
        let shown = i64::try_from(first.items.len()).unwrap_or(i64::MAX);
        if first.total.is_some_and(|total| total <= shown) {
            let count = |statuses: &[&str]| {
                let found = first.items.iter().filter_map(|task| task.task_status.as_deref());
                i64::try_from(found.filter(|status| statuses.contains(status)).count()).unwrap_or(i64::MAX)
            };
            return Ok(TasksLeft { pending: count(&PENDING), in_progress: count(&[IN_PROGRESS]) });
        }
        let total = async |status: &str| Ok(self.tasks_of(Some(status), 1).await?.total.unwrap_or_default());
        let mut left = TasksLeft { in_progress: total(IN_PROGRESS).await?, ..TasksLeft::default() };
        for status in PENDING {
            left.pending = left.pending.saturating_add(total(status).await?);
        }
        Ok(left)
    }

    async fn tasks_of(&self, task_status: Option<&str>, page_size: i64) -> Result<Page<Task>, Error> {
        let list = ListOtaTaskByJob {
            job_id: self.job.job_id.clone(),
            iot_instance_id: self.job.iot_instance_id.clone(),
            task_status: task_status.map(str::to_owned),
            current_page: Some(1),
            page_size: Some(page_size),
            device_names: Vec::new(),
        };
        Ok(patience::for_look::<ListOtaTaskByJob, _>(self.client.send(&list)).await?.data)
    }
}
