//! The RPC signature, version 1.0: pure functions of their input.
//!
//! Source: help page "Common parameters" of IoT Platform (topic 30561).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha1::Sha1;

use super::encode::percent_encode;
use super::parameters::Parameters;

/// The method of every request of this client. It is part of what is signed.
pub(super) const METHOD: &str = "POST";

/// What is signed: method, path and canonical query, the latter two encoded once more.
pub(super) fn string_to_sign(method: &str, parameters: &Parameters) -> String {
    format!("{method}&{}&{}", percent_encode("/"), percent_encode(&parameters.encoded()))
}

/// The signature in base64, not percent-encoded yet.
///
/// The key is the secret and one `&`; for temporary credentials it is the temporary secret, and the
/// token is an ordinary parameter.
pub(super) fn signature(access_key_secret: &str, string_to_sign: &str) -> Option<String> {
    let key = format!("{access_key_secret}&");
    // HMAC takes keys of any length, so there is always a signature.
    let mut mac = Hmac::<Sha1>::new_from_slice(key.as_bytes()).ok()?;
    mac.update(string_to_sign.as_bytes());
    Some(STANDARD.encode(mac.finalize().into_bytes()))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use serde::Deserialize;

    use super::*;

    #[derive(Deserialize)]
    struct Vector {
        method: String,
        secret: String,
        parameters: std::collections::BTreeMap<String, String>,
        canonical_query: Option<String>,
        string_to_sign: Option<String>,
        signature: String,
    }

    #[test]
    fn published_vectors() {
        let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors/signature");
        let mut files: Vec<_> = std::fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path()).collect();
        files.sort();
        assert!(files.len() >= 11, "each of the five vectors in two forms, and the published example");
        for file in files {
            let vector: Vector = serde_json::from_slice(&std::fs::read(&file).unwrap()).unwrap();
            let parameters: Parameters = vector.parameters.into_iter().collect();
            if let Some(query) = vector.canonical_query {
                assert_eq!(parameters.encoded(), query, "{}", file.display());
            }
            let text = string_to_sign(&vector.method, &parameters);
            if let Some(expected) = vector.string_to_sign {
                assert_eq!(text, expected, "{}", file.display());
            }
            assert_eq!(signature(&vector.secret, &text).unwrap(), vector.signature, "{}", file.display());
        }
    }
}
