//! Feeds [`fuzz::answer_json`] with bytes.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| fuzz::answer_json::check(bytes));
