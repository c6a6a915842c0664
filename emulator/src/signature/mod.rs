//! Signatures of requests: written from the published rules, shared with no client.
//!
//! There are two kinds, and official clients send both: RPC 1.0 (HMAC-SHA1 over the parameters, in [`rpc`]) and
//! ACS3-HMAC-SHA256 (over the request with its headers, in [`acs3`]). [`canonical`], [`canonical_request`] and
//! [`encode`] are pure; [`key`] knows which keys are good; [`nonce`] remembers; [`timestamp`] judges the client's clock.

mod acs3;
mod canonical;
mod canonical_request;
mod encode;
mod key;
mod nonce;
mod rpc;
mod timestamp;

use axum::http::{HeaderMap, Method};
use time::OffsetDateTime;

pub(crate) use nonce::Nonces;

use crate::access_keys::{AccessKeys, Caller};
use crate::answer::GatewayError;
use crate::parameters::Parameters;

/// A request as its signature covers it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Signed<'a> {
    pub(crate) method: &'a Method,
    /// As it came, still encoded.
    pub(crate) query: &'a str,
    pub(crate) headers: &'a HeaderMap,
    pub(crate) body: &'a [u8],
    /// Query and form body, decoded.
    pub(crate) parameters: &'a Parameters,
}

/// Both clocks: clients sign with the wall clock, keys end by the simulated time.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Clocks {
    pub(crate) wall: OffsetDateTime,
    pub(crate) simulated: OffsetDateTime,
}

/// How a request is signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scheme {
    /// RPC 1.0: everything is a parameter.
    Rpc,
    /// ACS3: action, version and signature are headers.
    Acs3,
}

impl Scheme {
    /// The scheme of a request. The header `x-acs-action` alone says nothing: clients send it with RPC 1.0 too.
    pub(crate) fn of(headers: &HeaderMap, parameters: &Parameters) -> Self {
        let is_acs3 = match header(headers, "authorization") {
            Some(authorization) => authorization.starts_with("ACS3-"),
            None => parameters.get("Action").is_none() && header(headers, "x-acs-action").is_some(),
        };
        if is_acs3 { Self::Acs3 } else { Self::Rpc }
    }
}

/// Who sent the request, if it is theirs, fresh and new. The nonce is spent only if all else is in order, so that
/// nobody without the secret can spend nonces.
pub(crate) fn verify(
    scheme: Scheme,
    request: Signed<'_>,
    keys: &AccessKeys,
    nonces: &mut Nonces,
    clocks: Clocks,
) -> Result<Caller, GatewayError> {
    match scheme {
        Scheme::Rpc => rpc::verify(request, keys, nonces, clocks),
        Scheme::Acs3 => acs3::verify(request, keys, nonces, clocks),
    }
}

/// The text of a header; `None` if it is absent or no text.
pub(crate) fn header<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name).and_then(|value| std::str::from_utf8(value.as_bytes()).ok())
}
