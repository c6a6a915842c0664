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
        self.sts.assume_role(&self.role, &keys).await
    }
}
