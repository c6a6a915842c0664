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

/// A value for an attribute of a job that has nothing else but a rate that calls can name.
fn with(attribute: &str, value: WireValue) -> OtaDynamicJobModel {
    with_all(&[("maximum_per_minute", number(100)), (attribute, value)])
}

fn with_all(values: &[(&str, WireValue)]) -> OtaDynamicJobModel {
    let WireValue::Map(mut model) = to_value(&OtaDynamicJobModel::default()).unwrap() else { panic!("an object") };
    for (attribute, value) in values {
        assert!(model.insert((*attribute).to_owned(), value.clone()).is_some(), "{attribute}");
    }
    from_value(&WireValue::Map(model)).unwrap()
}

fn list(value: &str) -> WireValue {
    WireValue::List(vec![text(value)])
}

fn map(value: &str) -> WireValue {
    WireValue::Map(BTreeMap::from([("k".to_owned(), text(value))]))
}

/// Attributes that need a new job, with two values.
fn fixed() -> Vec<(&'static str, WireValue, WireValue)> {
    vec![
        ("firmware_id", text("a"), text("b")),
        ("product_key", text("a"), text("b")),
        ("iot_instance_id", text("a"), text("b")),
        ("retry_interval", number(0), number(10)),
        ("retry_count", number(1), number(2)),
        ("group_id", text("a"), text("b")),
        ("group_type", text("a"), text("b")),
    ]
}

/// The same for those with a default of the service's, which is the first value.
fn defaulted() -> Vec<(&'static str, WireValue, WireValue)> {
    vec![
        ("overwrite_mode", number(1), number(2)),
        ("dynamic_mode", number(1), number(2)),
        ("need_push", WireValue::Bool(true), WireValue::Bool(false)),
        ("need_confirm", WireValue::Bool(false), WireValue::Bool(true)),
        ("download_protocol", text("HTTPS"), text("MQTT")),
        ("multi_module_mode", WireValue::Bool(false), WireValue::Bool(true)),
    ]
}

/// Attributes that can be changed while the job runs.
fn changeable() -> Vec<(&'static str, WireValue, WireValue)> {
    vec![
        ("src_versions", list("a"), list("b")),
        ("tags", map("a"), map("b")),
        ("timeout_in_minutes", number(1), number(2)),
        ("maximum_per_minute", number(10), number(20)),
    ]
}

fn planned(attribute: &str, from: &WireValue, to: &WireValue, imported: bool) -> PlannedUpdate {
    let config = with(attribute, to.clone());
    // What core proposes: the configuration, or the prior value where a computed attribute has none.
    update(&with(attribute, from.clone()), config.clone(), &config, imported)
}

#[test]
fn what_no_call_changes_needs_a_new_job() {
    let null = WireValue::Null;
    for (attribute, a, b) in &fixed() {
        for (from, to) in [(a, b), (&null, a), (a, &null), (a, &WireValue::Unknown)] {
            for imported in [false, true] {
                let planned = planned(attribute, from, to, imported);
                assert_eq!(planned.replacing, [*attribute], "{from:?} to {to:?}");
                assert!(planned.recorded.is_empty() && planned.in_place.is_empty() && planned.obstacles.is_empty());
                assert!(planned.state.job_id.is_unknown());
            }
        }
        assert!(planned(attribute, a, a, false).replacing.is_empty(), "{attribute}");
    }
}

#[test]
fn what_is_not_reported_has_the_default_or_is_unknown() {
    let null = WireValue::Null;
    for (attribute, default, other) in &defaulted() {
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
    assert_eq!(planned(rate, &null, &number(20), true).recorded, [rate]);
    assert_eq!(planned(rate, &null, &number(20), false).in_place, [rate]);
}

#[test]
fn some_changes_reach_the_running_job() {
    for (attribute, a, b) in &changeable() {
        for imported in [false, true] {
            let planned = planned(attribute, a, b, imported);
            assert_eq!(planned.in_place, [*attribute]);
            assert!(planned.replacing.is_empty() && !planned.state.job_id.is_unknown(), "{attribute}");
        }
        let prior = with(attribute, a.clone());
        let also =
            with_all(&[("firmware_id", text("other")), ("maximum_per_minute", number(100)), (attribute, b.clone())]);
        let both = update(&prior, also.clone(), &also, false);
        assert_eq!(both.replacing, ["firmware_id"], "the new job gets the value anyhow");
        assert!(both.in_place.is_empty() && both.obstacles.is_empty());
    }
    let null = WireValue::Null;
    for (attribute, from, to) in [
        ("tags", &null, &map("a")),
        ("tags", &map("a"), &null),
        ("tags", &map("a"), &WireValue::Unknown),
        ("timeout_in_minutes", &null, &number(1)),
        ("timeout_in_minutes", &null, &WireValue::Unknown),
        ("src_versions", &list("a"), &WireValue::List(vec![WireValue::Unknown])),
    ] {
        assert_eq!(planned(attribute, from, to, false).in_place, [attribute], "{from:?} to {to:?}");
    }
    let empty = WireValue::Map(BTreeMap::new());
    assert!(planned("tags", &null, &empty, false).in_place.is_empty(), "only their spelling");
}

#[test]
fn what_is_not_documented_needs_a_new_job() {
    let null = WireValue::Null;
    let unknown = WireValue::Unknown;
    for (attribute, from, to, obstacle) in [
        ("timeout_in_minutes", &number(1), &null, Obstacle::TimeoutRemoved),
        ("timeout_in_minutes", &number(1), &unknown, Obstacle::TimeoutRemoved),
        ("src_versions", &list("a"), &null, Obstacle::VersionsAddedOrRemoved),
        ("src_versions", &null, &list("a"), Obstacle::VersionsAddedOrRemoved),
        ("src_versions", &list("a"), &unknown, Obstacle::VersionsAddedOrRemoved),
        ("maximum_per_minute", &number(10), &number(9), Obstacle::LowRate),
        ("maximum_per_minute", &number(10), &unknown, Obstacle::UnknownRate),
    ] {
        let planned = planned(attribute, from, to, false);
        assert_eq!(planned.obstacles, [(attribute, obstacle)], "{from:?} to {to:?}");
        assert_eq!(planned.replacing, [attribute]);
    }
    for (other, value, obstacle) in [
        ("group_id", text("g"), Obstacle::Group),
        ("maximum_per_minute", number(9), Obstacle::LowRate),
        ("maximum_per_minute", null, Obstacle::UnknownRate),
    ] {
        let rate = ("maximum_per_minute", number(100));
        let prior = with_all(&[rate.clone(), (other, value.clone()), ("tags", map("a"))]);
        let config = with_all(&[rate, (other, value), ("tags", map("b"))]);
        assert_eq!(update(&prior, config.clone(), &config, false).obstacles, [("tags", obstacle)]);
    }
}

#[test]
fn every_attribute_has_an_effect() {
    let all = [fixed(), defaulted(), changeable()];
    let mut named: Vec<_> = all.iter().flatten().map(|(attribute, _, _)| *attribute).collect();
    // What only the state knows, and what only the service says.
    named.extend(["on_destroy", "on_external_cancel", "timeouts"]);
    named.extend(["id", "job_id", "region", "utc_create", "job_status", "firmware_name", "dest_version"]);
    named.sort_unstable();
    let WireValue::Map(model) = to_value(&OtaDynamicJobModel::default()).unwrap() else { panic!("an object") };
    assert_eq!(named, model.keys().collect::<Vec<_>>(), "every attribute of the model is in these tests");
}
