//! ACS3-HMAC-SHA256: a signature over the request and its headers, carried in the header `Authorization`.

use std::collections::BTreeSet;

use axum::http::HeaderMap;

use super::canonical_request::{ALGORITHM, canonical_request, decode_signature, hash, is_signed_with, string_to_sign};
use super::{Clocks, Nonces, Signed, header, key, timestamp};
use crate::access_keys::{AccessKeys, Caller};
use crate::answer::GatewayError;

const ACCESS_KEY_ID: &str = "x-acs-accesskey-id";
const CONTENT_HASH: &str = "x-acs-content-sha256";
const DATE: &str = "x-acs-date";
const NONCE: &str = "x-acs-signature-nonce";
const SECURITY_TOKEN: &str = "x-acs-security-token";

/// See [`super::verify`].
pub(super) fn verify(
    request: Signed<'_>,
    keys: &AccessKeys,
    nonces: &mut Nonces,
    clocks: Clocks,
) -> Result<Caller, GatewayError> {
    let headers = request.headers;
    let authorization = Authorization::read(headers)?;
    let nonce = filled(headers, NONCE).ok_or_else(|| GatewayError::missing("SignatureNonce"))?;
    let date = filled(headers, DATE).ok_or_else(|| GatewayError::missing("Timestamp"))?;
    let date = timestamp::accept(DATE, date, clocks.wall)?;
    if filled(headers, ACCESS_KEY_ID).is_some_and(|id| id != authorization.credential) {
        return Err(incomplete(format!("{ACCESS_KEY_ID} differs from the Credential of Authorization")));
    }
    let token = filled(headers, SECURITY_TOKEN);
    let key = key::accept(keys, authorization.credential, token, clocks.simulated)?;
    authorization.covers(headers)?;
    accept_body(headers, request.body)?;
    let canonical = canonical_request(
        request.method.as_str(),
        request.query,
        headers,
        &authorization.signed_headers,
        filled(headers, CONTENT_HASH).unwrap_or_default(),
    );
    let expected = string_to_sign(&canonical);
    if !is_signed_with(&key.secret, &expected, &authorization.signature) {
        let message = format!(
            "Signature differs from the one of the service. server StringToSign is [{expected}] \
             server CanonicalRequest is [{canonical}]"
        );
        return Err(GatewayError::bad_request("SignatureDoesNotMatch", message));
    }
    nonces.spend(nonce, date, clocks.wall)?;
    Ok(key.caller.clone())
}

/// The parts of the header `Authorization`.
#[derive(Debug)]
pub(super) struct Authorization<'a> {
    credential: &'a str,
    /// Lower case, as they came.
    pub(super) signed_headers: Vec<&'a str>,
    pub(super) signature: Vec<u8>,
}

impl<'a> Authorization<'a> {
    /// Reads it: the algorithm, then three parts in any order, each perhaps after a space.
    pub(super) fn read(headers: &'a HeaderMap) -> Result<Self, GatewayError> {
        let text = filled(headers, "authorization").ok_or_else(|| incomplete("the header Authorization is absent"))?;
        let (algorithm, parts) = text.split_once(' ').unwrap_or((text, ""));
        if algorithm != ALGORITHM {
            let message = format!("The algorithm of Authorization has to be {ALGORITHM}.");
            return Err(GatewayError::bad_request("InvalidSignatureMethod", message));
        }
        let part = |name: &str| {
            let mut named = parts.split(',').filter_map(|part| part.trim().split_once('='));
            let value = named.find_map(|(known, value)| (known == name && !value.is_empty()).then_some(value));
            value.ok_or_else(|| incomplete(format!("Authorization has no {name}")))
        };
        let signature = decode_signature(part("Signature")?);
        Ok(Self {
            credential: part("Credential")?,
            signed_headers: part("SignedHeaders")?.split(';').collect(),
            signature: signature.ok_or_else(|| incomplete("the Signature is not 64 lower-case hexadecimal digits"))?,
        })
    }

    /// Refuses a signature that leaves out what the rules want covered, or covers what did not come.
    fn covers(&self, headers: &HeaderMap) -> Result<(), GatewayError> {
        let must = headers.keys().map(axum::http::HeaderName::as_str).filter(|name| name.starts_with("x-acs-"));
        let mut left_out = std::iter::once("host").chain(must).filter(|name| !self.signed_headers.contains(name));
        if let Some(name) = left_out.next() {
            return Err(incomplete(format!("SignedHeaders leaves out {name}")));
        }
        // Once only: a long header that is named thousands of times would be signed as gigabytes.
        let mut names = BTreeSet::new();
        for name in &self.signed_headers {
            if !headers.contains_key(*name) {
                return Err(incomplete(format!("SignedHeaders names {name}, which was not sent")));
            }
            if !names.insert(name.to_ascii_lowercase()) {
                return Err(incomplete(format!("SignedHeaders names {name} twice")));
            }
        }
        Ok(())
    }
}

/// The hash that is signed has to be the one of the body that came.
fn accept_body(headers: &HeaderMap, body: &[u8]) -> Result<(), GatewayError> {
    match filled(headers, CONTENT_HASH) {
        None => Err(incomplete(format!("the header {CONTENT_HASH} is absent"))),
        Some(told) if told == hash(body) => Ok(()),
        Some(_) => {
            let message = format!("The SHA-256 of the body differs from {CONTENT_HASH}.");
            Err(GatewayError::bad_request("SignatureDoesNotMatch", message))
        }
    }
}

fn filled<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    header(headers, name).map(str::trim).filter(|value| !value.is_empty())
}

fn incomplete(reason: impl std::fmt::Display) -> GatewayError {
    GatewayError::bad_request("IncompleteSignature", format!("The signature does not have its form: {reason}."))
}
