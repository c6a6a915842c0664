//! The signature of RPC requests, version 1.0: pure functions of the parameters, the clock and the nonce.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use secrecy::ExposeSecret;
use sha1::Sha1;
use time::{OffsetDateTime, UtcOffset};
use uuid::Uuid;

use super::credentials::Credentials;
use super::encode::{canonical_query, percent_encode};
use super::operation::Method;
use super::parameters::Parameters;

/// The version of the API that has the OTA operations.
const API_VERSION: &str = "2018-01-20";

/// What makes one sending differ from every other. A nonce is taken once, so each attempt needs its own.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stamp {
    pub(super) time: OffsetDateTime,
    pub(super) nonce: Uuid,
}

impl Stamp {
    /// The time of this machine and a random nonce.
    pub(super) fn fresh() -> Self {
        Self { time: OffsetDateTime::now_utc(), nonce: Uuid::new_v4() }
    }
}

/// A request that is ready to be sent. It holds the key id and the security token, so it has no `Debug`.
pub(super) struct SignedRequest {
    /// How it has to be sent: the method is signed too.
    pub(super) method: Method,
    /// Every parameter, and the signature over them, in the same spelling for a body and for a URL.
    pub(super) form: String,
    /// The parameters in the form, without the signature.
    pub(super) parameters: Parameters,
    /// What was signed, to compare with what the service says that it has signed.
    pub(super) string_to_sign: String,
    /// The signature itself, to keep it out of what is shown.
    pub(super) signature: String,
}

/// Adds the common parameters to those of an operation, and signs all of them.
pub(super) fn sign(
    action: &str,
    method: Method,
    region: &str,
    parameters: Parameters,
    credentials: &Credentials,
    stamp: Stamp,
) -> SignedRequest {
    sign_for(API_VERSION, action, method, region, parameters, credentials, stamp)
}

/// The same for another API of the same style.
pub(super) fn sign_for(
    version: &str,
    action: &str,
    method: Method,
    region: &str,
    mut parameters: Parameters,
    credentials: &Credentials,
    stamp: Stamp,
) -> SignedRequest {
    parameters.text("Action", action);
    parameters.text("Version", version);
    parameters.text("Format", "JSON");
    parameters.text("RegionId", region);
    parameters.text("AccessKeyId", credentials.access_key_id());
    parameters.optional_text("SecurityToken", credentials.security_token());
    parameters.text("SignatureMethod", "HMAC-SHA1");
    parameters.text("SignatureVersion", "1.0");
    parameters.text("SignatureNonce", stamp.nonce.to_string());
    parameters.text("Timestamp", timestamp(stamp.time));
    let query = canonical_query(&parameters);
    let string_to_sign = string_to_sign(method.name(), &query);
    let signature = signature(credentials.access_key_secret().expose_secret(), &string_to_sign);
    let form = format!("{query}&Signature={}", percent_encode(&signature));
    SignedRequest { method, form, parameters, string_to_sign, signature }
}

/// Method, path and canonical query, the last two encoded (the query a second time).
pub(super) fn string_to_sign(method: &str, canonical_query: &str) -> String {
    format!("{method}&%2F&{}", percent_encode(canonical_query))
}

/// HMAC-SHA1 with the secret and one `&` as the key, in Base64.
#[expect(clippy::expect_used, reason = "HMAC takes a key of any length, so no secret can make it fail")]
pub(super) fn signature(access_key_secret: &str, string_to_sign: &str) -> String {
    let key = format!("{access_key_secret}&");
    let mut mac = Hmac::<Sha1>::new_from_slice(key.as_bytes()).expect("a key of any length");
    mac.update(string_to_sign.as_bytes());
    STANDARD.encode(mac.finalize().into_bytes())
}

/// `YYYY-MM-DDThh:mm:ssZ` in UTC, without a fraction: other forms are refused.
pub(super) fn timestamp(time: OffsetDateTime) -> String {
    let time = time.to_offset(UtcOffset::UTC);
    let (year, month, day) = (time.year(), u8::from(time.month()), time.day());
    let (hour, minute, second) = time.to_hms();
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    #[test]
    fn a_time_is_sent_in_utc_without_a_fraction() {
        let time = datetime!(2026-01-02 11:04:05.987 +8);
        assert_eq!(timestamp(time), "2026-01-02T03:04:05Z");
    }

    #[test]
    fn two_stamps_differ() {
        assert_ne!(Stamp::fresh().nonce, Stamp::fresh().nonce);
    }
}
