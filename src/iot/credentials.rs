//! The keys that requests are signed with.

use std::fmt;

use secrecy::{ExposeSecret, SecretString};

use super::redact::masked_key_id;

/// An AccessKey, with its security token if it is a temporary one.
#[derive(Clone)]
pub struct Credentials {
    access_key_id: String,
    access_key_secret: SecretString,
    security_token: Option<SecretString>,
}

impl Credentials {
    /// Takes the keys as they are: whether they are right is known to the service alone. A token belongs to temporary
    /// keys (those of STS) only.
    pub fn new(access_key_id: String, access_key_secret: SecretString, security_token: Option<SecretString>) -> Self {
        Self { access_key_id, access_key_secret, security_token }
    }

    /// The public half of the key. It is no secret, but it names an account: keep it out of logs.
    pub fn access_key_id(&self) -> &str {
        &self.access_key_id
    }

    pub(super) fn access_key_secret(&self) -> &SecretString {
        &self.access_key_secret
    }

    pub(super) fn security_token(&self) -> Option<&str> {
        self.security_token.as_ref().map(ExposeSecret::expose_secret)
    }
}

/// The key id in part, and nothing of the secret and the token.
impl fmt::Debug for Credentials {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Credentials")
            .field("access_key_id", &masked_key_id(&self.access_key_id))
            .field("security_token", &self.security_token.as_ref().map(|_| "(hidden)"))
            .finish_non_exhaustive()
    }
}
