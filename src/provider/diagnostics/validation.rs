//! What is wrong, or odd, in the configuration of a job.

use std::fmt::Display;
use std::ops::RangeInclusive;
use std::time::Duration;

use tf_provider::{AttributePath, Diagnostic};

use super::at;
use crate::plugin::convert::diagnostics::diagnostic;
use crate::provider::duration;
use crate::provider::limits::{self, alternatives, span};

/// How to get the newer limits, for a value that only they accept.
const EXTENDED: &str = "The newer documentation of the service allows it: `extended_limits = true` in the provider \
                        block switches to those limits.";

/// `retry_interval` as `Retry Interval`, and `iot_instance_id` as `IoT Instance ID`.
pub(super) fn title(attribute: &str) -> String {
    let capital = |word: &str| match word {
        "id" => "ID".to_owned(),
        "iot" => "IoT".to_owned(),
        _ => {
            let mut letters = word.chars();
            letters.next().map(|first| first.to_uppercase().chain(letters).collect::<String>()).unwrap_or_default()
        }
    };
    attribute.split('_').map(capital).collect::<Vec<_>>().join(" ")
}

pub(super) fn invalid(attribute: &'static str, detail: String) -> Diagnostic {
    diagnostic(format!("Invalid {}", title(attribute)), detail, at(attribute))
}

/// A text that has to be there is empty.
pub(crate) fn empty(attribute: &'static str) -> Diagnostic {
    invalid(
        attribute,
        format!("`{attribute}` is an empty text. Give its value, or remove the argument if it is optional."),
    )
}

/// An instance id that the resource's own id could not be told from.
pub(crate) fn slash_in_instance_id(given: &str) -> Diagnostic {
    invalid(
        "iot_instance_id",
        format!(
            "`iot_instance_id` is {given:?}. An instance ID has no `/` and no blank. Copy the ID that the console shows."
        ),
    )
}

/// A text that is no span of time, or not one of the allowed length.
pub(crate) fn invalid_duration(argument: &'static str, given: &str, range: &RangeInclusive<Duration>) -> Diagnostic {
    invalid(argument, no_duration(argument, given, range))
}

/// The same of what an operation may take.
pub(crate) fn invalid_timeout(
    operation: &'static str,
    given: &str,
    range: &RangeInclusive<Duration>,
    path: AttributePath,
) -> Diagnostic {
    let detail = no_duration(&format!("timeouts.{operation}"), given, range);
    diagnostic(format!("Invalid {} Timeout", title(operation)), detail, path)
}

fn no_duration(argument: &str, given: &str, range: &RangeInclusive<Duration>) -> String {
    format!(
        "`{argument}` is {given:?}. Allowed: numbers with the units `h`, `m` and `s`, such as `30m` or `1h30m`, which \
             come to {} to {}. Give one.",
        duration::shown(*range.start()),
        duration::shown(*range.end())
    )
}

/// A number with a fraction, or one beyond 64 bits.
pub(crate) fn not_whole(attribute: &'static str, given: impl Display) -> Diagnostic {
    invalid(attribute, format!("`{attribute}` is {given}. The service takes whole numbers only. Give one."))
}

/// A value that is not in a closed list.
pub(crate) fn not_one_of<T: Display>(
    attribute: &'static str,
    given: impl Display,
    allowed: &[T],
    instead: &str,
) -> Diagnostic {
    let allowed = alternatives(allowed);
    invalid(attribute, format!("`{attribute}` is {given}. Allowed: {allowed}. Choose one of them, or {instead}."))
}

/// A number out of its range. `extended_allows` tells whether the newer edition takes it.
pub(crate) fn out_of_range(
    attribute: &'static str,
    given: i64,
    range: &RangeInclusive<i64>,
    extended_allows: bool,
) -> Diagnostic {
    let advice = if extended_allows { EXTENDED } else { "Give a number in that range, or remove the argument." };
    invalid(attribute, format!("`{attribute}` is {given}. Allowed: {}. {advice}", span(range)))
}

/// A rate that the newer edition no longer takes.
pub(crate) fn low_rate(given: i64) -> Diagnostic {
    diagnostic(
        "Rate May Be Refused",
        format!(
            "`maximum_per_minute` is {given}. The newer documentation of the service starts at {}, so the service may \
             refuse the job. Give at least that many.",
            limits::MAXIMUM_PER_MINUTE.extended.start()
        ),
        at("maximum_per_minute"),
    )
}

/// An empty list of versions, which would not restrict the rollout at all.
pub(crate) fn no_src_versions() -> Diagnostic {
    invalid(
        "src_versions",
        "`src_versions` is an empty list. The job would be created without a restriction to versions, and might update \
         devices that you did not mean. List the versions, or remove the argument if that is what you want."
            .to_owned(),
    )
}

/// More versions than one job takes.
pub(crate) fn too_many_src_versions(given: usize) -> Diagnostic {
    invalid(
        "src_versions",
        format!(
            "`src_versions` has {given} entries. The service takes at most {} in one job. List fewer, or create further \
             jobs for further update packages.",
            limits::SRC_VERSION_COUNT
        ),
    )
}

/// An entry of the list of versions that is null or empty.
pub(crate) fn empty_src_version(index: usize) -> Diagnostic {
    let detail = format!(
        "`src_versions[{index}]` is empty. Give the firmware version as the devices report it, or remove the entry."
    );
    diagnostic("Invalid Src Versions", detail, src_version(index))
}

/// The same version twice.
pub(crate) fn duplicate_src_version(version: &str, first: usize, second: usize) -> Diagnostic {
    diagnostic(
        "Invalid Src Versions",
        format!(
            "`src_versions[{first}]` and `src_versions[{second}]` are both {version:?}. The service refuses duplicates. \
             Remove one of them."
        ),
        src_version(second),
    )
}

