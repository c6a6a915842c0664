//! The keys that requests are signed with.

use std::fmt;

use secrecy::{ExposeSecret, SecretString};
use time::OffsetDateTime;

use crate::iot::redact::masked_key_id;

/// An AccessKey, with its security token if it is a temporary one.
#[derive(Clone)]
pub struct Credentials {
    access_key_id: String,
    access_key_secret: SecretString,
    security_token: Option<SecretString>,
    expires_at: Option<OffsetDateTime>,
}

impl Credentials {
    /// Takes the keys as they are: whether they are right is known to the service alone. A token belongs to temporary
    /// keys (those of STS) only.
    pub fn new(access_key_id: String, access_key_secret: SecretString, security_token: Option<SecretString>) -> Self {
        Self { access_key_id, access_key_secret, security_token, expires_at: None }
    }

    /// The same, known to hold until a moment.
    #[must_use]
    pub fn expiring_at(self, moment: OffsetDateTime) -> Self {
        Self { expires_at: Some(moment), ..self }
    }

    /// Until when they hold, where that is known.
    pub fn expires_at(&self) -> Option<OffsetDateTime> {
        self.expires_at
    }

    /// The public half of the key. It is no secret, but it names an account: keep it out of logs.
    pub fn access_key_id(&self) -> &str {
        &self.access_key_id
    }

    pub(in crate::iot) fn access_key_secret(&self) -> &SecretString {
        &self.access_key_secret
    }

    pub(in crate::iot) fn security_token(&self) -> Option<&str> {
        self.security_token.as_ref().map(ExposeSecret::expose_secret)
    }
}

/// Whether requests are signed alike; until when is not compared.
impl PartialEq for Credentials {
    fn eq(&self, other: &Self) -> bool {
        self.access_key_id == other.access_key_id
            && self.access_key_secret.expose_secret() == other.access_key_secret.expose_secret()
            && self.security_token() == other.security_token()
    }
}

/// The key id in part, and nothing of the secret and the token.
impl fmt::Debug for Credentials {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Credentials")
            .field("access_key_id", &masked_key_id(&self.access_key_id))
            .field("security_token", &self.security_token.as_ref().map(|_| "(hidden)"))
            .field("expires_at", &self.expires_at)
            .finish_non_exhaustive()
    }
}
