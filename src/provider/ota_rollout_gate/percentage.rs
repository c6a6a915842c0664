//! Percentages without rounding: a threshold that is met exactly has to count as met.

use std::fmt;

use crate::plugin::convert::Number;

/// Digits after the decimal point.
pub(crate) const DECIMALS: usize = 3;
/// Thousandths in a whole percent.
const SCALE: u64 = 1000;

/// 0 to 100 percent, in thousandths.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Percentage(u64);

impl Percentage {
    /// 100 percent.
    pub(crate) const ALL: Self = Self(100 * SCALE);

    /// Nothing for a number beyond 0 to 100, or with more than [`DECIMALS`] digits after the point.
    pub(crate) fn of(number: &Number) -> Option<Self> {
        let text = number.to_string();
        let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
        if fraction.len() > DECIMALS {
            return None;
        }
        let whole: u64 = whole.parse().ok()?;
        let fraction: u64 = format!("{fraction:0<DECIMALS$}").parse().ok()?;
        let thousandths = whole.checked_mul(SCALE)?.checked_add(fraction)?;
        Some(Self(thousandths)).filter(|percentage| *percentage <= Self::ALL)
    }

    /// What is left to 100 percent.
    pub(crate) fn rest(self) -> Self {
        Self(Self::ALL.0 - self.0)
    }

    /// Whether `part` of `whole` is more than this.
    pub(crate) fn is_exceeded_by(self, part: u64, whole: u64) -> bool {
        let scaled = |count: u64, factor: u64| u128::from(count) * u128::from(factor);
        scaled(part, Self::ALL.0) > scaled(whole, self.0)
    }

    /// Whether `part` of `whole` is at least this.
    pub(crate) fn is_reached_by(self, part: u64, whole: u64) -> bool {
        let others = whole.saturating_sub(part);
        !self.rest().is_exceeded_by(others, whole)
    }
}

/// As a configuration would have it, without the sign.
impl fmt::Display for Percentage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, fraction) = (self.0 / SCALE, self.0 % SCALE);
        let fraction = format!("{fraction:0DECIMALS$}");
        match fraction.trim_end_matches('0') {
            "" => write!(f, "{whole}"),
            fraction => write!(f, "{whole}.{fraction}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn percentage(text: &str) -> Option<Percentage> {
        Percentage::of(&Number::from_decimal(text).unwrap())
    }

    #[test]
    fn numbers_of_a_configuration() {
        for text in ["0", "5", "0.1", "33.333", "99.99", "100"] {
            assert_eq!(percentage(text).unwrap().to_string(), text);
        }
        assert_eq!(Percentage::of(&Number::from_float(12.5).unwrap()), percentage("12.5"));
        for text in ["-1", "-0.1", "100.001", "101", "0.0001", "1e1", "18446744073709551616"] {
            assert_eq!(percentage(text), None, "{text}");
        }
        assert_eq!(Percentage::of(&Number::Float(f64::INFINITY)), None);
    }

    #[test]
    fn what_is_met_exactly_is_met() {
        let tenth = percentage("0.1").unwrap();
        assert!(!tenth.is_exceeded_by(1, 1000) && tenth.is_exceeded_by(1, 999));
        assert!(tenth.rest().is_reached_by(999, 1000) && !tenth.rest().is_reached_by(998, 999));
        let third = percentage("33.333").unwrap();
        assert!(third.is_exceeded_by(1, 3) && third.is_reached_by(1, 3) && !third.is_reached_by(33_332, 100_000));
        assert!(!Percentage::ALL.is_exceeded_by(u64::MAX, u64::MAX) && Percentage::ALL.is_reached_by(7, 7));
    }
}
