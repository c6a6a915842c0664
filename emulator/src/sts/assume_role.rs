//! AssumeRole: a temporary key for a role, signed by a key that there is already.

use super::role::{invalid, no_permission};
use super::{Call, Operation};
use crate::answer::{GatewayError, Object};
use crate::fixtures::RoleFixture;

/// The operation.
pub(super) const OPERATION: Operation = Operation { name: "AssumeRole", is_anonymous: false, carry_out };

fn carry_out(call: &mut Call<'_>) -> Result<Object, GatewayError> {
    let external_id = call.parameters.get("ExternalId");
    if external_id.is_some_and(|id| !(2..=1224).contains(&id.chars().count())) {
        return Err(invalid("ExternalId", "it has 2 to 1224 characters"));
    }
    call.assume_role(|role| allows(role, external_id))
}

fn allows(role: &RoleFixture, external_id: Option<&str>) -> Result<(), GatewayError> {
    if !role.assumable {
        return Err(no_permission("You are not authorized to assume the role."));
    }
    if role.external_id.is_some() && role.external_id.as_deref() != external_id {
        return Err(no_permission("The role wants another ExternalId."));
    }
    Ok(())
}