fn src_version(index: usize) -> AttributePath {
    at("src_versions").index(i64::try_from(index).unwrap_or(i64::MAX))
}

/// A tag whose key is too short, too long, or has other characters than it may.
pub(crate) fn tag_key(key: &str) -> Diagnostic {
    diagnostic(
        "Invalid Tag Key",
        format!(
            "The tag key {key:?} has {} characters. Allowed: {} ASCII letters, digits and periods. Devices receive the \
             key as it is. Rename it.",
            key.chars().count(),
            span(&limits::TAG_KEY_LENGTH)
        ),
        at("tags").key(key.to_owned()),
    )
}

/// A tag whose value is too short or too long.
pub(crate) fn tag_value(key: &str, length: usize, range: &RangeInclusive<usize>, extended_allows: bool) -> Diagnostic {
    let advice = if extended_allows { EXTENDED } else { "Give a value of that length, or remove the tag." };
    diagnostic(
        "Invalid Tag Value",
        format!("The value of the tag {key:?} has {length} characters. Allowed: {}. {advice}", span(range)),
        at("tags").key(key.to_owned()),
    )
}

/// A tag without a value.
pub(crate) fn null_tag_value(key: &str) -> Diagnostic {
    diagnostic(
        "Invalid Tag Value",
        format!("The tag {key:?} is null. A tag needs a value. Give one, or remove the tag."),
        at("tags").key(key.to_owned()),
    )
}

/// More tags than the newer edition takes.
pub(crate) fn tag_count(given: usize, refused: bool) -> Diagnostic {
    tags(
        &format!("There are {given} tags, and"),
        &format!("at most {} in one job", limits::TAG_COUNT.extended),
        refused,
    )
}

/// Longer tags, all together, than the newer edition takes.
pub(crate) fn tags_length(given: usize, refused: bool) -> Diagnostic {
    let allowed = format!("at most {} for all keys and values of a job together", limits::TAGS_LENGTH.extended);
    tags(&format!("The tags have {given} characters, and"), &allowed, refused)
}

fn tags(given: &str, allowed: &str, refused: bool) -> Diagnostic {
    let (summary, consequence) =
        if refused { ("Invalid Tags", "") } else { ("Tags May Be Refused", " The service may refuse the job.") };
    let detail = format!(
        "{given} the newer documentation of the service allows {allowed}.{consequence} Use fewer or shorter tags."
    );
    diagnostic(summary, detail, at("tags"))
}

/// A retry interval without a count.
pub(crate) fn retry_count_missing() -> Diagnostic {
    diagnostic(
        "Missing Retry Count",
        format!(
            "`retry_interval` is set, and the service then needs `retry_count`: {}. Add it, or remove `retry_interval` to \
             switch retries off.",
            alternatives(limits::RETRY_COUNTS)
        ),
        at("retry_interval"),
    )
}

/// A retry count without an interval.
pub(crate) fn retry_count_alone() -> Diagnostic {
    diagnostic(
        "Retry Count Has No Effect",
        format!(
            "`retry_count` is set without `retry_interval`, so nothing is tried again. Add `retry_interval` ({} minutes), \
             or remove `retry_count`.",
            alternatives(limits::RETRY_INTERVALS)
        ),
        at("retry_count"),
    )
}

/// A retry that would come after the timeout.
pub(crate) fn retry_not_below_timeout(interval: i64, timeout: i64, refused: bool) -> Diagnostic {
    let (summary, consequence) = if refused {
        ("Invalid Retry Interval", "")
    } else {
        ("Retry Interval May Be Refused", " The service may refuse the job.")
    };
    diagnostic(
        summary,
        format!(
            "`retry_interval` is {interval} and `timeout_in_minutes` is {timeout}. The newer documentation of the service \
             wants the interval to be smaller than the timeout.{consequence} Shorten the interval, or raise or remove the \
             timeout."
        ),
        at("retry_interval"),
    )
}

/// One half of a group.
pub(crate) fn group_incomplete(given: &'static str, missing: &'static str) -> Diagnostic {
    diagnostic(
        "Incomplete Device Group",
        format!(
            "`{given}` is set without `{missing}`. The service takes both or neither. Add `{missing}`, or remove `{given}`."
        ),
        at(given),
    )
}

/// Devices selected in both ways.
pub(crate) fn group_and_src_versions() -> Diagnostic {
    diagnostic(
        "Conflicting Device Selection",
        "`group_id` and `src_versions` are both set. A job selects devices by group or by version, not both. Remove one \
         of them.",
        at("group_id"),
    )
}

/// Devices selected in neither way.
pub(crate) fn no_selection(refused: bool) -> Diagnostic {
    if refused {
        return diagnostic(
            "Missing Device Selection",
            "Neither `src_versions` nor `group_id` is set, and the newer documentation of the service demands one of them. \
             Add the versions or the group whose devices are to be updated.",
            AttributePath::root(),
        );
    }
    diagnostic(
        "Device Selection Is Not Defined",
        "Neither `src_versions` nor `group_id` is set. The documentation does not say which devices such a job updates: \
         it may be every device of the product. Add `src_versions` to say which ones you mean.",
        AttributePath::root(),
    )
}

/// Two modes that exclude each other.
pub(crate) fn overwrite_with_multi_module() -> Diagnostic {
    diagnostic(
        "Conflicting Update Modes",
        format!(
            "`multi_module_mode` is true and `overwrite_mode` is {}. The service refuses the two together. Set \
             `overwrite_mode` to another value, or remove `multi_module_mode`.",
            limits::OVERWRITE
        ),
        at("multi_module_mode"),
    )
}
