//! A role that is assumed with a token of an identity provider.

use std::fmt;
use std::ops::RangeInclusive;
use std::path::PathBuf;

use async_trait::async_trait;
use secrecy::{ExposeSecret, SecretString};

use super::file;
use super::keys::Credentials;
use super::role::{Role, RoleError, is_arn};
use super::source::CredentialSource;
use super::sts::Sts;
use crate::iot::error::Error;

/// Characters of a token.
const TOKEN_LENGTH: RangeInclusive<usize> = 4..=20_000;

/// A role, and the token that opens it.
#[derive(Clone, Debug)]
pub struct OidcRole {
    role: Role,
    provider_arn: String,
    token: OidcToken,
}

/// A token of an identity provider, or where it is.
#[derive(Clone)]
pub enum OidcToken {
    /// The token itself.
    Text(SecretString),
    /// A file that holds it. It is read whenever keys are got, as whoever wrote it replaces it from time to time.
    File(PathBuf),
}

impl OidcRole {
    /// A role, the ARN of the provider that its account trusts, and the token.
    ///
    /// # Errors
    ///
    /// [`RoleError::OidcProviderArn`].
    pub fn new(role: Role, provider_arn: impl Into<String>, token: OidcToken) -> Result<Self, RoleError> {
        let provider_arn = provider_arn.into();
        let is_allowed = is_arn(&provider_arn, "oidc-provider");
        if is_allowed { Ok(Self { role, provider_arn, token }) } else { Err(RoleError::OidcProviderArn) }
    }
}

/// Where the token is, and nothing of itself.
impl fmt::Debug for OidcToken {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(_) => formatter.write_str("Text(hidden)"),
            Self::File(path) => formatter.debug_tuple("File").field(path).finish(),
        }
    }
}

/// Keys of a role for the bearer of a token.
#[derive(Debug)]
pub(super) struct OidcSource {
    pub(super) role: OidcRole,
    pub(super) sts: Sts,
}

impl OidcSource {
    async fn token(&self) -> Result<SecretString, Error> {
        let token = match &self.role.token {
            OidcToken::Text(token) => token.clone(),
            OidcToken::File(path) => {
                let longest = TOKEN_LENGTH.end() * 4;
                let content = file::read(path.clone(), longest).await.map_err(|problem| {
                    let reason = format!("the file of the OIDC token, {}, {problem}", path.display());
                    Error::no_credentials(reason, false)
                })?;
                SecretString::from(content)
            }
        };
        let length = token.expose_secret().chars().count();
        if TOKEN_LENGTH.contains(&length) {
            return Ok(token);
        }
        let reason = format!("the OIDC token has {length} characters, and can have 4 to 20000");
        Err(Error::no_credentials(reason, false))
    }
}

#[async_trait]
impl CredentialSource for OidcSource {
    fn describe(&self) -> String {
        format!("role {} assumed with an OIDC token", self.role.role.arn())
    }

    async fn fetch(&self) -> Result<Credentials, Error> {
        let token = self.token().await?;
        self.sts.assume_role_with_oidc(&self.role.role, &self.role.provider_arn, token.expose_secret()).await
    }
}
