//! Taking a job into the state that exists already.

use tf_provider::Diagnostics;
use tf_provider::value::Value;

use super::answer;
use super::choice::{Choice as _, OnDestroy, OnExternalCancel};
use super::model::{ImportId, OtaDynamicJobModel, known};
use super::reference::{DYNAMIC, JobReference, client, contradicts};
use crate::provider::config::Settings;
use crate::provider::diagnostics::configuration::not_known_yet;
use crate::provider::diagnostics::job as text;
use crate::provider::ending::CANCELED;

/// Takes a running job into the state.
pub(super) async fn import(
    settings: &Settings,
    diagnostics: &mut Diagnostics,
    id: ImportId,
) -> Option<OtaDynamicJobModel> {
    let client = client(settings, diagnostics)?;
    if id.iot_instance_id.is_none() && settings.iot_instance_id.is_unknown() {
        diagnostics.errors.push(not_known_yet(&["iot_instance_id"]));
        return None;
    }
    let id = ImportId {
        iot_instance_id: id.iot_instance_id.or_else(|| known(&settings.iot_instance_id).map(str::to_owned)),
        job_id: id.job_id,
    };
    let state = OtaDynamicJobModel {
        id: Value::Value(id.to_string()),
        job_id: Value::Value(id.job_id),
        iot_instance_id: id.iot_instance_id.into(),
        region: Value::Value(client.region().to_owned()),
        on_destroy: Value::Value(OnDestroy::default().name().to_owned()),
        on_external_cancel: Value::Value(OnExternalCancel::default().name().to_owned()),
        ..OtaDynamicJobModel::default()
    };
    let reference = JobReference::of(&state);
    let job = match reference.look(client).await {
        Ok(answer) => answer.data,
        Err(error) => {
            diagnostics.errors.push(text::not_imported(&reference.described(), &error));
            return None;
        }
    };
    let refusal = match &job {
        None => Some(text::nothing_to_import(&reference.described())),
        Some(job) if contradicts(&state, job) => Some(text::contradiction(&reference.described())),
        Some(job) if job.selection_type.is_none() => Some(text::incomplete_answer(&reference.described())),
        Some(job) if job.selection_type.as_deref() != Some(DYNAMIC) => {
            Some(text::not_a_dynamic_job(&reference.described()))
        }
        Some(job) if job.job_status.as_deref() == Some(CANCELED) => {
            Some(text::cancelled_not_imported(&reference.described()))
        }
        Some(job) if job.firmware_id.is_none() || job.product_key.is_none() => {
            Some(text::incomplete_answer(&reference.described()))
        }
        Some(_) => None,
    };
    diagnostics.errors.extend(refusal);
    if diagnostics.errors.is_empty() { job.map(|job| answer::refreshed(state, &job)) } else { None }
}
