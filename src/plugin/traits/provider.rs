//! The provider block.

use async_trait::async_trait;
use tf_provider::schema::Schema;
use tf_provider::{Diagnostics, Provider};

use super::super::convert::WireValue;
use super::typed;

/// A provider whose configuration type is hidden. Errors are those in the diagnostics.
#[async_trait]
pub(crate) trait ErasedProvider: Send + Sync {
    fn schema(&self, diagnostics: &mut Diagnostics) -> Option<Schema>;

    /// Checks a configuration that may hold unknown values. Called before [`Self::configure`], or without it.
    async fn validate(&self, diagnostics: &mut Diagnostics, config: &WireValue);

    /// Takes the configuration into use, in place of an earlier one.
    async fn configure(&self, diagnostics: &mut Diagnostics, terraform_version: String, config: &WireValue);
}

/// A typed provider as an object.
pub(crate) struct TypedProvider<P>(pub(crate) P);

#[async_trait]
impl<P: Provider> ErasedProvider for TypedProvider<P> {
    fn schema(&self, diagnostics: &mut Diagnostics) -> Option<Schema> {
        self.0.schema(diagnostics)
    }

    async fn validate(&self, diagnostics: &mut Diagnostics, config: &WireValue) {
        if let Some(config) = typed(diagnostics, config) {
            self.0.validate(diagnostics, config).await;
        }
    }

    async fn configure(&self, diagnostics: &mut Diagnostics, terraform_version: String, config: &WireValue) {
        if let Some(config) = typed(diagnostics, config) {
            self.0.configure(diagnostics, terraform_version, config).await;
        }
    }
}
