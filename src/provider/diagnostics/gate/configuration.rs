//! What is wrong with the configuration of a gate, or with the place of one.

use std::fmt::Display;
use std::time::Duration;

use tf_provider::Diagnostic;
use tf_provider::value::Value;

use crate::plugin::convert::diagnostics::diagnostic;
use crate::provider::diagnostics::job::warning_or_error;
use crate::provider::diagnostics::validation::invalid;
use crate::provider::diagnostics::{at, context};
use crate::provider::duration;
use crate::provider::ota_rollout_gate::{DECIMALS, Percentage};

/// An id that no job or instance has.
pub(crate) fn slash_in_id(attribute: &'static str, given: &str) -> Diagnostic {
    invalid(
        attribute,
        format!(
            "`{attribute}` is {given:?}. IDs have no `/` and no blank. Give the ID alone, as the console shows it."
        ),
    )
}

/// A gate that would pass before any device has finished.
pub(crate) fn nothing_has_to_finish(given: impl Display) -> Diagnostic {
    invalid(
        "minimum_finished",
        format!(
            "`minimum_finished` is {given}. Allowed: 1 or more; a gate that waits for no device would say nothing about \
             the rollout. Give the number of devices that you want to have seen."
        ),
    )
}

/// A number that is no percentage, or has too many digits.
pub(crate) fn no_percentage(attribute: &'static str, given: impl Display) -> Diagnostic {
    invalid(
        attribute,
        format!("`{attribute}` is {given}. Allowed: 0 to 100, with at most {DECIMALS} decimals. Give such a number."),
    )
}

/// A gate that decides by nothing.
pub(crate) fn no_condition() -> Diagnostic {
    diagnostic(
        "Gate Without Condition",
        "Neither `minimum_success_percentage` nor `maximum_failed_percentage` is set, so the gate would pass however the \
         updates end. Set one of them; the other one then is what is left of 100.",
        tf_provider::AttributePath::root(),
    )
}

/// Two percentages of which one alone decides.
pub(crate) fn success_without_effect(rest: Percentage) -> Diagnostic {
    diagnostic(
        "Minimum Success Has No Effect",
        format!(
            "`maximum_failed_percentage` breaches the gate before less than {rest} % can have succeeded, and \
             `minimum_success_percentage` is lower. Raise it, so that there is something between the two for which the gate \
             waits, or remove it."
        ),
        at("minimum_success_percentage"),
    )
}

/// A timeout that would end the wait before the time box does.
pub(crate) fn timeout_within_time_box(timeout: Duration, time_box: Duration) -> Diagnostic {
    diagnostic(
        "Invalid Create Timeout",
        format!(
            "`timeouts.create` is {}, and `time_box` {}. The timeout is for the time box and what comes after it, the last \
             look and the calls that cancel. Give a longer one, or remove it.",
            duration::shown(timeout),
            duration::shown(time_box)
        ),
        at("timeouts").attribute("create"),
    )
}

/// An import, for which there is nothing.
pub(crate) fn nothing_to_import() -> Diagnostic {
    warning_or_error(
        "Gate Cannot Be Imported",
        "A gate is nothing in the cloud: its state remembers that the job once passed it. Remove the import, and apply: \
         the gate looks at the job, and passes at once if the conditions hold."
            .to_owned(),
    )
}

/// The provider works in another region than the gate's job is in.
pub(crate) fn other_region(configured: &str, own: &str, job_id: &Value<String>) -> Diagnostic {
    warning_or_error(
        "Gate Is For A Job In Another Region",
        format!(
            "The provider's region is {configured:?}, but the job of this gate is in {own:?}. Set the provider's `region` \
             back, or give this resource a provider of its own for {own:?} (an alias). If the gate is to be for a job in \
             {configured:?}, run `terraform state rm` for it first: that does nothing to the job.{}",
            context(&[("job", job_id.as_ref().as_option().map(String::as_str))])
        ),
    )
}
