//! Ephemeral resources: values that exist for a run and are stored nowhere (protocol 6.7, Terraform 1.10,
//! OpenTofu 1.11).

use std::time::SystemTime;

use async_trait::async_trait;
use serde::Serialize;
use serde::de::DeserializeOwned;
use tf_provider::Diagnostics;
use tf_provider::schema::Schema;

use super::super::convert::WireValue;
use super::super::schema::SchemaExtension;
use super::{private_from, private_to, typed, untyped};

/// Something that is opened at the start of a run, renewed while it lasts and closed at its end.
#[async_trait]
pub trait EphemeralResource: Send + Sync {
    /// Configuration and result: what [`Self::schema`] describes.
    type Value: Serialize + DeserializeOwned + Send;

    /// What renewing and closing need. Core keeps it for the run, and hands the one of [`Self::open`] to
    /// [`Self::close`], whatever renewals answered.
    type Private: Serialize + DeserializeOwned + Send;

    /// What can be configured, and what comes of it.
    fn schema(&self, diagnostics: &mut Diagnostics) -> Option<Schema>;

    /// What the schema cannot say.
    fn schema_extension(&self) -> SchemaExtension {
        SchemaExtension::default()
    }

    /// Checks a configuration that may hold unknown values.
    async fn validate(&self, diagnostics: &mut Diagnostics, config: Self::Value) {
        _ = (diagnostics, config);
    }

    /// Opens it, with a configuration that is wholly known. The result repeats what was configured.
    async fn open(&self, diagnostics: &mut Diagnostics, config: Self::Value) -> Option<Opened<Self>>;

    /// Keeps it alive. Called around the time that the last answer asked for.
    async fn renew(&self, diagnostics: &mut Diagnostics, private: Self::Private) -> Option<Renewed<Self>> {
        _ = diagnostics;
        Some(Renewed { private, renew_at: None })
    }

    /// Closes it, also after errors and interrupts.
    async fn close(&self, diagnostics: &mut Diagnostics, private: Self::Private) {
        _ = (diagnostics, private);
    }
}

/// An ephemeral resource, opened.
#[derive(Debug)]
pub struct Opened<E: EphemeralResource + ?Sized> {
    /// What the configuration can refer to.
    pub result: E::Value,
    /// What renewing and closing need.
    pub private: E::Private,
    /// When to renew it; None is never.
    pub renew_at: Option<SystemTime>,
}

/// An ephemeral resource, renewed.
#[derive(Debug)]
pub struct Renewed<E: EphemeralResource + ?Sized> {
    /// What the next renewal needs.
    pub private: E::Private,
    /// When to renew it again; None is never.
    pub renew_at: Option<SystemTime>,
}

/// The same with its types hidden.
#[async_trait]
pub(crate) trait ErasedEphemeral: Send + Sync {
    fn schema(&self, diagnostics: &mut Diagnostics) -> Option<Schema>;
    fn schema_extension(&self) -> SchemaExtension;
    async fn validate(&self, diagnostics: &mut Diagnostics, config: &WireValue);
    async fn open(&self, diagnostics: &mut Diagnostics, config: &WireValue) -> Option<(WireValue, Kept)>;
    async fn renew(&self, diagnostics: &mut Diagnostics, private: &[u8]) -> Option<Kept>;
    async fn close(&self, diagnostics: &mut Diagnostics, private: &[u8]);
}

/// What core keeps of an ephemeral resource for the run.
pub(crate) struct Kept {
    pub(crate) private: Vec<u8>,
    pub(crate) renew_at: Option<SystemTime>,
}

/// A typed ephemeral resource as an object.
pub(crate) struct TypedEphemeral<E>(pub(crate) E);

#[async_trait]
impl<E: EphemeralResource> ErasedEphemeral for TypedEphemeral<E> {
    fn schema(&self, diagnostics: &mut Diagnostics) -> Option<Schema> {
        self.0.schema(diagnostics)
    }

    fn schema_extension(&self) -> SchemaExtension {
        self.0.schema_extension()
    }

    async fn validate(&self, diagnostics: &mut Diagnostics, config: &WireValue) {
        if let Some(config) = typed(diagnostics, config) {
            self.0.validate(diagnostics, config).await;
        }
    }

    async fn open(&self, diagnostics: &mut Diagnostics, config: &WireValue) -> Option<(WireValue, Kept)> {
        let config = typed(diagnostics, config)?;
        let Opened { result, private, renew_at } = self.0.open(diagnostics, config).await?;
        if let (Some(result), Some(bytes)) = (untyped(diagnostics, &result), private_to(diagnostics, &private)) {
            return Some((result, Kept { private: bytes, renew_at }));
        }
        // Core would close it with what cannot be written.
        self.0.close(diagnostics, private).await;
        None
    }

    async fn renew(&self, diagnostics: &mut Diagnostics, private: &[u8]) -> Option<Kept> {
        let private = private_from(diagnostics, private)?;
        let Renewed { private, renew_at } = self.0.renew(diagnostics, private).await?;
        Some(Kept { private: private_to(diagnostics, &private)?, renew_at })
    }

    async fn close(&self, diagnostics: &mut Diagnostics, private: &[u8]) {
        if let Some(private) = private_from(diagnostics, private) {
            self.0.close(diagnostics, private).await;
        }
    }
}
