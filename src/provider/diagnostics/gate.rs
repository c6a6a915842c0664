//! What is wrong with a gate's configuration, and how a wait can end but well.

use std::fmt::Display;
use std::time::Duration;

use tf_provider::Diagnostic;
use tf_provider::value::Value;

use super::job::{reason, warning_or_error};
use super::validation::invalid;
use super::{at, context, labelled, service};
use crate::iot::Error;
use crate::iot::operations::Task;
use crate::plugin::convert::diagnostics::diagnostic;
use crate::provider::duration;
use crate::provider::ending::NotOver;
use crate::provider::ota_rollout_gate::{Breach, Conditions, DECIMALS, Percentage, Stopped};
use crate::provider::progress::{JobProgress, LookedAt, TaskCounts, hundredths_of_percent};

/// Characters of a device's own words that a message repeats.
const MOST_OF_REASON: usize = 160;

const WAITS_AGAIN: &str = "Nothing of the gate is stored, so the next apply waits again.";

/// An id that no job or instance has.
pub(crate) fn slash_in_id(attribute: &'static str, given: &str) -> Diagnostic {
    invalid(
        attribute,
        format!(
            "`{attribute}` is {given:?}. IDs have no `/` and no blank. Give the ID alone, as the console shows it."
        ),
    )
}

/// A gate that would pass before any device has finished.
pub(crate) fn nothing_has_to_finish(given: impl Display) -> Diagnostic {
    invalid(
        "minimum_finished",
        format!(
            "`minimum_finished` is {given}. Allowed: 1 or more; a gate that waits for no device would say nothing about \
             the rollout. Give the number of devices that you want to have seen."
        ),
    )
}

/// A number that is no percentage, or has too many digits.
pub(crate) fn no_percentage(attribute: &'static str, given: impl Display) -> Diagnostic {
    invalid(
        attribute,
        format!("`{attribute}` is {given}. Allowed: 0 to 100, with at most {DECIMALS} decimals. Give such a number."),
    )
}

/// A gate that decides by nothing.
pub(crate) fn no_condition() -> Diagnostic {
    diagnostic(
        "Gate Without Condition",
        "Neither `minimum_success_percentage` nor `maximum_failed_percentage` is set, so the gate would pass however the \
         updates end. Set one of them; the other one then is what is left of 100.",
        tf_provider::AttributePath::root(),
    )
}

/// Two percentages of which one alone decides.
pub(crate) fn success_without_effect(rest: Percentage) -> Diagnostic {
    diagnostic(
        "Minimum Success Has No Effect",
        format!(
            "`maximum_failed_percentage` breaches the gate before less than {rest} % can have succeeded, and \
             `minimum_success_percentage` is lower. Raise it, so that there is something between the two for which the gate \
             waits, or remove it."
        ),
        at("minimum_success_percentage"),
    )
}

/// A timeout that would end the wait before the time box does.
pub(crate) fn timeout_within_time_box(timeout: Duration, time_box: Duration) -> Diagnostic {
    diagnostic(
        "Invalid Create Timeout",
        format!(
            "`timeouts.create` is {}, and `time_box` {}. The timeout is for the time box and what comes after it, the last \
             look and the calls that cancel. Give a longer one, or remove it.",
            duration::shown(timeout),
            duration::shown(time_box)
        ),
        at("timeouts").attribute("create"),
    )
}

/// An import, for which there is nothing.
pub(crate) fn nothing_to_import() -> Diagnostic {
    warning_or_error(
        "Gate Cannot Be Imported",
        "A gate is nothing in the cloud: its state remembers that the job once passed it. Remove the import, and apply: \
         the gate looks at the job, and passes at once if the conditions hold."
            .to_owned(),
    )
}

