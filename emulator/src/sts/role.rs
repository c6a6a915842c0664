//! What both ways to assume a role share: which role, for how long, and the answer.

use axum::http::StatusCode;
use time::Duration;

use super::Call;
use crate::access_keys::{IssuedKey, RoleSession};
use crate::answer::{GatewayError, Object};
use crate::clock::utc_seconds_text;
use crate::fixtures::RoleFixture;

/// Seconds that a session lasts at least.
const SHORTEST: i64 = 900;
/// Seconds that a session lasts unless told.
const DEFAULT: i64 = 3_600;
/// Seconds that a session of a role lasts at most where no fixture says anything.
const LONGEST: i64 = 43_200;

impl<'a> Call<'a> {
    /// Assumes the role of the call's parameters, if `allows` has nothing against it.
    pub(super) fn assume_role(
        &mut self,
        allows: impl Fn(&RoleFixture) -> Result<(), GatewayError>,
    ) -> Result<Object, GatewayError> {
        let session = self.session()?;
        let role = self.role()?;
        role.map_or(Ok(()), allows)?;
        let lasts = self.duration(role.map_or(LONGEST, |role| role.max_session_duration))?;
        self.check_policy()?;
        let user = Object::new().with("AssumedRoleId", session.assumed_role_id()).with("Arn", session.arn());
        let issued = self.keys.issue(session, self.now, lasts, self.randomness);
        Ok(Object::new().with("Credentials", credentials(&issued)).with("AssumedRoleUser", user))
    }

    fn session(&self) -> Result<RoleSession, GatewayError> {
        let arn = self.parameters.required("RoleArn")?;
        let session_name = self.parameters.required("RoleSessionName")?;
        let Some((account_id, role_name)) = parts(arn) else {
            return Err(invalid("RoleArn", "it has to be acs:ram::<account>:role/<name>"));
        };
        let is_allowed = |character: char| character.is_ascii_alphanumeric() || ".@-_".contains(character);
        if !(2..=64).contains(&session_name.len()) || !session_name.chars().all(is_allowed) {
            return Err(invalid("RoleSessionName", "it has 2 to 64 letters, digits, ., @, - and _"));
        }
        Ok(RoleSession {
            account_id: account_id.to_owned(),
            role_name: role_name.to_owned(),
            session_name: session_name.to_owned(),
        })
    }

    /// The fixture of the role; `None` if every role exists.
    fn role(&self) -> Result<Option<&'a RoleFixture>, GatewayError> {
        let (Some(roles), Some(arn)) = (self.roles, self.parameters.get("RoleArn")) else {
            return Ok(None);
        };
        // The service compares names of roles without regard to letter case.
        let role = roles.iter().find(|role| role.role_arn.eq_ignore_ascii_case(arn));
        role.map(Some).ok_or_else(|| {
            GatewayError::new(StatusCode::NOT_FOUND, "EntityNotExist.Role", format!("The role {arn} does not exist."))
        })
    }

    fn duration(&self, longest: i64) -> Result<Duration, GatewayError> {
        let reason = format!("it has to be {SHORTEST} to {longest}, the role's maximum");
        let seconds = self.parameters.integer("DurationSeconds").map_err(|_| invalid("DurationSeconds", &reason))?;
        let seconds = seconds.unwrap_or(DEFAULT);
        if !(SHORTEST..=longest).contains(&seconds) {
            return Err(invalid("DurationSeconds", &reason));
        }
        Ok(Duration::seconds(seconds))
    }

    /// The policy is checked for its form; the emulator knows no permissions that it could narrow.
    fn check_policy(&self) -> Result<(), GatewayError> {
        let Some(policy) = self.parameters.get("Policy") else {
            return Ok(());
        };
        if policy.chars().count() > 2048 {
            return Err(invalid("PolicySize", "Policy has at most 2048 characters"));
        }
        let object = serde_json::from_str::<serde_json::Map<String, serde_json::Value>>(policy);
        object.map(|_| ()).map_err(|_| invalid("PolicyGrammar", "Policy has to be a JSON object"))
    }
}

fn parts(arn: &str) -> Option<(&str, &str)> {
    let (account_id, role_name) = arn.strip_prefix("acs:ram::")?.split_once(":role/")?;
    let is_name = |character: char| character.is_ascii_alphanumeric() || ".-_".contains(character);
    let is_role = !role_name.is_empty() && role_name.len() <= 64 && role_name.chars().all(is_name);
    let is_account = !account_id.is_empty() && account_id.bytes().all(|byte| byte.is_ascii_digit());
    (is_role && is_account).then_some((account_id, role_name))
}

fn credentials(issued: &IssuedKey) -> Object {
    Object::new()
        .with("AccessKeyId", &issued.id)
        .with("AccessKeySecret", issued.secret.expose())
        .with("SecurityToken", issued.security_token.expose())
        .with("Expiration", utc_seconds_text(issued.expires))
}

/// A refusal in the pattern of STS.
pub(super) fn invalid(member: &str, reason: &str) -> GatewayError {
    GatewayError::bad_request(
        format!("InvalidParameter.{member}"),
        format!("The parameter {member} is not valid: {reason}."),
    )
}

/// The caller may not do that.
pub(super) fn no_permission(reason: &str) -> GatewayError {
    GatewayError::new(StatusCode::FORBIDDEN, "NoPermission", reason)
}
