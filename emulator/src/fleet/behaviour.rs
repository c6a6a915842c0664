//! How the devices of a fleet behave: who is offline, who fails and why, how long an update takes. All of it follows
//! from the fleet's shares and the seed, so that no device has to remember it.

use serde::{Deserialize, Serialize};

use super::chance::{Chance, Question};
use crate::clock::Millis;
use crate::fixtures::{DeviceFixture, FailureReason, FleetFixture, LaterReport, Spread};

/// Time of an update if the fixtures do not say.
const USUAL_DOWNLOAD: Spread = Spread { median: 60.0, p95: 180.0 };
/// Seconds after which a device has begun what it was told to, at most.
const SLOWEST_RESPONSE: f64 = 10.0;
/// Seconds between two times that a device asks for an update by itself.
const USUAL_ASKING: f64 = 3_600.0;
/// What a failing device says if the fixtures do not.
const USUAL_REASON: &str = "The device reported that it could not install the package.";

/// The behaviour of all devices of a fleet.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct Behaviour {
    offline: f64,
    failing: f64,
    stuck: f64,
    failing_tries: Option<u32>,
    reasons: Vec<FailureReason>,
    download: Option<Spread>,
    offline_time: Option<Spread>,
    join_over: f64,
    ask: f64,
    reports: Vec<LaterReport>,
}

/// One device of a fleet, to be asked about its behaviour.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Member<'a> {
    pub(super) behaviour: &'a Behaviour,
    pub(super) chance: Chance,
    /// The number of its fleet's first device among all.
    pub(super) first: u32,
    /// Its number in the fleet.
    pub(super) number: u32,
    pub(super) count: u32,
    /// When the emulator began.
    pub(super) start: Millis,
}

/// How a try to update ends.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Outcome {
    /// The device then has the new version.
    Success,
    /// For the reason of that number.
    Failure(u16),
}

/// One try to update.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Attempt {
    /// Time that all of it would take.
    full: Millis,
    /// Time after which it gets no further.
    reaches: Millis,
    /// When it ends, and how; `None`: never.
    pub(crate) end: Option<(Millis, Outcome)>,
}

impl Attempt {
    /// Hundredths of the way after that time; 100 only at the end.
    pub(crate) fn progress(self, after: Millis) -> f64 {
        let way = after.clamp(0, self.reaches) as f64 / self.full as f64;
        (way * 100.0).min(99.0)
    }
}

impl Behaviour {
    /// The behaviour that a fixture describes.
    pub(super) fn of_fleet(fixture: &FleetFixture) -> Self {
        Self {
            offline: fixture.offline,
            failing: fixture.failing,
            stuck: fixture.stuck,
            failing_tries: fixture.failing_tries,
            reasons: fixture.failure_reasons.clone(),
            download: fixture.download_seconds,
            offline_time: fixture.offline_seconds,
            join_over: fixture.join_over_seconds,
            ask: fixture.ask_seconds.unwrap_or(USUAL_ASKING),
            reports: fixture.reports.clone(),
        }
    }

    /// The behaviour of a device that is a fleet by itself.
    pub(super) fn of_device(fixture: &DeviceFixture) -> Self {
        let share = |is: bool| if is { 1.0 } else { 0.0 };
        Self {
            offline: share(!fixture.online),
            failing: share(fixture.failing),
            stuck: 0.0,
            failing_tries: None,
            reasons: Vec::new(),
            download: None,
            offline_time: None,
            join_over: 0.0,
            ask: USUAL_ASKING,
            reports: Vec::new(),
        }
    }

    /// What a device says that failed for the reason of that number.
    pub(crate) fn reason(&self, number: u16) -> &str {
        self.reasons.get(usize::from(number)).map_or(USUAL_REASON, |reason| &reason.reason)
    }
}