/// The provider works in another region than the gate's job is in.
pub(crate) fn other_region(configured: &str, own: &str, job_id: &Value<String>) -> Diagnostic {
    warning_or_error(
        "Gate Is For A Job In Another Region",
        format!(
            "The provider's region is {configured:?}, but the job of this gate is in {own:?}. Set the provider's `region` \
             back, or give this resource a provider of its own for {own:?} (an alias). If the gate is to be for a job in \
             {configured:?}, run `terraform state rm` for it first: that does nothing to the job.{}",
            context(&[("job", job_id.as_ref().as_option().map(String::as_str))])
        ),
    )
}

/// Which gate a message is about.
pub(crate) struct GateContext<'a> {
    pub(crate) region: &'a str,
    pub(crate) job: &'a LookedAt,
    pub(crate) conditions: &'a Conditions,
    pub(crate) waited: Duration,
}

impl GateContext<'_> {
    fn lines(&self) -> String {
        context(&[
            ("region", Some(self.region)),
            ("instance", self.job.iot_instance_id.as_deref()),
            ("job", Some(&self.job.job_id)),
            ("waited", Some(&self.waited())),
        ])
    }

    /// The same with what was seen of the job.
    fn lines_with(&self, seen: &JobProgress) -> String {
        let Conditions { minimum_finished, minimum_success, maximum_failed, .. } = self.conditions;
        let counts = &seen.counts;
        let finished = counts.finished();
        let share = |part: u64| Share(part, finished).to_string();
        let numbers = labelled(&[
            ("job status then", Some(&seen.job_status)),
            ("finished", Some(&format!("{finished}, at least {minimum_finished} needed"))),
            ("finished of all", self.finished_share(counts).as_deref()),
            (
                "succeeded",
                Some(&format!("{}{}, at least {minimum_success} % needed", counts.succeeded, share(counts.succeeded))),
            ),
            ("failed", Some(&format!("{}{}, at most {maximum_failed} % allowed", counts.failed, share(counts.failed)))),
            ("all updates", Some(&counts.to_line())),
        ]);
        self.lines() + &numbers
    }

    fn finished_share(&self, counts: &TaskCounts) -> Option<String> {
        let least = self.conditions.minimum_finished_percentage?;
        let (finished, all) = (counts.finished(), counts.not_cancelled());
        Some(format!("{finished} of {all}{}, at least {least} % needed", Share(finished, all)))
    }

    fn waited(&self) -> String {
        duration::shown(Duration::from_secs(self.waited.as_secs()))
    }
}

/// A part of a whole in percent, cut off after two decimals; nothing if there is no whole.
struct Share(u64, u64);

impl Display for Share {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self(part, whole) = *self;
        let Some(hundredths) = hundredths_of_percent(part, whole) else { return Ok(()) };
        write!(f, " ({}.{:02} %)", hundredths / 100, hundredths % 100)
    }
}

/// Devices that failed, to be named.
pub(crate) enum Failures {
    /// There are none.
    None,
    /// Some of them.
    Some(Vec<Task>),
    /// They could not be listed.
    NotRead(Error),
}

impl Failures {
    fn lines(&self, all: u64) -> String {
        match self {
            Self::None => String::new(),
            Self::Some(tasks) => {
                let devices: String = tasks.iter().map(device_line).collect();
                format!("\n\n  failed devices, {} of {all}:{devices}", tasks.len())
            }
            Self::NotRead(error) => {
                format!("\n\n  failed devices: could not be listed ({})", plain(error.message()))
            }
        }
    }
}

fn device_line(task: &Task) -> String {
    let name = plain(task.device_name.as_deref().unwrap_or("(no name)"));
    let reason = task.task_desc.as_deref().map(plain).filter(|reason| !reason.is_empty());
    format!("\n    {name}: {}", reason.as_deref().unwrap_or("no reason given"))
}

/// What devices, or others, wrote: one line, and not endless.
fn plain(text: &str) -> String {
    let one_line = text.chars().map(|character| if character.is_control() { ' ' } else { character });
    let mut short: String = one_line.clone().take(MOST_OF_REASON).collect();
    if one_line.count() > MOST_OF_REASON {
        short.push('…');
    }
    short.trim().to_owned()
}

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
