//! The attributes as users see them.

use tf_provider::schema::{Attribute, AttributeConstraint, AttributeType, Block, Description, Schema};

use super::model::{BEYOND_TIME_BOX, DEFAULT_POLL_INTERVAL, OnBreach, PASSED, POLL_INTERVAL, TIME_BOX};
use super::percentage::DECIMALS;
use crate::provider::{duration, timeouts};

/// Raised whenever state that is written today could not be read by yesterday's code.
const VERSION: i64 = 0;

const WAITS_AGAIN: &str = "Changing this makes a new gate, which waits again.";
const STATE_ONLY: &str = "Changing this changes the state only.";

type Named = (&'static str, Attribute);

/// The schema of `alicloud_iot_ota_rollout_gate`.
pub(super) fn schema() -> Schema {
    let description = "A gate behind which a rollout goes on only if it went well so far: creating it waits until \
                       enough devices of a job have finished their update, and fails if too many of them failed. It \
                       changes nothing about the job unless `on_breach` says so, **and it guards only while Terraform \
                       runs**. A gate that has passed stays passed until what it decides by changes; destroying it does \
                       nothing.";
    let attributes = [job(), conditions(), waiting(), decided()].into_iter().flatten();
    let block = Block {
        version: VERSION,
        attributes: attributes.map(|(name, attribute)| (name.to_owned(), attribute)).collect(),
        blocks: [timeouts::block(&[(
            "create",
            &format!(
                "How long creating the gate may take in all, which has to be longer than `time_box`: what is left after \
                 it is for the last look and for the calls that cancel. Left out, it is {} longer.",
                duration::shown(BEYOND_TIME_BOX)
            ),
        )])]
        .into(),
        description: Description::markdown(description),
        deprecated: false,
    };
    Schema { version: VERSION, block }
}

fn job() -> Vec<Named> {
    use AttributeConstraint::{OptionalComputed, Required};
    let string = || AttributeType::String;
    vec![
        ("job_id", attribute(Required, string(), format!("ID of the job to wait for. {WAITS_AGAIN}"))),
        (
            "iot_instance_id",
            attribute(
                OptionalComputed,
                string(),
                format!(
                    "ID of the instance that the job belongs to. Defaults to the provider's `iot_instance_id` when the \
                     gate is created. {WAITS_AGAIN}"
                ),
            ),
        ),
    ]
}

fn conditions() -> Vec<Named> {
    use AttributeConstraint::{Optional, Required};
    use AttributeType::Number;
    vec![
        (
            "minimum_finished",
            attribute(
                Required,
                Number,
                format!(
                    "How many devices have to have finished, with success or not, before the gate can pass; 1 or more. \
                     Cancelled updates do not count. {WAITS_AGAIN}"
                ),
            ),
        ),
        (
            "minimum_finished_percentage",
            attribute(
                Optional,
                Number,
                format!(
                    "How much of all updates of the job that were not cancelled has to have finished as well, in percent, \
                     before the gate can pass. A dynamic job has an update for each device that was selected so far. \
                     {WAITS_AGAIN}"
                ),
            ),
        ),
        (
            "minimum_success_percentage",
            attribute(
                Optional,
                Number,
                format!(
                    "How much of what has finished has to have succeeded, in percent with at most {DECIMALS} decimals. As \
                     long as it is less, the gate waits for further devices until the time box ends. Left out, it is what \
                     `maximum_failed_percentage` leaves of 100. {WAITS_AGAIN}"
                ),
            ),
        ),
        (
            "maximum_failed_percentage",
            attribute(
                Optional,
                Number,
                format!(
                    "How much of what has finished may have failed, in percent with at most {DECIMALS} decimals. More than \
                     that breaches the gate at once: as soon as `minimum_finished` devices have finished, or earlier if so \
                     many failed that it is certain by then. Left out, it is what `minimum_success_percentage` leaves of \
                     100. {WAITS_AGAIN}"
                ),
            ),
        ),
    ]
}

fn waiting() -> Vec<Named> {
    use AttributeConstraint::{OptionalComputed, Required};
    let span = |range: &std::ops::RangeInclusive<_>| {
        format!("{} to {}", duration::shown(*range.start()), duration::shown(*range.end()))
    };
    vec![
        (
            "time_box",
            attribute(
                Required,
                AttributeType::String,
                format!(
                    "How long to wait, such as `30m` or `1h30m`; {}. **A gate that has not passed when it ends is \
                     breached**, also if nothing failed. {WAITS_AGAIN}",
                    span(&TIME_BOX)
                ),
            ),
        ),
        (
            "poll_interval",
            attribute(
                OptionalComputed,
                AttributeType::String,
                format!(
                    "Time between two looks at the job, each of which takes eight calls; {}. Default: \
                     `{DEFAULT_POLL_INTERVAL}`. {STATE_ONLY}",
                    span(&POLL_INTERVAL)
                ),
            ),
        ),
        (
            "on_breach",
            attribute(
                OptionalComputed,
                AttributeType::String,
                format!(
                    "What a breach does to the job: `{}` (the default) nothing; `{}` ends its policy \
                     (CancelOTAStrategyByJob) and cancels the updates that devices have not begun (CancelOTATaskByJob). It \
                     is an error in either case. {STATE_ONLY}",
                    OnBreach::Fail.name(),
                    OnBreach::Cancel.name()
                ),
            ),
        ),
    ]
}

/// What the gate found when it passed. None of it moves afterwards.
fn decided() -> Vec<Named> {
    let decided = |of: AttributeType, text: String| attribute(AttributeConstraint::Computed, of, text);
    let string = || AttributeType::String;
    vec![
        ("id", decided(string(), "`JOB_ID`, or `IOT_INSTANCE_ID/JOB_ID` where an instance is in effect.".to_owned())),
        ("region", decided(string(), "Region of the job: the provider's when the gate was created.".to_owned())),
        ("verdict", decided(string(), format!("`{PASSED}`: a gate with another verdict is an error and not stored."))),
        ("passed_at", decided(string(), "When the gate passed, in UTC, such as `2019-05-10T02:18:53Z`.".to_owned())),
        (
            "task_counts",
            decided(
                AttributeType::Map(Box::new(AttributeType::Number)),
                "Updates of the job by their status when the gate passed: `CONFIRM`, `QUEUED`, `NOTIFIED`, `IN_PROGRESS`, \
                 `CANCELED`, `SUCCEEDED` and `FAILED`."
                    .to_owned(),
            ),
        ),
    ]
}

fn attribute(constraint: AttributeConstraint, attr_type: AttributeType, description: String) -> Attribute {
    Attribute {
        attr_type,
        description: Description::markdown(description),
        constraint,
        sensitive: false,
        deprecated: false,
    }
}
