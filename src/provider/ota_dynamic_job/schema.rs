//! The attributes as users see them.

use std::collections::HashMap;
use std::fmt::Display;

use tf_provider::schema::{Attribute, AttributeConstraint, AttributeType, Block, Description, Schema};

use super::choice::{Choice as _, OnDestroy, OnExternalCancel};
use super::work;
use crate::provider::limits::{self, alternatives, span};
use crate::provider::timeouts;

/// Raised whenever state that is written today could not be read by yesterday's code.
const VERSION: i64 = 0;

const REPLACES: &str = "Changing this creates a new job.";
const STATE_ONLY: &str = "Changing this changes the state only.";
const SERVICE_DEFAULT: &str = "Left out, it stays as the job has it";

/// The schema of `alicloud_iot_ota_dynamic_job`.
pub(super) fn schema() -> Schema {
    let description = "A dynamic OTA update job: a standing policy by which every device of a product that reports a \
                       matching firmware version gets an update package. Creating it starts the rollout; destroying \
                       it ends the policy (CancelOTAStrategyByJob), and `on_destroy` says what else becomes of it.";
    let attributes = [target(), pace(), modes(), behaviour(), reported()].into_iter().flatten();
    let attributes = attributes.map(|(name, attribute)| (name.to_owned(), attribute)).collect::<HashMap<_, _>>();
    let arguments = work::arguments();
    let arguments: Vec<_> = arguments.iter().map(|(name, meaning)| (*name, meaning.as_str())).collect();
    let block = Block {
        version: VERSION,
        attributes,
        blocks: HashMap::from([timeouts::block(&arguments)]),
        description: Description::markdown(description),
        deprecated: false,
    };
    Schema { version: VERSION, block }
}

