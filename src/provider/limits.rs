//! What the service accepts, in both editions of its documentation: the one definition that feeds
//! the validator, its messages, the schema's descriptions and the emulator's documentation.
//!
//! `reference` is the edition that this provider implements; `extended` is the newer public one, to
//! which the provider argument `extended_limits` switches as a whole.

use std::fmt::Display;
use std::ops::RangeInclusive;

/// Which edition of the documentation counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Edition {
    /// The edition that this provider implements.
    #[default]
    Reference,
    /// The newer public edition.
    Extended,
    /// `extended_limits` is not known yet, so only what neither edition accepts is refused.
    Undecided,
}

/// A limit that differs between the editions.
#[derive(Debug)]
pub struct Limit<T> {
    /// In the reference edition.
    pub reference: T,
    /// In the newer edition.
    pub extended: T,
}

/// What the editions say of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Nothing to say, or too early to say it.
    Accepted,
    /// The edition that counts accepts it, the newer one does not.
    AcceptedByReferenceOnly,
    /// The edition that counts refuses it, the newer one would not.
    AcceptedByExtendedOnly,
    /// No edition accepts it, or the one that was chosen on purpose does not.
    Refused,
}

impl<T> Limit<T> {
    /// The limit in the edition that counts, for a message. Undecided counts as the newer one.
    pub fn of(&self, edition: Edition) -> &T {
        match edition {
            Edition::Reference => &self.reference,
            Edition::Extended | Edition::Undecided => &self.extended,
        }
    }

    /// What `accepts` makes of both editions' limits.
    pub fn verdict(&self, edition: Edition, accepts: impl Fn(&T) -> bool) -> Verdict {
        match (edition, accepts(&self.reference), accepts(&self.extended)) {
            (Edition::Reference, true, true)
            | (Edition::Extended, _, true)
            | (Edition::Undecided, true, _)
            | (Edition::Undecided, _, true) => Verdict::Accepted,
            (Edition::Reference, true, false) => Verdict::AcceptedByReferenceOnly,
            (Edition::Reference, false, true) => Verdict::AcceptedByExtendedOnly,
            (_, _, false) => Verdict::Refused,
        }
    }
}

/// Characters of a tag's key: ASCII letters, digits and periods.
pub const TAG_KEY_LENGTH: RangeInclusive<usize> = 1..=30;

/// Characters of a tag's value, counted as Unicode scalar values.
pub const TAG_VALUE_LENGTH: Limit<RangeInclusive<usize>> = Limit { reference: 1..=128, extended: 1..=1024 };

/// Tags of one job.
pub const TAG_COUNT: Limit<usize> = Limit { reference: usize::MAX, extended: 10 };

/// Characters of all keys and values of one job's tags together.
pub const TAGS_LENGTH: Limit<usize> = Limit { reference: usize::MAX, extended: 4096 };

/// Source versions of one job.
pub const SRC_VERSION_COUNT: usize = 10;

/// Minutes until a failed update is tried again.
pub const RETRY_INTERVALS: &[i64] = &[0, 10, 30, 60, 1440];

/// How often a failed update is tried again.
pub const RETRY_COUNTS: &[i64] = &[1, 2, 5];

/// Minutes that an update of one device may take.
pub const TIMEOUT_IN_MINUTES: RangeInclusive<i64> = 1..=1440;

/// Devices that are offered the package in a minute.
pub const MAXIMUM_PER_MINUTE: Limit<RangeInclusive<i64>> = Limit { reference: 0..=1000, extended: 10..=10_000 };

/// The least rate that a job which runs can be changed with. The call has to name the rate, whatever it changes.
pub const LEAST_UPDATED_RATE: i64 = 10;

/// 1 keeps an earlier update task of a device, 2 replaces it.
pub const OVERWRITE_MODES: &[i64] = &[1, 2];

/// The overwrite mode that replaces earlier tasks.
pub const OVERWRITE: i64 = 2;

/// 1 keeps checking all devices, 2 only those that report a version later.
pub const DYNAMIC_MODES: &[i64] = &[1, 2];

/// The kind of device group that a dynamic job takes. No answer of the service holds it.
pub const DYNAMIC_GROUP: &str = "LINK_PLATFORM_DYNAMIC";

/// Kinds of device group that a dynamic job takes, as a list.
pub const GROUP_TYPES: &[&str] = &[DYNAMIC_GROUP];

/// Ways by which devices get the package.
pub const DOWNLOAD_PROTOCOLS: &[&str] = &["HTTPS", "MQTT"];

/// What the service gives a job that was created without an overwrite mode.
pub const DEFAULT_OVERWRITE_MODE: i64 = 1;

/// The same for the dynamic mode.
pub const DEFAULT_DYNAMIC_MODE: i64 = 1;

/// The same for pushing the update to online devices.
pub const DEFAULT_NEED_PUSH: bool = true;

/// The same for waiting for a confirmation.
pub const DEFAULT_NEED_CONFIRM: bool = false;

/// The same for the way by which devices get the package.
pub const DEFAULT_DOWNLOAD_PROTOCOL: &str = "HTTPS";

