//! What an apply would make of a configuration: a function of its inputs and nothing else, since core
//! plans again during apply and refuses another outcome.

use std::collections::BTreeSet;

use tf_provider::Diagnostic;
use tf_provider::value::Value;

use super::model::{OnExternalCancel, OtaDynamicJobModel};
use crate::plugin::convert::Number;
use crate::provider::config::Settings;
use crate::provider::diagnostics::job::replaced_elsewhere;
use crate::provider::limits;

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

/// The plan of a change.
pub(super) struct PlannedUpdate {
    pub(super) state: OtaDynamicJobModel,
    /// Attributes whose change needs a new job.
    pub(super) replacing: Vec<&'static str>,
    /// Attributes that are written into the state while nobody knows what the job has.
    pub(super) recorded: Vec<&'static str>,
}

/// Plans a change. `imported` tells whether the job was made elsewhere.
pub(super) fn update(
    prior: &OtaDynamicJobModel,
    proposed: OtaDynamicJobModel,
    config: &OtaDynamicJobModel,
    imported: bool,
) -> PlannedUpdate {
    let mut state = proposed;
    state.on_external_cancel = on_external_cancel(config);
    if same_versions(&prior.src_versions, &state.src_versions) {
        state.src_versions = prior.src_versions.clone();
    }
    let effects = effects(prior, &state, imported);
    let with = |wanted| effects.iter().filter(move |(_, effect)| *effect == wanted).map(|(attribute, _)| *attribute);
    let replacing: Vec<_> = with(Effect::Replaces).collect();
    let recorded = with(Effect::OnlyRecorded).collect();
    if !replacing.is_empty() {
        computed_later(&mut state);
    }
    PlannedUpdate { state, replacing, recorded }
}

/// What a change of an attribute comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Effect {
    /// Nothing that the job would notice.
    None,
    /// The state takes the author's word for what the job has.
    OnlyRecorded,
    /// A new job.
    Replaces,
}

