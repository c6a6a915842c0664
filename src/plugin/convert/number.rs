//! Numbers without loss: Terraform's have no largest value and no smallest step.

use std::fmt;

use serde::de::{self, Deserialize, Deserializer, Visitor};
use serde::ser::{Serialize, Serializer};

/// The newtype name under which a decimal text travels through serde, to tell it from a string.
pub(crate) const DECIMAL_MARKER: &str = "$plugin::Decimal";

/// A number as core sent it.
#[derive(Debug, Clone, PartialEq)]
pub enum Number {
    /// A whole number of 64 bits.
    Integer(i64),
    /// A fraction that binary floating point holds exactly, or an infinity.
    Float(f64),
    /// Anything else, as decimal text: `0.1`, or whole numbers beyond 64 bits.
    Decimal(Box<str>),
}

impl Number {
    /// Reads decimal text: an optional sign, digits, and optionally a fraction and an exponent.
    ///
    /// Returns nothing for any other text.
    pub fn from_decimal(text: &str) -> Option<Self> {
        if !is_decimal(text) {
            return None;
        }
        Some(text.parse().map_or_else(|_| Self::Decimal(text.into()), Self::Integer))
    }

    /// From floating point; nothing if it is not a number.
    pub fn from_float(value: f64) -> Option<Self> {
        /// 2^63, the first whole number that 64 bits with sign cannot hold.
        const LIMIT: f64 = 9_223_372_036_854_775_808.0;
        if value.is_nan() {
            None
        } else if value.fract() == 0.0 && (-LIMIT..LIMIT).contains(&value) {
            #[expect(clippy::cast_possible_truncation, reason = "whole and in range, as just checked")]
            Some(Self::Integer(value as i64))
        } else {
            Some(Self::Float(value))
        }
    }

    /// The value if it is whole and fits 64 bits.
    pub fn as_integer(&self) -> Option<i64> {
        match self {
            Self::Integer(value) => Some(*value),
            Self::Float(_) | Self::Decimal(_) => None,
        }
    }
}

fn is_decimal(text: &str) -> bool {
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (unsigned, None),
    };
    let (whole, fraction) = match mantissa.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (mantissa, None),
    };
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    digits(whole)
        && fraction.is_none_or(digits)
        && exponent.is_none_or(|text| digits(text.strip_prefix(['-', '+']).unwrap_or(text)))
}

impl From<i64> for Number {
    fn from(value: i64) -> Self {
        Self::Integer(value)
    }
}

impl From<u64> for Number {
    fn from(value: u64) -> Self {
        i64::try_from(value).map_or_else(|_| Self::Decimal(value.to_string().into()), Self::Integer)
    }
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Integer(value) => value.fmt(f),
            Self::Float(value) => value.fmt(f),
            Self::Decimal(text) => f.write_str(text),
        }
    }
}

impl Serialize for Number {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Integer(value) => serializer.serialize_i64(*value),
            Self::Float(value) => serializer.serialize_f64(*value),
            Self::Decimal(text) => serializer.serialize_newtype_struct(DECIMAL_MARKER, &**text),
        }
    }
}

impl<'de> Deserialize<'de> for Number {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct NumberVisitor;

        impl Visitor<'_> for NumberVisitor {
            type Value = Number;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a number")
            }

            fn visit_i64<E: de::Error>(self, value: i64) -> Result<Number, E> {
                Ok(value.into())
            }

            fn visit_u64<E: de::Error>(self, value: u64) -> Result<Number, E> {
                Ok(value.into())
            }

            fn visit_f64<E: de::Error>(self, value: f64) -> Result<Number, E> {
                Number::from_float(value).ok_or_else(|| E::custom("not a number"))
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Number, E> {
                Number::from_decimal(text).ok_or_else(|| E::custom("not a decimal number"))
            }
        }

        deserializer.deserialize_any(NumberVisitor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimal_text_is_told_from_other_text() {
        for text in ["0", "-1", "+5", "0.1", "1e30", "18446744073709551615", "1.5E-3"] {
            assert!(Number::from_decimal(text).is_some(), "{text}");
        }
        for text in ["", "-", "1.", ".5", "0x1", "1e", "1_000", "NaN", "inf", " 1", "1 "] {
            assert!(Number::from_decimal(text).is_none(), "{text}");
        }
    }

    #[test]
    fn whole_numbers_of_64_bits_are_integers_however_they_came() {
        assert_eq!(Number::from_decimal("42"), Some(Number::Integer(42)));
        assert_eq!(Number::from_float(42.0), Some(Number::Integer(42)));
        assert_eq!(Number::from(42_u64), Number::Integer(42));
        assert_eq!(Number::from(u64::MAX).to_string(), "18446744073709551615");
        assert_eq!(Number::from_float(9_223_372_036_854_775_808.0).unwrap().as_integer(), None);
        assert_eq!(Number::from_float(0.5).unwrap().as_integer(), None);
        assert_eq!(Number::from_float(f64::NAN), None);
    }
}
