//! Feeds [`fuzz::answer_xml`] with bytes.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| fuzz::answer_xml::check(bytes));
