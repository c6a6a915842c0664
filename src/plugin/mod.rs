//! The wire: serves a provider that is written against tf-provider's typed traits to Terraform and
//! OpenTofu, as go-plugin hosts expect it, over protocol 6.
//!
//! It knows nothing of what the provider manages, of clouds or of HTTP.
//!
//! Reading order: [`serve()`] is the life of the process; [`handshake`], [`listener`] and [`tls`] are how
//! it is found and trusted; `services` and `rpc` are what it answers; [`convert`] is what values go
//! through; [`traits`] is what a provider is to the rest, and [`Definition`] puts it together.

pub mod call;
pub mod convert;
mod definition;
pub mod env;
pub mod handshake;
pub mod listener;
mod log;
pub mod proto;
mod reattach;
mod resource;
mod rpc;
pub mod schema;
mod serve;
mod services;
mod signals;
pub mod tls;
pub mod traits;

pub use call::Call;
pub use definition::Definition;
pub use resource::ManagedResource;
pub use rpc::service;
pub use schema::SchemaExtension;
pub use serve::serve;
