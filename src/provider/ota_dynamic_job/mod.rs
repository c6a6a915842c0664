//! `alicloud_iot_ota_dynamic_job`: a standing policy that updates every device with a matching version.
//!
//! Reading order: `model` is the state, with `choice` and `work`, how long each kind may take; `schema` what users see of it; `validate` and
//! `plan` are pure and need no service; `identity` names a job, `reference` asks for it; `answer` is how a job's
//! description becomes state, `request` how state becomes a request. The rest acts, one file a kind of work: `create`,
//! with `adopt` for answers that were lost, `read`, `update`, `destroy`, `import`; and `preflight`, which looks ahead.
//! `registry` is what the resources of a process know of each other.

mod adopt;
mod answer;
mod choice;
mod create;
mod destroy;
mod identity;
mod import;
mod model;
mod plan;
mod preflight;
mod read;
mod reference;
mod registry;
mod request;
mod schema;
mod update;
mod validate;
mod work;

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use tf_provider::schema::Schema;
use tf_provider::value::Value;
use tf_provider::{AttributePath, Diagnostics, Resource};

use super::config::Settings;
use super::context::Context;
use super::diagnostics::{at, job as text};
use super::ending::is_over;
use super::timeouts;
use crate::plugin::schema::identity::IdentitySchema;
use crate::plugin::traits::ResourceIdentity;
use crate::plugin::{Call, ManagedResource};
use choice::OnDestroy;
pub use identity::JobIdentity;
pub(crate) use model::ImportId;
pub use model::OtaDynamicJobModel;
use model::known;
pub(crate) use plan::Obstacle;
use plan::PlannedUpdate;
use preflight::Check;
use registry::Registry;

/// The resource's name in configurations.
pub const TYPE_NAME: &str = "alicloud_iot_ota_dynamic_job";

/// What is kept beside the state. None for jobs that were created here, and that nobody has begun to end.
type Private = Option<Origin>;

/// Where a job comes from.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Origin {
    /// Made elsewhere: what the service does not report of it is not known.
    imported: bool,
    /// A destroy has ended its policy, and did not come to its own end.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    is_ending: bool,
    /// In a plan only: the job that the resource has. Core plans a replacement once more, as a creation, with this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    replaced: Option<Replaced>,
}

/// A job that is to go if it is replaced.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Replaced {
    job_id: String,
    /// Its destroy does not end it, and it runs.
    is_kept: bool,
}

impl Origin {
    const IMPORTED: Private = Some(Self { imported: true, is_ending: false, replaced: None });

    fn is_imported(private: &Private) -> bool {
        private.as_ref().is_some_and(|origin| origin.imported)
    }

    fn is_ending(private: &Private) -> bool {
        private.as_ref().is_some_and(|origin| origin.is_ending)
    }

    /// As a state holds it.
    fn stored(private: &Private) -> Private {
        let stored = private.as_ref().map(|origin| Self { replaced: None, ..origin.clone() });
        stored.filter(|origin| origin.imported || origin.is_ending)
    }

    /// As a state holds it whose job is about to go.
    fn ending(private: &Private) -> Private {
        Some(Self { imported: Self::is_imported(private), is_ending: true, replaced: None })
    }

    /// As a plan hands it on.
    fn planned(private: &Private, prior: &OtaDynamicJobModel) -> Private {
        let is_kept = prior.on_destroy() == OnDestroy::Keep && !is_over(known(&prior.job_status));
        let replaced = known(&prior.job_id).map(|job_id| Replaced { job_id: job_id.to_owned(), is_kept });
        Some(Self { imported: Self::is_imported(private), is_ending: Self::is_ending(private), replaced })
    }
}

/// The resource, with the settings that the provider block came to.
#[derive(Debug)]
pub struct OtaDynamicJob {
    context: Context,
    registry: Registry,
}

/// The resource, to be offered.
pub(crate) fn offered(context: Context) -> ManagedResource<OtaDynamicJob> {
    let registry = Registry::default();
    let seen = registry.clone();
    ManagedResource::new(OtaDynamicJob { context, registry })
        .schema_extension(timeouts::extension())
        .observes(move |state| seen.seen(&state))
        .identity()
}