impl Member<'_> {
    fn unit(self, question: Question, occasion: u64) -> f64 {
        self.chance.unit(question, self.id(), occasion)
    }

    fn id(self) -> u64 {
        u64::from(self.first) + u64::from(self.number)
    }

    fn is_in_share(self, question: Question, share: f64) -> bool {
        self.chance.is_in_share(question, u64::from(self.first), self.number, self.count, share)
    }

    fn drawn(self, spread: Spread, question: Question, occasion: u64) -> Millis {
        // 95 of 100 values of the bell curve lie below 1.645 deviations.
        let deviation = (spread.p95 / spread.median).ln() / 1.645;
        milliseconds(spread.median * (deviation * self.chance.normal(question, self.id(), occasion)).exp())
    }

    /// When it joins; the start itself if it is there from the start.
    pub(crate) fn joins(self) -> Millis {
        let over = self.behaviour.join_over;
        self.start + if over > 0.0 { milliseconds(over * self.unit(Question::JoinTime, 0)) } else { 0 }
    }

    /// When it is online: always since that moment; `None`: never.
    pub(crate) fn online_since(self) -> Option<Millis> {
        if !self.is_in_share(Question::Offline, self.behaviour.offline) {
            return Some(self.joins());
        }
        let away = self.drawn(self.behaviour.offline_time?, Question::OfflineTime, 0);
        Some(self.joins() + away)
    }

    /// The versions that it reports without an update, and when.
    pub(crate) fn reports(self) -> impl Iterator<Item = (Millis, u16)> {
        let reports = self.behaviour.reports.iter().enumerate();
        reports.filter_map(move |(index, report)| {
            let group = u64::from(self.first) ^ ((index as u64 + 1) << 32);
            let is_one = self.chance.is_in_share(Question::Report, group, self.number, self.count, report.share);
            let later = report.after_seconds + report.over_seconds * self.unit(Question::ReportTime, index as u64);
            is_one.then(|| (self.joins() + milliseconds(later), u16::try_from(index).unwrap_or(u16::MAX)))
        })
    }

    /// The version of the report of that number.
    pub(crate) fn reported_version(self, number: u16) -> Option<String> {
        self.behaviour.reports.get(usize::from(number)).map(|report| report.version.clone())
    }

    /// Time until it has begun what it was told.
    pub(crate) fn response_time(self, occasion: u64) -> Millis {
        milliseconds(1.0 + (SLOWEST_RESPONSE - 1.0) * self.unit(Question::ResponseTime, occasion))
    }

    /// Time until it asks for an update by itself.
    pub(crate) fn asks_after(self, occasion: u64) -> Millis {
        milliseconds(self.behaviour.ask * self.unit(Question::AskTime, occasion))
    }

    /// How a try goes after so many that failed. `usual` is the time of an update where the fixtures say none.
    pub(crate) fn attempt(self, failures: u32, occasion: u64, usual: Option<Millis>) -> Attempt {
        let full = match (self.behaviour.download, usual) {
            (None, Some(usual)) => usual,
            (spread, _) => self.drawn(spread.unwrap_or(USUAL_DOWNLOAD), Question::DownloadTime, occasion),
        };
        let breaks_off = 0.05 + 0.9 * self.unit(Question::FailurePoint, occasion);
        let broken = milliseconds(full as f64 / 1000.0 * breaks_off);
        if self.is_in_share(Question::Stuck, self.behaviour.stuck) {
            Attempt { full, reaches: broken, end: None }
        } else if self.fails(failures) {
            let end = Some((broken, Outcome::Failure(self.failure_reason(occasion))));
            Attempt { full, reaches: broken, end }
        } else {
            Attempt { full, reaches: full, end: Some((full, Outcome::Success)) }
        }
    }

    fn fails(self, failures: u32) -> bool {
        let is_over = self.behaviour.failing_tries.is_some_and(|failing| failures >= failing);
        !is_over && self.is_in_share(Question::Failing, self.behaviour.failing)
    }

    fn failure_reason(self, occasion: u64) -> u16 {
        let weights = || self.behaviour.reasons.iter().map(|reason| reason.weight);
        let mut left = self.unit(Question::FailureReason, occasion) * weights().sum::<f64>();
        let index = weights().position(|weight| {
            left -= weight;
            left < 0.0
        });
        u16::try_from(index.unwrap_or_default()).unwrap_or_default()
    }
}

fn milliseconds(seconds: f64) -> Millis {
    // The cast saturates. Ten years, drawn from a long tail, stay far from the end of the numbers.
    ((seconds * 1000.0).round() as Millis).clamp(1, 1 << 45)
}
