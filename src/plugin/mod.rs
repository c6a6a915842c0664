//! The wire: serves a provider that is written against tf-provider's typed traits to Terraform and
//! OpenTofu, as go-plugin hosts expect it, over protocol 6.
//!
//! It knows nothing of what the provider manages, of clouds or of HTTP.
//!
//! Reading order: [`serve()`] is the life of the process; [`handshake`], [`listener`] and [`tls`] are how
//! it is found and trusted; `services` and `rpc` are what it answers; [`convert`] is what values go
//! through; `traits` is what a provider is to the rest.

pub mod convert;
mod definition;
pub mod env;
pub mod handshake;
pub mod listener;
mod log;
pub mod proto;
mod rpc;
mod serve;
mod services;
mod signals;
pub mod tls;
mod traits;

pub use definition::Definition;
pub use rpc::service;
pub use serve::serve;
