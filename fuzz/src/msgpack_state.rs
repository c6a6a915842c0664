//! MessagePack into every typed value.

use terraform_provider_alicloud_iot::plugin::convert::deserialize::from_value;
use terraform_provider_alicloud_iot::plugin::convert::from_msgpack::from_msgpack;
use terraform_provider_alicloud_iot::plugin::convert::serialize::to_value;
use terraform_provider_alicloud_iot::plugin::convert::to_msgpack::to_msgpack;
use terraform_provider_alicloud_iot::plugin::convert::{Type, WireValue};
use terraform_provider_alicloud_iot::plugin::proto::tfplugin6 as wire;
use terraform_provider_alicloud_iot::provider::ota_dynamic_job::{OtaDynamicJobModel, TYPE_NAME};
use tonic::Request;

use crate::service::{UNCONFIGURED, assert_no_bug, wait};
use crate::types::{self, DECLARED, Declared, EVERY_KIND, Part};

/// The bytes are tried as a value of every type, so that an input stays what it is when the schemas grow.
///
/// # Panics
///
/// If a value is lost on the way to bytes and back, takes more memory than its bytes account for, or does not become
/// the struct of its schema.
pub fn check(bytes: &[u8]) {
    decoded(bytes, &EVERY_KIND);
    decoded(bytes, &Type::Dynamic);
    for declared in DECLARED.iter() {
        if let Some(value) = decoded(bytes, &declared.of) {
            typed(&value, declared);
        }
    }
}

fn decoded(bytes: &[u8], of: &Type) -> Option<WireValue> {
    let value = from_msgpack(bytes, of).ok()?;
    // No value is shorter than a byte; no bytes at all are null.
    assert!(types::count(&value) <= bytes.len().max(1), "{} bytes became {value:?}", bytes.len());
    assert_keeps(&value, of);
    let known = value.clone().with_unknown_as_null();
    assert!(known.is_wholly_known());
    assert_eq!(known == value, value.is_wholly_known());
    assert_keeps(&known, of);
    Some(value)
}

/// A value survives the way to bytes and back.
pub(crate) fn assert_keeps(value: &WireValue, of: &Type) {
    let bytes = to_msgpack(value, of).unwrap_or_else(|error| panic!("{value:?} is no longer of its type: {error}"));
    let again = from_msgpack(&bytes, of).unwrap_or_else(|error| panic!("{value:?} cannot be read again: {error}"));
    assert_eq!(&again, value);
}

/// What the schema lets through becomes the struct that the schema describes.
#[allow(clippy::needless_update, reason = "some of the requests have more fields")]
pub(crate) fn typed(value: &WireValue, declared: &Declared) {
    if !declared.allows(value) {
        return;
    }
    let type_name = || declared.name.clone();
    let config = Some(wire::DynamicValue { msgpack: to_msgpack(value, &declared.of).unwrap(), json: Vec::new() });
    macro_rules! call {
        ($rpc:ident { $($field:ident: $value:expr),* }) => {{
            let request = wire::$rpc::Request { $($field: $value,)* ..Default::default() };
            let answer = wait(UNCONFIGURED.$rpc(Request::new(request)));
            // There are structs for what the provider offers, so every call is served.
            let answer = answer.unwrap_or_else(|status| panic!("{}: {status}", stringify!($rpc))).into_inner();
            assert_no_bug(stringify!($rpc), &answer.diagnostics);
        }};
    }
    match declared.part {
        Part::Provider => {
            call!(validate_provider_config { config: config });
        }
        Part::Resource => {
            call!(validate_resource_config { type_name: type_name(), config: config.clone() });
            call!(read_resource { type_name: type_name(), current_state: config });
        }
        Part::DataSource => call!(validate_data_resource_config { type_name: type_name(), config: config }),
        Part::Ephemeral => call!(validate_ephemeral_resource_config { type_name: type_name(), config: config }),
        Part::List => call!(validate_list_resource_config { type_name: type_name(), config: config }),
        Part::Action => call!(validate_action_config { type_name: type_name(), config: config }),
    }
    if declared.name == TYPE_NAME && declared.part == Part::Resource {
        let model: OtaDynamicJobModel = from_value(value).unwrap_or_else(|error| panic!("{value:?}: {error}"));
        assert_eq!(to_value(&model).as_ref().ok(), Some(value));
    }
}
