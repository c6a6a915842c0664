//! A managed resource.

use std::sync::Arc;

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use tf_provider::schema::Schema;
use tf_provider::{AttributePath, Diagnostics, Resource};

use super::super::convert::WireValue;
use super::super::convert::diagnostics::provider_bug;
use super::{private_from, private_to, typed, untyped};

/// What a plan says beside its diagnostics.
#[derive(Debug)]
pub(crate) struct PlannedChange {
    pub(crate) state: WireValue,
    pub(crate) private: Vec<u8>,
    pub(crate) requires_replace: Vec<AttributePath>,
}

/// An object and the bytes that core keeps beside it.
pub(crate) type Stored = (WireValue, Vec<u8>);

/// A resource whose state type is hidden.
///
/// Errors are those in the diagnostics; whatever a method returns beside them counts, since core
/// keeps the state that stands beside an error.
#[async_trait]
pub(crate) trait ErasedResource: Send + Sync {
    fn schema(&self, diagnostics: &mut Diagnostics) -> Option<Schema>;

    /// Checks a configuration that may hold unknown values, with or without a configured provider.
    async fn validate(&self, diagnostics: &mut Diagnostics, config: &WireValue);

    /// The object as it is now. None without an error: it is gone.
    async fn read(&self, diagnostics: &mut Diagnostics, state: &WireValue, private: &[u8]) -> Option<Stored>;

    async fn plan_create(
        &self,
        diagnostics: &mut Diagnostics,
        proposed: &WireValue,
        config: &WireValue,
    ) -> Option<PlannedChange>;

    async fn plan_update(
        &self,
        diagnostics: &mut Diagnostics,
        prior: &WireValue,
        proposed: &WireValue,
        config: &WireValue,
        private: &[u8],
    ) -> Option<PlannedChange>;

    /// The private bytes to destroy with.
    async fn plan_destroy(&self, diagnostics: &mut Diagnostics, prior: &WireValue, private: &[u8]) -> Option<Vec<u8>>;

    async fn create(
        &self,
        diagnostics: &mut Diagnostics,
        planned: &WireValue,
        config: &WireValue,
        private: &[u8],
    ) -> Option<Stored>;

    async fn update(
        &self,
        diagnostics: &mut Diagnostics,
        prior: &WireValue,
        planned: &WireValue,
        config: &WireValue,
        private: &[u8],
    ) -> Option<Stored>;

    /// Done when there is no error in the diagnostics.
    async fn destroy(&self, diagnostics: &mut Diagnostics, prior: &WireValue, private: &[u8]);

    async fn import(&self, diagnostics: &mut Diagnostics, id: String) -> Option<Stored>;
}

/// A typed resource as an object.
pub(crate) struct TypedResource<R>(pub(crate) Arc<R>);

#[async_trait]
impl<R: Resource> ErasedResource for TypedResource<R> {
    fn schema(&self, diagnostics: &mut Diagnostics) -> Option<Schema> {
        self.0.schema(diagnostics)
    }

    async fn validate(&self, diagnostics: &mut Diagnostics, config: &WireValue) {
        if let Some(config) = typed(diagnostics, config) {
            self.0.validate(diagnostics, config).await;
        }
    }

    async fn read(&self, diagnostics: &mut Diagnostics, state: &WireValue, private: &[u8]) -> Option<Stored> {
        let (state, private) = (typed(diagnostics, state)?, private_from(diagnostics, private)?);
        let meta = no_meta(diagnostics)?;
        let (state, private) = self.0.read(diagnostics, state, private, meta).await?;
        stored(diagnostics, &state, &private)
    }

    async fn plan_create(
        &self,
        diagnostics: &mut Diagnostics,
        proposed: &WireValue,
        config: &WireValue,
    ) -> Option<PlannedChange> {
        let (proposed, config) = (typed(diagnostics, proposed)?, typed(diagnostics, config)?);
        let meta = no_meta(diagnostics)?;
        let (state, private) = self.0.plan_create(diagnostics, proposed, config, meta).await?;
        let (state, private) = stored(diagnostics, &state, &private)?;
        Some(PlannedChange { state, private, requires_replace: Vec::new() })
    }

