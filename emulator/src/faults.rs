//! Faults that a test asks for, beside the rules of the service.

use serde::{Deserialize, Serialize};

use crate::gateway;
use crate::randomness::Randomness;

/// Most faults that wait at the same time.
const CAPACITY: usize = 1_000;
/// Longest delay, in milliseconds.
const LONGEST_DELAY: u64 = 600_000;

/// What goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum FaultKind {
    /// The connection ends without an answer; the operation is not carried out.
    DropBefore,
    /// The operation is carried out; the connection ends without an answer.
    DropAfterCommit,
    /// Gateway error with status 500; not carried out.
    #[serde(rename = "status_500")]
    Status500,
    /// Gateway error with status 503; not carried out.
    #[serde(rename = "status_503")]
    Status503,
    /// `Throttling.User`; not carried out. `millis` is what the header asks to wait.
    Throttle,
    /// The operation is carried out; half of the answer is missing, under status 200.
    MalformedBody,
    /// The operation is carried out at once; the answer comes `millis` later.
    Slow,
    /// Service error `iot.system.SystemException`; not carried out.
    SystemException,
}

impl FaultKind {
    /// All kinds.
    pub(crate) const ALL: [Self; 8] = [
        Self::DropBefore,
        Self::DropAfterCommit,
        Self::Status500,
        Self::Status503,
        Self::Throttle,
        Self::MalformedBody,
        Self::Slow,
        Self::SystemException,
    ];

    /// The name by which it is asked for.
    pub(crate) fn name(self) -> String {
        serde_json::to_value(self).ok().and_then(|name| name.as_str().map(str::to_owned)).unwrap_or_default()
    }
}

/// One fault, waiting for its calls.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Fault {
    /// Operation whose calls it hits, `*` for every one.
    pub(crate) action: String,
    /// What goes wrong.
    pub(crate) kind: FaultKind,
    /// Calls still to be hit.
    #[serde(default = "once")]
    pub(crate) times: u64,
    /// Calls still to be let through before.
    #[serde(default)]
    pub(crate) after: u64,
    /// Chance of each call to be hit, 0 to 1.
    #[serde(default = "certain")]
    pub(crate) probability: f64,
    /// Milliseconds; see [`FaultKind::Slow`] and [`FaultKind::Throttle`].
    #[serde(default = "one_second")]
    pub(crate) millis: u64,
}

fn once() -> u64 {
    1
}

fn certain() -> f64 {
    1.0
}

fn one_second() -> u64 {
    1_000
}

/// A fault that hits a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Hit {
    pub(crate) kind: FaultKind,
    pub(crate) millis: u64,
}

/// The faults that wait, oldest first.
#[derive(Debug, Default)]
pub(crate) struct Faults(Vec<Fault>);

impl Faults {
    /// Adds a fault, or says what is wrong with it.
    pub(crate) fn add(&mut self, fault: Fault) -> Result<(), String> {
        fault.check()?;
        if self.0.len() >= CAPACITY {
            return Err(format!("{CAPACITY} faults are waiting already; DELETE them first"));
        }
        self.0.push(fault);
        Ok(())
    }

    /// The faults that wait, with what is left of them.
    pub(crate) fn waiting(&self) -> &[Fault] {
        &self.0
    }

    /// The fault that hits this call: the oldest one that matches, is past its `after` and has its chance.
    pub(crate) fn hit(&mut self, action: &str, randomness: &mut Randomness) -> Option<Hit> {
        let position = self.0.iter_mut().position(|fault| fault.hits(action, randomness))?;
        let fault = self.0.get_mut(position)?;
        fault.times -= 1;
        let hit = Hit { kind: fault.kind, millis: fault.millis };
        if fault.times == 0 {
            self.0.remove(position);
        }
        Some(hit)
    }
}

impl Fault {
    fn check(&self) -> Result<(), String> {
        if self.action != "*" && !gateway::offers(&self.action) {
            return Err(format!("action: {} is neither an operation of this emulator nor *", self.action));
        }
        if self.times == 0 {
            return Err("times: it has to be at least 1".to_owned());
        }
        if !(0.0..=1.0).contains(&self.probability) {
            return Err("probability: it has to be 0 to 1".to_owned());
        }
        if self.millis > LONGEST_DELAY {
            return Err(format!("millis: it has to be at most {LONGEST_DELAY}"));
        }
        Ok(())
    }

    fn hits(&mut self, action: &str, randomness: &mut Randomness) -> bool {
        if self.action != "*" && self.action != action {
            return false;
        }
        if self.after > 0 {
            self.after -= 1;
            return false;
        }
        randomness.chance(self.probability)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(text: &str) -> Result<Fault, String> {
        let fault: Fault = serde_json::from_str(text).map_err(|error| error.to_string())?;
        fault.check().map(|()| fault)
    }

    fn hits(faults: &mut Faults, actions: &[&str]) -> Vec<Option<FaultKind>> {
        let mut randomness = Randomness::new(1);
        let hit = |action: &&str| faults.hit(action, &mut randomness).map(|hit| hit.kind);
        actions.iter().map(hit).collect()
    }

    #[test]
    fn a_fault_waits_hits_and_is_gone() {
        let mut faults = Faults::default();
        faults.add(fault(r#"{"action":"QueryOTAJob","kind":"status_500","times":2,"after":1}"#).unwrap()).unwrap();
        let actions = ["QueryOTAJob", "QueryOTAFirmware", "QueryOTAJob", "QueryOTAJob", "QueryOTAJob"];
        let hit = Some(FaultKind::Status500);
        assert_eq!(hits(&mut faults, &actions), [None, None, hit, hit, None]);
        assert_eq!(faults.waiting(), []);
    }

    #[test]
    fn the_oldest_matching_fault_wins() {
        let mut faults = Faults::default();
        faults.add(fault(r#"{"action":"*","kind":"slow"}"#).unwrap()).unwrap();
        faults.add(fault(r#"{"action":"*","kind":"throttle"}"#).unwrap()).unwrap();
        let expected = [Some(FaultKind::Slow), Some(FaultKind::Throttle), None];
        assert_eq!(hits(&mut faults, &["A", "B", "C"]), expected);
    }

    #[test]
    fn a_chance_of_a_half_hits_sometimes() {
        let mut faults = Faults::default();
        faults.add(fault(r#"{"action":"*","kind":"slow","times":1000,"probability":0.5}"#).unwrap()).unwrap();
        let hit = hits(&mut faults, &["A"; 1000]).into_iter().flatten().count();
        assert!((400..600).contains(&hit), "{hit}");
    }

    #[test]
    fn impossible_faults_are_refused() {
        for (text, reason) in [
            (r#"{"action":"*","kind":"explode"}"#, "unknown variant"),
            (r#"{"action":"*","kind":"slow","color":1}"#, "unknown field"),
            (r#"{"kind":"slow"}"#, "missing field `action`"),
            (r#"{"action":"QueryJob","kind":"slow"}"#, "action"),
            (r#"{"action":"*","kind":"slow","times":0}"#, "times"),
            (r#"{"action":"*","kind":"slow","probability":1.1}"#, "probability"),
            (r#"{"action":"*","kind":"slow","millis":600001}"#, "millis"),
        ] {
            let error = fault(text).unwrap_err();
            assert!(error.contains(reason), "{text}: {error}");
        }
    }
}
