//! What a plan says beside what it shows.

use tf_provider::Diagnostic;

use super::super::at;
use crate::plugin::convert::diagnostics::diagnostic;
use crate::provider::limits;
use crate::provider::ota_dynamic_job::Obstacle;

/// A value that the job may not have was written into the configuration of an imported job.
pub(crate) fn only_recorded(attribute: &'static str) -> Diagnostic {
    diagnostic(
        "Value Is Only Recorded",
        format!(
            "The service does not report `{attribute}` of this job, which was imported. The value is written into the state; \
             the job stays as it is, whatever it has. To be sure of the value, replace the job with `terraform apply \
             -replace=ADDRESS`, which restarts the rollout."
        ),
        at(attribute),
    )
}

/// A replacement would be created in another instance than the job that it replaces.
pub(crate) fn replaced_elsewhere(own: Option<&str>, default: Option<&str>) -> Diagnostic {
    let name =
        |instance: Option<&str>| instance.map_or_else(|| "no instance".to_owned(), |id| format!("instance {id:?}"));
    diagnostic(
        "Replacement Moves To Another Instance",
        format!(
            "This job is in {}, and its replacement would be created in {}, the provider's default by now. Set \
             `iot_instance_id` here if it is to stay where it is.",
            name(own),
            name(default)
        ),
        at("iot_instance_id"),
    )
}

/// A new timeout, of which devices that are being updated learn nothing.
pub(crate) fn later_timeout() -> Diagnostic {
    diagnostic(
        "Timeout Holds For Later Devices Only",
        "The job is changed while it runs. The new `timeout_in_minutes` holds for devices that are selected after the change; \
         those that have an update task keep the timeout that it was created with. To have one timeout for all, replace the \
         job with `terraform apply -replace=ADDRESS`, which restarts the rollout.",
        at("timeout_in_minutes"),
    )
}

/// A change that could have been made in other running jobs needs a new one here.
pub(crate) fn replaced_for(attribute: &'static str, obstacle: Obstacle) -> Diagnostic {
    let least = limits::LEAST_UPDATED_RATE;
    let why = match obstacle {
        Obstacle::TimeoutRemoved => "UpdateOTAJob cannot take a timeout away".to_owned(),
        Obstacle::VersionsAddedOrRemoved => {
            "UpdateOTAJob changes the versions of a job that has some; it neither adds a first list nor takes the last away"
                .to_owned()
        }
        Obstacle::LowRate => format!(
            "UpdateOTAJob has to name a rate, whatever it changes, and takes none below {least} devices a minute"
        ),
        Obstacle::UnknownRate => {
            "UpdateOTAJob has to name the job's rate, whatever it changes, and nobody knows what it is".to_owned()
        }
        Obstacle::Group => "what UpdateOTAJob does to a job that was selected by a device group is not documented".to_owned(),
    };
    let instead = match obstacle {
        Obstacle::TimeoutRemoved => " To keep the job, leave a timeout in place.".to_owned(),
        Obstacle::VersionsAddedOrRemoved => {
            " To keep the job, leave `src_versions` as a list of at least one.".to_owned()
        }
        Obstacle::LowRate => {
            format!(" A job with `maximum_per_minute` of at least {least} can be changed while it runs.")
        }
        Obstacle::UnknownRate => {
            format!(
                " With `maximum_per_minute` set to a fixed number of at least {least} the job is changed while it runs."
            )
        }
        Obstacle::Group => String::new(),
    };
    diagnostic(
        "Change Restarts The Rollout",
        format!(
            "Changing `{attribute}` cancels this job and creates a new one, although a running job can be changed in other \
             cases: {why}. Devices that match are selected again.{instead} Undo the change if the rollout must not restart."
        ),
        at(attribute),
    )
}

/// A replacement of a job that its destroy would not end.
pub(crate) fn replacement_keeps(job_id: &str) -> Diagnostic {
    diagnostic(
        "Replacement Would Keep The Old Job",
        format!(
            "The state says `on_destroy = \"keep\"`, so replacing this job would leave it running, and the service refuses a \
             second running job for one update package. Nothing was changed. Set `on_destroy` to \"cancel_strategy\", apply \
             that alone, then make this change; or undo the change.\n\n  job: {job_id}"
        ),
        at("on_destroy"),
    )
}
