//! A [`WireValue`] to a resource's own struct, through serde.

use std::collections::btree_map;

use serde::Deserialize;
use serde::de::value::{SeqDeserializer, StrDeserializer};
use serde::de::{DeserializeSeed, Deserializer, IntoDeserializer, MapAccess, Visitor};
use serde::forward_to_deserialize_any;

use super::error::ConvertError;
use super::number::Number;
use super::serialize::UNKNOWN_MARKER;
use super::value::WireValue;

/// Makes a `T` of a value that was checked against the schema which describes `T`.
///
/// # Errors
///
/// If `T` and the schema disagree, which is a fault of the provider.
pub fn from_value<'de, T: Deserialize<'de>>(value: &'de WireValue) -> Result<T, ConvertError> {
    T::deserialize(value)
}

impl<'de> Deserializer<'de> for &'de WireValue {
    type Error = ConvertError;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ConvertError> {
        match self {
            WireValue::Null => visitor.visit_unit(),
            WireValue::Unknown => visitor.visit_newtype_struct(UnknownMarker),
            WireValue::Bool(value) => visitor.visit_bool(*value),
            WireValue::Number(Number::Integer(value)) => visitor.visit_i64(*value),
            WireValue::Number(Number::Float(value)) => visitor.visit_f64(*value),
            WireValue::Number(Number::Decimal(text)) => visitor.visit_borrowed_str(text),
            WireValue::String(text) => visitor.visit_borrowed_str(text),
            WireValue::List(elements) => visitor.visit_seq(SeqDeserializer::new(elements.iter())),
            WireValue::Map(elements) => visitor.visit_map(Elements { rest: elements.iter(), value: None }),
            WireValue::Dynamic(typed) => typed.1.deserialize_any(visitor),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ConvertError> {
        match self {
            WireValue::Null => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, ConvertError> {
        match self {
            WireValue::Unknown if name == UNKNOWN_MARKER => visitor.visit_newtype_struct(UnknownMarker),
            _ => visitor.visit_newtype_struct(self),
        }
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit
        unit_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

impl<'de> IntoDeserializer<'de, ConvertError> for &'de WireValue {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

/// What tf-provider's `Value::Unknown` expects to find: an extension of type 0 without payload.
struct UnknownMarker;

impl<'de> Deserializer<'de> for UnknownMarker {
    type Error = ConvertError;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ConvertError> {
        visitor.visit_seq(UnknownParts { next: 0 })
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit
        unit_struct newtype_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

struct UnknownParts {
    next: u8,
}

impl<'de> serde::de::SeqAccess<'de> for UnknownParts {
    type Error = ConvertError;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, ConvertError> {
        let part = self.next;
        self.next = self.next.saturating_add(1);
        match part {
            0 => seed.deserialize(0_i8.into_deserializer()).map(Some),
            1 => seed.deserialize(serde::de::value::BorrowedBytesDeserializer::new(&[])).map(Some),
            _ => Ok(None),
        }
    }
}

struct Elements<'de> {
    rest: btree_map::Iter<'de, String, WireValue>,
    value: Option<&'de WireValue>,
}

impl<'de> MapAccess<'de> for Elements<'de> {
    type Error = ConvertError;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, ConvertError> {
        let Some((key, value)) = self.rest.next() else { return Ok(None) };
        self.value = Some(value);
        seed.deserialize(StrDeserializer::new(key)).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, ConvertError> {
        let value = self.value.take().ok_or_else(|| ConvertError::new("a value was asked for before its key"))?;
        seed.deserialize(value)
    }
}
