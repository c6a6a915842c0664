//! JSON to a [`WireValue`]: the form in which core keeps state.

use std::collections::BTreeMap;

use serde_json::value::RawValue;

use super::error::ConvertError;
use super::number::Number;
use super::types::Type;
use super::value::WireValue;

/// Reads state that an equal or older edition of the schema wrote.
///
/// As lenient as core: attributes that the type lacks are dropped, missing ones are null, and a
/// number, bool or text stands for the other where it reads as one.
///
/// # Errors
///
/// If the bytes are not JSON, or do not fit the type. The error's path is that of the value at fault.
pub fn from_json(bytes: &[u8], of: &Type) -> Result<WireValue, ConvertError> {
    if bytes.is_empty() {
        return Ok(WireValue::Null);
    }
    value(parse(bytes)?, of)
}

// Numbers have to keep all their digits, so each level is parsed no further than its own members,
// and scalars are read from their text. The depth is that of the type.
fn value(raw: &RawValue, of: &Type) -> Result<WireValue, ConvertError> {
    let json = raw.get();
    if json == "null" {
        return Ok(WireValue::Null);
    }
    match of {
        Type::Bool => scalar(json, of, |text| text.parse().ok().map(WireValue::Bool)),
        Type::Number => scalar(json, of, |text| Number::from_decimal(text).map(WireValue::Number)),
        Type::String => scalar(json, of, |text| Some(WireValue::String(text.to_owned()))),
        Type::List(element) | Type::Set(element) => elements(json, |_| Some(element)),
        Type::Tuple(types) => elements(json, |index| types.get(index)),
        Type::Map(element) => {
            let members: BTreeMap<String, &RawValue> = parse(json.as_bytes())?;
            members
                .into_iter()
                .map(|(key, raw)| match value(raw, element) {
                    Ok(value) => Ok((key, value)),
                    Err(error) => Err(error.in_key(&key)),
                })
                .collect::<Result<_, _>>()
                .map(WireValue::Map)
        }
        Type::Object(types) => {
            let members: BTreeMap<String, &RawValue> = parse(json.as_bytes())?;
            types
                .iter()
                .map(|(name, of)| {
                    let value = match members.get(name) {
                        Some(raw) => value(raw, of).map_err(|error| error.in_attribute(name))?,
                        None => WireValue::Null,
                    };
                    Ok((name.clone(), value))
                })
                .collect::<Result<_, _>>()
                .map(WireValue::Map)
        }
        Type::Dynamic => dynamic(json),
    }
}

fn scalar(json: &str, of: &Type, read: impl FnOnce(&str) -> Option<WireValue>) -> Result<WireValue, ConvertError> {
    let text = if json.starts_with('"') { parse::<String>(json.as_bytes())? } else { json.to_owned() };
    let is_composed = json.starts_with(['{', '[']);
    read(&text)
        .filter(|_| !is_composed)
        .ok_or_else(|| ConvertError::new(format!("a {} was expected, not {}", of.name(), kind(json))))
}

fn elements<'t>(json: &str, of: impl Fn(usize) -> Option<&'t Type>) -> Result<WireValue, ConvertError> {
    let members: Vec<&RawValue> = parse(json.as_bytes())?;
    members
        .into_iter()
        .enumerate()
        .map(|(index, raw)| {
            of(index)
                .ok_or_else(|| ConvertError::new("the tuple has too many elements"))
                .and_then(|of| value(raw, of))
                .map_err(|error| error.in_element(index))
        })
        .collect::<Result<_, _>>()
        .map(WireValue::List)
}

fn dynamic(json: &str) -> Result<WireValue, ConvertError> {
    #[derive(serde::Deserialize)]
    struct Typed<'a> {
        r#type: Type,
        #[serde(borrow)]
        value: &'a RawValue,
    }
    let typed: Typed<'_> = parse(json.as_bytes())?;
    let inner = value(typed.value, &typed.r#type)?;
    Ok(WireValue::Dynamic(Box::new((typed.r#type, inner))))
}

/// What a JSON text is. Never the text itself: it may be a secret.
fn kind(json: &str) -> &'static str {
    match json.as_bytes().first() {
        Some(b'"') => "a string",
        Some(b'{') => "an object",
        Some(b'[') => "an array",
        Some(b't' | b'f') => "a bool",
        _ => "a number",
    }
}

fn parse<'a, T: serde::Deserialize<'a>>(json: &'a [u8]) -> Result<T, ConvertError> {
    serde_json::from_slice(json).map_err(|error| ConvertError::new(format!("not the JSON expected here: {error}")))
}
