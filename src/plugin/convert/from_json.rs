//! JSON to a [`WireValue`]: the form in which core keeps state.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::budget::Budget;
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
/// If the bytes are not JSON, do not fit the type, nest too deep or hold too much. The error's path is
/// that of the value at fault; its text never quotes the bytes, which may be a secret.
pub fn from_json(bytes: &[u8], of: &Type) -> Result<WireValue, ConvertError> {
    if bytes.is_empty() {
        return Ok(WireValue::Null);
    }
    let raw = serde_json::from_slice(bytes).map_err(|error| not_json(&error))?;
    Reader::default().value(raw, of, 0)
}

/// Numbers have to keep all their digits, so each level is parsed no further than its own members, and
/// scalars are read from their text.
#[derive(Default)]
struct Reader {
    budget: Budget,
}

impl Reader {
    fn value(&mut self, raw: &RawValue, of: &Type, depth: usize) -> Result<WireValue, ConvertError> {
        self.budget.spend(depth)?;
        let depth = depth + 1;
        let json = raw.get();
        if json == "null" {
            return Ok(WireValue::Null);
        }
        match of {
            Type::Bool => scalar(json, of, |text| text.parse().ok().map(WireValue::Bool)),
            Type::Number => scalar(json, of, |text| Number::from_decimal(text).map(WireValue::Number)),
            Type::String => scalar(json, of, |text| Some(WireValue::String(text.to_owned()))),
            Type::List(element) | Type::Set(element) => self.elements(json, |_| Some(element), depth),
            Type::Tuple(types) => self.elements(json, |index| types.get(index), depth),
            Type::Map(element) => self.map(json, element, depth),
            Type::Object(types) => self.object(json, types, depth),
            Type::Dynamic => self.dynamic(json, depth),
        }
    }

    fn elements<'t>(
        &mut self,
        json: &str,
        of: impl Fn(usize) -> Option<&'t Type>,
        depth: usize,
    ) -> Result<WireValue, ConvertError> {
        let elements = members(json, Kind::Array)?;
        let read = |(index, (_, raw)): (usize, (String, &RawValue))| {
            of(index)
                .ok_or_else(|| ConvertError::new("the tuple has too many elements"))
                .and_then(|of| self.value(raw, of, depth))
                .map_err(|error| error.in_element(index))
        };
        elements.into_iter().enumerate().map(read).collect::<Result<_, _>>().map(WireValue::List)
    }

    fn map(&mut self, json: &str, element: &Type, depth: usize) -> Result<WireValue, ConvertError> {
        let mut values = BTreeMap::new();
        for (key, raw) in members(json, Kind::Object)? {
            let value = self.value(raw, element, depth).map_err(|error| error.in_key(&key))?;
            values.insert(key, value);
        }
        Ok(WireValue::Map(values))
    }

    fn object(&mut self, json: &str, types: &BTreeMap<String, Type>, depth: usize) -> Result<WireValue, ConvertError> {
        let members: BTreeMap<_, _> = members(json, Kind::Object)?.into_iter().collect();
        let mut values = BTreeMap::new();
        for (name, of) in types {
            let value = match members.get(name) {
                Some(raw) => self.value(raw, of, depth).map_err(|error| error.in_attribute(name))?,
                // Not in the bytes, but in memory: `{}` makes as many as the type has attributes.
                None => self.budget.spend(depth).map(|()| WireValue::Null)?,
            };
            values.insert(name.clone(), value);
        }
        Ok(WireValue::Map(values))
    }

    fn dynamic(&mut self, json: &str, depth: usize) -> Result<WireValue, ConvertError> {
        let members: BTreeMap<_, _> = members(json, Kind::Object)?.into_iter().collect();
        let member = |name| {
            let missing = || ConvertError::new(format!("a dynamic value has no {name}"));
            members.get(name).copied().ok_or_else(missing)
        };
        let of: Type = serde_json::from_str(member("type")?.get())
            .map_err(|_| ConvertError::new("the type of a dynamic value cannot be read"))?;
        let value = self.value(member("value")?, &of, depth)?;
        Ok(WireValue::Dynamic(Box::new((of, value))))
    }
}

