//! What a change of each attribute comes to.

use std::collections::BTreeSet;

use tf_provider::value::Value;

use super::super::model::{OtaDynamicJobModel, whole};
use crate::plugin::convert::Number;
use crate::provider::limits;

/// What a change of an attribute comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Effect {
    /// Nothing that the job would notice.
    None,
    /// The state takes the author's word for what the job has.
    OnlyRecorded,
    /// A call that changes the running job.
    InPlace,
    /// A new job.
    Replaces,
    /// A new job, although the call has a parameter for it.
    ReplacesFor(Obstacle),
}

/// Why a change that UpdateOTAJob has a parameter for needs a new job: what the call would do is not documented.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Obstacle {
    /// No parameter says that there is no timeout any more.
    TimeoutRemoved,
    /// The call takes versions only for jobs that have some, and no empty list.
    VersionsAddedOrRemoved,
    /// The call has to name a rate, and takes none below [`limits::LEAST_UPDATED_RATE`].
    LowRate,
    /// The same, where nobody knows the job's rate.
    UnknownRate,
    /// Which selection the call wants to be told for a group is not documented.
    Group,
}

/// The effect on each attribute that the service knows. `imported` tells whether the job was made elsewhere.
pub(super) fn effects(
    prior: &OtaDynamicJobModel,
    planned: &OtaDynamicJobModel,
    imported: bool,
) -> Vec<(&'static str, Effect)> {
    let mut effects: Vec<_> = fixed(prior, planned).into_iter().collect();
    effects.extend(defaulted_ones(prior, planned, imported));
    effects.extend(changeable(prior, planned, imported));
    let obstacle = obstacle(planned);
    for (_, effect) in &mut effects {
        if let (Effect::InPlace, Some(obstacle)) = (*effect, obstacle) {
            *effect = Effect::ReplacesFor(obstacle);
        }
    }
    effects
}

/// What stands against any call, whatever it is to change.
fn obstacle(planned: &OtaDynamicJobModel) -> Option<Obstacle> {
    if !planned.group_id.is_null() {
        return Some(Obstacle::Group);
    }
    match whole(&planned.maximum_per_minute) {
        None => Some(Obstacle::UnknownRate),
        Some(rate) if rate < limits::LEAST_UPDATED_RATE => Some(Obstacle::LowRate),
        Some(_) => None,
    }
}

