//! OIDC tokens: read, not verified, as the emulator knows no identity provider and none of their keys.

use axum::http::StatusCode;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::Deserialize;
use time::OffsetDateTime;

use super::role::invalid;
use crate::answer::{GatewayError, Object};
use crate::clock::utc_seconds_text;

#[derive(Deserialize)]
struct Claims {
    iss: String,
    sub: String,
    aud: Audience,
    exp: i64,
    iat: Option<i64>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Several(Vec<String>),
}

/// What the answer says about the token, if it is a JWT that has not ended.
pub(super) fn read(token: &str, wall_clock: OffsetDateTime) -> Result<Object, GatewayError> {
    if !(4..=20_000).contains(&token.chars().count()) {
        return Err(invalid("OIDCToken", "it has 4 to 20000 characters"));
    }
    let Some(claims) = claims(token) else {
        let message = "The OIDC token is no JWT with iss, sub, aud and exp.";
        return Err(failed("AuthenticationFail.OIDCToken.Invalid", message));
    };
    let end = OffsetDateTime::from_unix_timestamp(claims.exp).ok().filter(|end| *end > wall_clock);
    let Some(end) = end else {
        return Err(failed("AuthenticationFail.OIDCToken.Expired", "The OIDC token is over."));
    };
    let issued = claims.iat.and_then(|seconds| OffsetDateTime::from_unix_timestamp(seconds).ok());
    let audience = match claims.aud {
        Audience::One(audience) => audience,
        Audience::Several(audiences) => audiences.join(","),
    };
    Ok(Object::new()
        .with("Subject", claims.sub)
        .with("Issuer", claims.iss)
        .with("ClientIds", audience)
        .with("ExpirationTime", utc_seconds_text(end))
        .with_some("IssuanceTime", issued.map(utc_seconds_text))
        .with("VerificationInfo", "Success"))
}

fn claims(token: &str) -> Option<Claims> {
    let mut parts = token.split('.');
    let (_header, payload, _signature) = (parts.next()?, parts.next()?, parts.next()?);
    let payload = URL_SAFE_NO_PAD.decode(payload).ok()?;
    serde_json::from_slice(&payload).ok().filter(|_| parts.next().is_none())
}

fn failed(code: &str, message: &str) -> GatewayError {
    GatewayError::new(StatusCode::FORBIDDEN, code, message)
}