fn scalar(json: &str, of: &Type, read: impl FnOnce(&str) -> Option<WireValue>) -> Result<WireValue, ConvertError> {
    let mismatch = || ConvertError::new(format!("a {} was expected, not {}", of.name(), kind(json)));
    let text = match json.as_bytes().first() {
        Some(b'{' | b'[') => return Err(mismatch()),
        Some(b'"') => serde_json::from_str(json).map_err(|error| not_json(&error))?,
        _ => json.to_owned(),
    };
    read(&text).ok_or_else(mismatch)
}

/// Which composed form is expected.
#[derive(Clone, Copy)]
enum Kind {
    Array,
    Object,
}

/// The members of an array (under empty names) or an object, unread, and no more of them than a message
/// may hold.
fn members(json: &str, expected: Kind) -> Result<Vec<(String, &RawValue)>, ConvertError> {
    let fits = match expected {
        Kind::Array => json.starts_with('['),
        Kind::Object => json.starts_with('{'),
    };
    if !fits {
        let expected = match expected {
            Kind::Array => "an array",
            Kind::Object => "an object",
        };
        return Err(ConvertError::new(format!("{expected} was expected, not {}", kind(json))));
    }
    let mut deserializer = serde_json::Deserializer::from_str(json);
    Members.deserialize(&mut deserializer).map_err(|error| {
        // Members are taken unread, so the only thing wrong with valid ones is their number.
        if error.is_data() { ConvertError::new("there are too many values") } else { not_json(&error) }
    })
}

struct Members;

impl<'de> DeserializeSeed<'de> for Members {
    type Value = Vec<(String, &'de RawValue)>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Members {
    type Value = Vec<(String, &'de RawValue)>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array or an object")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Self::Value, A::Error> {
        let (mut members, mut budget) = (Vec::new(), Budget::default());
        while let Some(element) = elements.next_element()? {
            budget.spend(0).map_err(A::Error::custom)?;
            members.push((String::new(), element));
        }
        Ok(members)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Self::Value, A::Error> {
        let (mut members, mut budget) = (Vec::new(), Budget::default());
        while let Some(entry) = entries.next_entry()? {
            budget.spend(0).map_err(A::Error::custom)?;
            members.push(entry);
        }
        Ok(members)
    }
}

/// What a JSON text is. Never the text itself.
fn kind(json: &str) -> &'static str {
    match json.as_bytes().first() {
        Some(b'"') => "a string",
        Some(b'{') => "an object",
        Some(b'[') => "an array",
        Some(b't' | b'f') => "a bool",
        Some(b'n') => "null",
        _ => "a number",
    }
}

/// The parser's own text quotes what it read.
fn not_json(error: &serde_json::Error) -> ConvertError {
    ConvertError::new(format!(
        "it is not JSON that can be read, from line {}, column {} on",
        error.line(),
        error.column()
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attributes_that_the_bytes_leave_out_are_paid_for() {
        let of = ["a", "b", "c"].map(|name| (name.to_owned(), Type::Bool));
        let of = Type::List(Box::new(Type::Object(of.into())));
        let raw = serde_json::from_str("[{},{}]").unwrap();
        let read = |values| Reader { budget: Budget::of(values) }.value(raw, &of, 0);
        assert!(read(9).is_ok());
        assert!(read(8).unwrap_err().to_string().contains("too many values"));
    }

    #[test]
    fn no_more_is_read_than_a_message_may_hold() {
        for (start, member, kind) in [("[", "0,", Kind::Array), ("{", "\"\":0,", Kind::Object)] {
            // What is not read cannot be found to be no JSON.
            let json = [start, &member.repeat(4_000_001), "!"].concat();
            let error = members(&json, kind).unwrap_err().to_string();
            assert!(error.contains("too many values"), "{error}");
        }
    }
}
