//! `alicloud_iot_ota_dynamic_job`: a standing policy that updates every device with a matching version.
//!
//! Reading order: `model` is the state; `schema` what users see of it; `validate` and `plan` are pure
//! and need no service; `identity` names a job; `answer` is how a job's description becomes state;
//! `lifecycle` asks and acts.

mod answer;
mod identity;
mod lifecycle;
mod model;
mod plan;
mod schema;
mod validate;

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use tf_provider::schema::Schema;
use tf_provider::value::Value;
use tf_provider::{AttributePath, Diagnostics, Resource};

use super::context::Context;
use super::diagnostics::{at, job as text};
use crate::plugin::schema::identity::IdentitySchema;
use crate::plugin::traits::ResourceIdentity;
pub use identity::JobIdentity;
pub(crate) use model::ImportId;
pub use model::OtaDynamicJobModel;

/// The resource's name in configurations.
pub const TYPE_NAME: &str = "alicloud_iot_ota_dynamic_job";

/// What is kept beside the state. None for jobs that were created here.
type Private = Option<Origin>;

/// Where a job comes from.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Origin {
    /// Made elsewhere: what the service does not report of it is not known.
    imported: bool,
}

impl Origin {
    const IMPORTED: Private = Some(Self { imported: true });
}

/// The resource, with the settings that the provider block came to.
#[derive(Debug)]
pub struct OtaDynamicJob {
    context: Context,
}

impl OtaDynamicJob {
    pub(crate) fn new(context: Context) -> Self {
        Self { context }
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
        lifecycle::read(&settings, diagnostics, state).await.map(|state| (state, private))
    }

    async fn plan_create<'a>(
        &self,
        diagnostics: &mut Diagnostics,
        proposed: OtaDynamicJobModel,
        config: OtaDynamicJobModel,
        _meta: Value<()>,
    ) -> Option<(OtaDynamicJobModel, Private)> {
        let settings = self.context.settings(diagnostics)?;
        Some((plan::create(&settings, proposed, &config), None))
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
        lifecycle::guard_region(&settings, diagnostics, &prior)?;
        let imported = private.as_ref().is_some_and(|origin| origin.imported);
        let planned = plan::update(&prior, proposed, &config, imported);
        diagnostics.warnings.extend(planned.recorded.into_iter().map(text::only_recorded));
        if !planned.replacing.is_empty() && config.iot_instance_id.is_null() {
            diagnostics.warnings.extend(plan::moves(&settings, &prior));
        }
        Some((planned.state, private, planned.replacing.into_iter().map(at).collect()))
    }

    async fn plan_destroy<'a>(
        &self,
        diagnostics: &mut Diagnostics,
        prior: OtaDynamicJobModel,
        private: Private,
        _meta: Value<()>,
    ) -> Option<Private> {
        let settings = self.context.settings(diagnostics)?;
        lifecycle::guard_region(&settings, diagnostics, &prior)?;
        Some(private)
    }

    async fn create<'a>(
        &self,
        diagnostics: &mut Diagnostics,
        planned: OtaDynamicJobModel,
        _config: OtaDynamicJobModel,
        private: Private,
        _meta: Value<()>,
    ) -> Option<(OtaDynamicJobModel, Private)> {
        let settings = self.context.settings(diagnostics)?;
        lifecycle::create(&settings, diagnostics, planned).await.map(|state| (state, private))
    }

    /// Whatever the service would have to be told of is planned as a replacement, so what is left
    /// concerns the state alone.
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
        lifecycle::guard_region(&settings, diagnostics, &prior)?;
        Some((planned, private))
    }

    async fn destroy<'a>(
        &self,
        diagnostics: &mut Diagnostics,
        prior: OtaDynamicJobModel,
        _private: Private,
        _meta: Value<()>,
    ) -> Option<()> {
        let settings = self.context.settings(diagnostics)?;
        lifecycle::destroy(&settings, diagnostics, prior).await
    }

    async fn import<'a>(&self, diagnostics: &mut Diagnostics, id: String) -> Option<(OtaDynamicJobModel, Private)> {
        let settings = self.context.settings(diagnostics)?;
        let Some(id) = ImportId::parse(&id) else {
            diagnostics.errors.push(text::invalid_import_id(&id));
            return None;
        };
        lifecycle::import(&settings, diagnostics, id).await.map(|state| (state, Origin::IMPORTED))
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
        lifecycle::guard_region(&settings, diagnostics, &state)?;
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
        lifecycle::import(&settings, diagnostics, id).await.map(|state| (state, Origin::IMPORTED))
    }
}
