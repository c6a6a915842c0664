//! Percent-encoding as the signature wants it: RFC 3986 over the bytes of the UTF-8 text, everything
//! but unreserved characters, in upper-case digits.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, PercentEncode, utf8_percent_encode};

/// All bytes but the unreserved characters of RFC 3986, section 2.3.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// The text with every reserved byte as `%XY`.
pub(super) fn percent_encode(text: &str) -> PercentEncode<'_> {
    utf8_percent_encode(text, RESERVED)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::percent_encode;

    #[test]
    fn the_cases_that_form_encoders_get_wrong() {
        for (text, encoded) in [
            ("aZ09-_.~", "aZ09-_.~"),
            (" ", "%20"),
            ("*", "%2A"),
            ("+", "%2B"),
            ("/:,=&%!'()", "%2F%3A%2C%3D%26%25%21%27%28%29"),
            ("上", "%E4%B8%8A"),
        ] {
            assert_eq!(percent_encode(text).to_string(), encoded);
        }
    }

    proptest! {
        #[test]
        fn decoding_gives_the_text_back(text in any::<String>()) {
            let encoded = percent_encode(&text).to_string();
            let decoded = percent_encoding::percent_decode_str(&encoded).decode_utf8().unwrap().into_owned();
            prop_assert_eq!(decoded, text);
        }

        #[test]
        fn only_unreserved_characters_and_upper_case_escapes_come_out(text in any::<String>()) {
            let encoded = percent_encode(&text).to_string();
            let mut rest = encoded.chars();
            while let Some(character) = rest.next() {
                if character == '%' {
                    let digits: String = rest.by_ref().take(2).collect();
                    prop_assert!(digits.len() == 2);
                    prop_assert!(digits.chars().all(|digit| digit.is_ascii_digit() || ('A'..='F').contains(&digit)));
                } else {
                    prop_assert!(character.is_ascii_alphanumeric() || "-_.~".contains(character));
                }
            }
        }

        #[test]
        fn unreserved_text_stays_as_it_is(text in "[A-Za-z0-9._~-]*") {
            prop_assert_eq!(percent_encode(&text).to_string(), text);
        }

        #[test]
        fn encoding_is_done_part_by_part(left in any::<String>(), right in any::<String>()) {
            let together = percent_encode(&format!("{left}{right}")).to_string();
            prop_assert_eq!(together, format!("{}{}", percent_encode(&left), percent_encode(&right)));
        }
    }
}
