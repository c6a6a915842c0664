//! State that an older version of a resource, or another resource, wrote.

use serde::Serialize;
use serde::de::DeserializeOwned;
use tf_provider::Diagnostics;
use tf_provider::schema::Schema;

use super::super::convert::diagnostics::unreadable;
use super::super::convert::from_json::from_json;
use super::super::convert::{Type, WireValue};
use super::resource::{Stored, stored};
use super::{typed, untyped};

/// Turns state of one older schema version into state of today's.
pub(crate) trait ErasedUpgrade: Send + Sync {
    fn upgrade(&self, diagnostics: &mut Diagnostics, json: &[u8]) -> Option<WireValue>;
}

/// An upgrade from the version that `of` describes.
pub(crate) struct TypedUpgrade<Old, F> {
    of: Type,
    upgrade: F,
    old: std::marker::PhantomData<fn(Old)>,
}

impl<Old, F> TypedUpgrade<Old, F> {
    pub(crate) fn new(old: &Schema, upgrade: F) -> Self {
        Self { of: (&old.block).into(), upgrade, old: std::marker::PhantomData }
    }
}

impl<Old, New, F> ErasedUpgrade for TypedUpgrade<Old, F>
where
    Old: DeserializeOwned,
    New: Serialize,
    F: Fn(&mut Diagnostics, Old) -> Option<New> + Send + Sync,
{
    fn upgrade(&self, diagnostics: &mut Diagnostics, json: &[u8]) -> Option<WireValue> {
        let old = read(diagnostics, "state", json, &self.of)?;
        let old = typed(diagnostics, &old)?;
        let new = (self.upgrade)(diagnostics, old)?;
        untyped(diagnostics, &new)
    }
}

/// An object of another resource, perhaps of another provider, that a `moved` block turns into one of this resource.
#[derive(Debug, Clone)]
pub struct MoveSource {
    /// Full address of the provider that it belongs to, such as `registry.terraform.io/hashicorp/null`.
    pub provider_address: String,
    /// The resource that it belongs to.
    pub type_name: String,
    /// Schema version that its state is written in.
    pub schema_version: i64,
    /// What that provider keeps beside the state.
    pub private: Vec<u8>,
    /// Its state, as JSON.
    pub state: Vec<u8>,
    /// Its identity, as JSON; empty if it has none.
    pub identity: Vec<u8>,
    /// Version of the schema of its identity.
    pub identity_version: i64,
}

impl MoveSource {
    /// The state, read by the schema that it is written in: what the schema does not have is dropped, what the state
    /// does not have is null. None, with an error, if it does not fit.
    pub fn read<T: DeserializeOwned>(&self, diagnostics: &mut Diagnostics, schema: &Schema) -> Option<T> {
        let state = read(diagnostics, "source state", &self.state, &(&schema.block).into())?;
        typed(diagnostics, &state)
    }
}

/// Turns objects of other resources into objects of this one.
pub(crate) trait ErasedMove: Send + Sync {
    fn take(&self, diagnostics: &mut Diagnostics, source: &MoveSource) -> Option<Stored>;
}

/// A function that moves.
pub(crate) struct TypedMove<F>(pub(crate) F);

impl<S, P, F> ErasedMove for TypedMove<F>
where
    S: Serialize,
    P: Serialize,
    F: Fn(&mut Diagnostics, &MoveSource) -> Option<(S, P)> + Send + Sync,
{
    fn take(&self, diagnostics: &mut Diagnostics, source: &MoveSource) -> Option<Stored> {
        let (state, private) = (self.0)(diagnostics, source)?;
        stored(diagnostics, &state, &private)
    }
}

fn read(diagnostics: &mut Diagnostics, what: &str, json: &[u8], of: &Type) -> Option<WireValue> {
    from_json(json, of).map_err(|error| diagnostics.errors.push(unreadable(what, &error))).ok()
}
