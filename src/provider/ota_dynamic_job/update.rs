//! Changing a job while it runs.

use tf_provider::Diagnostics;

use super::model::OtaDynamicJobModel;
use super::reference::{JobReference, client};
use super::work::Work;
use super::{answer, request};
use crate::iot::FailureKind;
use crate::provider::config::Settings;
use crate::provider::diagnostics::job as text;
use crate::provider::patience::{self, Patience};

/// Changes the job to what was planned. After a failure the state is what the service reports, or as it was.
pub(super) async fn update(
    settings: &Settings,
    diagnostics: &mut Diagnostics,
    prior: OtaDynamicJobModel,
    planned: OtaDynamicJobModel,
) -> Option<OtaDynamicJobModel> {
    let client = &Patience::of(Work::Update.timeout(&planned)).bounds(client(settings, diagnostics)?);
    let reference = JobReference::of(&prior);
    let request = request::update(&reference.job_id, &planned);
    let Err(error) = patience::acting(client).send(&request).await else { return Some(planned) };
    if error.is_operation_not_offered() {
        diagnostics.errors.push(text::update_not_offered(&reference.described(), &error));
        return None;
    }
    match reference.look(client).await {
        Ok(answer) if answer.data.is_some() => {
            let job = answer.data.unwrap_or_default();
            // The answer was lost on its way back, and the call was carried out.
            if error.kind() == FailureKind::OutcomeUnknown && request::has_taken(&job, &request) {
                return Some(planned);
            }
            diagnostics.errors.push(text::not_updated(&reference.described(), &error));
            let choices = OtaDynamicJobModel {
                on_destroy: planned.on_destroy,
                on_external_cancel: planned.on_external_cancel,
                timeouts: planned.timeouts,
                ..prior
            };
            Some(answer::refreshed(choices, &job))
        }
        _ => {
            diagnostics.errors.push(text::not_updated_nor_read(&reference.described(), &error));
            None
        }
    }
}
