//! Spans of time as configurations write them, in the form that users of `timeouts` blocks know: `30m`, `1h30m`, `90s`.

use std::fmt::Write as _;
use std::time::Duration;

/// Units with their milliseconds. `ms` stands before those that it begins like.
const UNITS: &[(&str, u64)] = &[("ms", 1), ("h", 3_600_000), ("m", 60_000), ("s", 1000)];

/// Digits before a decimal point, and after it: more would leave the whole numbers that the sum is made of.
const MOST_DIGITS: usize = 9;

/// Reads numbers, each with its unit (`h`, `m`, `s`, `ms`) and possibly a fraction, as in `1.5h` or `1h30m`. Nothing for
/// any other text. What is below a millisecond is cut off.
pub(crate) fn parse(text: &str) -> Option<Duration> {
    let mut rest = text;
    let mut sum: u64 = 0;
    while !rest.is_empty() {
        let end = rest.find(|character: char| character != '.' && !character.is_ascii_digit())?;
        let (number, behind) = rest.split_at(end);
        let (unit, milliseconds) = UNITS.iter().find(|(unit, _)| behind.starts_with(unit))?;
        sum = sum.checked_add(times(number, *milliseconds)?)?;
        rest = behind.strip_prefix(unit)?;
    }
    (!text.is_empty()).then(|| Duration::from_millis(sum))
}

/// A decimal text times `milliseconds`.
fn times(number: &str, milliseconds: u64) -> Option<u64> {
    let (whole, fraction) = number.split_once('.').unwrap_or((number, "0"));
    if whole.len() > MOST_DIGITS || fraction.len() > MOST_DIGITS {
        return None;
    }
    let scale = 10_u64.checked_pow(u32::try_from(fraction.len()).ok()?)?;
    let (whole, fraction) = (whole.parse::<u64>().ok()?, fraction.parse::<u64>().ok()?);
    whole.checked_mul(milliseconds)?.checked_add(fraction.checked_mul(milliseconds)? / scale)
}

/// The shortest such text, such as `1h30m`; `0s` for no time at all.
pub(crate) fn shown(duration: Duration) -> String {
    let mut rest = duration.as_millis();
    let mut text = String::new();
    for (unit, milliseconds) in [("h", 3_600_000), ("m", 60_000), ("s", 1000), ("ms", 1)] {
        let count = rest / milliseconds;
        if count > 0 {
            // Writing into a string cannot fail.
            let _ = write!(text, "{count}{unit}");
        }
        rest %= milliseconds;
    }
    if text.is_empty() { "0s".to_owned() } else { text }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn numbers_have_units() {
        for (text, seconds) in
            [("30m", 1800.0), ("1h30m", 5400.0), ("90s", 90.0), ("1.5h", 5400.0), ("0s", 0.0), ("2m500ms", 120.5)]
        {
            assert_eq!(parse(text), Some(Duration::from_secs_f64(seconds)), "{text}");
        }
        for text in ["", "30", "m", "1 h", "-1h", "1d", "1h30", ".5h", "1.h", "1..5h", "1h ", "9999999999h", "١m"] {
            assert_eq!(parse(text), None, "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn what_is_shown_is_read_back(milliseconds in 0..=u64::from(u32::MAX)) {
            let duration = Duration::from_millis(milliseconds);
            prop_assert_eq!(parse(&shown(duration)), Some(duration));
        }

        #[test]
        fn nothing_panics(text in "[0-9.hms ]{0,30}") {
            let _ = parse(&text);
        }
    }
}
