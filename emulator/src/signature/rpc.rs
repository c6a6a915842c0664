//! Signature version 1.0: HMAC-SHA1 over the method and all parameters.

use super::canonical::{canonical_query, decode_signature, is_signed_with, string_to_sign};
use super::{Clocks, Nonces, Signed, key, timestamp};
use crate::access_keys::{AccessKeys, Caller};
use crate::answer::GatewayError;
use crate::options::AccessKeySecret;
use crate::parameters::Parameters;

/// See [`super::verify`].
pub(super) fn verify(
    request: Signed<'_>,
    keys: &AccessKeys,
    nonces: &mut Nonces,
    clocks: Clocks,
) -> Result<Caller, GatewayError> {
    let parameters = request.parameters;
    accept_version(parameters)?;
    let nonce = parameters.required("SignatureNonce")?;
    let timestamp = timestamp::accept("Timestamp", parameters.required("Timestamp")?, clocks.wall)?;
    let id = parameters.required("AccessKeyId")?;
    let key = key::accept(keys, id, parameters.get("SecurityToken"), clocks.simulated)?;
    accept_signature(request.method.as_str(), parameters, &key.secret)?;
    nonces.spend(nonce, timestamp, clocks.wall)?;
    Ok(key.caller.clone())
}

fn accept_version(parameters: &Parameters) -> Result<(), GatewayError> {
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

fn accept_signature(method: &str, parameters: &Parameters, secret: &AccessKeySecret) -> Result<(), GatewayError> {
    let Some(signature) = decode_signature(parameters.required("Signature")?) else {
        let message = "Signature is not the Base64 form of an HMAC-SHA1 result.";
        return Err(GatewayError::bad_request("IncompleteSignature", message));
    };
    let signed = parameters.pairs().filter(|(name, _)| *name != "Signature");
    let expected = string_to_sign(method, &canonical_query(signed));
    if is_signed_with(secret, &expected, &signature) {
        return Ok(());
    }
    // Clients read everything after the first colon as the service's StringToSign.
    let message = format!("Signature differs from the one of the service. server string to sign is:{expected}");
    Err(GatewayError::bad_request("SignatureDoesNotMatch", message))
}
