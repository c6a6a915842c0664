//! What has to hold for bytes that come from outside: from a state file, from Terraform, from the cloud.
//!
//! A module a target. Each has a `check`, which panics if a property is broken. The fuzz targets beside this library
//! feed them with what libFuzzer makes up, and an ordinary test replays what it once found (`corpus/`).
//!
//! In reading order: [`msgpack_state`], [`json_state`], [`rpc_request`], [`answer_json`], [`answer_xml`]; what they
//! share stands in `types`, `service` and `answers`.
// A broken property is a panic, here as in any test.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

pub mod answer_json;
pub mod answer_xml;
pub mod json_state;
pub mod msgpack_state;
pub mod rpc_request;

mod answers;
pub mod service;
pub mod types;

/// Feeds one input to a target.
pub type Check = fn(&[u8]);

/// The targets by name.
pub const TARGETS: [(&str, Check); 5] = [
    ("msgpack_state", msgpack_state::check),
    ("json_state", json_state::check),
    ("rpc_request", rpc_request::check),
    ("answer_json", answer_json::check),
    ("answer_xml", answer_xml::check),
];
