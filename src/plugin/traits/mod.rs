//! What a provider is made of, behind traits that the server can hold as objects.
//!
//! Providers, resources, data sources and functions implement tf-provider's typed traits; for what those lack there is
//! a small typed trait here each. Typed traits cannot be objects, so each has an `Erased` twin that speaks wire values,
//! and a `Typed` adapter between the two. Nothing outside this layer sees those.

mod action;
mod data_source;
mod ephemeral;
mod function;
mod identity;
mod list;
mod provider;
mod resource;
mod upgrade;

pub use action::{Action, Progress};
pub use ephemeral::{EphemeralResource, Opened, Renewed};
pub use identity::ResourceIdentity;
pub use list::{Enough, Found, ListResource, Listed};
pub use upgrade::MoveSource;

pub(crate) use action::{ErasedAction, TypedAction};
pub(crate) use data_source::{ErasedDataSource, TypedDataSource};
pub(crate) use ephemeral::{ErasedEphemeral, Kept, TypedEphemeral};
pub(crate) use function::{ErasedFunction, TypedFunction};
pub(crate) use identity::{ErasedIdentity, TypedIdentity};
pub(crate) use list::{ErasedList, ListEvent, ListRequest, TypedList};
pub(crate) use provider::{ErasedProvider, TypedProvider};
pub(crate) use resource::{ErasedResource, PlannedChange, TypedResource};
pub(crate) use upgrade::{ErasedMove, ErasedUpgrade, TypedMove, TypedUpgrade};

use serde::{Deserialize, Serialize};
use tf_provider::Diagnostics;

use super::convert::deserialize::from_value;
use super::convert::diagnostics::provider_bug;
use super::convert::serialize::to_value;
use super::convert::{ConvertError, WireValue};

/// A struct of the provider's from a checked value. That the two disagree is the provider's fault.
fn typed<'a, T: Deserialize<'a>>(diagnostics: &mut Diagnostics, value: &'a WireValue) -> Option<T> {
    collect(diagnostics, from_value(value))
}

/// A value from a struct of the provider's.
fn untyped<T: Serialize>(diagnostics: &mut Diagnostics, value: &T) -> Option<WireValue> {
    collect(diagnostics, to_value(value))
}

fn collect<T>(diagnostics: &mut Diagnostics, result: Result<T, ConvertError>) -> Option<T> {
    result.map_err(|error| diagnostics.errors.push(provider_bug(error))).ok()
}

// Private data is opaque to core. JSON, so that a person who looks into a state can read it; null
// is no bytes at all, which is also what imported, tainted and new objects have.

fn private_from<'a, P: Deserialize<'a>>(diagnostics: &mut Diagnostics, bytes: &'a [u8]) -> Option<P> {
    let json = if bytes.is_empty() { b"null" } else { bytes };
    let unreadable = |error: serde_json::Error| {
        provider_bug(format!("the private data in the state cannot be read, from column {} on", error.column()))
    };
    serde_json::from_slice(json).map_err(|error| diagnostics.errors.push(unreadable(error))).ok()
}

fn private_to<P: Serialize>(diagnostics: &mut Diagnostics, private: &P) -> Option<Vec<u8>> {
    let unwritable = |error| provider_bug(format!("the private data cannot be written: {error}"));
    let json = serde_json::to_vec(private).map_err(|error| diagnostics.errors.push(unwritable(error))).ok()?;
    Some(if json == b"null" { Vec::new() } else { json })
}
