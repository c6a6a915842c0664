//! What a provider is made of, behind traits that the server can hold as objects.
//!
//! Providers and resources implement tf-provider's typed traits, whose types have lifetimes and
//! therefore cannot be objects. The two adapters here wrap them; nothing outside this layer sees them.

mod provider;
mod resource;

pub(crate) use provider::{ErasedProvider, TypedProvider};
pub(crate) use resource::{ErasedResource, PlannedChange, TypedResource};

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
