//! A data source.

use async_trait::async_trait;
use tf_provider::schema::Schema;
use tf_provider::{DataSource, Diagnostics};

use super::super::convert::WireValue;
use super::resource::no_meta;
use super::{typed, untyped};

/// A data source whose state type is hidden. Errors are those in the diagnostics.
#[async_trait]
pub(crate) trait ErasedDataSource: Send + Sync {
    fn schema(&self, diagnostics: &mut Diagnostics) -> Option<Schema>;
    async fn validate(&self, diagnostics: &mut Diagnostics, config: &WireValue);
    async fn read(&self, diagnostics: &mut Diagnostics, config: &WireValue) -> Option<WireValue>;
}

/// A typed data source as an object.
pub(crate) struct TypedDataSource<D>(pub(crate) D);

#[async_trait]
impl<D: DataSource> ErasedDataSource for TypedDataSource<D> {
    fn schema(&self, diagnostics: &mut Diagnostics) -> Option<Schema> {
        self.0.schema(diagnostics)
    }

    async fn validate(&self, diagnostics: &mut Diagnostics, config: &WireValue) {
        if let Some(config) = typed(diagnostics, config) {
            self.0.validate(diagnostics, config).await;
        }
    }

    async fn read(&self, diagnostics: &mut Diagnostics, config: &WireValue) -> Option<WireValue> {
        let (config, meta) = (typed(diagnostics, config)?, no_meta(diagnostics)?);
        let state = self.0.read(diagnostics, config, meta).await?;
        untyped(diagnostics, &state)
    }
}
