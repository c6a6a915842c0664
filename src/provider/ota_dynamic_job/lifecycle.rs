//! Creating, reading, ending and importing a job.

use tf_provider::Diagnostics;
use tf_provider::value::Value;

use super::answer;
use super::model::{ImportId, OnExternalCancel, OtaDynamicJobModel};
use crate::iot::operations::{
    CancelOtaStrategyByJob, CreateOtaDynamicUpgradeJob, Job, ListOtaJobByFirmware, QueryOtaJob, Tag, list_all_jobs,
};
use crate::iot::{Answer, Client, Error, FailureKind};
use crate::plugin::convert::Number;
use crate::provider::config::Settings;
use crate::provider::diagnostics::configuration::not_known_yet;
use crate::provider::diagnostics::job as text;
use crate::provider::patience;

/// The status of a job whose policy was ended.
const CANCELED: &str = "CANCELED";
/// The status of a job that has nothing left to do.
const COMPLETED: &str = "COMPLETED";
/// How the service calls jobs of this resource's kind.
const DYNAMIC: &str = "DYNAMIC";

/// Which job is meant, for requests and for messages.
struct JobReference {
    job_id: String,
    iot_instance_id: Option<String>,
    firmware_id: Option<String>,
    region: String,
}

impl JobReference {
    fn of(state: &OtaDynamicJobModel) -> Self {
        Self {
            job_id: text_of(&state.job_id).unwrap_or_default(),
            iot_instance_id: text_of(&state.iot_instance_id),
            firmware_id: text_of(&state.firmware_id),
            region: text_of(&state.region).unwrap_or_default(),
        }
    }

    fn described(&self) -> text::JobContext<'_> {
        text::JobContext {
            region: &self.region,
            job_id: &self.job_id,
            iot_instance_id: self.iot_instance_id.as_deref(),
            firmware_id: self.firmware_id.as_deref(),
        }
    }

    /// Asks the service what it knows of the job.
    async fn look(&self, client: &Client) -> Result<Answer<Option<Job>>, Error> {
        let query = QueryOtaJob { job_id: self.job_id.clone(), iot_instance_id: self.iot_instance_id.clone() };
        patience::for_look::<QueryOtaJob, _>(client.send(&query)).await
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

fn client<'a>(settings: &'a Settings, diagnostics: &mut Diagnostics) -> Option<&'a Client> {
    settings.client().map_err(|error| diagnostics.errors.push(error)).ok()
}

/// Creates the job. Once its id is known nothing is an error any more: an error would taint the
/// object, and the next apply would cancel and restart the rollout.
pub(super) async fn create(
    settings: &Settings,
    diagnostics: &mut Diagnostics,
    planned: OtaDynamicJobModel,
) -> Option<OtaDynamicJobModel> {
    let client = client(settings, diagnostics)?;
    let request = request(&planned);
    let created = match client.send(&request).await {
        Ok(answer) => answer.data,
        Err(error) if error.kind() == FailureKind::OutcomeUnknown => {
            diagnostics.errors.push(text::create_unresolved(&request, client.region(), &error));
            return None;
        }
        Err(error) => {
            diagnostics.errors.push(text::not_created(&request, client.region(), &error));
            return None;
        }
    };
    let mut state = planned;
    state.region = Value::Value(client.region().to_owned());
    let id = ImportId { iot_instance_id: request.iot_instance_id, job_id: created.job_id };
    state.id = Value::Value(id.to_string());
    // The process may be ended before core gets the answer; then this line is all there is.
    tracing::info!(job_id = id.job_id, "the job was created");
    state.job_id = Value::Value(id.job_id);
    if !created.utc_create.is_empty() {
        state.utc_create = Value::Value(created.utc_create);
    }
    let reference = JobReference::of(&state);
    let reported = match reference.look(client).await {
        Ok(answer) => {
            if answer.data.is_none() {
                diagnostics.warnings.push(text::created_but_not_described(&reference.described()));
            }
            answer.data
        }
        Err(error) => {
            diagnostics.warnings.push(text::created_but_not_read(&reference.described(), &error));
            None
        }
    };
    Some(answer::completed(state, reported.as_ref()))
}

/// The request that creates what was planned. What is null or unknown is left to the service.
fn request(planned: &OtaDynamicJobModel) -> CreateOtaDynamicUpgradeJob {
    let src_versions = planned.src_versions.as_ref().as_option().map(Vec::as_slice).unwrap_or_default();
    let tags = planned.tags.as_ref().as_option().into_iter().flatten();
    CreateOtaDynamicUpgradeJob {
        firmware_id: text_of(&planned.firmware_id).unwrap_or_default(),
        product_key: text_of(&planned.product_key).unwrap_or_default(),
        iot_instance_id: text_of(&planned.iot_instance_id),
        src_versions: src_versions.iter().filter_map(text_of).collect(),
        tags: tags.filter_map(|(key, value)| Some(Tag { key: key.clone(), value: text_of(value)? })).collect(),
        retry_interval: integer_of(&planned.retry_interval),
        retry_count: integer_of(&planned.retry_count),
        timeout_in_minutes: integer_of(&planned.timeout_in_minutes),
        maximum_per_minute: integer_of(&planned.maximum_per_minute),
        overwrite_mode: integer_of(&planned.overwrite_mode),
        dynamic_mode: integer_of(&planned.dynamic_mode),
        need_push: planned.need_push.as_option(),
        need_confirm: planned.need_confirm.as_option(),
        group_id: text_of(&planned.group_id),
        group_type: text_of(&planned.group_type),
        download_protocol: text_of(&planned.download_protocol),
        multi_module_mode: planned.multi_module_mode.as_option(),
    }
}