impl OtaDynamicJob {
    /// What there is to say of a planned change beside what the plan shows.
    fn say(
        &self,
        settings: &Settings,
        diagnostics: &mut Diagnostics,
        prior: &OtaDynamicJobModel,
        config: &OtaDynamicJobModel,
        planned: &PlannedUpdate,
    ) {
        let warnings = &mut diagnostics.warnings;
        warnings.extend(planned.recorded.iter().map(|attribute| text::only_recorded(attribute)));
        warnings.extend(planned.obstacles.iter().map(|(attribute, obstacle)| text::replaced_for(attribute, *obstacle)));
        if planned.in_place.contains(&"timeout_in_minutes") {
            warnings.push(text::later_timeout());
        }
        if planned.replacing.is_empty() {
            return;
        }
        if config.iot_instance_id.is_null() {
            warnings.extend(plan::moves(settings, prior));
        }
        if let Some(Replaced { job_id, is_kept: true }) =
            Origin::planned(&None, prior).and_then(|origin| origin.replaced)
        {
            diagnostics.errors.push(text::replacement_keeps(&job_id));
        }
    }
}

#[async_trait]
impl Resource for OtaDynamicJob {
    type State<'a> = OtaDynamicJobModel;
    type PrivateState<'a> = Private;
    type ProviderMetaState<'a> = Value<()>;

    fn schema(&self, _diagnostics: &mut Diagnostics) -> Option<Schema> {
        Some(schema::schema())
    }

    async fn validate<'a>(&self, diagnostics: &mut Diagnostics, config: OtaDynamicJobModel) -> Option<()> {
        diagnostics.add_diagnostics(validate::validate(&config, self.context.edition()));
        Some(())
    }

    async fn read<'a>(
        &self,
        diagnostics: &mut Diagnostics,
        state: OtaDynamicJobModel,
        private: Private,
        _meta: Value<()>,
    ) -> Option<(OtaDynamicJobModel, Private)> {
        let settings = self.context.settings(diagnostics)?;
        self.registry.seen(&state);
        let state = read::read(&settings, diagnostics, state, Origin::is_ending(&private)).await?;
        Some((state, private))
    }

    async fn plan_create<'a>(
        &self,
        diagnostics: &mut Diagnostics,
        proposed: OtaDynamicJobModel,
        config: OtaDynamicJobModel,
        _meta: Value<()>,
    ) -> Option<(OtaDynamicJobModel, Private)> {
        let settings = self.context.settings(diagnostics)?;
        let planned = plan::create(&settings, proposed, &config);
        let replaced = Call::current().planned_private::<Origin>().and_then(|origin| origin.replaced);
        if let Some(Replaced { job_id, is_kept: true }) = &replaced {
            diagnostics.errors.push(text::replacement_keeps(job_id));
        } else if !self.registry.has_cancelled(&settings)
            // The plan within an apply can come after the old job has gone: the create knows what a refusal means then.
            && let Some(check) = Check::of(&settings, &self.registry, diagnostics, &planned)
        {
            check.create(diagnostics, replaced.as_ref()).await;
        }
        Some((planned, None))
    }

    async fn plan_update<'a>(
        &self,
        diagnostics: &mut Diagnostics,
        prior: OtaDynamicJobModel,
        proposed: OtaDynamicJobModel,
        config: OtaDynamicJobModel,
        private: Private,
        _meta: Value<()>,
    ) -> Option<(OtaDynamicJobModel, Private, Vec<AttributePath>)> {
        let settings = self.context.settings(diagnostics)?;
        reference::guard_region(&settings, diagnostics, &prior)?;
        if let Some(job_id) = known(&prior.job_id) {
            self.registry.planned_with(&settings, job_id);
        }
        let planned = plan::update(&prior, proposed, &config, Origin::is_imported(&private));
        self.say(&settings, diagnostics, &prior, &config, &planned);
        if planned.in_place.contains(&"src_versions")
            && let Some(check) = Check::of(&settings, &self.registry, diagnostics, &planned.state)
        {
            check.change(diagnostics).await;
        }
        let replacing = planned.replacing.into_iter().map(at).collect();
        Some((planned.state, Origin::planned(&private, &prior), replacing))
    }

    async fn plan_destroy<'a>(
        &self,
        diagnostics: &mut Diagnostics,
        prior: OtaDynamicJobModel,
        private: Private,
        _meta: Value<()>,
    ) -> Option<Private> {
        let settings = self.context.settings(diagnostics)?;
        reference::guard_region(&settings, diagnostics, &prior)?;
        Some(private)
    }

    async fn create<'a>(
        &self,
        diagnostics: &mut Diagnostics,
        planned: OtaDynamicJobModel,
        _config: OtaDynamicJobModel,
        _private: Private,
        _meta: Value<()>,
    ) -> Option<(OtaDynamicJobModel, Private)> {
        let settings = self.context.settings(diagnostics)?;
        create::create(&settings, &self.registry, diagnostics, planned).await.map(|state| (state, None))
    }

    async fn update<'a>(
        &self,
        diagnostics: &mut Diagnostics,
        prior: OtaDynamicJobModel,
        planned: OtaDynamicJobModel,
        _config: OtaDynamicJobModel,
        private: Private,
        _meta: Value<()>,
    ) -> Option<(OtaDynamicJobModel, Private)> {
        let settings = self.context.settings(diagnostics)?;
        reference::guard_region(&settings, diagnostics, &prior)?;
        let state = if plan::concerns_the_service(&prior, &planned, Origin::is_imported(&private)) {
            update::update(&settings, diagnostics, prior, planned).await?
        } else {
            planned
        };
        Some((state, Origin::stored(&private)))
    }

    async fn destroy<'a>(
        &self,
        diagnostics: &mut Diagnostics,
        prior: OtaDynamicJobModel,
        private: Private,
        _meta: Value<()>,
    ) -> Option<()> {
        let settings = self.context.settings(diagnostics)?;
        destroy::destroy(&settings, &self.registry, diagnostics, prior, &Origin::ending(&private)).await
    }

    async fn import<'a>(&self, diagnostics: &mut Diagnostics, id: String) -> Option<(OtaDynamicJobModel, Private)> {
        let settings = self.context.settings(diagnostics)?;
        let Some(id) = ImportId::parse(&id) else {
            diagnostics.errors.push(text::invalid_import_id(&id));
            return None;
        };
        import::import(&settings, diagnostics, id).await.map(|state| (state, Origin::IMPORTED))
    }
}

