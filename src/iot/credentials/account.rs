//! Keys of one account and no other.

use async_trait::async_trait;

use super::keys::Credentials;
use super::source::CredentialSource;
use super::sts::Sts;
use crate::iot::error::Error;

/// Hands keys on after STS has said that they belong to the account that is meant.
#[derive(Debug)]
pub(super) struct AccountGuard {
    pub(super) source: Box<dyn CredentialSource>,
    pub(super) account_id: String,
    pub(super) sts: Sts,
}

#[async_trait]
impl CredentialSource for AccountGuard {
    fn describe(&self) -> String {
        self.source.describe()
    }

    async fn fetch(&self) -> Result<Credentials, Error> {
        let keys = self.source.fetch().await?;
        let account = self.sts.account_of(&keys).await?;
        if account == self.account_id {
            return Ok(keys);
        }
        let source = self.source.describe();
        let reason = format!("{source} gave keys of account {account}, while only {} may be used", self.account_id);
        Err(Error::no_credentials(reason, false))
    }
}
