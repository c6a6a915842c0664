//! From parameters to StringToSign, and whether a signature fits it.

use base64::{Engine, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;

use super::encode::percent_encode;
use crate::options::AccessKeySecret;

/// Length of an HMAC-SHA1 result in bytes.
pub(super) const SIGNATURE_LENGTH: usize = 20;

/// Sorted, encoded pairs joined by `&`. The caller hands the pairs over in byte order of the names and without
/// `Signature`; pairs with an empty value are part of it.
pub(super) fn canonical_query<'a>(pairs: impl Iterator<Item = (&'a str, &'a str)>) -> String {
    let encoded: Vec<String> =
        pairs.map(|(name, value)| format!("{}={}", percent_encode(name), percent_encode(value))).collect();
    encoded.join("&")
}

/// What both sides sign. The HTTP method is part of it.
pub(super) fn string_to_sign(method: &str, canonical_query: &str) -> String {
    format!("{method}&%2F&{}", percent_encode(canonical_query))
}

/// The bytes of a signature; `None` if it is not Base64 of the right length.
pub(super) fn decode_signature(signature: &str) -> Option<Vec<u8>> {
    let bytes = STANDARD.decode(signature).ok()?;
    (bytes.len() == SIGNATURE_LENGTH).then_some(bytes)
}

/// Whether the signature is the one of this text under this secret, compared in constant time.
pub(super) fn is_signed_with(secret: &AccessKeySecret, string_to_sign: &str, signature: &[u8]) -> bool {
    let key = format!("{}&", secret.expose());
    let Ok(mut mac) = Hmac::<Sha1>::new_from_slice(key.as_bytes()) else {
        return false; // HMAC takes keys of any length: there is no such key.
    };
    mac.update(string_to_sign.as_bytes());
    mac.verify_slice(signature).is_ok()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::path::Path;

    use proptest::prelude::*;
    use serde::Deserialize;

    use super::*;

    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Vector {
        title: String,
        secret: String,
        method: String,
        parameters: BTreeMap<String, String>,
        canonical_query: String,
        string_to_sign: String,
        signature: String,
        sent_as: String,
        signature_without_signature_type: Option<String>,
        string_to_sign_without_signature_type: Option<String>,
        signature_with_post: Option<String>,
    }

    fn vectors() -> Vec<Vector> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors/rpc");
        let mut vectors = Vec::new();
        for entry in std::fs::read_dir(folder).unwrap() {
            let text = std::fs::read_to_string(entry.unwrap().path()).unwrap();
            vectors.push(serde_json::from_str(&text).unwrap());
        }
        vectors
    }

    fn query(parameters: &BTreeMap<String, String>) -> String {
        canonical_query(parameters.iter().map(|(name, value)| (name.as_str(), value.as_str())))
    }

    fn assert_signed(vector: &Vector, string_to_sign: &str, signature: &str) {
        let secret = AccessKeySecret::new(vector.secret.clone());
        let bytes = decode_signature(signature).unwrap();
        assert!(is_signed_with(&secret, string_to_sign, &bytes), "{}", vector.title);
    }

    #[test]
    fn every_published_vector_holds() {
        let vectors = vectors();
        assert_eq!(vectors.len(), 6);
        for vector in &vectors {
            assert_eq!(query(&vector.parameters), vector.canonical_query, "{}", vector.title);
            let text = string_to_sign(&vector.method, &vector.canonical_query);
            assert_eq!(text, vector.string_to_sign, "{}", vector.title);
            assert_signed(vector, &text, &vector.signature);
            assert_eq!(format!("Signature={}", percent_encode(&vector.signature)), vector.sent_as);
        }
    }

    #[test]
    fn every_published_vector_holds_without_the_signature_type() {
        for vector in &vectors() {
            let Some(signature) = &vector.signature_without_signature_type else {
                continue;
            };
            let mut parameters = vector.parameters.clone();
            assert_eq!(parameters.remove("SignatureType").as_deref(), Some(""));
            let text = string_to_sign(&vector.method, &query(&parameters));
            assert_signed(vector, &text, signature);
            if let Some(expected) = &vector.string_to_sign_without_signature_type {
                assert_eq!(&text, expected, "{}", vector.title);
            }
        }
    }

    #[test]
    fn the_method_is_signed() {
        let vectors = vectors();
        let with_post = vectors.iter().find(|vector| vector.signature_with_post.is_some());
        let vector = with_post.unwrap();
        let text = string_to_sign("POST", &vector.canonical_query);
        assert_signed(vector, &text, vector.signature_with_post.as_ref().unwrap());
    }

    #[test]
    fn another_secret_or_text_or_signature_is_refused() {
        let vectors = vectors();
        let vector = vectors.first().unwrap();
        let secret = AccessKeySecret::new(vector.secret.clone());
        let signature = decode_signature(&vector.signature).unwrap();
        let other_text = format!("{}x", vector.string_to_sign);
        let mut other_signature = signature.clone();
        other_signature[19] ^= 1;
        let other_secret = AccessKeySecret::new("other".to_owned());
        assert!(!is_signed_with(&secret, &other_text, &signature));
        assert!(!is_signed_with(&secret, &vector.string_to_sign, &other_signature));
        assert!(!is_signed_with(&other_secret, &vector.string_to_sign, &signature));
        assert_eq!(decode_signature("no base64"), None);
        assert_eq!(decode_signature("AAAA"), None);
    }

    proptest! {
        #[test]
        fn different_parameters_never_share_a_canonical_query(
            one in proptest::collection::btree_map("[a=&%]{0,2}", "[a=&%]{0,2}", 0..3),
            two in proptest::collection::btree_map("[a=&%]{0,2}", "[a=&%]{0,2}", 0..3),
        ) {
            prop_assert_eq!(one == two, query(&one) == query(&two));
        }
    }
}
