//! The provider block: its schema, and what its arguments and the environment come to.
//!
//! Reading order: `model` (the block as written), `schema` (how it is described), `environment` (the variables beside
//! it), `argument` (one argument and its variables), `network`, `roles` and `credentials` (what belongs together),
//! `validate` (what can be said without the environment), `settle` (all of them together), `settings` (what they come
//! to).

mod argument;
mod credentials;
mod environment;
mod model;
mod network;
mod roles;
mod schema;
mod settings;
mod settle;
mod validate;

pub(super) use model::ProviderConfig;
pub(super) use schema::schema;
pub(crate) use settings::{Preflight, Settings};
