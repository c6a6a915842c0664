//! What an apply would make of a configuration: a function of its inputs and nothing else, since core
//! plans again during apply and refuses another outcome.

use std::collections::BTreeSet;

use tf_provider::AttributePath;
use tf_provider::value::Value;

use super::model::{OnExternalCancel, OtaDynamicJobModel};
use crate::provider::config::Settings;
use crate::provider::diagnostics::at;

/// The plan of a new job.
pub(super) fn create(
    settings: &Settings,
    proposed: OtaDynamicJobModel,
    config: &OtaDynamicJobModel,
) -> OtaDynamicJobModel {
    let mut planned = proposed;
    if config.iot_instance_id.is_null() {
        planned.iot_instance_id = settings.iot_instance_id.clone();
    }
    planned.on_external_cancel = on_external_cancel(config);
    // The service has defaults for these, and says at creation what they are.
    learn_later(&mut planned.maximum_per_minute);
    learn_later(&mut planned.overwrite_mode);
    learn_later(&mut planned.dynamic_mode);
    learn_later(&mut planned.need_push);
    learn_later(&mut planned.need_confirm);
    learn_later(&mut planned.download_protocol);
    learn_later(&mut planned.multi_module_mode);
    computed_later(&mut planned);
    planned.region = settings.region.clone();
    planned
}

/// The plan of a change, and the attributes whose change needs a new job.
pub(super) fn update(
    prior: &OtaDynamicJobModel,
    proposed: OtaDynamicJobModel,
    config: &OtaDynamicJobModel,
) -> (OtaDynamicJobModel, Vec<AttributePath>) {
    let mut planned = proposed;
    planned.on_external_cancel = on_external_cancel(config);
    if same_versions(&prior.src_versions, &planned.src_versions) {
        planned.src_versions = prior.src_versions.clone();
    }
    let replacing = replacing(prior, &planned);
    if !replacing.is_empty() {
        computed_later(&mut planned);
    }
    (planned, replacing.into_iter().map(at).collect())
}

/// The attributes that make a new job necessary.
fn replacing(prior: &OtaDynamicJobModel, planned: &OtaDynamicJobModel) -> Vec<&'static str> {
    let changes = [
        ("firmware_id", prior.firmware_id != planned.firmware_id),
        ("product_key", prior.product_key != planned.product_key),
        ("iot_instance_id", prior.iot_instance_id != planned.iot_instance_id),
        ("src_versions", prior.src_versions != planned.src_versions),
        ("tags", !same_tags(prior, planned)),
        ("retry_interval", prior.retry_interval != planned.retry_interval),
        ("retry_count", prior.retry_count != planned.retry_count),
        ("timeout_in_minutes", prior.timeout_in_minutes != planned.timeout_in_minutes),
        ("group_id", prior.group_id != planned.group_id),
        ("group_type", prior.group_type != planned.group_type),
        ("maximum_per_minute", differs(&prior.maximum_per_minute, &planned.maximum_per_minute)),
        ("overwrite_mode", differs(&prior.overwrite_mode, &planned.overwrite_mode)),
        ("dynamic_mode", differs(&prior.dynamic_mode, &planned.dynamic_mode)),
        ("need_push", differs(&prior.need_push, &planned.need_push)),
        ("need_confirm", differs(&prior.need_confirm, &planned.need_confirm)),
        ("download_protocol", differs(&prior.download_protocol, &planned.download_protocol)),
        ("multi_module_mode", differs(&prior.multi_module_mode, &planned.multi_module_mode)),
    ];
    changes.into_iter().filter_map(|(attribute, changed)| changed.then_some(attribute)).collect()
}

/// Whether an attribute for which the service has a default was changed.
///
/// Null in the state means that the service did not report it, not that the job has none: writing it
/// into the configuration records what the author knows, and is no reason to restart a rollout.
fn differs<T: PartialEq>(prior: &Value<T>, planned: &Value<T>) -> bool {
    !prior.is_null() && prior != planned
}

/// Equal but for the order, which means nothing to the service.
fn same_versions(prior: &Value<Vec<Value<String>>>, planned: &Value<Vec<Value<String>>>) -> bool {
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

fn on_external_cancel(config: &OtaDynamicJobModel) -> Value<String> {
    match &config.on_external_cancel {
        Value::Null => Value::Value(OnExternalCancel::default().name().to_owned()),
        given => given.clone(),
    }
}

fn learn_later<T>(value: &mut Value<T>) {
    if value.is_null() {
        *value = Value::Unknown;
    }
}

/// What only the service can say.
fn computed_later(planned: &mut OtaDynamicJobModel) {
    for computed in [
        &mut planned.id,
        &mut planned.job_id,
        &mut planned.utc_create,
        &mut planned.job_status,
        &mut planned.firmware_name,
        &mut planned.dest_version,
    ] {
        *computed = Value::Unknown;
    }
}
