//! What an apply would make of a configuration: a function of its inputs and nothing else.

use tf_provider::value::Value;

use super::model::{DEFAULT_POLL_INTERVAL, OnBreach, OtaRolloutGateModel};
use crate::provider::config::Settings;
use crate::provider::duration;

/// The plan of a new gate.
pub(super) fn create(
    settings: &Settings,
    proposed: OtaRolloutGateModel,
    config: &OtaRolloutGateModel,
) -> OtaRolloutGateModel {
    let mut planned = with_defaults(proposed, config);
    if config.iot_instance_id.is_null() {
        planned.iot_instance_id = settings.iot_instance_id.clone();
    }
    decided_later(&mut planned);
    planned.region = settings.region.clone();
    planned
}

/// The plan of a change, and the attributes for which the gate has to wait again: those that decide. What says how to
/// wait, and what to do on a breach that did not come, is only written down.
pub(super) fn update(
    prior: &OtaRolloutGateModel,
    proposed: OtaRolloutGateModel,
    config: &OtaRolloutGateModel,
) -> (OtaRolloutGateModel, Vec<&'static str>) {
    let mut planned = with_defaults(proposed, config);
    if same_time(&prior.time_box, &planned.time_box) {
        planned.time_box = prior.time_box.clone();
    }
    let deciding = [
        ("job_id", prior.job_id != planned.job_id),
        ("iot_instance_id", prior.iot_instance_id != planned.iot_instance_id),
        ("minimum_finished", prior.minimum_finished != planned.minimum_finished),
        ("minimum_finished_percentage", prior.minimum_finished_percentage != planned.minimum_finished_percentage),
        ("minimum_success_percentage", prior.minimum_success_percentage != planned.minimum_success_percentage),
        ("maximum_failed_percentage", prior.maximum_failed_percentage != planned.maximum_failed_percentage),
        ("time_box", prior.time_box != planned.time_box),
    ];
    let replacing: Vec<_> = deciding.into_iter().filter_map(|(name, changed)| changed.then_some(name)).collect();
    if !replacing.is_empty() {
        decided_later(&mut planned);
    }
    (planned, replacing)
}

fn with_defaults(proposed: OtaRolloutGateModel, config: &OtaRolloutGateModel) -> OtaRolloutGateModel {
    let or = |given: &Value<String>, default: &str| match given {
        Value::Null => Value::Value(default.to_owned()),
        given => given.clone(),
    };
    OtaRolloutGateModel {
        poll_interval: or(&config.poll_interval, DEFAULT_POLL_INTERVAL),
        on_breach: or(&config.on_breach, OnBreach::default().name()),
        // Old cores propose a block that was removed as one with nothing in it.
        timeouts: config.timeouts.clone(),
        ..proposed
    }
}

/// Whether two texts mean the same span of time.
fn same_time(prior: &Value<String>, planned: &Value<String>) -> bool {
    let time = |text: &Value<String>| text.as_ref().as_option().and_then(|text| duration::parse(text));
    time(prior).is_some_and(|prior| time(planned) == Some(prior))
}

/// What only waiting can tell.
fn decided_later(planned: &mut OtaRolloutGateModel) {
    for computed in [&mut planned.id, &mut planned.verdict, &mut planned.passed_at] {
        *computed = Value::Unknown;
    }
    planned.task_counts = Value::Unknown;
}
