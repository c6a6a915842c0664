//! Who calls, and whether the request is theirs, fresh and new.

use axum::http::StatusCode;
use time::OffsetDateTime;

use super::canonical::{canonical_query, decode_signature, is_signed_with, string_to_sign};
use super::{Nonces, timestamp};
use crate::answer::GatewayError;
use crate::options::Options;
use crate::parameters::Parameters;

/// Checks everything that identifies the caller; the nonce is spent only if all else is in order, so that nobody
/// without the secret can spend nonces.
///
/// `wall_clock` is the clock of this machine: clients sign with theirs, which the simulated time never moves.
pub(crate) fn verify(
    method: &str,
    parameters: &Parameters,
    options: &Options,
    nonces: &mut Nonces,
    wall_clock: OffsetDateTime,
) -> Result<(), GatewayError> {
    accept_scheme(parameters)?;
    let nonce = parameters.required("SignatureNonce")?;
    let timestamp = timestamp::accept(parameters.required("Timestamp")?, wall_clock)?;
    accept_key(parameters, options)?;
    accept_signature(method, parameters, options)?;
    nonces.spend(nonce, timestamp, wall_clock)
}

fn accept_scheme(parameters: &Parameters) -> Result<(), GatewayError> {
    if parameters.required("SignatureMethod")? != "HMAC-SHA1" {
        let message = "SignatureMethod has to be HMAC-SHA1.";
        return Err(GatewayError::bad_request("InvalidSignatureMethod", message));
    }
    if parameters.required("SignatureVersion")? != "1.0" {
        return Err(GatewayError::invalid("SignatureVersion", "only 1.0 exists"));
    }
    match parameters.get("SignatureType") {
        None => Ok(()),
        Some(_) => Err(GatewayError::invalid("SignatureType", "it has to be absent or empty")),
    }
}

fn accept_key(parameters: &Parameters, options: &Options) -> Result<(), GatewayError> {
    if parameters.required("AccessKeyId")? != options.access_key_id {
        return Err(GatewayError::new(
            StatusCode::NOT_FOUND,
            "InvalidAccessKeyId.NotFound",
            "The AccessKeyId does not exist.",
        ));
    }
    match (parameters.get("SecurityToken"), &options.security_token) {
        (None, None) => Ok(()),
        (Some(token), Some(own)) if token == own.expose() => Ok(()),
        (None, Some(_)) => Err(GatewayError::bad_request(
            "MissingSecurityToken",
            "SecurityToken is mandatory for the key of this request.",
        )),
        (Some(_), _) => Err(GatewayError::bad_request(
            "InvalidSecurityToken.MismatchWithAccessKey",
            "The SecurityToken does not belong to the AccessKeyId.",
        )),
    }
}

fn accept_signature(method: &str, parameters: &Parameters, options: &Options) -> Result<(), GatewayError> {
    let Some(signature) = decode_signature(parameters.required("Signature")?) else {
        let message = "Signature is not the Base64 form of an HMAC-SHA1 result.";
        return Err(GatewayError::bad_request("IncompleteSignature", message));
    };
    let signed = parameters.pairs().filter(|(name, _)| *name != "Signature");
    let expected = string_to_sign(method, &canonical_query(signed));
    if is_signed_with(&options.access_key_secret, &expected, &signature) {
        return Ok(());
    }
    // Clients read everything after the first colon as the service's StringToSign.
    let message = format!("Signature differs from the one of the service. server string to sign is:{expected}");
    Err(GatewayError::bad_request("SignatureDoesNotMatch", message))
}