type Named = (&'static str, Attribute);

/// What is updated, and which devices.
fn target() -> Vec<Named> {
    use AttributeConstraint::{Optional, OptionalComputed, Required};
    use AttributeType::String;
    let list_of_string = AttributeType::List(Box::new(String));
    let map_of_string = AttributeType::Map(Box::new(String));
    vec![
        (
            "firmware_id",
            attribute(Required, String, format!("ID of the update package. It must be verified. {REPLACES}")),
        ),
        (
            "product_key",
            attribute(Required, String, format!("Key of the product that the package belongs to. {REPLACES}")),
        ),
        (
            "iot_instance_id",
            attribute(
                OptionalComputed,
                String,
                format!(
                    "ID of the IoT Platform instance; public instances without an ID have none. Defaults to the \
                     provider's `iot_instance_id` when the job is created, and is not affected by that one later. {REPLACES}"
                ),
            ),
        ),
        (
            "src_versions",
            attribute(
                Optional,
                list_of_string,
                format!(
                    "Firmware versions whose devices are updated, at most {}, all different; their order has no \
                     meaning. For a differential package, the version that it was made from. Changing the list changes the \
                     running job; adding a first one or removing it creates a new job.",
                    limits::SRC_VERSION_COUNT
                ),
            ),
        ),
        (
            "group_id",
            attribute(
                Optional,
                String,
                format!(
                    "ID of a dynamic device group whose devices are updated, in place of `src_versions`. {REPLACES}"
                ),
            ),
        ),
        (
            "group_type",
            attribute(
                Optional,
                String,
                format!("Type of the group, with `group_id`: `{}`. {REPLACES}", alternatives(limits::GROUP_TYPES)),
            ),
        ),
        (
            "tags",
            attribute(
                Optional,
                map_of_string,
                format!(
                    "Batch tags, **which are sent to the devices** with the update notice. Keys of {} letters, digits \
                     and periods; values of {} characters ({} with `extended_limits`, and at most {} tags of {} \
                     characters together). Changing them changes the running job.",
                    span(&limits::TAG_KEY_LENGTH),
                    span(&limits::TAG_VALUE_LENGTH.reference),
                    span(&limits::TAG_VALUE_LENGTH.extended),
                    limits::TAG_COUNT.extended,
                    limits::TAGS_LENGTH.extended
                ),
            ),
        ),
    ]
}

/// How fast, and how often again.
fn pace() -> Vec<Named> {
    use AttributeConstraint::{Optional, OptionalComputed};
    use AttributeType::Number;
    vec![
        (
            "retry_interval",
            attribute(
                Optional,
                Number,
                format!(
                    "Minutes until a failed update is tried again: {}; 0 is at once. Left out, nothing is tried again. \
                     Needs `retry_count`. {REPLACES}",
                    alternatives(limits::RETRY_INTERVALS)
                ),
            ),
        ),
        (
            "retry_count",
            attribute(
                Optional,
                Number,
                format!(
                    "How often a failed update is tried again: {}. Has no effect without `retry_interval`. {REPLACES}",
                    alternatives(limits::RETRY_COUNTS)
                ),
            ),
        ),
        (
            "timeout_in_minutes",
            attribute(
                Optional,
                Number,
                format!(
                    "Minutes that the update of one device may take from its first progress report on, {}. An update \
                     that fails by it is not tried again. Left out, a device never times out. Changing it changes the \
                     running job, for devices that are selected from then on; removing it creates a new job.",
                    span(&limits::TIMEOUT_IN_MINUTES)
                ),
            ),
        ),
        (
            "maximum_per_minute",
            attribute(
                OptionalComputed,
                Number,
                format!(
                    "Devices that are offered the package in a minute, {} ({} with `extended_limits`). \
                     {SERVICE_DEFAULT}; the service gives a new one {}. Changing it changes the running job; a rate \
                     below {} creates a new one.",
                    span(&limits::MAXIMUM_PER_MINUTE.reference),
                    span(&limits::MAXIMUM_PER_MINUTE.extended),
                    limits::MAXIMUM_PER_MINUTE.reference.end(),
                    limits::LEAST_UPDATED_RATE
                ),
            ),
        ),
    ]
}

/// How the service goes about it.
fn modes() -> Vec<Named> {
    use AttributeType::{Bool, Number, String};
    let mode = |of, default: &dyn Display, text: &str| {
        let text = format!("{text} {SERVICE_DEFAULT}; the service gives a new one {default}. {REPLACES}");
        attribute(AttributeConstraint::OptionalComputed, of, text)
    };
    let code = |value: &dyn Display| format!("`{value}`");
    vec![
        (
            "overwrite_mode",
            mode(
                Number,
                &limits::DEFAULT_OVERWRITE_MODE,
                "1 leaves a device's earlier update task in force, 2 replaces it unless it is in progress.",
            ),
        ),
        (
            "dynamic_mode",
            mode(
                Number,
                &limits::DEFAULT_DYNAMIC_MODE,
                "1 keeps checking all devices against the condition, 2 only those that report a version after the job \
                 was created.",
            ),
        ),
        (
            "need_push",
            mode(
                Bool,
                &code(&limits::DEFAULT_NEED_PUSH),
                "Whether the service pushes the update to online devices; otherwise they have to ask for it.",
            ),
        ),
        (
            "need_confirm",
            mode(
                Bool,
                &code(&limits::DEFAULT_NEED_CONFIRM),
                "Whether a device gets the update only after it was confirmed in an app of yours (ConfirmOTATask).",
            ),
        ),
        (
            "download_protocol",
            mode(
                String,
                &code(&limits::DEFAULT_DOWNLOAD_PROTOCOL),
                &format!(
                    "How devices get the package: `{}`. MQTT takes packages of one file of at most 16 MB and is limited \
                     to some regions.",
                    limits::DOWNLOAD_PROTOCOLS.join("` or `")
                ),
            ),
        ),
        (
            "multi_module_mode",
            mode(
                Bool,
                &code(&limits::DEFAULT_MULTI_MODULE_MODE),
                &format!(
                    "Whether a device may update several modules at once; not with `overwrite_mode = {}`.",
                    limits::OVERWRITE
                ),
            ),
        ),
    ]
}

/// What Terraform does, as opposed to the service.
fn behaviour() -> Vec<Named> {
    use AttributeConstraint::OptionalComputed;
    use AttributeType::String;
    vec![
        (
            "on_destroy",
            attribute(
                OptionalComputed,
                String,
                format!(
                    "What a destroy makes of the job: `{}` (the default) ends the policy, and tasks that devices have go on; \
                     `{}` cancels tasks that no device has begun as well; `{}` those in progress too; `{}` forgets the job and \
                     leaves it running. A destroy goes by the state, so a change has to be applied before it counts. \
                     {STATE_ONLY}",
                    OnDestroy::CancelStrategy.name(),
                    OnDestroy::CancelPending.name(),
                    OnDestroy::CancelAll.name(),
                    OnDestroy::Keep.name()
                ),
            ),
        ),
        (
            "on_external_cancel",
            attribute(
                OptionalComputed,
                String,
                format!(
                    "What a refresh makes of a job that was cancelled outside Terraform: `{}` (the default) takes it out of \
                     the state, so that the next plan proposes a new one; `{}` leaves it there as cancelled; `{}` stops. \
                     {STATE_ONLY}",
                    OnExternalCancel::Recreate.name(),
                    OnExternalCancel::Keep.name(),
                    OnExternalCancel::Error.name()
                ),
            ),
        ),
    ]
}

/// What the service says of a job. None of it moves by itself, but for the end of the job.
fn reported() -> Vec<Named> {
    let reported = |text: &str| attribute(AttributeConstraint::Computed, AttributeType::String, text.to_owned());
    vec![
        (
            "id",
            reported(
                "What the job is imported by: `JOB_ID`, or `IOT_INSTANCE_ID/JOB_ID` where an instance is in effect.",
            ),
        ),
        ("job_id", reported("ID that the service gave the job.")),
        ("region", reported("Region of the job: the provider's when it was created or imported.")),
        ("utc_create", reported("When the job was created, in UTC, such as `2019-05-10T02:18:53.000Z`.")),
        (
            "job_status",
            reported("`IN_PROGRESS` while devices are matched, `CANCELED` or `COMPLETED` once that has ended."),
        ),
        ("firmware_name", reported("Name of the update package.")),
        ("dest_version", reported("Firmware version that the package brings.")),
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
