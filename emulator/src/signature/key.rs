//! Whether a key exists, is still good, and came with its token.

use axum::http::StatusCode;
use time::OffsetDateTime;

use crate::access_keys::{AccessKey, AccessKeys};
use crate::answer::GatewayError;

/// The key of that id, if it can be used with that token now.
pub(super) fn accept<'a>(
    keys: &'a AccessKeys,
    id: &str,
    token: Option<&str>,
    simulated: OffsetDateTime,
) -> Result<&'a AccessKey, GatewayError> {
    let key = keys.find(id).ok_or_else(|| {
        GatewayError::new(StatusCode::NOT_FOUND, "InvalidAccessKeyId.NotFound", "The AccessKeyId does not exist.")
    })?;
    accept_token(key, token)?;
    if key.expires.is_some_and(|end| end <= simulated) {
        let message = "The SecurityToken is over; get new temporary credentials.";
        return Err(GatewayError::bad_request("InvalidSecurityToken.Expired", message));
    }
    Ok(key)
}

fn accept_token(key: &AccessKey, token: Option<&str>) -> Result<(), GatewayError> {
    match (token, &key.security_token) {
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
