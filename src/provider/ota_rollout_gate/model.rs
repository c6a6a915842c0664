//! The gate's state as a struct, and what its words mean.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use tf_provider::value::Value;

use crate::plugin::convert::Number;

/// How long a gate can wait.
pub(super) const TIME_BOX: RangeInclusive<Duration> = Duration::from_secs(1)..=Duration::from_hours(7 * 24);
/// How often it can look.
pub(super) const POLL_INTERVAL: RangeInclusive<Duration> = Duration::from_secs(1)..=Duration::from_hours(1);
/// How often it looks if nothing is said.
pub(super) const DEFAULT_POLL_INTERVAL: &str = "30s";
/// How much longer than the time box the whole creation may take if nothing is said: for the last look, and for the
/// calls that cancel.
pub(super) const BEYOND_TIME_BOX: Duration = Duration::from_mins(5);
/// The verdict of every gate that is in a state: any other is an error, and not stored.
pub(super) const PASSED: &str = "passed";

/// Configuration, plan and state of one gate. What each attribute means stands in the schema.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct OtaRolloutGateModel {
    pub(crate) job_id: Value<String>,
    pub(crate) iot_instance_id: Value<String>,
    pub(crate) minimum_finished: Value<Number>,
    pub(crate) minimum_finished_percentage: Value<Number>,
    pub(crate) minimum_success_percentage: Value<Number>,
    pub(crate) maximum_failed_percentage: Value<Number>,
    pub(crate) time_box: Value<String>,
    pub(crate) poll_interval: Value<String>,
    pub(crate) on_breach: Value<String>,
    pub(crate) timeouts: Value<Timeouts>,
    pub(crate) id: Value<String>,
    pub(crate) region: Value<String>,
    pub(crate) verdict: Value<String>,
    pub(crate) passed_at: Value<String>,
    pub(crate) task_counts: Value<BTreeMap<String, Value<Number>>>,
}

/// The `timeouts` block. Only a creation takes time.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub(crate) struct Timeouts {
    pub(crate) create: Value<String>,
}

impl OtaRolloutGateModel {
    /// The argument of the block; unknown if the whole block is.
    pub(super) fn create_timeout(&self) -> Value<String> {
        match &self.timeouts {
            Value::Value(timeouts) => timeouts.create.clone(),
            Value::Null => Value::Null,
            Value::Unknown => Value::Unknown,
        }
    }
}

/// What happens to the job when the gate is breached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum OnBreach {
    /// Nothing.
    #[default]
    Fail,
    /// Its policy ends, and tasks that have not started are cancelled.
    Cancel,
}

impl OnBreach {
    /// The spellings of all of them, in the order in which documentation lists them.
    pub(super) const NAMES: [&str; 2] = [Self::Fail.name(), Self::Cancel.name()];

    /// Its spelling in a configuration.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Fail => "fail",
            Self::Cancel => "cancel",
        }
    }
}
