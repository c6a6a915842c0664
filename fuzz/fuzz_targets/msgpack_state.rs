//! Feeds [`fuzz::msgpack_state`] with bytes.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| fuzz::msgpack_state::check(bytes));
