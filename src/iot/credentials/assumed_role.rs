//! A role that is assumed with other keys.

use async_trait::async_trait;

use super::cache::CredentialCache;
use super::keys::Credentials;
use super::role::Role;
use super::source::CredentialSource;
use super::sts::Sts;
use crate::iot::error::Error;

/// Keys of a role, for whoever the keys of another source belong to.
#[derive(Debug)]
pub(super) struct AssumedRole {
    pub(super) with: CredentialCache,
    pub(super) role: Role,
    pub(super) sts: Sts,
}

#[async_trait]
impl CredentialSource for AssumedRole {
    fn describe(&self) -> String {
        format!("role {} assumed with {}", self.role.arn(), self.with.describe())
    }

    async fn fetch(&self) -> Result<Credentials, Error> {
        let keys = self.with.current().await?;
        let expired = match self.sts.assume_role(&self.role, &keys).await {
            Err(error) if error.is_expired_token() => error,
            outcome => return outcome,
        };
        // A source that does not say how long its keys hold is asked again once STS has said that they are over.
        match self.with.instead_of(&keys).await? {
            Some(newer) => self.sts.assume_role(&self.role, &newer).await,
            None => Err(expired),
        }
    }
}
