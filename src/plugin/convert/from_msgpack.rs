//! MessagePack to a [`WireValue`], checked against a type.
//!
//! Nothing is allocated on the word of a length prefix, and what a message can make of itself in
//! memory is bounded, whatever its bytes claim.

use std::collections::BTreeMap;

use rmp::Marker;

use super::budget::Budget;
use super::error::ConvertError;
use super::number::Number;
use super::types::Type;
use super::value::WireValue;

/// Reads one value of type `of`. No bytes at all mean null.
///
/// # Errors
///
/// If the bytes are not MessagePack, do not fit the type, nest too deep, hold too much, or go on
/// after the value. The error's path is that of the value at fault.
pub fn from_msgpack(bytes: &[u8], of: &Type) -> Result<WireValue, ConvertError> {
    if bytes.is_empty() {
        return Ok(WireValue::Null);
    }
    let mut reader = Reader { rest: bytes, budget: Budget::default() };
    let value = reader.value(of, 0)?;
    if reader.rest.is_empty() {
        Ok(value)
    } else {
        Err(ConvertError::new(format!("{} bytes follow the value", reader.rest.len())))
    }
}

struct Reader<'a> {
    rest: &'a [u8],
    budget: Budget,
}

impl<'a> Reader<'a> {
    fn value(&mut self, of: &Type, depth: usize) -> Result<WireValue, ConvertError> {
        self.budget.spend(depth)?;
        let depth = depth + 1;
        let marker = self.marker()?;
        match marker {
            Marker::Null => return Ok(WireValue::Null),
            marker if is_extension(marker) => {
                // Every extension means unknown; what it may add about the value is not needed.
                let length = self.extension_length(marker)?;
                self.take(length)?;
                return Ok(WireValue::Unknown);
            }
            _ => {}
        }
        match of {
            Type::Bool => match marker {
                Marker::True => Ok(WireValue::Bool(true)),
                Marker::False => Ok(WireValue::Bool(false)),
                other => Err(mismatch(of, other)),
            },
            Type::Number => self.number(marker).map(WireValue::Number),
            Type::String => self.text(marker).map(|text| WireValue::String(text.to_owned())),
            Type::List(element) | Type::Set(element) => {
                let count = self.array_length(of, marker)?;
                self.elements((0..count).map(|_| &**element), depth)
            }
            Type::Tuple(elements) => {
                let count = self.array_length(of, marker)?;
                if count == elements.len() {
                    self.elements(elements.iter(), depth)
                } else {
                    Err(ConvertError::new(format!("a tuple of {} has {count} elements", elements.len())))
                }
            }
            Type::Map(element) => self.map(marker, element, depth),
            Type::Object(attributes) => self.object(marker, attributes, depth),
            Type::Dynamic => self.dynamic(marker, depth),
        }
    }

