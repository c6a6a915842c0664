//! A [`WireValue`] to MessagePack, checked against a type.

use std::collections::BTreeMap;
use std::io::Write as _;

use rmp::encode;

use super::error::ConvertError;
use super::number::Number;
use super::schema::type_json;
use super::types::Type;
use super::value::WireValue;

/// Core's plain form of an unknown value: extension type 0 with one byte that nobody reads.
const UNKNOWN: [u8; 3] = [0xd4, 0, 0];

/// Writes `value` as one of type `of`.
///
/// # Errors
///
/// If the value does not fit the type, which is a fault of whoever made it. Core would refuse it
/// with a far worse message.
pub fn to_msgpack(value: &WireValue, of: &Type) -> Result<Vec<u8>, ConvertError> {
    let mut bytes = Vec::with_capacity(512);
    write(&mut bytes, value, of)?;
    Ok(bytes)
}

fn write(out: &mut Vec<u8>, value: &WireValue, of: &Type) -> Result<(), ConvertError> {
    match (value, of) {
        (WireValue::Null, _) => encode::write_nil(out).map_err(unwritten),
        (WireValue::Unknown, _) => out.write_all(&UNKNOWN).map_err(unwritten),
        (WireValue::Bool(value), Type::Bool) => encode::write_bool(out, *value).map_err(unwritten),
        (WireValue::Number(number), Type::Number) => write_number(out, number),
        (WireValue::String(text), Type::String) => encode::write_str(out, text).map_err(unwritten),
        (WireValue::List(elements), Type::List(element) | Type::Set(element)) => {
            write_elements(out, elements, std::iter::repeat(&**element))
        }
        (WireValue::List(elements), Type::Tuple(types)) if elements.len() == types.len() => {
            write_elements(out, elements, types)
        }
        (WireValue::Map(elements), Type::Map(element)) => {
            write_map_length(out, elements.len())?;
            for (key, value) in elements {
                encode::write_str(out, key).map_err(unwritten)?;
                write(out, value, element).map_err(|error| error.in_key(key))?;
            }
            Ok(())
        }
        (WireValue::Map(values), Type::Object(types)) => write_object(out, values, types),
        (WireValue::Dynamic(typed), Type::Dynamic) => {
            let (of, value) = &**typed;
            encode::write_array_len(out, 2).map_err(unwritten)?;
            encode::write_bin(out, &type_json(of)).map_err(unwritten)?;
            write(out, value, of)
        }
        (value, of) => Err(ConvertError::new(format!("a {} was expected, not {}", of.name(), value.kind()))),
    }
}

fn write_number(out: &mut Vec<u8>, number: &Number) -> Result<(), ConvertError> {
    match number {
        Number::Integer(value) => encode::write_sint(out, *value).map(drop).map_err(unwritten),
        Number::Float(value) => encode::write_f64(out, *value).map_err(unwritten),
        Number::Decimal(text) => encode::write_str(out, text).map_err(unwritten),
    }
}

fn write_elements<'t>(
    out: &mut Vec<u8>,
    elements: &[WireValue],
    types: impl IntoIterator<Item = &'t Type>,
) -> Result<(), ConvertError> {
    encode::write_array_len(out, length(elements.len())?).map_err(unwritten)?;
    for (index, (value, of)) in elements.iter().zip(types).enumerate() {
        write(out, value, of).map_err(|error| error.in_element(index))?;
    }
    Ok(())
}

fn write_object(
    out: &mut Vec<u8>,
    values: &BTreeMap<String, WireValue>,
    types: &BTreeMap<String, Type>,
) -> Result<(), ConvertError> {
    if let Some(surplus) = values.keys().find(|name| !types.contains_key(*name)) {
        return Err(ConvertError::new("the schema has no such attribute").in_attribute(surplus));
    }
    write_map_length(out, types.len())?;
    for (name, of) in types {
        let value = values.get(name).ok_or_else(|| ConvertError::new("the attribute is missing").in_attribute(name))?;
        encode::write_str(out, name).map_err(unwritten)?;
        write(out, value, of).map_err(|error| error.in_attribute(name))?;
    }
    Ok(())
}

fn write_map_length(out: &mut Vec<u8>, count: usize) -> Result<(), ConvertError> {
    encode::write_map_len(out, length(count)?).map(drop).map_err(unwritten)
}

fn length(count: usize) -> Result<u32, ConvertError> {
    u32::try_from(count).map_err(|_| ConvertError::new("there are too many elements"))
}

fn unwritten(error: impl std::fmt::Display) -> ConvertError {
    ConvertError::new(format!("the value cannot be written: {error}"))
}
