//! GetCallerIdentity: who signed the request.

use axum::http::StatusCode;

use super::{Call, Operation};
use crate::access_keys::Caller;
use crate::answer::{GatewayError, Object};

/// The operation.
pub(super) const OPERATION: Operation = Operation { name: "GetCallerIdentity", is_anonymous: false, carry_out };

fn carry_out(call: &mut Call<'_>) -> Result<Object, GatewayError> {
    let Some(caller) = call.caller else {
        // The gateway verifies every request to this operation.
        return Err(GatewayError::new(StatusCode::INTERNAL_SERVER_ERROR, "InternalError", "The caller is not known."));
    };
    let answer = Object::new()
        .with("AccountId", caller.account_id())
        .with("PrincipalId", caller.principal_id())
        .with("Arn", caller.arn());
    Ok(match caller {
        Caller::User => answer.with("IdentityType", "RAMUser").with("UserId", caller.principal_id()),
        Caller::Role(session) => answer.with("IdentityType", "AssumedRoleUser").with("RoleId", session.role_id()),
    })
}
