//! A signer that shares nothing with the emulator's.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};

use base64::{Engine, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;
use time::{Duration, OffsetDateTime};

pub(crate) type Pairs = BTreeMap<String, String>;

/// An unsigned request with all common parameters; `parameters` win over them.
pub(crate) fn request(action: &str, parameters: &[(&str, &str)]) -> Pairs {
    let now = timestamp(Duration::ZERO);
    let nonce = fresh_nonce();
    let common = [
        ("AccessKeyId", "emulator-key-id"),
        ("Action", action),
        ("Format", "JSON"),
        ("RegionId", "cn-shanghai"),
        ("SignatureMethod", "HMAC-SHA1"),
        ("SignatureNonce", nonce.as_str()),
        ("SignatureVersion", "1.0"),
        ("Timestamp", now.as_str()),
        ("Version", "2018-01-20"),
    ];
    let all = common.iter().chain(parameters);
    all.map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

/// The wall clock, moved.
pub(crate) fn timestamp(moved: Duration) -> String {
    let now = OffsetDateTime::now_utc() + moved;
    let (hour, minute, second) = now.to_hms();
    format!("{}T{hour:02}:{minute:02}:{second:02}Z", now.date())
}

pub(crate) fn fresh_nonce() -> String {
    static NUMBER: AtomicU64 = AtomicU64::new(0);
    format!("nonce-{}", NUMBER.fetch_add(1, Ordering::Relaxed))
}

/// Adds the signature under the default secret.
pub(crate) fn sign(method: &str, pairs: &mut Pairs) {
    sign_with("emulator-key-secret", method, pairs);
}

pub(crate) fn sign_with(secret: &str, method: &str, pairs: &mut Pairs) {
    pairs.remove("Signature");
    let text = string_to_sign(method, pairs);
    let mut mac = Hmac::<Sha1>::new_from_slice(format!("{secret}&").as_bytes()).unwrap();
    mac.update(text.as_bytes());
    pairs.insert("Signature".to_owned(), STANDARD.encode(mac.finalize().into_bytes()));
}

pub(crate) fn string_to_sign(method: &str, pairs: &Pairs) -> String {
    format!("{method}&%2F&{}", encode(&query(pairs)))
}

/// The pairs as a query, which is also the canonical form.
pub(crate) fn query(pairs: &Pairs) -> String {
    let pairs = pairs.iter().map(|(name, value)| format!("{}={}", encode(name), encode(value)));
    pairs.collect::<Vec<_>>().join("&")
}

pub(crate) fn encode(text: &str) -> String {
    let mut encoded = String::new();
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => encoded.push(byte.into()),
            _ => encoded.push_str(&format!("%{byte:02X}")),
        }
    }
    encoded
}
