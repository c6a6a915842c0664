//! Permissions to upload one object: a policy document, signed by the owner of the storage.

use axum::http::StatusCode;
use base64::{Engine, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha1::Sha1;
use time::{Duration, OffsetDateTime};

use super::post_object::Refusal;
use super::{ObjectStorage, PATH, Purpose};
use crate::clock::utc_text;
use crate::options::AccessKeySecret;
use crate::randomness::Randomness;

/// Within this time an upload has to begin.
const VALID: Duration = Duration::minutes(1);

/// What a client needs to upload one file.
#[derive(Debug)]
pub(crate) struct UploadForm {
    pub(crate) key: String,
    pub(crate) host: String,
    pub(crate) policy: String,
    pub(crate) owner_id: String,
    pub(crate) signature: String,
    /// Where the file is then.
    pub(crate) url: String,
}

/// The form fields that carry a permission, empty where absent.
#[derive(Debug, Default)]
pub(super) struct Fields {
    pub(super) key: String,
    pub(super) policy: String,
    pub(super) owner_id: String,
    pub(super) signature: String,
}

impl ObjectStorage {
    /// Permits one upload. `authority` is the emulator's address as the client wrote it.
    pub(crate) fn permit(
        &self,
        purpose: Purpose,
        suffix: &str,
        authority: &str,
        now: OffsetDateTime,
        randomness: &mut Randomness,
    ) -> UploadForm {
        let folder: String = randomness.request_id().to_lowercase().split('-').collect();
        let key = format!("{}{folder}/{}.{suffix}", purpose.folder(), randomness.id(""));
        let document = json!({
            "expiration": utc_text(now.saturating_add(VALID)),
            "conditions": [["eq", "$key", key], ["content-length-range", 0, purpose.largest_file()]],
        });
        let policy = STANDARD.encode(document.to_string());
        let host = format!("http://{authority}{PATH}");
        UploadForm {
            url: format!("{host}/{key}"),
            signature: sign(&self.owner_secret, &policy),
            owner_id: self.owner_id.clone(),
            key,
            host,
            policy,
        }
    }

    /// What the fields permit.
    pub(super) fn permitted(&self, fields: &Fields, now: OffsetDateTime) -> Result<Purpose, Refusal> {
        if fields.policy.is_empty() || fields.signature.is_empty() || fields.owner_id.is_empty() {
            return Err(denied(
                "The bucket does not take anonymous uploads: policy, signature or OSSAccessKeyId is absent.",
            ));
        }
        if fields.owner_id != self.owner_id {
            return Err(Refusal::new(
                StatusCode::FORBIDDEN,
                "InvalidAccessKeyId",
                "The OSSAccessKeyId does not exist.",
            ));
        }
        if !is_signed(&self.owner_secret, &fields.policy, &fields.signature) {
            let message = "The signature is not the one of this policy.";
            return Err(Refusal::new(StatusCode::FORBIDDEN, "SignatureDoesNotMatch", message));
        }
        // From here on the policy is one that `permit` made.
        let document: Value =
            STANDARD.decode(&fields.policy).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok()).ok_or_else(
                || Refusal::new(StatusCode::BAD_REQUEST, "InvalidPolicyDocument", "The policy is no JSON."),
            )?;
        // The texts have one form and one length: their order is the order of time.
        let is_over =
            document.get("expiration").and_then(Value::as_str).is_none_or(|end| end <= utc_text(now).as_str());
        if is_over {
            return Err(denied("Invalid according to Policy: Policy expired."));
        }
        let key = document.pointer("/conditions/0/2").and_then(Value::as_str);
        if key != Some(fields.key.as_str()) {
            return Err(denied("Invalid according to Policy: Policy Condition failed: [\"eq\", \"$key\"]."));
        }
        Purpose::of(&fields.key).ok_or_else(|| denied("The key is in no folder for uploads."))
    }
}

fn denied(message: &str) -> Refusal {
    Refusal::new(StatusCode::FORBIDDEN, "AccessDenied", message)
}

fn sign(secret: &AccessKeySecret, policy: &str) -> String {
    mac(secret, policy).map(|mac| STANDARD.encode(mac.finalize().into_bytes())).unwrap_or_default()
}

/// Compared in constant time.
fn is_signed(secret: &AccessKeySecret, policy: &str, signature: &str) -> bool {
    let signature = STANDARD.decode(signature).unwrap_or_default();
    mac(secret, policy).is_some_and(|mac| mac.verify_slice(&signature).is_ok())
}

/// `None` for a key that HMAC cannot take, of which there is none.
fn mac(secret: &AccessKeySecret, policy: &str) -> Option<Hmac<Sha1>> {
    let mut mac = Hmac::<Sha1>::new_from_slice(secret.expose().as_bytes()).ok()?;
    mac.update(policy.as_bytes());
    Some(mac)
}
