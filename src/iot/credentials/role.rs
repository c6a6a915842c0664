//! Roles that can be assumed, checked as far as that is possible without asking.

use std::fmt;
use std::ops::RangeInclusive;

use thiserror::Error;

/// Seconds that a session can last. The role's own maximum can be lower.
const SESSION_SECONDS: RangeInclusive<u32> = 900..=43_200;
const SESSION_NAME_LENGTH: RangeInclusive<usize> = 2..=64;
const POLICY_LENGTH: RangeInclusive<usize> = 1..=2048;
const EXTERNAL_ID_LENGTH: RangeInclusive<usize> = 2..=1224;

/// A RAM role, and the session that is to be opened with it.
///
/// ```
/// # use terraform_provider_alicloud_iot::iot::credentials::{Role, RoleError};
/// let role = Role::new("acs:ram::100000000000:role/ota", "rollout")?.lasting(900)?;
/// assert_eq!(role.arn(), "acs:ram::100000000000:role/ota");
/// assert!(Role::new("ota", "rollout").is_err());
/// # Ok::<(), RoleError>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Role {
    arn: String,
    session_name: String,
    seconds: Option<u32>,
    policy: Option<String>,
    external_id: Option<String>,
}

/// Why something about a role cannot be right. No text quotes what was given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum RoleError {
    /// The role itself.
    #[error("it is not the ARN of a role, which looks like acs:ram::100000000000:role/name")]
    Arn,
    /// The provider that issued a token.
    #[error("it is not the ARN of an OIDC provider, which looks like acs:ram::100000000000:oidc-provider/name")]
    OidcProviderArn,
    /// What the session is called in logs of the account.
    #[error("a session name has 2 to 64 characters out of letters, digits, `.`, `@`, `-` and `_`")]
    SessionName,
    /// How long it lasts.
    #[error("a session lasts 900 to 43200 seconds")]
    Seconds,
    /// What it may do less than the role.
    #[error("a policy is a JSON object of 1 to 2048 characters")]
    Policy,
    /// What the role's owner agreed upon.
    #[error("an external ID has 2 to 1224 characters")]
    ExternalId,
}

impl Role {
    /// A role by its ARN, and the name of the session.
    ///
    /// # Errors
    ///
    /// [`RoleError::Arn`] and [`RoleError::SessionName`].
    pub fn new(arn: impl Into<String>, session_name: impl Into<String>) -> Result<Self, RoleError> {
        let (arn, session_name) = (arn.into(), session_name.into());
        if !is_arn(&arn, "role") {
            return Err(RoleError::Arn);
        }
        let is_part = |character: char| character.is_ascii_alphanumeric() || ".@-_".contains(character);
        if !SESSION_NAME_LENGTH.contains(&session_name.len()) || !session_name.chars().all(is_part) {
            return Err(RoleError::SessionName);
        }
        Ok(Self { arn, session_name, seconds: None, policy: None, external_id: None })
    }

    /// With a session of that many seconds: 900 to 43200, instead of the service's 3600.
    ///
    /// # Errors
    ///
    /// [`RoleError::Seconds`].
    pub fn lasting(self, seconds: u32) -> Result<Self, RoleError> {
        let is_allowed = SESSION_SECONDS.contains(&seconds);
        if is_allowed { Ok(Self { seconds: Some(seconds), ..self }) } else { Err(RoleError::Seconds) }
    }

    /// With less permissions than the role has: those that a policy, in JSON, allows as well.
    ///
    /// # Errors
    ///
    /// [`RoleError::Policy`].
    pub fn narrowed_by(self, policy: impl Into<String>) -> Result<Self, RoleError> {
        let policy = policy.into();
        let is_object = serde_json::from_str::<serde_json::Map<String, serde_json::Value>>(&policy).is_ok();
        let is_allowed = is_object && POLICY_LENGTH.contains(&policy.chars().count());
        if is_allowed { Ok(Self { policy: Some(policy), ..self }) } else { Err(RoleError::Policy) }
    }

    /// With the word that the role's owner wants to hear from whoever assumes it.
    ///
    /// # Errors
    ///
    /// [`RoleError::ExternalId`].
    pub fn with_external_id(self, external_id: impl Into<String>) -> Result<Self, RoleError> {
        let external_id = external_id.into();
        let is_allowed = EXTERNAL_ID_LENGTH.contains(&external_id.chars().count());
        if is_allowed { Ok(Self { external_id: Some(external_id), ..self }) } else { Err(RoleError::ExternalId) }
    }

    /// Which role it is.
    pub fn arn(&self) -> &str {
        &self.arn
    }

    pub(super) fn parameters(&self, parameters: &mut crate::iot::Parameters) {
        parameters.text("RoleArn", &self.arn);
        parameters.text("RoleSessionName", &self.session_name);
        parameters.optional_integer("DurationSeconds", self.seconds.map(i64::from));
        parameters.optional_text("Policy", self.policy.as_deref());
        parameters.optional_text("ExternalId", self.external_id.as_deref());
    }
}

/// The role and its session; neither policy nor external ID.
impl fmt::Debug for Role {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Role")
            .field("arn", &self.arn)
            .field("session_name", &self.session_name)
            .finish_non_exhaustive()
    }
}

/// `acs:ram::<account>:<kind>/<name>`.
pub(super) fn is_arn(text: &str, kind: &str) -> bool {
    let rest = text.strip_prefix("acs:ram::").and_then(|rest| rest.split_once(':'));
    let name = |rest: &str| rest.strip_prefix(kind)?.strip_prefix('/').map(str::to_owned);
    let is_part = |character: char| character.is_alphanumeric() || ".-_@".contains(character);
    rest.is_some_and(|(account, rest)| {
        let is_account = !account.is_empty() && account.bytes().all(|byte| byte.is_ascii_digit());
        is_account && name(rest).is_some_and(|name| !name.is_empty() && name.chars().all(is_part))
    })
}
