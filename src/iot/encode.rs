//! Percent-encoding as the signature wants it: RFC 3986 over the bytes of the UTF-8 text.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::parameters::Parameters;

/// All but the unreserved characters. A form encoder would leave `*`, encode `~` and write a space as `+`: each of
/// these breaks the signature.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// The text with every byte that is not unreserved written as `%XY`, in upper case.
pub(super) fn percent_encode(text: &str) -> String {
    utf8_percent_encode(text, RESERVED).to_string()
}

/// `name=value` for each parameter, both encoded, joined with `&` in the order of the names. It is signed, and it is
/// the body that is sent: space is `%20` here, which every form decoder understands.
pub(super) fn canonical_query(parameters: &Parameters) -> String {
    let mut query = String::new();
    for (name, value) in parameters.iter() {
        if !query.is_empty() {
            query.push('&');
        }
        query.extend(utf8_percent_encode(name, RESERVED));
        query.push('=');
        query.extend(utf8_percent_encode(value, RESERVED));
    }
    query
}

#[cfg(test)]
mod tests {
    use percent_encoding::percent_decode_str;
    use proptest::prelude::*;

    use super::*;

    fn decoded(text: &str) -> String {
        percent_decode_str(text).decode_utf8().unwrap().into_owned()
    }

    #[test]
    fn reserved_characters_are_encoded_one_by_one() {
        for (given, expected) in [
            ("", ""),
            ("AZaz09-_.~", "AZaz09-_.~"),
            (" ", "%20"),
            ("*", "%2A"),
            ("+", "%2B"),
            ("/:,=&%!'()", "%2F%3A%2C%3D%26%25%21%27%28%29"),
            ("上", "%E4%B8%8A"),
            ("😀", "%F0%9F%98%80"),
            ("\n\0\u{7f}", "%0A%00%7F"),
            ("%20", "%2520"),
        ] {
            assert_eq!(percent_encode(given), expected, "{given:?}");
        }
    }

    #[test]
    fn names_are_sorted_by_bytes() {
        let mut parameters = Parameters::default();
        for name in ["b", "SrcVersion.2", "SrcVersion.10", "SrcVersion.1", "a", "Z"] {
            parameters.text(name, "");
        }
        let expected = "SrcVersion.1=&SrcVersion.10=&SrcVersion.2=&Z=&a=&b=";
        assert_eq!(canonical_query(&parameters), expected);
    }

    proptest! {
        #[test]
        fn decoding_gives_the_text_back(text in any::<String>()) {
            prop_assert_eq!(decoded(&percent_encode(&text)), text);
        }

        #[test]
        fn only_unreserved_characters_and_upper_case_escapes_come_out(text in any::<String>()) {
            let encoded = percent_encode(&text);
            let mut rest = encoded.bytes();
            while let Some(byte) = rest.next() {
                if byte == b'%' {
                    for _ in 0..2 {
                        let digit = rest.next().unwrap();
                        prop_assert!(digit.is_ascii_digit() || (b'A'..=b'F').contains(&digit));
                    }
                } else {
                    prop_assert!(byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte));
                }
            }
        }

        #[test]
        fn unreserved_text_is_left_alone(text in "[A-Za-z0-9._~-]*") {
            prop_assert_eq!(percent_encode(&text), text);
        }

        #[test]
        fn encoding_twice_encodes_the_percent_signs_only(text in any::<String>()) {
            let once = percent_encode(&text);
            prop_assert_eq!(percent_encode(&once), once.replace('%', "%25"));
        }

        #[test]
        fn the_canonical_query_is_the_sorted_parameters(
            given in proptest::collection::btree_map(any::<String>(), any::<String>(), 0..12),
        ) {
            let mut parameters = Parameters::default();
            for (name, value) in given.iter().rev() {
                parameters.text(name, value);
            }
            let query = canonical_query(&parameters);
            let pairs: Vec<(String, String)> = query
                .split('&')
                .filter(|pair| !pair.is_empty())
                .map(|pair| pair.split_once('=').unwrap())
                .map(|(name, value)| (decoded(name), decoded(value)))
                .collect();
            prop_assert_eq!(pairs, given.into_iter().collect::<Vec<_>>());
        }
    }
}
