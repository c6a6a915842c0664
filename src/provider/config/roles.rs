//! The blocks of roles to assume.

use secrecy::SecretString;
use tf_provider::value::Value;

use super::argument::{Given, Reader};
use super::environment::{
    OIDC_PROVIDER_ARN, OIDC_ROLE_ARN, OIDC_SESSION_NAME, OIDC_TOKEN, OIDC_TOKEN_FILE, ROLE_ARN, SESSION_EXPIRATION,
    SESSION_NAME,
};
use super::model::{AssumeRole, AssumeRoleWithOidc, ProviderConfig};
use crate::iot::credentials::{OidcRole, OidcToken, Role, RoleError};
use crate::provider::diagnostics::configuration as text;

/// What a session is called unless the block says something else, as in the official provider.
pub(super) const DEFAULT_SESSION_NAME: &str = "terraform";

/// The attributes of a block, by what can be wrong with them.
struct Names {
    arn: &'static str,
    session_name: &'static str,
    seconds: &'static str,
    policy: &'static str,
}

const ASSUME_ROLE: Names = Names {
    arn: "assume_role.role_arn",
    session_name: "assume_role.session_name",
    seconds: "assume_role.session_expiration",
    policy: "assume_role.policy",
};

const WITH_OIDC: Names = Names {
    arn: "assume_role_with_oidc.role_arn",
    session_name: "assume_role_with_oidc.role_session_name",
    seconds: "assume_role_with_oidc.session_expiration",
    policy: "assume_role_with_oidc.policy",
};

impl ProviderConfig {
    /// The role to assume with whatever keys are found. An empty ARN switches that off, as in the official provider, so
    /// that a module can leave it to its caller.
    pub(super) fn role(&self, reader: &mut Reader<'_>) -> Option<Role> {
        let block = block(reader, "assume_role", &self.assume_role)?;
        let AssumeRole { role_arn, session_name, session_expiration, policy, external_id } = block;
        let arn = reader.text(ASSUME_ROLE.arn, role_arn, ROLE_ARN);
        let session_name = reader.text(ASSUME_ROLE.session_name, session_name, SESSION_NAME);
        let seconds = reader.number(ASSUME_ROLE.seconds, session_expiration, SESSION_EXPIRATION);
        let policy = reader.text(ASSUME_ROLE.policy, policy, &[]);
        let external_id = reader.text("assume_role.external_id", external_id, &[]);
        if arn.is_none() && matches!(role_arn, Value::Value(_)) {
            return None;
        }
        let role = role(reader, &ASSUME_ROLE, arn, session_name, seconds, policy)?;
        match external_id {
            Some(given) => {
                let checked = reader.checked("assume_role.external_id", given, |it| role.with_external_id(it));
                checked.map(|it| it.value)
            }
            None => Some(role),
        }
    }

    /// The role that a token opens.
    pub(super) fn oidc_role(&self, reader: &mut Reader<'_>) -> Option<OidcRole> {
        let block = block(reader, "assume_role_with_oidc", &self.assume_role_with_oidc)?;
        let AssumeRoleWithOidc { role_arn, role_session_name, session_expiration, policy, .. } = block;
        let arn = reader.text(WITH_OIDC.arn, role_arn, OIDC_ROLE_ARN);
        let session_name = reader.text(WITH_OIDC.session_name, role_session_name, OIDC_SESSION_NAME);
        let seconds = reader.number(WITH_OIDC.seconds, session_expiration, &[]);
        let policy = reader.text(WITH_OIDC.policy, policy, &[]);
        let role = role(reader, &WITH_OIDC, arn, session_name, seconds, policy);
        let argument = "assume_role_with_oidc.oidc_provider_arn";
        let provider = reader.text(argument, &block.oidc_provider_arn, OIDC_PROVIDER_ARN);
        let provider = required(reader, argument, OIDC_PROVIDER_ARN, provider);
        let token = token(reader, block);
        let (role, provider, token) = (role?, provider?, token?);
        reader.checked(argument, provider, |arn| OidcRole::new(role, arn, token)).map(|it| it.value)
    }
}

/// The token itself wins over a file. A file of the block wins over a token of the environment.
fn token(reader: &mut Reader<'_>, block: &AssumeRoleWithOidc) -> Option<OidcToken> {
    let (argument, file_argument) = ("assume_role_with_oidc.oidc_token", "assume_role_with_oidc.oidc_token_file");
    let file = reader.text(file_argument, &block.oidc_token_file, OIDC_TOKEN_FILE);
    let is_file_of_block = file.as_ref().is_some_and(|file| file.source.is_none());
    let token = reader.text(argument, &block.oidc_token, if is_file_of_block { &[] } else { OIDC_TOKEN });
    let token = token.map(|given| OidcToken::Text(SecretString::from(given.value)));
    let token = token.or_else(|| file.map(|given| OidcToken::File(given.value.into())));
    let is_unknown = |value: &Value<String>| value.is_unknown();
    if token.is_none() && !is_unknown(&block.oidc_token) && !is_unknown(&block.oidc_token_file) {
        required::<()>(reader, argument, &[OIDC_TOKEN, OIDC_TOKEN_FILE].concat(), None);
    }
    token
}

/// A block that is there, or nothing.
fn block<'a, T>(reader: &mut Reader<'_>, name: &'static str, block: &'a Value<T>) -> Option<&'a T> {
    match block {
        Value::Value(block) => Some(block),
        Value::Null => None,
        Value::Unknown => {
            reader.unknown.push(name);
            None
        }
    }
}

/// The same, or an error that it is nowhere, unless it is not known yet or the environment could have it.
fn required<T>(
    reader: &mut Reader<'_>,
    argument: &'static str,
    variables: &[&'static str],
    given: Option<T>,
) -> Option<T> {
    if given.is_none() && reader.is_complete && !reader.unknown.contains(&argument) {
        reader.errors.push(text::missing_argument(argument, variables));
    }
    given
}

fn role(
    reader: &mut Reader<'_>,
    names: &Names,
    arn: Option<Given>,
    session_name: Option<Given>,
    seconds: Option<Given<i64>>,
    policy: Option<Given>,
) -> Option<Role> {
    let variables = if names.arn == WITH_OIDC.arn { OIDC_ROLE_ARN } else { ROLE_ARN };
    let arn = required(reader, names.arn, variables, arn)?;
    let session_name = session_name.unwrap_or_else(|| Given { value: DEFAULT_SESSION_NAME.to_owned(), source: None });
    // Both are checked together, and the error tells which of them is wrong.
    let (arn_source, name_source) = (arn.source, session_name.source);
    let mut role = match Role::new(arn.value, session_name.value) {
        Ok(role) => role,
        Err(error @ RoleError::SessionName) => {
            reader.errors.push(text::invalid_argument(names.session_name, name_source, &error));
            return None;
        }
        Err(error) => {
            reader.errors.push(text::invalid_argument(names.arn, arn_source, &error));
            return None;
        }
    };
    if let Some(seconds) = seconds {
        let lasting = |seconds| u32::try_from(seconds).map_err(|_| RoleError::Seconds).and_then(|it| role.lasting(it));
        role = reader.checked(names.seconds, seconds, lasting)?.value;
    }
    if let Some(policy) = policy {
        role = reader.checked(names.policy, policy, |policy| role.narrowed_by(policy))?.value;
    }
    Some(role)
}
