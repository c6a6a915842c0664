//! Who signs.

use std::fmt;

use secrecy::{ExposeSecret as _, SecretString};

/// An AccessKey, with its token if it is a temporary one. Neither secret nor token can be printed.
#[derive(Clone)]
pub struct Credentials {
    access_key_id: String,
    access_key_secret: SecretString,
    security_token: Option<SecretString>,
}

impl Credentials {
    /// The key that requests are signed with.
    pub fn new(access_key_id: String, access_key_secret: SecretString, security_token: Option<SecretString>) -> Self {
        Self { access_key_id, access_key_secret, security_token }
    }

    /// The public half of the key.
    pub fn access_key_id(&self) -> &str {
        &self.access_key_id
    }

    pub(super) fn secret(&self) -> &str {
        self.access_key_secret.expose_secret()
    }

    pub(super) fn security_token(&self) -> Option<&str> {
        self.security_token.as_ref().map(|token| token.expose_secret())
    }

    /// Takes out of a text whatever of these credentials is in it: the service repeats key IDs.
    pub(super) fn masked(&self, text: &str) -> String {
        let parts = [Some(self.secret()), self.security_token(), Some(self.access_key_id.as_str())];
        let parts = parts.into_iter().flatten().filter(|part| !part.is_empty());
        parts.fold(text.to_owned(), |text, part| text.replace(part, "***"))
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown: String = self.access_key_id.chars().take(4).chain("***".chars()).collect();
        f.debug_struct("Credentials")
            .field("access_key_id", &shown)
            .field("has_security_token", &self.security_token.is_some())
            .finish_non_exhaustive()
    }
}
