//! Signature of RPC requests, version 1.0: written from the published rules, shared with no client.
//!
//! [`encode`] and [`canonical`] are pure; [`nonce`] remembers; [`timestamp`] judges the clock of the client.
//! [`credentials`] puts them together in the order in which the gateway answers.

mod canonical;
mod credentials;
mod encode;
mod nonce;
mod timestamp;

pub(crate) use credentials::verify;
pub(crate) use nonce::Nonces;
