//! Resource identity: what names an object for good (protocol 6.9, Terraform and OpenTofu 1.12).

use std::sync::Arc;

use async_trait::async_trait;
use serde::Serialize;
use serde::de::DeserializeOwned;
use tf_provider::{Diagnostics, Resource};

use super::super::convert::WireValue;
use super::super::schema::identity::IdentitySchema;
use super::resource::{Stored, stored};
use super::{typed, untyped};

/// A resource whose objects have an identity.
///
/// It is derived from the state, so that state and identity can never disagree. Whatever it is derived from has to be in
/// the state from creation or import on and never change; the server reports an identity that does.
#[async_trait]
pub trait ResourceIdentity: Resource {
    /// The attributes of [`Self::identity_schema`]. What an import block leaves out is null.
    type Identity: Serialize + DeserializeOwned + Send;

    /// What the identity consists of.
    fn identity_schema(&self) -> IdentitySchema;

    /// The identity of an object that exists. None if the state does not name it, as that of an object whose creation
    /// failed half-way may not.
    fn identity<'a>(&self, state: &Self::State<'a>) -> Option<Self::Identity>;

    /// Takes an existing object into the state, by its identity.
    async fn import_by_identity<'a>(
        &self,
        diagnostics: &mut Diagnostics,
        identity: Self::Identity,
    ) -> Option<(Self::State<'a>, Self::PrivateState<'a>)>;

    /// Brings an identity to today's form. `json` is as an earlier version of the schema had it, and empty if nothing
    /// was stored. None, without an error of its own, means that this version is not known.
    fn upgrade_identity(&self, diagnostics: &mut Diagnostics, version: i64, json: &[u8]) -> Option<Self::Identity> {
        _ = (diagnostics, version, json);
        None
    }
}

/// The same with its types hidden.
#[async_trait]
pub(crate) trait ErasedIdentity: Send + Sync {
    fn schema(&self) -> IdentitySchema;
    fn identity(&self, diagnostics: &mut Diagnostics, state: &WireValue) -> Option<WireValue>;
    async fn import(&self, diagnostics: &mut Diagnostics, identity: &WireValue) -> Option<Stored>;
    fn upgrade(&self, diagnostics: &mut Diagnostics, version: i64, json: &[u8]) -> Option<WireValue>;
}

/// A typed resource's identity as an object.
pub(crate) struct TypedIdentity<R>(pub(crate) Arc<R>);

#[async_trait]
impl<R: ResourceIdentity> ErasedIdentity for TypedIdentity<R> {
    fn schema(&self) -> IdentitySchema {
        self.0.identity_schema()
    }

    fn identity(&self, diagnostics: &mut Diagnostics, state: &WireValue) -> Option<WireValue> {
        let state = typed(diagnostics, state)?;
        let identity = self.0.identity(&state)?;
        untyped(diagnostics, &identity)
    }

    async fn import(&self, diagnostics: &mut Diagnostics, identity: &WireValue) -> Option<Stored> {
        let identity = typed(diagnostics, identity)?;
        let (state, private) = self.0.import_by_identity(diagnostics, identity).await?;
        stored(diagnostics, &state, &private)
    }

    fn upgrade(&self, diagnostics: &mut Diagnostics, version: i64, json: &[u8]) -> Option<WireValue> {
        let identity = self.0.upgrade_identity(diagnostics, version, json)?;
        untyped(diagnostics, &identity)
    }
}