fn effects(prior: &OtaDynamicJobModel, planned: &OtaDynamicJobModel, imported: bool) -> [(&'static str, Effect); 17] {
    let plain = |changed| if changed { Effect::Replaces } else { Effect::None };
    let integer = |prior: &Value<Number>, planned: &Value<Number>, default: i64| {
        defaulted(prior, planned, Some(&Number::from(default)), imported)
    };
    let protocol = limits::DEFAULT_DOWNLOAD_PROTOCOL.to_owned();
    let truth =
        |prior: &Value<bool>, planned: &Value<bool>, default: bool| defaulted(prior, planned, Some(&default), imported);
    [
        ("firmware_id", plain(prior.firmware_id != planned.firmware_id)),
        ("product_key", plain(prior.product_key != planned.product_key)),
        ("iot_instance_id", plain(prior.iot_instance_id != planned.iot_instance_id)),
        ("src_versions", plain(prior.src_versions != planned.src_versions)),
        ("tags", plain(!same_tags(prior, planned))),
        ("retry_interval", plain(prior.retry_interval != planned.retry_interval)),
        ("retry_count", plain(prior.retry_count != planned.retry_count)),
        ("timeout_in_minutes", plain(prior.timeout_in_minutes != planned.timeout_in_minutes)),
        ("group_id", plain(prior.group_id != planned.group_id)),
        ("group_type", plain(prior.group_type != planned.group_type)),
        // The service's default differs between the editions of its documentation.
        ("maximum_per_minute", defaulted(&prior.maximum_per_minute, &planned.maximum_per_minute, None, imported)),
        ("overwrite_mode", integer(&prior.overwrite_mode, &planned.overwrite_mode, limits::DEFAULT_OVERWRITE_MODE)),
        ("dynamic_mode", integer(&prior.dynamic_mode, &planned.dynamic_mode, limits::DEFAULT_DYNAMIC_MODE)),
        ("need_push", truth(&prior.need_push, &planned.need_push, limits::DEFAULT_NEED_PUSH)),
        ("need_confirm", truth(&prior.need_confirm, &planned.need_confirm, limits::DEFAULT_NEED_CONFIRM)),
        (
            "download_protocol",
            defaulted(&prior.download_protocol, &planned.download_protocol, Some(&protocol), imported),
        ),
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
fn defaulted<T: PartialEq>(prior: &Value<T>, planned: &Value<T>, default: Option<&T>, imported: bool) -> Effect {
    match (prior, planned) {
        (prior, planned) if prior == planned => Effect::None,
        (Value::Null, Value::Value(_)) if imported => Effect::OnlyRecorded,
        (Value::Null, Value::Value(value)) if Some(value) == default => Effect::None,
        _ => Effect::Replaces,
    }
}

/// A warning if the replacement of a job would be created in another instance. (Core plans a replacement
/// as a new object, which takes the provider's default as any new one does.)
pub(super) fn moves(settings: &Settings, prior: &OtaDynamicJobModel) -> Option<Diagnostic> {
    let (own, default) = (&prior.iot_instance_id, &settings.iot_instance_id);
    let name = |instance: &Value<String>| instance.clone().as_option();
    (own != default).then(|| replaced_elsewhere(name(own).as_deref(), name(default).as_deref()))
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

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::plugin::convert::WireValue;
    use crate::plugin::convert::deserialize::from_value;
    use crate::plugin::convert::serialize::to_value;

    fn text(value: &str) -> WireValue {
        WireValue::String(value.to_owned())
    }

    fn number(value: i64) -> WireValue {
        WireValue::Number(value.into())
    }

    /// Null and `value` for an attribute of a job that has nothing else.
    fn with(attribute: &str, value: WireValue) -> OtaDynamicJobModel {
        let WireValue::Map(mut model) = to_value(&OtaDynamicJobModel::default()).unwrap() else { panic!("an object") };
        assert!(model.insert(attribute.to_owned(), value).is_some(), "{attribute}");
        from_value(&WireValue::Map(model)).unwrap()
    }

    fn planned(attribute: &str, from: &WireValue, to: &WireValue, imported: bool) -> PlannedUpdate {
        let config = with(attribute, to.clone());
        // What core proposes: the configuration, or the prior value where a computed attribute has none.
        update(&with(attribute, from.clone()), config.clone(), &config, imported)
    }

    #[test]
    fn every_attribute_has_an_effect() {
        let list = |value: &str| WireValue::List(vec![text(value)]);
        let map = |value: &str| WireValue::Map(BTreeMap::from([("k".to_owned(), text(value))]));
        // Two values; and for those with a default of the service's, the first one is it.
        let plain = [
            ("firmware_id", text("a"), text("b")),
            ("product_key", text("a"), text("b")),
            ("iot_instance_id", text("a"), text("b")),
            ("src_versions", list("a"), list("b")),
            ("tags", map("a"), map("b")),
            ("retry_interval", number(0), number(10)),
            ("retry_count", number(1), number(2)),
            ("timeout_in_minutes", number(1), number(2)),
            ("group_id", text("a"), text("b")),
            ("group_type", text("a"), text("b")),
        ];
        let defaulted = [
            ("overwrite_mode", number(1), number(2)),
            ("dynamic_mode", number(1), number(2)),
            ("need_push", WireValue::Bool(true), WireValue::Bool(false)),
            ("need_confirm", WireValue::Bool(false), WireValue::Bool(true)),
            ("download_protocol", text("HTTPS"), text("MQTT")),
            ("multi_module_mode", WireValue::Bool(false), WireValue::Bool(true)),
        ];
        let null = WireValue::Null;
        for (attribute, a, b) in &plain {
            for (from, to) in [(a, b), (&null, a), (a, &null), (a, &WireValue::Unknown)] {
                for imported in [false, true] {
                    let planned = planned(attribute, from, to, imported);
                    assert_eq!(planned.replacing, [*attribute], "{from:?} to {to:?}");
                    assert!(planned.recorded.is_empty() && planned.state.job_id.is_unknown());
                }
            }
            assert!(planned(attribute, a, a, false).replacing.is_empty(), "{attribute}");
        }
        for (attribute, default, other) in &defaulted {
            for (from, to) in [(default, other), (other, default), (&null, other)] {
                assert_eq!(planned(attribute, from, to, false).replacing, [*attribute], "{from:?} to {to:?}");
            }
            let same = planned(attribute, &null, default, false);
            assert!(same.replacing.is_empty() && same.recorded.is_empty(), "{attribute}");
            for value in [default, other] {
                let planned = planned(attribute, &null, value, true);
                assert!(planned.replacing.is_empty() && planned.recorded == [*attribute], "{value:?}");
            }
            assert_eq!(planned(attribute, default, other, true).replacing, [*attribute]);
        }
        let rate = "maximum_per_minute";
        assert_eq!(planned(rate, &number(10), &number(20), true).replacing, [rate]);
        assert_eq!(planned(rate, &null, &number(20), false).replacing, [rate]);
        assert_eq!(planned(rate, &null, &number(20), true).recorded, [rate]);

        let named = plain.iter().chain(&defaulted).map(|(attribute, _, _)| *attribute).chain([rate]);
        let mut named: Vec<_> = named.collect();
        // What only the state knows, and what only the service says.
        named.extend(["on_external_cancel", "id", "job_id", "region", "utc_create", "job_status"]);
        named.extend(["firmware_name", "dest_version"]);
        named.sort_unstable();
        let WireValue::Map(model) = to_value(&OtaDynamicJobModel::default()).unwrap() else { panic!("an object") };
        assert_eq!(named, model.keys().collect::<Vec<_>>(), "every attribute of the model is in this test");
    }
}
