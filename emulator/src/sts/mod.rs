//! STS, the service of temporary keys, version `2015-04-01`: one file an operation.
//!
//! It lives at `/` beside the IoT service, told apart by the version. Its errors are gateway errors throughout, and
//! its answers have no `Success`.

mod assume_role;
mod assume_role_with_oidc;
mod get_caller_identity;
mod oidc_token;
mod role;

use time::OffsetDateTime;

use crate::access_keys::{AccessKeys, Caller};
use crate::answer::{GatewayError, Object};
use crate::fixtures::RoleFixture;
use crate::parameters::Parameters;
use crate::randomness::Randomness;

/// The parameter `Version`.
pub(crate) const VERSION: &str = "2015-04-01";

/// An operation of STS. All of them take GET and POST; no quotas are documented.
#[derive(Debug)]
pub(crate) struct Operation {
    /// The parameter `Action`.
    pub(crate) name: &'static str,
    /// Whether it takes requests without a signature.
    pub(crate) is_anonymous: bool,
    /// Does it, or refuses; the gateway adds `RequestId`.
    pub(crate) carry_out: fn(&mut Call<'_>) -> Result<Object, GatewayError>,
}

/// What an operation works with.
#[derive(Debug)]
pub(crate) struct Call<'a> {
    pub(crate) parameters: &'a Parameters,
    /// `None` where the request needs no signature.
    pub(crate) caller: Option<&'a Caller>,
    /// The roles that exist; `None`: every one does.
    pub(crate) roles: Option<&'a [RoleFixture]>,
    /// The simulated time.
    pub(crate) now: OffsetDateTime,
    /// The clock of this machine, which the makers of OIDC tokens follow.
    pub(crate) wall_clock: OffsetDateTime,
    pub(crate) keys: &'a mut AccessKeys,
    pub(crate) randomness: &'a mut Randomness,
}

/// Every operation of STS here.
pub(crate) const ALL: [&Operation; 3] =
    [&assume_role::OPERATION, &assume_role_with_oidc::OPERATION, &get_caller_identity::OPERATION];

/// The operation of that name; letter case matters.
pub(crate) fn named(name: &str) -> Option<&'static Operation> {
    ALL.into_iter().find(|operation| operation.name == name)
}