#[async_trait]
impl ResourceIdentity for OtaDynamicJob {
    type Identity = JobIdentity;

    fn identity_schema(&self) -> IdentitySchema {
        identity::schema()
    }

    fn identity<'a>(&self, state: &OtaDynamicJobModel) -> Option<JobIdentity> {
        identity::of(state)
    }

    async fn import_by_identity<'a>(
        &self,
        diagnostics: &mut Diagnostics,
        identity: JobIdentity,
    ) -> Option<(OtaDynamicJobModel, Private)> {
        let settings = self.context.settings(diagnostics)?;
        let JobIdentity { region, iot_instance_id, job_id } = identity;
        let state = OtaDynamicJobModel { region, job_id, iot_instance_id, ..OtaDynamicJobModel::default() };
        reference::guard_region(&settings, diagnostics, &state)?;
        let id =
            ImportId { iot_instance_id: state.iot_instance_id.as_option(), job_id: state.job_id.unwrap_or_default() };
        // Each by itself: a job ID with a slash in it would read as that of a job in another instance.
        let parts = [("iot_instance_id", id.iot_instance_id.as_deref()), ("job_id", Some(id.job_id.as_str()))];
        for (name, part) in parts.into_iter().filter_map(|(name, part)| Some((name, part?))) {
            if !ImportId::is_part(part) {
                diagnostics.errors.push(text::invalid_identity(name, part));
            }
        }
        if !diagnostics.errors.is_empty() {
            return None;
        }
        import::import(&settings, diagnostics, id).await.map(|state| (state, Origin::IMPORTED))
    }
}
