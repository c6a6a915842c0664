//! What can be said of a configuration without asking the service. Each rule keeps silent while a value that it needs is
//! unknown.

use std::ops::RangeInclusive;
use std::time::Duration;

use tf_provider::value::Value;
use tf_provider::{Diagnostic, Diagnostics};

use super::model::{OnBreach, OtaRolloutGateModel, POLL_INTERVAL, TIME_BOX};
use super::percentage::Percentage;
use crate::plugin::convert::Number;
use crate::provider::diagnostics::{gate as text, validation};
use crate::provider::{duration, limits, timeouts};

/// All problems of a configuration.
pub(super) fn validate(config: &OtaRolloutGateModel) -> Diagnostics {
    let mut errors = Vec::new();
    ids(&mut errors, config);
    errors.extend(minimum_finished(&config.minimum_finished));
    errors.extend(span("time_box", &config.time_box, &TIME_BOX));
    errors.extend(span("poll_interval", &config.poll_interval, &POLL_INTERVAL));
    errors.extend(timeouts::problem("create", &config.create_timeout()));
    errors.extend(timeout_within_time_box(config));
    if let Value::Value(choice) = &config.on_breach
        && !OnBreach::NAMES.contains(&choice.as_str())
    {
        errors.push(validation::not_one_of("on_breach", choice, &OnBreach::NAMES, "remove the argument"));
    }
    let warnings = percentages(&mut errors, config);
    Diagnostics { errors, warnings: warnings.into_iter().collect() }
}

fn ids(errors: &mut Vec<Diagnostic>, config: &OtaRolloutGateModel) {
    for (attribute, value) in [("job_id", &config.job_id), ("iot_instance_id", &config.iot_instance_id)] {
        match value {
            Value::Value(id) if id.is_empty() => errors.push(validation::empty(attribute)),
            Value::Value(id) if !limits::fits_resource_id(id) => errors.push(text::slash_in_id(attribute, id)),
            _ => {}
        }
    }
}

fn minimum_finished(given: &Value<Number>) -> Option<Diagnostic> {
    let Value::Value(given) = given else { return None };
    match given.as_integer() {
        Some(1..) => None,
        Some(_) => Some(text::nothing_has_to_finish(given)),
        None => Some(validation::not_whole("minimum_finished", given)),
    }
}

fn span(attribute: &'static str, given: &Value<String>, range: &RangeInclusive<Duration>) -> Option<Diagnostic> {
    let Value::Value(given) = given else { return None };
    let fits = duration::parse(given).is_some_and(|duration| range.contains(&duration));
    (!fits).then(|| validation::invalid_duration(attribute, given, range))
}

fn timeout_within_time_box(config: &OtaRolloutGateModel) -> Option<Diagnostic> {
    let (Value::Value(timeout), Value::Value(time_box)) = (config.create_timeout(), &config.time_box) else {
        return None;
    };
    let (timeout, time_box) = (duration::parse(&timeout)?, duration::parse(time_box)?);
    (timeout <= time_box).then(|| text::timeout_within_time_box(timeout, time_box))
}

/// Checks each percentage, and returns what is odd about them together.
fn percentages(errors: &mut Vec<Diagnostic>, config: &OtaRolloutGateModel) -> Option<Diagnostic> {
    let (success, failed) = (&config.minimum_success_percentage, &config.maximum_failed_percentage);
    for (attribute, value) in [
        ("minimum_finished_percentage", &config.minimum_finished_percentage),
        ("minimum_success_percentage", success),
        ("maximum_failed_percentage", failed),
    ] {
        if let Value::Value(number) = value
            && Percentage::of(number).is_none()
        {
            errors.push(text::no_percentage(attribute, number));
        }
    }
    if success.is_null() && failed.is_null() {
        errors.push(text::no_condition());
    }
    let known = |value: &Value<Number>| value.as_ref().as_option().and_then(Percentage::of);
    let (success, failed) = (known(success)?, known(failed)?);
    (success < failed.rest()).then(|| text::success_without_effect(failed.rest()))
}
