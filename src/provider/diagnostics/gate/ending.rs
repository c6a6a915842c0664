//! How the wait of a gate can end but well.

use tf_provider::Diagnostic;

use super::numbers::{Failures, GateContext};
use crate::iot::Error;
use crate::plugin::convert::diagnostics::diagnostic;
use crate::provider::diagnostics::job::{reason, warning_or_error};
use crate::provider::diagnostics::{at, service};
use crate::provider::ending::NotOver;
use crate::provider::ota_rollout_gate::{Breach, Conditions, Stopped};
use crate::provider::progress::{JobProgress, TaskCounts};

const WAITS_AGAIN: &str = "Nothing of the gate is stored, so the next apply waits again.";

/// The gate did not open. `stopped` is what became of the job, if it was to be stopped.
pub(crate) fn breached(
    gate: &GateContext<'_>,
    breach: Breach,
    seen: &JobProgress,
    stopped: Option<&Stopped>,
    failures: &Failures,
) -> Diagnostic {
    let service = match stopped {
        Some(Stopped::PolicyOnly(error) | Stopped::Not(error) | Stopped::NotConfirmed(NotOver::Unread(error))) => {
            service::lines(error)
        }
        Some(Stopped::Whole | Stopped::NotConfirmed(NotOver::Reported(_)) | Stopped::NotBegun) | None => String::new(),
    };
    let summary = if breach == Breach::JobCancelled { "Job Of Gate Was Cancelled" } else { "Rollout Gate Breached" };
    warning_or_error(
        summary,
        format!(
            "{} {} {WAITS_AGAIN}{}{service}{}",
            cause(gate, breach, seen),
            consequence(breach, stopped),
            gate.lines_with(seen),
            failures.lines(seen.counts.failed)
        ),
    )
}

fn cause(gate: &GateContext<'_>, breach: Breach, seen: &JobProgress) -> String {
    let Conditions { minimum_finished, maximum_failed, .. } = gate.conditions;
    let TaskCounts { failed, .. } = seen.counts;
    let finished = seen.counts.finished();
    match breach {
        Breach::TooManyFailed if finished >= *minimum_finished => format!(
            "{failed} of {finished} finished updates failed, which is more than the {maximum_failed} % that \
             `maximum_failed_percentage` allows."
        ),
        Breach::TooManyFailed => format!(
            "{failed} updates failed already, which is more than {maximum_failed} % of the {minimum_finished} that \
             `minimum_finished` waits for, however the others end."
        ),
        Breach::TimeIsUp => format!("The time box ended before the gate could pass: {}", missing(gate, seen)),
        Breach::JobCompleted => {
            format!("The job has come to its end, and the gate could not pass: {}", missing(gate, seen))
        }
        Breach::JobCancelled => "The job is cancelled, so the gate does not open, whatever the numbers are.".to_owned(),
    }
}

/// What kept the gate from passing.
fn missing(gate: &GateContext<'_>, seen: &JobProgress) -> String {
    if seen.counts == TaskCounts::default() {
        return "no device has got an update by this job at all. Check that there are devices of the product that report \
                one of the job's versions, or belong to its group."
            .to_owned();
    }
    let finished = gate.conditions.enough_finished(&seen.counts);
    let succeeded = gate.conditions.enough_succeeded(&seen.counts);
    match (finished, succeeded) {
        (false, true) => "too few devices have finished.".to_owned(),
        (false, false) => "too few devices have finished, and too few of those have succeeded.".to_owned(),
        (true, _) => "too few of the finished updates have succeeded.".to_owned(),
    }
}

fn consequence(breach: Breach, stopped: Option<&Stopped>) -> String {
    match (stopped, breach) {
        (None, Breach::JobCancelled) => {
            "Its updates that had begun by then may still be carried out. To roll out again, replace the job (`terraform \
             apply -replace=ADDRESS`)."
                .to_owned()
        }
        (None, Breach::JobCompleted) => "No further device gets the package by it.".to_owned(),
        (None, Breach::TooManyFailed | Breach::TimeIsUp) => {
            "The job was left as it is, since `on_breach` is \"fail\": further devices may get the package. Destroy the job \
             to stop it."
                .to_owned()
        }
        (Some(Stopped::Whole), _) => {
            "The job was stopped, since `on_breach` is \"cancel\": no further device gets the package, but updates that \
             devices have begun may still be carried out. A resource that manages the job finds it cancelled by the next \
             refresh, and plans to create it anew unless its `on_external_cancel` is \"keep\"."
                .to_owned()
        }
        (Some(Stopped::NotConfirmed(not_over)), _) => format!(
            "The service accepted to stop the job, since `on_breach` is \"cancel\", but its end is not certain: {} Further \
             devices may get the package. Look at the job in the console, and cancel it there if it goes on.",
            why_not_over(not_over)
        ),
        (Some(Stopped::NotBegun), _) => {
            "The run was interrupted before the job was stopped, so it was left as it is, though `on_breach` is \"cancel\": \
             further devices may get the package. The next apply stops it if the gate is breached then; destroy the job if it \
             is to stop now."
                .to_owned()
        }
        (Some(Stopped::PolicyOnly(error)), _) => format!(
            "Its policy has ended, since `on_breach` is \"cancel\", so no further device is selected. But the updates that \
             had not begun could not be cancelled, and may be carried out. {} Cancel them in the console.",
            reason(error)
        ),
        (Some(Stopped::Not(error)), _) => format!(
            "The job could not be stopped, though `on_breach` is \"cancel\", or that is not certain: further devices may get \
             the package. {} Destroy the job, or cancel it in the console.",
            reason(error)
        ),
    }
}

fn why_not_over(not_over: &NotOver) -> String {
    match not_over {
        NotOver::Reported(Some(status)) => format!("it reports the job as {status} still."),
        NotOver::Reported(None) => "it does not say what the job's status is.".to_owned(),
        NotOver::Unread(error) => format!("it could not be asked. {}", reason(error)),
    }
}

/// Core asked to stop.
pub(crate) fn interrupted(gate: &GateContext<'_>, seen: Option<&JobProgress>) -> Diagnostic {
    let lines = seen.map_or_else(|| gate.lines(), |seen| gate.lines_with(seen));
    warning_or_error(
        "Rollout Gate Interrupted",
        format!(
            "The run was interrupted while the gate waited. The job was left as it is: further devices may get the package. \
             {WAITS_AGAIN}{lines}"
        ),
    )
}

/// The service does not answer, or refuses to.
pub(crate) fn undecided(gate: &GateContext<'_>, error: &Error) -> Diagnostic {
    let (path, advice) = service::advice(error);
    diagnostic(
        "Rollout Gate Not Decided",
        format!(
            "The job could not be looked at, so nobody knows how the rollout goes. The job was left as it is, whatever \
             `on_breach` says: further devices may get the package. {} {advice} {WAITS_AGAIN}{}{}",
            reason(error),
            gate.lines(),
            service::lines(error)
        ),
        path,
    )
}

/// There is no such job.
pub(crate) fn no_such_job(gate: &GateContext<'_>) -> Diagnostic {
    diagnostic(
        "Job Of Gate Does Not Exist",
        format!(
            "The service knows no such job here. Check `job_id`, and the region and the instance. {WAITS_AGAIN}{}",
            gate.lines()
        ),
        at("job_id"),
    )
}