/// The same for updating several modules at once.
pub const DEFAULT_MULTI_MODULE_MODE: bool = false;

/// Whether `RetryInterval` has to be smaller than `TimeoutInMinutes`.
pub const RETRY_BELOW_TIMEOUT: Limit<bool> = Limit { reference: false, extended: true };

/// Whether the devices have to be selected, by source versions or by a group.
pub const SELECTION_REQUIRED: Limit<bool> = Limit { reference: false, extended: true };

/// Whether a character may stand in a tag's key.
pub fn is_tag_key_character(character: char) -> bool {
    character.is_ascii_alphanumeric() || character == '.'
}

/// Whether a text has nothing in it that a part of a resource's ID, `IOT_INSTANCE_ID/JOB_ID`, cannot have.
pub fn fits_resource_id(text: &str) -> bool {
    !text.contains(|character: char| character == '/' || character.is_whitespace())
}

/// `a, b or c`
pub fn alternatives<T: Display>(allowed: &[T]) -> String {
    let texts: Vec<_> = allowed.iter().map(T::to_string).collect();
    match texts.as_slice() {
        [] => String::new(),
        [only] => only.clone(),
        [head @ .., last] => format!("{} or {last}", head.join(", ")),
    }
}

/// `1 to 30`
pub fn span<T: Display>(range: &RangeInclusive<T>) -> String {
    format!("{} to {}", range.start(), range.end())
}

/// The limits as a Markdown table, for the documentation of the emulator, which enforces the same.
pub fn table() -> String {
    let count = |limit: usize| if limit == usize::MAX { "no limit".to_owned() } else { format!("at most {limit}") };
    let same = |limit: String| [limit.clone(), limit];
    let rows: [(&str, [String; 2]); 14] = [
        ("length of a tag key, of letters, digits and `.`", same(span(&TAG_KEY_LENGTH))),
        ("length of a tag value", [span(&TAG_VALUE_LENGTH.reference), span(&TAG_VALUE_LENGTH.extended)]),
        ("number of tags", [count(TAG_COUNT.reference), count(TAG_COUNT.extended)]),
        ("length of all tag keys and values together", [count(TAGS_LENGTH.reference), count(TAGS_LENGTH.extended)]),
        ("number of `SrcVersion.N`, all different", same(count(SRC_VERSION_COUNT))),
        ("`RetryInterval`, minutes", same(alternatives(RETRY_INTERVALS))),
        ("`RetryInterval` against `TimeoutInMinutes`", ["any".to_owned(), "smaller".to_owned()]),
        ("`RetryCount`", same(alternatives(RETRY_COUNTS))),
        ("`TimeoutInMinutes`", same(span(&TIMEOUT_IN_MINUTES))),
        ("`MaximumPerMinute`", [span(&MAXIMUM_PER_MINUTE.reference), span(&MAXIMUM_PER_MINUTE.extended)]),
        ("`OverwriteMode`", same(alternatives(OVERWRITE_MODES))),
        ("`DynamicMode`", same(alternatives(DYNAMIC_MODES))),
        ("`GroupType`", same(alternatives(GROUP_TYPES))),
        ("`DownloadProtocol`", same(alternatives(DOWNLOAD_PROTOCOLS))),
    ];
    let lines = rows.map(|(what, [reference, extended])| format!("| {what} | {reference} | {extended} |\n"));
    format!("| limit | `--edition reference` | `--edition extended` |\n|---|---|---|\n{}", lines.concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn verdicts_by_edition() {
        let verdict = |edition, value: i64| {
            MAXIMUM_PER_MINUTE.verdict(edition, |range: &RangeInclusive<i64>| range.contains(&value))
        };
        for (value, reference, extended, undecided) in [
            (-1, Verdict::Refused, Verdict::Refused, Verdict::Refused),
            (0, Verdict::AcceptedByReferenceOnly, Verdict::Refused, Verdict::Accepted),
            (9, Verdict::AcceptedByReferenceOnly, Verdict::Refused, Verdict::Accepted),
            (10, Verdict::Accepted, Verdict::Accepted, Verdict::Accepted),
            (1000, Verdict::Accepted, Verdict::Accepted, Verdict::Accepted),
            (1001, Verdict::AcceptedByExtendedOnly, Verdict::Accepted, Verdict::Accepted),
            (10_000, Verdict::AcceptedByExtendedOnly, Verdict::Accepted, Verdict::Accepted),
            (10_001, Verdict::Refused, Verdict::Refused, Verdict::Refused),
        ] {
            assert_eq!(verdict(Edition::Reference, value), reference, "{value}");
            assert_eq!(verdict(Edition::Extended, value), extended, "{value}");
            assert_eq!(verdict(Edition::Undecided, value), undecided, "{value}");
        }
    }

    #[test]
    fn alternatives_read_as_a_sentence() {
        assert_eq!(alternatives(RETRY_INTERVALS), "0, 10, 30, 60 or 1440");
        assert_eq!(alternatives(GROUP_TYPES), "LINK_PLATFORM_DYNAMIC");
    }
}
