//! Percent-encoding of RFC 3986 over the bytes of the UTF-8 text.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// Everything but letters, digits, `-`, `_`, `.` and `~`.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// The text with every byte outside the unreserved set as `%XY`.
pub(super) fn percent_encode(text: &str) -> String {
    utf8_percent_encode(text, ENCODED).to_string()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn follows_the_published_table() {
        let unreserved = "ABCXYZabcxyz0189-_.~";
        assert_eq!(percent_encode(unreserved), unreserved);
        assert_eq!(percent_encode(" *+"), "%20%2A%2B");
        assert_eq!(percent_encode("/:,=&%!'()"), "%2F%3A%2C%3D%26%25%21%27%28%29");
        assert_eq!(percent_encode("上"), "%E4%B8%8A");
    }

    proptest! {
        #[test]
        fn is_what_a_byte_by_byte_encoder_gives(text in "\\PC*|[\\x00-\\x7f]*") {
            let expected: String = text.bytes().map(|byte| match byte {
                b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => char::from(byte).to_string(),
                other => format!("%{other:02X}"),
            }).collect();
            prop_assert_eq!(percent_encode(&text), expected);
        }
    }
}
