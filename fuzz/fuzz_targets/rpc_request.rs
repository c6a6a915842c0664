//! Feeds [`fuzz::rpc_request`] with bytes.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| fuzz::rpc_request::check(bytes));