/// The job as it is now. None without an error: it is gone, by the service's own word.
pub(super) async fn read(
    settings: &Settings,
    diagnostics: &mut Diagnostics,
    state: OtaDynamicJobModel,
) -> Option<OtaDynamicJobModel> {
    guard_region(settings, diagnostics, &state)?;
    let client = client(settings, diagnostics)?;
    let reference = JobReference::of(&state);
    let Some(job) = find(client, diagnostics, &reference).await? else {
        diagnostics.warnings.push(text::gone(&reference.described()));
        return None;
    };
    if contradicts(&state, &job) {
        diagnostics.errors.push(text::contradiction(&reference.described()));
        return None;
    }
    let state = answer::refreshed(state, &job);
    if state.job_status != Value::Value(CANCELED.to_owned()) {
        return Some(state);
    }
    let choice = state.on_external_cancel.as_ref().as_option();
    match choice.and_then(|name| OnExternalCancel::named(name)).unwrap_or_default() {
        OnExternalCancel::Recreate => {
            diagnostics.warnings.push(text::cancelled_leaves_state(&reference.described()));
            None
        }
        OnExternalCancel::Keep => {
            diagnostics.warnings.push(text::cancelled_stays(&reference.described()));
            Some(state)
        }
        OnExternalCancel::Error => {
            diagnostics.errors.push(text::cancelled_stops(&reference.described()));
            Some(state)
        }
    }
}

/// Asks for a job. `Some(None)` means that it is gone, by the service's word for this job and its
/// package's list; None, with an error, that nobody knows.
async fn find(client: &Client, diagnostics: &mut Diagnostics, reference: &JobReference) -> Option<Option<Job>> {
    match reference.look(client).await {
        Ok(answer) if answer.data.is_some() => return Some(answer.data),
        Ok(_) => {}
        Err(error) if error.is_job_not_found() => {}
        Err(error) => {
            diagnostics.errors.push(text::not_read(&reference.described(), &error));
            return None;
        }
    }
    // A state without a package would be asked for without one, which the service refuses: nothing is gone by that.
    let firmware_id = reference.firmware_id.as_deref().unwrap_or_default();
    let listing = list_all_jobs(client, firmware_id, reference.iot_instance_id.as_deref());
    match patience::for_look::<ListOtaJobByFirmware, _>(listing).await {
        Ok(jobs) if jobs.iter().any(|job| job.job_id.as_deref() == Some(&reference.job_id)) => {
            diagnostics.errors.push(text::listed_but_not_found(&reference.described()));
            None
        }
        Ok(_) => Some(None),
        Err(error) => {
            diagnostics.errors.push(text::absence_not_confirmed(&reference.described(), &error));
            None
        }
    }
}

/// Whether an answer is about another job than the one that was asked for. A job's package never changes.
fn contradicts(state: &OtaDynamicJobModel, job: &Job) -> bool {
    let differs = |own: &Value<String>, reported: &Option<String>| match (own, reported) {
        (Value::Value(own), Some(reported)) => own != reported,
        _ => false,
    };
    differs(&state.job_id, &job.job_id)
        || differs(&state.firmware_id, &job.firmware_id)
        || differs(&state.product_key, &job.product_key)
}

/// Ends the policy. A job that is over, or gone, is a success.
pub(super) async fn destroy(
    settings: &Settings,
    diagnostics: &mut Diagnostics,
    state: OtaDynamicJobModel,
) -> Option<()> {
    guard_region(settings, diagnostics, &state)?;
    let client = client(settings, diagnostics)?;
    let reference = JobReference::of(&state);
    let cancel =
        CancelOtaStrategyByJob { job_id: reference.job_id.clone(), iot_instance_id: reference.iot_instance_id.clone() };
    let Err(error) = client.send(&cancel).await else { return Some(()) };
    if error.kind() == FailureKind::Refused || error.kind() == FailureKind::OutcomeUnknown {
        // What the look-up itself has to complain of would hide the reason.
        let mut aside = Diagnostics::default();
        let job = find(client, &mut aside, &reference).await;
        if matches!(&job, Some(None)) || job.flatten().is_some_and(|job| is_over(&job)) {
            return Some(());
        }
    }
    diagnostics.errors.push(text::not_cancelled(&reference.described(), &error));
    None
}

fn is_over(job: &Job) -> bool {
    matches!(job.job_status.as_deref(), Some(CANCELED | COMPLETED))
}

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
        iot_instance_id: id.iot_instance_id.or_else(|| text_of(&settings.iot_instance_id)),
        job_id: id.job_id,
    };
    let state = OtaDynamicJobModel {
        id: Value::Value(id.to_string()),
        job_id: Value::Value(id.job_id),
        iot_instance_id: id.iot_instance_id.into(),
        region: Value::Value(client.region().to_owned()),
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

fn text_of(value: &Value<String>) -> Option<String> {
    value.as_ref().as_option().cloned()
}

fn integer_of(value: &Value<Number>) -> Option<i64> {
    value.as_ref().as_option().and_then(Number::as_integer)
}
