//! AssumeRoleWithOIDC: a temporary key for the bearer of an OIDC token, without a signature.

use super::role::{invalid, no_permission};
use super::{Call, Operation, oidc_token};
use crate::answer::{GatewayError, Object};

/// The operation.
pub(super) const OPERATION: Operation = Operation { name: "AssumeRoleWithOIDC", is_anonymous: true, carry_out };

fn carry_out(call: &mut Call<'_>) -> Result<Object, GatewayError> {
    let provider = call.parameters.required("OIDCProviderArn")?;
    let is_provider = provider.strip_prefix("acs:ram::").is_some_and(|rest| rest.contains(":oidc-provider/"));
    if !is_provider {
        return Err(invalid("OIDCProviderArn", "it has to be acs:ram::<account>:oidc-provider/<name>"));
    }
    let token = oidc_token::read(call.parameters.required("OIDCToken")?, call.wall_clock)?;
    let answer = call.assume_role(|role| match role.assumable {
        true => Ok(()),
        false => Err(no_permission("The bearer of the token is not authorized to assume the role.")),
    })?;
    Ok(answer.with("OIDCTokenInfo", token))
}
