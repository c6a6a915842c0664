//! Which job is meant, and how it is asked for.

use tf_provider::Diagnostics;
use tf_provider::value::Value;

use super::model::{OtaDynamicJobModel, known};
use crate::iot::operations::{Job, ListOtaJobByFirmware, QueryOtaJob, list_all_jobs};
use crate::iot::{Answer, Client, Error};
use crate::provider::config::Settings;
use crate::provider::diagnostics::job as text;
use crate::provider::patience;

/// How the service calls jobs of this resource's kind.
pub(super) const DYNAMIC: &str = "DYNAMIC";

/// Which job is meant, for requests and for messages.
pub(super) struct JobReference {
    pub(super) job_id: String,
    pub(super) iot_instance_id: Option<String>,
    pub(super) firmware_id: Option<String>,
    region: String,
    /// The service has described it before, so that it is no job which it may not show yet.
    was_shown: bool,
}

impl JobReference {
    pub(super) fn of(state: &OtaDynamicJobModel) -> Self {
        let text = |value| known(value).map(str::to_owned);
        Self {
            job_id: text(&state.job_id).unwrap_or_default(),
            iot_instance_id: text(&state.iot_instance_id),
            firmware_id: text(&state.firmware_id),
            region: text(&state.region).unwrap_or_default(),
            was_shown: known(&state.job_status).is_some(),
        }
    }

    pub(super) fn described(&self) -> text::JobContext<'_> {
        text::JobContext {
            region: &self.region,
            job_id: &self.job_id,
            iot_instance_id: self.iot_instance_id.as_deref(),
            firmware_id: self.firmware_id.as_deref(),
        }
    }

    /// The call that asks for it.
    pub(super) fn query(&self) -> QueryOtaJob {
        QueryOtaJob { job_id: self.job_id.clone(), iot_instance_id: self.iot_instance_id.clone() }
    }

    /// Asks the service what it knows of the job.
    pub(super) async fn look(&self, client: &Client) -> Result<Answer<Option<Job>>, Error> {
        patience::for_look::<QueryOtaJob, _>(client.send(&self.query())).await
    }

    /// Asks for the job. `Some(None)` means that it is gone, by the service's word for this job and its
    /// package's list; None, with an error, that nobody knows. What the service has never shown is not gone: a new job
    /// may be visible late.
    pub(super) async fn find(&self, client: &Client, diagnostics: &mut Diagnostics) -> Option<Option<Job>> {
        match self.look(client).await {
            Ok(answer) if answer.data.is_some() => return Some(answer.data),
            Ok(_) => {}
            Err(error) if error.is_job_not_found() => {}
            Err(error) => {
                diagnostics.errors.push(text::not_read(&self.described(), &error));
                return None;
            }
        }
        // A state without a package would be asked for without one, which the service refuses: nothing is gone by that.
        let firmware_id = self.firmware_id.as_deref().unwrap_or_default();
        let listing = list_all_jobs(client, firmware_id, self.iot_instance_id.as_deref());
        match patience::for_look::<ListOtaJobByFirmware, _>(listing).await {
            Ok(jobs) if jobs.data.iter().any(|job| job.job_id.as_deref() == Some(&self.job_id)) => {
                diagnostics.errors.push(text::listed_but_not_found(&self.described()));
                None
            }
            Ok(_) if !self.was_shown => {
                diagnostics.errors.push(text::not_shown_yet(&self.described()));
                None
            }
            Ok(_) => Some(None),
            Err(error) => {
                diagnostics.errors.push(text::absence_not_confirmed(&self.described(), &error));
                None
            }
        }
    }
}

/// Refuses to touch a job of another region: asked there, the service would not know it, and that
/// must never pass for "gone".
pub(super) fn guard_region(
    settings: &Settings,
    diagnostics: &mut Diagnostics,
    state: &OtaDynamicJobModel,
) -> Option<()> {
    match (&settings.region, &state.region) {
        (Value::Value(configured), Value::Value(own)) if configured != own => {
            diagnostics.errors.push(text::other_region(configured, own, &JobReference::of(state).job_id));
            None
        }
        _ => Some(()),
    }
}

/// The client, or an error that there is none yet.
pub(super) fn client<'a>(settings: &'a Settings, diagnostics: &mut Diagnostics) -> Option<&'a Client> {
    settings.client().map_err(|error| diagnostics.errors.push(error)).ok()
}

/// Whether an answer is about another job than the one that was asked for. A job's package never changes.
pub(super) fn contradicts(state: &OtaDynamicJobModel, job: &Job) -> bool {
    let differs = |own: &Value<String>, reported: &Option<String>| match (own, reported) {
        (Value::Value(own), Some(reported)) => own != reported,
        _ => false,
    };
    differs(&state.job_id, &job.job_id)
        || differs(&state.firmware_id, &job.firmware_id)
        || differs(&state.product_key, &job.product_key)
}
