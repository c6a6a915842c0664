//! What a message shows of a gate: its conditions beside what came of them, and devices that failed.

use std::fmt::Display;
use std::time::Duration;

use crate::iot::Error;
use crate::iot::operations::Task;
use crate::provider::diagnostics::{context, labelled};
use crate::provider::duration;
use crate::provider::ota_rollout_gate::Conditions;
use crate::provider::progress::{JobProgress, LookedAt, TaskCounts, hundredths_of_percent};

/// Characters of a device's own words that a message repeats.
const MOST_OF_REASON: usize = 160;

/// Which gate a message is about.
pub(crate) struct GateContext<'a> {
    pub(crate) region: &'a str,
    pub(crate) job: &'a LookedAt,
    pub(crate) conditions: &'a Conditions,
    pub(crate) waited: Duration,
}

impl GateContext<'_> {
    pub(super) fn lines(&self) -> String {
        context(&[
            ("region", Some(self.region)),
            ("instance", self.job.iot_instance_id.as_deref()),
            ("job", Some(&self.job.job_id)),
            ("waited", Some(&self.waited())),
        ])
    }

    /// The same with what was seen of the job.
    pub(super) fn lines_with(&self, seen: &JobProgress) -> String {
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
    pub(super) fn lines(&self, all: u64) -> String {
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
