//! The JSON of state files into every typed value, and the RPC that brings state up to date.

use terraform_provider_alicloud_iot::plugin::convert::from_json::from_json;
use terraform_provider_alicloud_iot::plugin::convert::from_msgpack::from_msgpack;
use terraform_provider_alicloud_iot::plugin::convert::{Type, WireValue};
use terraform_provider_alicloud_iot::plugin::proto::tfplugin6 as wire;
use tonic::Request;

use crate::msgpack_state::{assert_keeps, typed};
use crate::service::{UNCONFIGURED, assert_no_bug, wait};
use crate::types::{self, DECLARED, Declared, EVERY_KIND, Part};

/// What one message may hold, of which no input here is large enough to need a part.
const MOST_VALUES: usize = 4_000_000;

/// The bytes are tried as a value of every type, so that an input stays what it is when the schemas grow.
///
/// # Panics
///
/// If something that is no JSON is read, a value does not fit its type, is lost on the way to MessagePack and back,
/// or does not become the struct of its schema; or if the upgrade of a state makes something else of it.
pub fn check(bytes: &[u8]) {
    decoded(bytes, &EVERY_KIND);
    decoded(bytes, &Type::Dynamic);
    for declared in DECLARED.iter() {
        let value = decoded(bytes, &declared.of);
        if declared.part == Part::Resource {
            assert_upgrades(bytes, declared, value.as_ref());
        }
        if let Some(value) = value {
            typed(&value, declared);
        }
    }
}

fn decoded(bytes: &[u8], of: &Type) -> Option<WireValue> {
    let value = from_json(bytes, of).ok()?;
    let is_json = serde_json::from_slice::<serde::de::IgnoredAny>(bytes).is_ok();
    assert!(is_json || bytes.is_empty(), "{value:?} was read from what is no JSON");
    assert!(value.is_wholly_known(), "a state holds {value:?}");
    assert!(types::count(&value) <= MOST_VALUES);
    assert_keeps(&value, of);
    Some(value)
}

fn assert_upgrades(bytes: &[u8], declared: &Declared, expected: Option<&WireValue>) {
    let answer = wait(UNCONFIGURED.upgrade_resource_state(Request::new(wire::upgrade_resource_state::Request {
        type_name: declared.name.clone(),
        version: declared.version,
        raw_state: Some(wire::RawState { json: bytes.to_vec(), ..Default::default() }),
    })));
    let answer = answer.unwrap().into_inner();
    assert_no_bug("upgrade_resource_state", &answer.diagnostics);
    let upgraded = answer.upgraded_state.map(|state| from_msgpack(&state.msgpack, &declared.of).unwrap());
    // A state of nothing is an error: answered as one, the object would be gone.
    assert_eq!(upgraded.as_ref(), expected.filter(|value| !matches!(value, WireValue::Null)));
    assert_eq!(answer.diagnostics.is_empty(), upgraded.is_some());
}
