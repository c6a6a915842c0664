//! The built provider, driven by a client that does what go-plugin does.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    unreachable_pub
)]

mod calls;
mod client;
mod handshake;
mod limits;
mod log;
mod sample;
mod schema;
mod trust;
mod values;
mod waiting;
