//! `alicloud_iot_ota_rollout_gate`: waits until a rollout has gone well, or has not.
//!
//! The gate is a resource of its own because an error beside a job that was created would taint the job, and the next
//! apply would cancel and restart the rollout. A gate has nothing in the cloud: its state remembers that it passed.
//!
//! Reading order: `model` is the state; `schema` what users see of it; `validate` and `plan` are pure; `percentage` and
//! `conditions` decide, pure as well; `wait` looks until there is a verdict, `cancel` stops a job, `create` puts them
//! together.

mod cancel;
mod conditions;
mod create;
mod model;
mod percentage;
mod plan;
mod schema;
mod validate;
mod wait;

use async_trait::async_trait;
use tf_provider::schema::Schema;
use tf_provider::value::Value;
use tf_provider::{AttributePath, Diagnostics, Resource};

use super::config::Settings;
use super::context::Context;
use super::diagnostics::{at, gate as text};
pub(crate) use cancel::Stopped;
pub(crate) use conditions::{Breach, Conditions};
pub use model::OtaRolloutGateModel;
pub(crate) use percentage::{DECIMALS, Percentage};

/// The resource's name in configurations.
pub const TYPE_NAME: &str = "alicloud_iot_ota_rollout_gate";

/// The resource, with the settings that the provider block came to.
#[derive(Debug)]
pub struct OtaRolloutGate {
    context: Context,
}

impl OtaRolloutGate {
    pub(crate) fn new(context: Context) -> Self {
        Self { context }
    }
}

/// Refuses to let a gate of another region stand for a job of this one.
fn guard_region(settings: &Settings, diagnostics: &mut Diagnostics, state: &OtaRolloutGateModel) -> Option<()> {
    match (&settings.region, &state.region) {
        (Value::Value(configured), Value::Value(own)) if configured != own => {
            diagnostics.errors.push(text::other_region(configured, own, &state.job_id));
            None
        }
        _ => Some(()),
    }
}

#[async_trait]
impl Resource for OtaRolloutGate {
    type State<'a> = OtaRolloutGateModel;
    type PrivateState<'a> = Option<()>;
    type ProviderMetaState<'a> = Value<()>;

    fn schema(&self, _diagnostics: &mut Diagnostics) -> Option<Schema> {
        Some(schema::schema())
    }

    async fn validate<'a>(&self, diagnostics: &mut Diagnostics, config: OtaRolloutGateModel) -> Option<()> {
        diagnostics.add_diagnostics(validate::validate(&config));
        Some(())
    }

    /// What has passed stays so: nothing is asked.
    async fn read<'a>(
        &self,
        diagnostics: &mut Diagnostics,
        state: OtaRolloutGateModel,
        private: Option<()>,
        _meta: Value<()>,
    ) -> Option<(OtaRolloutGateModel, Option<()>)> {
        let settings = self.context.settings(diagnostics)?;
        guard_region(&settings, diagnostics, &state)?;
        Some((state, private))
    }

    async fn plan_create<'a>(
        &self,
        diagnostics: &mut Diagnostics,
        proposed: OtaRolloutGateModel,
        config: OtaRolloutGateModel,
        _meta: Value<()>,
    ) -> Option<(OtaRolloutGateModel, Option<()>)> {
        let settings = self.context.settings(diagnostics)?;
        Some((plan::create(&settings, proposed, &config), None))
    }

    async fn plan_update<'a>(
        &self,
        diagnostics: &mut Diagnostics,
        prior: OtaRolloutGateModel,
        proposed: OtaRolloutGateModel,
        config: OtaRolloutGateModel,
        private: Option<()>,
        _meta: Value<()>,
    ) -> Option<(OtaRolloutGateModel, Option<()>, Vec<AttributePath>)> {
        let settings = self.context.settings(diagnostics)?;
        guard_region(&settings, diagnostics, &prior)?;
        let (planned, replacing) = plan::update(&prior, proposed, &config);
        Some((planned, private, replacing.into_iter().map(at).collect()))
    }

    async fn plan_destroy<'a>(
        &self,
        _diagnostics: &mut Diagnostics,
        _prior: OtaRolloutGateModel,
        private: Option<()>,
        _meta: Value<()>,
    ) -> Option<Option<()>> {
        Some(private)
    }

    async fn create<'a>(
        &self,
        diagnostics: &mut Diagnostics,
        planned: OtaRolloutGateModel,
        _config: OtaRolloutGateModel,
        private: Option<()>,
        _meta: Value<()>,
    ) -> Option<(OtaRolloutGateModel, Option<()>)> {
        let settings = self.context.settings(diagnostics)?;
        create::create(&settings, diagnostics, planned).await.map(|state| (state, private))
    }

    /// Whatever decides is planned as a replacement, so what is left concerns the state alone.
    async fn update<'a>(
        &self,
        _diagnostics: &mut Diagnostics,
        _prior: OtaRolloutGateModel,
        planned: OtaRolloutGateModel,
        _config: OtaRolloutGateModel,
        private: Option<()>,
        _meta: Value<()>,
    ) -> Option<(OtaRolloutGateModel, Option<()>)> {
        Some((planned, private))
    }

    /// There is nothing in the cloud that would have to go.
    async fn destroy<'a>(
        &self,
        _diagnostics: &mut Diagnostics,
        _prior: OtaRolloutGateModel,
        _private: Option<()>,
        _meta: Value<()>,
    ) -> Option<()> {
        Some(())
    }

    async fn import<'a>(
        &self,
        diagnostics: &mut Diagnostics,
        _id: String,
    ) -> Option<(OtaRolloutGateModel, Option<()>)> {
        diagnostics.errors.push(text::nothing_to_import());
        None
    }
}