    fn elements<'t>(&mut self, types: impl Iterator<Item = &'t Type>, depth: usize) -> Result<WireValue, ConvertError> {
        types
            .enumerate()
            .map(|(index, of)| self.value(of, depth).map_err(|error| error.in_element(index)))
            // Collecting through `Result` does not trust the size hint, so a claimed length costs nothing.
            .collect::<Result<_, _>>()
            .map(WireValue::List)
    }

    fn map(&mut self, marker: Marker, element: &Type, depth: usize) -> Result<WireValue, ConvertError> {
        let mut values = BTreeMap::new();
        for _ in 0..self.map_length(marker)? {
            let key = self.key()?;
            let value = self.value(element, depth).map_err(|error| error.in_key(key))?;
            values.insert(key.to_owned(), value);
        }
        Ok(WireValue::Map(values))
    }

    fn object(
        &mut self,
        marker: Marker,
        attributes: &BTreeMap<String, Type>,
        depth: usize,
    ) -> Result<WireValue, ConvertError> {
        let mut values = BTreeMap::new();
        for _ in 0..self.map_length(marker)? {
            let name = self.key()?;
            let of = attributes
                .get(name)
                .ok_or_else(|| ConvertError::new("the schema has no such attribute").in_attribute(name))?;
            let value = self.value(of, depth).map_err(|error| error.in_attribute(name))?;
            if values.insert(name.to_owned(), value).is_some() {
                return Err(ConvertError::new("the attribute is there twice").in_attribute(name));
            }
        }
        match attributes.keys().find(|name| !values.contains_key(*name)) {
            Some(missing) => Err(ConvertError::new("the attribute is missing").in_attribute(missing)),
            None => Ok(WireValue::Map(values)),
        }
    }

    fn dynamic(&mut self, marker: Marker, depth: usize) -> Result<WireValue, ConvertError> {
        let count = self.array_length(&Type::Dynamic, marker)?;
        if count != 2 {
            return Err(ConvertError::new(format!("a dynamic value has {count} parts instead of a type and a value")));
        }
        let marker = self.marker()?;
        let json = self.binary(marker)?;
        let of: Type = serde_json::from_slice(json)
            .map_err(|error| ConvertError::new(format!("the type of a dynamic value cannot be read: {error}")))?;
        let value = self.value(&of, depth)?;
        Ok(WireValue::Dynamic(Box::new((of, value))))
    }

    fn key(&mut self) -> Result<&'a str, ConvertError> {
        let marker = self.marker()?;
        self.text(marker)
    }

    fn number(&mut self, marker: Marker) -> Result<Number, ConvertError> {
        Ok(match marker {
            Marker::FixPos(value) => i64::from(value).into(),
            Marker::FixNeg(value) => i64::from(value).into(),
            Marker::U8 => i64::from(self.byte()?).into(),
            Marker::U16 => i64::from(u16::from_be_bytes(self.array()?)).into(),
            Marker::U32 => i64::from(u32::from_be_bytes(self.array()?)).into(),
            Marker::U64 => u64::from_be_bytes(self.array()?).into(),
            Marker::I8 => i64::from(i8::from_be_bytes(self.array()?)).into(),
            Marker::I16 => i64::from(i16::from_be_bytes(self.array()?)).into(),
            Marker::I32 => i64::from(i32::from_be_bytes(self.array()?)).into(),
            Marker::I64 => i64::from_be_bytes(self.array()?).into(),
            Marker::F32 => float(f64::from(f32::from_be_bytes(self.array()?)))?,
            Marker::F64 => float(f64::from_be_bytes(self.array()?))?,
            text if is_text(text) => {
                let text = self.text(text)?;
                Number::from_decimal(text).ok_or_else(|| ConvertError::new("a number was expected, not other text"))?
            }
            other => return Err(mismatch(&Type::Number, other)),
        })
    }

    fn text(&mut self, marker: Marker) -> Result<&'a str, ConvertError> {
        let length = match marker {
            Marker::FixStr(length) => usize::from(length),
            Marker::Str8 => usize::from(self.byte()?),
            Marker::Str16 => self.length_16()?,
            Marker::Str32 => self.length_32()?,
            other => return Err(mismatch(&Type::String, other)),
        };
        std::str::from_utf8(self.take(length)?).map_err(|error| ConvertError::new(format!("not UTF-8: {error}")))
    }

    fn binary(&mut self, marker: Marker) -> Result<&'a [u8], ConvertError> {
        let length = match marker {
            Marker::Bin8 => usize::from(self.byte()?),
            Marker::Bin16 => self.length_16()?,
            Marker::Bin32 => self.length_32()?,
            text if is_text(text) => return self.text(text).map(str::as_bytes),
            other => return Err(mismatch(&Type::Dynamic, other)),
        };
        self.take(length)
    }

    fn array_length(&mut self, of: &Type, marker: Marker) -> Result<usize, ConvertError> {
        match marker {
            Marker::FixArray(length) => Ok(usize::from(length)),
            Marker::Array16 => self.length_16(),
            Marker::Array32 => self.length_32(),
            other => Err(mismatch(of, other)),
        }
    }

    fn map_length(&mut self, marker: Marker) -> Result<usize, ConvertError> {
        match marker {
            Marker::FixMap(length) => Ok(usize::from(length)),
            Marker::Map16 => self.length_16(),
            Marker::Map32 => self.length_32(),
            other => Err(ConvertError::new(format!("a map was expected, not {}", describe(other)))),
        }
    }

    /// Bytes to skip after an extension's marker: its type and its payload.
    fn extension_length(&mut self, marker: Marker) -> Result<usize, ConvertError> {
        let payload = match marker {
            Marker::FixExt1 => 1,
            Marker::FixExt2 => 2,
            Marker::FixExt4 => 4,
            Marker::FixExt8 => 8,
            Marker::FixExt16 => 16,
            Marker::Ext8 => usize::from(self.byte()?),
            Marker::Ext16 => self.length_16()?,
            _ => self.length_32()?,
        };
        Ok(payload.saturating_add(1))
    }

    fn marker(&mut self) -> Result<Marker, ConvertError> {
        self.byte().map(Marker::from_u8)
    }

    fn byte(&mut self) -> Result<u8, ConvertError> {
        self.array::<1>().map(|[byte]| byte)
    }

    fn length_16(&mut self) -> Result<usize, ConvertError> {
        self.array().map(|bytes| usize::from(u16::from_be_bytes(bytes)))
    }

    fn length_32(&mut self) -> Result<usize, ConvertError> {
        self.array().map(|bytes| usize::try_from(u32::from_be_bytes(bytes)).unwrap_or(usize::MAX))
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], ConvertError> {
        let (head, rest) = self.rest.split_first_chunk().ok_or_else(truncated)?;
        self.rest = rest;
        Ok(*head)
    }

    fn take(&mut self, length: usize) -> Result<&'a [u8], ConvertError> {
        let (head, rest) = self.rest.split_at_checked(length).ok_or_else(truncated)?;
        self.rest = rest;
        Ok(head)
    }
}

fn is_text(marker: Marker) -> bool {
    matches!(marker, Marker::FixStr(_) | Marker::Str8 | Marker::Str16 | Marker::Str32)
}

fn is_extension(marker: Marker) -> bool {
    matches!(
        marker,
        Marker::FixExt1
            | Marker::FixExt2
            | Marker::FixExt4
            | Marker::FixExt8
            | Marker::FixExt16
            | Marker::Ext8
            | Marker::Ext16
            | Marker::Ext32
    )
}

fn float(value: f64) -> Result<Number, ConvertError> {
    Number::from_float(value).ok_or_else(|| ConvertError::new("not a number"))
}

fn truncated() -> ConvertError {
    ConvertError::new("the value ends too early")
}

fn mismatch(expected: &Type, found: Marker) -> ConvertError {
    ConvertError::new(format!("a {} was expected, not {}", expected.name(), describe(found)))
}

fn describe(marker: Marker) -> &'static str {
    match marker {
        Marker::Null => "null",
        Marker::True | Marker::False => "a bool",
        marker if is_text(marker) => "a string",
        marker if is_extension(marker) => "an unknown value",
        Marker::FixArray(_) | Marker::Array16 | Marker::Array32 => "a list",
        Marker::FixMap(_) | Marker::Map16 | Marker::Map32 => "a map",
        Marker::Bin8 | Marker::Bin16 | Marker::Bin32 => "bytes",
        Marker::Reserved => "a byte that MessagePack does not use",
        _ => "a number",
    }
}