/// Attributes that no call changes.
fn fixed(prior: &OtaDynamicJobModel, planned: &OtaDynamicJobModel) -> [(&'static str, Effect); 7] {
    let plain = |changed| if changed { Effect::Replaces } else { Effect::None };
    [
        ("firmware_id", plain(prior.firmware_id != planned.firmware_id)),
        ("product_key", plain(prior.product_key != planned.product_key)),
        ("iot_instance_id", plain(prior.iot_instance_id != planned.iot_instance_id)),
        ("retry_interval", plain(prior.retry_interval != planned.retry_interval)),
        ("retry_count", plain(prior.retry_count != planned.retry_count)),
        ("group_id", plain(prior.group_id != planned.group_id)),
        ("group_type", plain(prior.group_type != planned.group_type)),
    ]
}

/// The same for those that the service has a default for.
fn defaulted_ones(
    prior: &OtaDynamicJobModel,
    planned: &OtaDynamicJobModel,
    imported: bool,
) -> [(&'static str, Effect); 6] {
    let integer = |prior: &Value<Number>, planned: &Value<Number>, default: i64| {
        defaulted(prior, planned, &Number::from(default), imported)
    };
    let truth = |prior: &Value<bool>, planned: &Value<bool>, default| defaulted(prior, planned, &default, imported);
    let protocol = limits::DEFAULT_DOWNLOAD_PROTOCOL.to_owned();
    [
        ("overwrite_mode", integer(&prior.overwrite_mode, &planned.overwrite_mode, limits::DEFAULT_OVERWRITE_MODE)),
        ("dynamic_mode", integer(&prior.dynamic_mode, &planned.dynamic_mode, limits::DEFAULT_DYNAMIC_MODE)),
        ("need_push", truth(&prior.need_push, &planned.need_push, limits::DEFAULT_NEED_PUSH)),
        ("need_confirm", truth(&prior.need_confirm, &planned.need_confirm, limits::DEFAULT_NEED_CONFIRM)),
        ("download_protocol", defaulted(&prior.download_protocol, &planned.download_protocol, &protocol, imported)),
        (
            "multi_module_mode",
            truth(&prior.multi_module_mode, &planned.multi_module_mode, limits::DEFAULT_MULTI_MODULE_MODE),
        ),
    ]
}

/// The effect of a change of an attribute for which the service has a default.
///
/// Null in the state means that the service did not report it. A job that was created here has the
/// default then, since nothing else was sent; of an imported one nobody knows, and writing the attribute
/// into the configuration is no reason to restart its rollout.
fn defaulted<T: PartialEq>(prior: &Value<T>, planned: &Value<T>, default: &T, imported: bool) -> Effect {
    match (prior, planned) {
        (prior, planned) if prior == planned => Effect::None,
        (Value::Null, Value::Value(_)) if imported => Effect::OnlyRecorded,
        (Value::Null, Value::Value(value)) if value == default => Effect::None,
        _ => Effect::Replaces,
    }
}

/// Attributes that UpdateOTAJob has a parameter for.
fn changeable(prior: &OtaDynamicJobModel, planned: &OtaDynamicJobModel, imported: bool) -> [(&'static str, Effect); 4] {
    [
        ("src_versions", versions(&prior.src_versions, &planned.src_versions)),
        ("tags", if same_tags(prior, planned) { Effect::None } else { Effect::InPlace }),
        ("timeout_in_minutes", timeout(&prior.timeout_in_minutes, &planned.timeout_in_minutes)),
        ("maximum_per_minute", rate(&prior.maximum_per_minute, &planned.maximum_per_minute, imported)),
    ]
}

/// A list that is not known yet may turn out to be none.
fn versions(prior: &Value<Vec<Value<String>>>, planned: &Value<Vec<Value<String>>>) -> Effect {
    match (prior, planned) {
        (prior, planned) if prior == planned => Effect::None,
        (Value::Value(_), Value::Value(_)) => Effect::InPlace,
        _ => Effect::ReplacesFor(Obstacle::VersionsAddedOrRemoved),
    }
}

fn timeout(prior: &Value<Number>, planned: &Value<Number>) -> Effect {
    match (prior, planned) {
        (prior, planned) if prior == planned => Effect::None,
        // Not known yet, it turns out as a timeout or as none, as before.
        (Value::Null, _) | (_, Value::Value(_)) => Effect::InPlace,
        _ => Effect::ReplacesFor(Obstacle::TimeoutRemoved),
    }
}

/// The service's default differs between the editions of its documentation, so nobody knows a rate that is not reported.
fn rate(prior: &Value<Number>, planned: &Value<Number>, imported: bool) -> Effect {
    match (prior, planned) {
        (prior, planned) if prior == planned => Effect::None,
        (Value::Null, Value::Value(_)) if imported => Effect::OnlyRecorded,
        _ => Effect::InPlace,
    }
}

/// Equal but for the order, which means nothing to the service.
pub(super) fn same_versions(prior: &Value<Vec<Value<String>>>, planned: &Value<Vec<Value<String>>>) -> bool {
    let (Value::Value(prior), Value::Value(planned)) = (prior, planned) else { return false };
    let sorted = |versions: &[Value<String>]| versions.iter().cloned().collect::<BTreeSet<_>>();
    let is_known = planned.iter().all(Value::is_value);
    is_known && prior.len() == planned.len() && sorted(prior) == sorted(planned)
}

/// Equal, where no tags and no argument at all are the same.
fn same_tags(prior: &OtaDynamicJobModel, planned: &OtaDynamicJobModel) -> bool {
    let none = |tags: &Value<_>| tags.is_null() || *tags == Value::Value(Default::default());
    prior.tags == planned.tags || (none(&prior.tags) && none(&planned.tags))
}
