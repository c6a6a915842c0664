//! ACS3: from a request to its CanonicalRequest and StringToSign, and whether a signature fits them.

use axum::http::HeaderMap;
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};

use super::canonical::canonical_query;
use crate::hexadecimal::hexadecimal;
use crate::options::AccessKeySecret;

/// The name of the algorithm, and the first line of StringToSign.
pub(super) const ALGORITHM: &str = "ACS3-HMAC-SHA256";

/// Length of an HMAC-SHA256 result in bytes.
pub(super) const SIGNATURE_LENGTH: usize = 32;

/// The CanonicalRequest. `query` is as it came: clients encode what they send in their own ways, so it is decoded and
/// encoded anew. Form parameters are covered by the hash of the body alone.
pub(super) fn canonical_request(
    method: &str,
    query: &str,
    headers: &HeaderMap,
    signed_headers: &[&str],
    body_hash: &str,
) -> String {
    let mut pairs: Vec<_> = form_urlencoded::parse(query.as_bytes()).collect();
    pairs.sort();
    let query = canonical_query(pairs.iter().map(|(name, value)| (name.as_ref(), value.as_ref())));
    let mut names = signed_headers.to_vec();
    names.sort_unstable();
    let lines: String = names.iter().map(|name| format!("{name}:{}\n", canonical_value(headers, name))).collect();
    format!("{method}\n/\n{query}\n{lines}\n{}\n{body_hash}", names.join(";"))
}

/// All values of a header, trimmed and sorted.
fn canonical_value(headers: &HeaderMap, name: &str) -> String {
    let values = headers.get_all(name).iter();
    let mut texts: Vec<_> = values.map(|value| String::from_utf8_lossy(value.as_bytes()).trim().to_owned()).collect();
    texts.sort();
    texts.join(",")
}

/// What both sides sign.
pub(super) fn string_to_sign(canonical_request: &str) -> String {
    format!("{ALGORITHM}\n{}", hash(canonical_request.as_bytes()))
}

/// SHA-256 in lower-case hexadecimal digits.
pub(super) fn hash(bytes: &[u8]) -> String {
    hexadecimal(&Sha256::digest(bytes))
}

/// The bytes of a signature; `None` if it is not 64 lower-case hexadecimal digits.
pub(super) fn decode_signature(text: &str) -> Option<Vec<u8>> {
    let digits: Option<Vec<u8>> = text.bytes().map(digit).collect();
    let bytes: Vec<u8> = digits?.chunks_exact(2).map(|pair| pair.iter().fold(0, |byte, d| byte << 4 | d)).collect();
    (text.len() == 2 * SIGNATURE_LENGTH).then_some(bytes)
}

fn digit(character: u8) -> Option<u8> {
    match character {
        b'0'..=b'9' => Some(character - b'0'),
        b'a'..=b'f' => Some(character - b'a' + 10),
        _ => None,
    }
}

/// Whether the signature is the one of this text under this secret, compared in constant time.
pub(super) fn is_signed_with(secret: &AccessKeySecret, string_to_sign: &str, signature: &[u8]) -> bool {
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret.expose().as_bytes()) else {
        return false; // HMAC takes keys of any length: there is no such key.
    };
    mac.update(string_to_sign.as_bytes());
    mac.verify_slice(signature).is_ok()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use axum::http::{HeaderName, HeaderValue};
    use serde::Deserialize;

    use super::*;

    /// A request as a client put it on the wire. What its client did not show is null.
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Vector {
        title: String,
        client: String,
        secret: String,
        method: String,
        target: String,
        headers: Vec<(String, String)>,
        canonical_query: Option<String>,
        canonical_request: Option<String>,
        string_to_sign: String,
        signature: String,
    }

    fn vectors() -> Vec<Vector> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors/acs3");
        let files = std::fs::read_dir(folder).unwrap();
        let texts = files.map(|file| std::fs::read_to_string(file.unwrap().path()).unwrap());
        texts.map(|text| serde_json::from_str(&text).unwrap()).collect()
    }

    #[test]
    fn every_vector_of_the_official_clients_holds() {
        let vectors = vectors();
        assert_eq!(vectors.len(), 7);
        for vector in &vectors {
            let what = format!("{} by {}", vector.title, vector.client);
            let headers: HeaderMap = (vector.headers.iter())
                .map(|(name, value)| {
                    (name.parse::<HeaderName>().unwrap(), HeaderValue::from_bytes(value.as_bytes()).unwrap())
                })
                .collect();
            let authorization = super::super::acs3::Authorization::read(&headers).unwrap();
            let query = vector.target.strip_prefix("/?").unwrap();
            let body_hash = headers["x-acs-content-sha256"].to_str().unwrap();
            assert_eq!(body_hash, hash(b""), "{what}");
            let canonical =
                canonical_request(&vector.method, query, &headers, &authorization.signed_headers, body_hash);
            if let Some(expected) = &vector.canonical_query {
                assert_eq!(canonical.lines().nth(2), Some(expected.as_str()), "{what}");
            }
            if let Some(expected) = &vector.canonical_request {
                assert_eq!(&canonical, expected, "{what}");
            }
            assert_eq!(string_to_sign(&canonical), vector.string_to_sign, "{what}");
            assert_eq!(authorization.signature, decode_signature(&vector.signature).unwrap(), "{what}");
            let secret = AccessKeySecret::new(vector.secret.clone());
            assert!(is_signed_with(&secret, &vector.string_to_sign, &authorization.signature), "{what}");
            let other = AccessKeySecret::new("other".to_owned());
            assert!(!is_signed_with(&other, &vector.string_to_sign, &authorization.signature), "{what}");
        }
    }

    #[test]
    fn a_signature_is_64_lower_case_digits() {
        assert_eq!(decode_signature(&"0f".repeat(32)), Some(vec![15; 32]));
        for text in ["", "0f", &"0f".repeat(33), &"0F".repeat(32), &"0g".repeat(32), &"é".repeat(32)] {
            assert_eq!(decode_signature(text), None, "{text}");
        }
    }

    #[test]
    fn repeated_headers_and_parameters_are_sorted() {
        let mut headers = HeaderMap::new();
        for value in [" b ", "a"] {
            headers.append("x-acs-x", HeaderValue::from_static(value));
        }
        let canonical = canonical_request("GET", "B=1&A=2&A=1", &headers, &["x-acs-x"], "hash");
        assert_eq!(canonical, "GET\n/\nA=1&A=2&B=1\nx-acs-x:a,b\n\nx-acs-x\nhash");
    }
}
