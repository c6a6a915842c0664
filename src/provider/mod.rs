//! The provider: maps Terraform's words to the cloud's, and holds every text that users read.
//!
//! It does no I/O of its own; requests go through `iot`, and `plugin` calls in through the traits of
//! tf-provider. A resource is a folder, a small thing one file.
//!
//! Reading order: `config` and `context` are the provider block; [`limits`] is what the service
//! accepts; `diagnostics` is every text; [`ota_dynamic_job`] is the job, [`ota_rollout_gate`] waits for one.

mod config;
mod context;
mod diagnostics;
mod duration;
mod ending;
pub mod limits;
pub mod ota_dynamic_job;
mod ota_job_progress;
pub mod ota_rollout_gate;
mod patience;
mod progress;
mod timeouts;

use async_trait::async_trait;
use tf_provider::schema::Schema;
use tf_provider::value::Value;
use tf_provider::{Diagnostics, Provider};

use crate::plugin::{Definition, ManagedResource};
use config::{ProviderConfig, Settings};
use context::Context;
use ota_job_progress::OtaJobProgress;
use ota_rollout_gate::OtaRolloutGate;

/// The provider's source address. An explicit host reads the same in Terraform and OpenTofu.
pub const SOURCE: &str = "terraform.local/iot/alicloud-iot";

/// The provider with all that it offers, not configured yet.
pub fn definition() -> Definition {
    let context = Context::default();
    let job = ota_dynamic_job::offered(context.clone());
    let gate = ManagedResource::new(OtaRolloutGate::new(context.clone())).schema_extension(timeouts::extension());
    let progress = OtaJobProgress::new(context.clone());
    Definition::new(AlicloudIot { context })
        .resource(ota_dynamic_job::TYPE_NAME, job)
        .resource(ota_rollout_gate::TYPE_NAME, gate)
        .data_source(ota_job_progress::TYPE_NAME, progress)
}

/// The provider block.
struct AlicloudIot {
    context: Context,
}

#[async_trait]
impl Provider for AlicloudIot {
    type Config<'a> = ProviderConfig;
    type MetaState<'a> = Value<()>;

    fn schema(&self, _diagnostics: &mut Diagnostics) -> Option<Schema> {
        Some(config::schema())
    }

    async fn validate<'a>(&self, diagnostics: &mut Diagnostics, config: ProviderConfig) -> Option<()> {
        self.context.validated(config.edition());
        config.validate(diagnostics);
        Some(())
    }

    async fn configure<'a>(
        &self,
        diagnostics: &mut Diagnostics,
        terraform_version: String,
        config: ProviderConfig,
    ) -> Option<()> {
        let variable = |name: &str| std::env::var(name).ok();
        let settings = config.settle(diagnostics, user_agent(&terraform_version), &variable);
        if let Some(Settings { region, edition, preflight, .. }) = &settings {
            tracing::debug!(?region, ?edition, ?preflight, "configured the provider");
        }
        self.context.configured(settings);
        Some(())
    }
}

/// Names provider and core to the service. Core's version is cut to what a header may hold.
fn user_agent(terraform_version: &str) -> String {
    let is_version_character = |character: &char| character.is_ascii_alphanumeric() || ".-+".contains(*character);
    let core: String = terraform_version.chars().filter(is_version_character).take(64).collect();
    let own = concat!(env!("CARGO_PKG_NAME"), "/", env!("CARGO_PKG_VERSION"));
    if core.is_empty() { own.to_owned() } else { format!("{own} Terraform/{core}") }
}
