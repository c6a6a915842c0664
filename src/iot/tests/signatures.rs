//! The signer against the vectors that the official SDKs have made.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;

use crate::iot::Parameters;
use crate::iot::encode::canonical_query;
use crate::iot::sign::{signature, string_to_sign};

/// A file of `tests/vectors/signature`.
#[derive(Deserialize)]
struct Vector {
    method: String,
    secret: String,
    parameters: BTreeMap<String, String>,
    canonical_query: Option<String>,
    string_to_sign: Option<String>,
    signature: String,
}

#[test]
fn vectors_come_out_as_recorded() {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors/signature");
    let mut cases = 0;
    for entry in std::fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "json") {
            let vector: Vector = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
            check(&vector, &path.display().to_string());
            cases += 1;
        }
    }
    assert_eq!(cases, 12, "five cases in two forms each, and the published example under two methods");
}

fn check(vector: &Vector, case: &str) {
    let mut parameters = Parameters::default();
    for (name, value) in &vector.parameters {
        parameters.text(name, value);
    }
    let query = canonical_query(&parameters);
    let text = string_to_sign(&vector.method, &query);
    assert_eq!(&query, vector.canonical_query.as_ref().unwrap_or(&query), "{case}");
    assert_eq!(&text, vector.string_to_sign.as_ref().unwrap_or(&text), "{case}");
    assert_eq!(signature(&vector.secret, &text), vector.signature, "{case}");
}
