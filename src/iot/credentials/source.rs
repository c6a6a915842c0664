//! What a place has to offer where keys can be.

use std::fmt;

use async_trait::async_trait;

use super::keys::Credentials;
use crate::iot::error::Error;

/// A place where keys can be had, and had again.
///
/// [`CredentialCache`](super::CredentialCache) asks it when the first request is about to be sent, and again before what
/// it gave expires; never twice at a time. Its `Debug` form must not show a secret.
#[async_trait]
pub trait CredentialSource: fmt::Debug + Send + Sync {
    /// Which place it is, for a log: a few words without a secret.
    fn describe(&self) -> String;

    /// Gets keys, newly issued if the place issues them.
    ///
    /// # Errors
    ///
    /// [`Error::no_credentials`], which says whether asking again can help.
    async fn fetch(&self) -> Result<Credentials, Error>;
}

/// Keys that are known already, and the same for ever.
#[async_trait]
impl CredentialSource for Credentials {
    fn describe(&self) -> String {
        "given keys".to_owned()
    }

    async fn fetch(&self) -> Result<Credentials, Error> {
        Ok(self.clone())
    }
}