    async fn plan_update(
        &self,
        diagnostics: &mut Diagnostics,
        prior: &WireValue,
        proposed: &WireValue,
        config: &WireValue,
        private: &[u8],
    ) -> Option<PlannedChange> {
        let prior = typed(diagnostics, prior)?;
        let (proposed, config) = (typed(diagnostics, proposed)?, typed(diagnostics, config)?);
        let private = private_from(diagnostics, private)?;
        let meta = no_meta(diagnostics)?;
        let (state, private, requires_replace) =
            self.0.plan_update(diagnostics, prior, proposed, config, private, meta).await?;
        let (state, private) = stored(diagnostics, &state, &private)?;
        Some(PlannedChange { state, private, requires_replace })
    }

    async fn plan_destroy(&self, diagnostics: &mut Diagnostics, prior: &WireValue, private: &[u8]) -> Option<Vec<u8>> {
        let (prior, private) = (typed(diagnostics, prior)?, private_from(diagnostics, private)?);
        let meta = no_meta(diagnostics)?;
        let private = self.0.plan_destroy(diagnostics, prior, private, meta).await?;
        private_to(diagnostics, &private)
    }

    async fn create(
        &self,
        diagnostics: &mut Diagnostics,
        planned: &WireValue,
        config: &WireValue,
        before: &[u8],
    ) -> Option<Stored> {
        let (planned, config) = (typed(diagnostics, planned)?, typed(diagnostics, config)?);
        let private = private_from(diagnostics, before)?;
        let meta = no_meta(diagnostics)?;
        let (state, kept) = self.0.create(diagnostics, planned, config, private, meta).await?;
        let mut unwritable = Diagnostics::default();
        let stored = done(&mut unwritable, &state, &kept, before);
        if stored.is_some() {
            // The object is there, and an error beside it would taint it.
            diagnostics.warnings.append(&mut unwritable.errors);
        }
        diagnostics.errors.append(&mut unwritable.errors);
        stored
    }

    async fn update(
        &self,
        diagnostics: &mut Diagnostics,
        prior: &WireValue,
        planned: &WireValue,
        config: &WireValue,
        before: &[u8],
    ) -> Option<Stored> {
        let prior = typed(diagnostics, prior)?;
        let (planned, config) = (typed(diagnostics, planned)?, typed(diagnostics, config)?);
        let private = private_from(diagnostics, before)?;
        let meta = no_meta(diagnostics)?;
        let (state, kept) = self.0.update(diagnostics, prior, planned, config, private, meta).await?;
        done(diagnostics, &state, &kept, before)
    }

    async fn destroy(&self, diagnostics: &mut Diagnostics, prior: &WireValue, private: &[u8]) {
        let (Some(prior), Some(private), Some(meta)) =
            (typed(diagnostics, prior), private_from(diagnostics, private), no_meta(diagnostics))
        else {
            return;
        };
        let done = self.0.destroy(diagnostics, prior, private, meta).await;
        if done.is_none() && diagnostics.errors.is_empty() {
            diagnostics.errors.push(provider_bug("destroy did not succeed and gave no reason"));
        }
    }

    async fn import(&self, diagnostics: &mut Diagnostics, id: String) -> Option<Stored> {
        let (state, private) = self.0.import(diagnostics, id).await?;
        stored(diagnostics, &state, &private)
    }
}

/// The provider has no metadata schema, so core never sends any.
pub(super) fn no_meta<'a, T: Deserialize<'a>>(diagnostics: &mut Diagnostics) -> Option<T> {
    typed(diagnostics, &WireValue::Null)
}

/// What became of a change. The object is there whatever becomes of its private data: if that cannot be written, what was
/// there `before` stays, beside an error.
fn done<S: Serialize, P: Serialize>(
    diagnostics: &mut Diagnostics,
    state: &S,
    private: &P,
    before: &[u8],
) -> Option<Stored> {
    let state = untyped(diagnostics, state)?;
    Some((state, private_to(diagnostics, private).unwrap_or_else(|| before.to_vec())))
}

pub(super) fn stored<S: Serialize, P: Serialize>(
    diagnostics: &mut Diagnostics,
    state: &S,
    private: &P,
) -> Option<Stored> {
    Some((untyped(diagnostics, state)?, private_to(diagnostics, private)?))
}
