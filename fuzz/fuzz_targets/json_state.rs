//! Feeds [`fuzz::json_state`] with bytes.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| fuzz::json_state::check(bytes));
