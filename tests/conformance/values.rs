//! Values as core encodes them, and answers as JSON.

use serde_json::Value as Json;
use terraform_provider_alicloud_iot::plugin::convert::from_msgpack::from_msgpack;
use terraform_provider_alicloud_iot::plugin::convert::{Number, Type, WireValue};
use terraform_provider_alicloud_iot::plugin::proto::tfplugin6 as wire;

/// Stands for a value that is not known yet.
pub const UNKNOWN: &str = "\u{0}unknown";

/// The value as core encodes it.
pub fn value(json: &Json) -> Option<wire::DynamicValue> {
    let mut msgpack = Vec::new();
    encode(json, &mut msgpack);
    Some(wire::DynamicValue { msgpack, json: Vec::new() })
}

/// An object of a schema's, with what is `set`, and null or no blocks for the rest.
pub fn object_of(schema: Option<&wire::Schema>, set: &Json) -> Option<wire::DynamicValue> {
    value(&filled(schema.unwrap().block.as_ref().unwrap(), set))
}

fn filled(block: &wire::schema::Block, set: &Json) -> Json {
    let mut object = set.as_object().unwrap().clone();
    for attribute in &block.attributes {
        object.entry(&attribute.name).or_insert(Json::Null);
    }
    for nested in &block.block_types {
        if nested.nesting() == wire::schema::nested_block::NestingMode::Single {
            object.entry(&nested.type_name).or_insert(Json::Null);
            continue;
        }
        let inner = nested.block.as_ref().unwrap();
        let given = object.get(&nested.type_name).and_then(Json::as_array).cloned().unwrap_or_default();
        let elements: Vec<_> = given.iter().map(|element| filled(inner, element)).collect();
        object.insert(nested.type_name.clone(), elements.into());
    }
    object.into()
}

fn encode(json: &Json, out: &mut Vec<u8>) {
    match json {
        Json::Null => rmp::encode::write_nil(out).unwrap(),
        Json::Bool(value) => rmp::encode::write_bool(out, *value).unwrap(),
        Json::Number(value) => drop(rmp::encode::write_sint(out, value.as_i64().unwrap()).unwrap()),
        Json::String(text) if text == UNKNOWN => out.extend([0xd4, 0, 0]),
        Json::String(text) => rmp::encode::write_str(out, text).unwrap(),
        Json::Array(elements) => {
            rmp::encode::write_array_len(out, u32::try_from(elements.len()).unwrap()).unwrap();
            elements.iter().for_each(|element| encode(element, out));
        }
        Json::Object(members) => {
            rmp::encode::write_map_len(out, u32::try_from(members.len()).unwrap()).unwrap();
            for (name, value) in members {
                rmp::encode::write_str(out, name).unwrap();
                encode(value, out);
            }
        }
    }
}

/// An answer's value; attributes that are null are left out.
pub fn json_of(value: Option<&wire::DynamicValue>, of: &Type) -> Json {
    let Some(value) = value else { return Json::Null };
    assert!(value.json.is_empty(), "answers are MessagePack");
    plain(from_msgpack(&value.msgpack, of).unwrap())
}

fn plain(value: WireValue) -> Json {
    match value {
        WireValue::Null => Json::Null,
        WireValue::Unknown => UNKNOWN.into(),
        WireValue::Bool(value) => value.into(),
        WireValue::Number(Number::Integer(value)) => value.into(),
        WireValue::Number(other) => panic!("{other:?}"),
        WireValue::String(text) => text.into(),
        WireValue::List(elements) => elements.into_iter().map(plain).collect(),
        WireValue::Map(members) => {
            let members = members.into_iter().map(|(name, value)| (name, plain(value)));
            members.filter(|(_, value)| !value.is_null()).collect::<serde_json::Map<_, _>>().into()
        }
        WireValue::Dynamic(typed) => plain(typed.1),
    }
}
