//! The provider block: its schema, and what its arguments and the environment come to.
//!
//! Reading order: `model` (the block as written), `schema` (how it is described), `environment` (the variables beside
//! it), `validate` (what can be said without them), `argument` (one argument and its variables), `settle` (all of them
//! together), `settings` (what they come to).

mod argument;
mod environment;
mod model;
mod schema;
mod settings;
mod settle;
mod validate;

pub(super) use model::ProviderConfig;
pub(super) use schema::schema;
pub(crate) use settings::{Preflight, Settings};
