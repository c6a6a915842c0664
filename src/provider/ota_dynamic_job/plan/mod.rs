//! What an apply would make of a configuration: a function of its inputs and nothing else, since core
//! plans again during apply and refuses another outcome.

mod effects;

use tf_provider::Diagnostic;
use tf_provider::value::Value;

use super::choice::{Choice, OnDestroy, OnExternalCancel};
use super::model::OtaDynamicJobModel;
use crate::provider::config::Settings;
use crate::provider::diagnostics::job::replaced_elsewhere;
pub(crate) use effects::Obstacle;
use effects::{Effect, effects, same_versions};

/// The plan of a new job.
pub(super) fn create(
    settings: &Settings,
    proposed: OtaDynamicJobModel,
    config: &OtaDynamicJobModel,
) -> OtaDynamicJobModel {
    let mut planned = proposed;
    if config.iot_instance_id.is_null() {
        planned.iot_instance_id = settings.iot_instance_id.clone();
    }
    choices(&mut planned, config);
    // The service has defaults for these, and says at creation what they are.
    learn_later(&mut planned.maximum_per_minute);
    learn_later(&mut planned.overwrite_mode);
    learn_later(&mut planned.dynamic_mode);
    learn_later(&mut planned.need_push);
    learn_later(&mut planned.need_confirm);
    learn_later(&mut planned.download_protocol);
    learn_later(&mut planned.multi_module_mode);
    computed_later(&mut planned);
    planned.region = settings.region.clone();
    planned
}

/// The plan of a change.
#[derive(Debug)]
pub(super) struct PlannedUpdate {
    pub(super) state: OtaDynamicJobModel,
    /// Attributes whose change needs a new job.
    pub(super) replacing: Vec<&'static str>,
    /// Why some of them do that could be changed in other jobs; none if a new job is needed anyhow.
    pub(super) obstacles: Vec<(&'static str, Obstacle)>,
    /// Attributes that are changed in the running job.
    pub(super) in_place: Vec<&'static str>,
    /// Attributes that are written into the state while nobody knows what the job has.
    pub(super) recorded: Vec<&'static str>,
}

/// Plans a change. `imported` tells whether the job was made elsewhere.
pub(super) fn update(
    prior: &OtaDynamicJobModel,
    proposed: OtaDynamicJobModel,
    config: &OtaDynamicJobModel,
    imported: bool,
) -> PlannedUpdate {
    let mut state = proposed;
    choices(&mut state, config);
    if same_versions(&prior.src_versions, &state.src_versions) {
        state.src_versions = prior.src_versions.clone();
    }
    let effects = effects(prior, &state, imported);
    let with = |wanted| -> Vec<_> {
        effects.iter().filter(|(_, effect)| *effect == wanted).map(|(attribute, _)| *attribute).collect()
    };
    let plain = with(Effect::Replaces);
    let obstructed: Vec<_> = effects
        .iter()
        .filter_map(|(attribute, effect)| match effect {
            Effect::ReplacesFor(obstacle) => Some((*attribute, *obstacle)),
            _ => None,
        })
        .collect();
    let mut planned = PlannedUpdate {
        state,
        replacing: plain.iter().copied().chain(obstructed.iter().map(|(attribute, _)| *attribute)).collect(),
        obstacles: if plain.is_empty() { obstructed } else { Vec::new() },
        in_place: with(Effect::InPlace),
        recorded: with(Effect::OnlyRecorded),
    };
    if !planned.replacing.is_empty() {
        computed_later(&mut planned.state);
        // The new job gets all of it.
        planned.in_place.clear();
    } else if !planned.in_place.is_empty() {
        // The call that changes the others names the rate too.
        planned.recorded.retain(|attribute| *attribute != "maximum_per_minute");
    }
    planned
}

/// Whether the service has to be told of an update that was planned.
pub(super) fn concerns_the_service(prior: &OtaDynamicJobModel, planned: &OtaDynamicJobModel, imported: bool) -> bool {
    effects(prior, planned, imported).iter().any(|(_, effect)| *effect == Effect::InPlace)
}

/// A warning if the replacement of a job would be created in another instance. (Core plans a replacement
/// as a new object, which takes the provider's default as any new one does.)
pub(super) fn moves(settings: &Settings, prior: &OtaDynamicJobModel) -> Option<Diagnostic> {
    let (own, default) = (&prior.iot_instance_id, &settings.iot_instance_id);
    let name = |instance: &Value<String>| instance.clone().as_option();
    (own != default).then(|| replaced_elsewhere(name(own).as_deref(), name(default).as_deref()))
}

/// What users choose of Terraform's own behaviour has defaults here.
fn choices(planned: &mut OtaDynamicJobModel, config: &OtaDynamicJobModel) {
    planned.on_destroy = chosen::<OnDestroy>(&config.on_destroy);
    planned.on_external_cancel = chosen::<OnExternalCancel>(&config.on_external_cancel);
    // Old cores propose a block that was removed as one with nothing in it.
    planned.timeouts = config.timeouts.clone();
}

fn chosen<C: Choice>(config: &Value<String>) -> Value<String> {
    match config {
        Value::Null => Value::Value(C::default().name().to_owned()),
        given => given.clone(),
    }
}

fn learn_later<T>(value: &mut Value<T>) {
    if value.is_null() {
        *value = Value::Unknown;
    }
}

/// What only the service can say.
fn computed_later(planned: &mut OtaDynamicJobModel) {
    for computed in [
        &mut planned.id,
        &mut planned.job_id,
        &mut planned.utc_create,
        &mut planned.job_status,
        &mut planned.firmware_name,
        &mut planned.dest_version,
    ] {
        *computed = Value::Unknown;
    }
}

#[cfg(test)]
mod tests;
