//! A resource's own struct to a [`WireValue`], through serde.

use std::collections::BTreeMap;

use serde::Serialize;
use serde::ser::{self, Impossible, Serializer};

use super::error::ConvertError;
use super::number::{DECIMAL_MARKER, Number};
use super::value::WireValue;

/// The newtype name that tf-provider gives `Value::Unknown`, after rmp-serde's for extensions.
pub(crate) const UNKNOWN_MARKER: &str = "_ExtStruct";

/// Makes a value of `from`. Enums other than tf-provider's own have no counterpart and are refused.
///
/// # Errors
///
/// If `from` holds something that Terraform's types cannot say.
pub fn to_value<T: Serialize + ?Sized>(from: &T) -> Result<WireValue, ConvertError> {
    from.serialize(ValueSerializer)
}

struct ValueSerializer;

macro_rules! integers {
    ($($method:ident: $integer:ty),+) => {$(
        fn $method(self, value: $integer) -> Result<WireValue, ConvertError> {
            Ok(WireValue::Number(Number::from(i64::from(value))))
        }
    )+};
}

impl Serializer for ValueSerializer {
    type Ok = WireValue;
    type Error = ConvertError;
    type SerializeSeq = ListSerializer;
    type SerializeTuple = ListSerializer;
    type SerializeTupleStruct = ListSerializer;
    type SerializeTupleVariant = Impossible<WireValue, ConvertError>;
    type SerializeMap = MapSerializer;
    type SerializeStruct = MapSerializer;
    type SerializeStructVariant = Impossible<WireValue, ConvertError>;

    integers!(serialize_i8: i8, serialize_i16: i16, serialize_i32: i32, serialize_i64: i64);
    integers!(serialize_u8: u8, serialize_u16: u16, serialize_u32: u32);

    fn serialize_u64(self, value: u64) -> Result<WireValue, ConvertError> {
        Ok(WireValue::Number(value.into()))
    }

    fn serialize_bool(self, value: bool) -> Result<WireValue, ConvertError> {
        Ok(WireValue::Bool(value))
    }

    fn serialize_f32(self, value: f32) -> Result<WireValue, ConvertError> {
        self.serialize_f64(value.into())
    }

    fn serialize_f64(self, value: f64) -> Result<WireValue, ConvertError> {
        Number::from_float(value).map(WireValue::Number).ok_or_else(|| ConvertError::new("not a number"))
    }

    fn serialize_char(self, value: char) -> Result<WireValue, ConvertError> {
        Ok(WireValue::String(value.to_string()))
    }

    fn serialize_str(self, value: &str) -> Result<WireValue, ConvertError> {
        Ok(WireValue::String(value.to_owned()))
    }

    fn serialize_bytes(self, _value: &[u8]) -> Result<WireValue, ConvertError> {
        Err(unsupported("bytes"))
    }

    fn serialize_none(self) -> Result<WireValue, ConvertError> {
        Ok(WireValue::Null)
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<WireValue, ConvertError> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<WireValue, ConvertError> {
        Ok(WireValue::Null)
    }

    fn serialize_unit_struct(self, _name: &'static str) -> Result<WireValue, ConvertError> {
        Ok(WireValue::Null)
    }

    fn serialize_unit_variant(
        self,
        name: &'static str,
        _index: u32,
        _variant: &'static str,
    ) -> Result<WireValue, ConvertError> {
        Err(unsupported(name))
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        name: &'static str,
        value: &T,
    ) -> Result<WireValue, ConvertError> {
        match name {
            UNKNOWN_MARKER => Ok(WireValue::Unknown),
            DECIMAL_MARKER => match value.serialize(self)? {
                WireValue::String(text) => Ok(WireValue::Number(Number::Decimal(text.into()))),
                other => Err(unsupported(other.kind())),
            },
            _ => value.serialize(self),
        }
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        name: &'static str,
        _index: u32,
        _variant: &'static str,
        _value: &T,
    ) -> Result<WireValue, ConvertError> {
        Err(unsupported(name))
    }

    fn serialize_seq(self, _length: Option<usize>) -> Result<ListSerializer, ConvertError> {
        Ok(ListSerializer { elements: Vec::new() })
    }

    fn serialize_tuple(self, length: usize) -> Result<ListSerializer, ConvertError> {
        self.serialize_seq(Some(length))
    }

    fn serialize_tuple_struct(self, _name: &'static str, length: usize) -> Result<ListSerializer, ConvertError> {
        self.serialize_seq(Some(length))
    }

    fn serialize_tuple_variant(
        self,
        name: &'static str,
        _index: u32,
        _variant: &'static str,
        _length: usize,
    ) -> Result<Self::SerializeTupleVariant, ConvertError> {
        Err(unsupported(name))
    }

    fn serialize_map(self, _length: Option<usize>) -> Result<MapSerializer, ConvertError> {
        Ok(MapSerializer { elements: BTreeMap::new(), key: None })
    }

    fn serialize_struct(self, _name: &'static str, length: usize) -> Result<MapSerializer, ConvertError> {
        self.serialize_map(Some(length))
    }

    fn serialize_struct_variant(
        self,
        name: &'static str,
        _index: u32,
        _variant: &'static str,
        _length: usize,
    ) -> Result<Self::SerializeStructVariant, ConvertError> {
        Err(unsupported(name))
    }
}

struct ListSerializer {
    elements: Vec<WireValue>,
}

impl ListSerializer {
    fn push<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), ConvertError> {
        let element = to_value(value).map_err(|error| error.in_element(self.elements.len()))?;
        self.elements.push(element);
        Ok(())
    }
}

/// serde tells lists, tuples and tuple structs apart; Terraform's values do not.
macro_rules! serialize_elements {
    ($($form:ident $method:ident),+) => {$(
        impl ser::$form for ListSerializer {
            type Ok = WireValue;
            type Error = ConvertError;

            fn $method<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), ConvertError> {
                self.push(value)
            }

            fn end(self) -> Result<WireValue, ConvertError> {
                Ok(WireValue::List(self.elements))
            }
        }
    )+};
}

serialize_elements!(SerializeSeq serialize_element, SerializeTuple serialize_element, SerializeTupleStruct serialize_field);

struct MapSerializer {
    elements: BTreeMap<String, WireValue>,
    key: Option<String>,
}

impl ser::SerializeMap for MapSerializer {
    type Ok = WireValue;
    type Error = ConvertError;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), ConvertError> {
        match to_value(key)? {
            WireValue::String(key) => {
                self.key = Some(key);
                Ok(())
            }
            other => Err(unsupported(other.kind())),
        }
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), ConvertError> {
        let key = self.key.take().ok_or_else(|| ConvertError::new("a value was given before its key"))?;
        let value = to_value(value).map_err(|error| error.in_key(&key))?;
        self.elements.insert(key, value);
        Ok(())
    }

    fn end(self) -> Result<WireValue, ConvertError> {
        Ok(WireValue::Map(self.elements))
    }
}

impl ser::SerializeStruct for MapSerializer {
    type Ok = WireValue;
    type Error = ConvertError;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Result<(), ConvertError> {
        let value = to_value(value).map_err(|error| error.in_attribute(name))?;
        self.elements.insert(name.to_owned(), value);
        Ok(())
    }

    fn end(self) -> Result<WireValue, ConvertError> {
        Ok(WireValue::Map(self.elements))
    }
}

fn unsupported(what: &str) -> ConvertError {
    ConvertError::new(format!("Terraform's types cannot say {what}"))
}
