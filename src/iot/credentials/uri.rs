//! Keys from a URI: of a program beside this one that gets them from somewhere.

use std::fmt;

use async_trait::async_trait;
use reqwest::Url;
use thiserror::Error;

use super::issued;
use super::keys::Credentials;
use super::source::CredentialSource;
use crate::iot::answer;
use crate::iot::endpoint::is_loopback;
use crate::iot::error::Error;
use crate::iot::transport::{self, LazyHttp, Reach, Timeouts};

/// Where keys can be had by a GET. Its path and query can be a secret.
#[derive(Clone, PartialEq, Eq)]
pub struct CredentialsUri(Url);

/// Why a URI cannot be used. No text quotes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum UriError {
    /// It is no URI with a host.
    #[error("it is not a URI that begins with http:// or https:// and names a host")]
    Malformed,
    /// Credentials do not belong into it.
    #[error("it holds a user name or a password")]
    UserName,
    /// Keys would travel in the clear.
    #[error("plain http is accepted for this machine only (localhost, 127.0.0.1, [::1])")]
    PlainHttp,
}

impl CredentialsUri {
    /// Takes a URI of `http`, on this machine only, or `https`.
    ///
    /// # Errors
    ///
    /// Says what is wrong with it: see [`UriError`].
    pub fn parse(text: &str) -> Result<Self, UriError> {
        let url = Url::parse(text).map_err(|_| UriError::Malformed)?;
        if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none_or(str::is_empty) {
            return Err(UriError::Malformed);
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(UriError::UserName);
        }
        if url.scheme() == "http" && !is_loopback(&url) {
            return Err(UriError::PlainHttp);
        }
        Ok(Self(url))
    }

    /// Whether it is on this machine.
    pub fn is_loopback(&self) -> bool {
        is_loopback(&self.0)
    }
}

/// Scheme and host.
impl fmt::Display for CredentialsUri {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}://{}", self.0.scheme(), self.0.authority())
    }
}

impl fmt::Debug for CredentialsUri {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "CredentialsUri({self})")
    }
}

/// Keys that are there for a GET.
#[derive(Debug)]
pub(super) struct UriSource {
    uri: CredentialsUri,
    http: LazyHttp,
}

impl UriSource {
    pub(super) fn new(uri: CredentialsUri, user_agent: String, timeouts: Timeouts) -> Self {
        let reach = if uri.is_loopback() { Reach::Direct } else { Reach::Network };
        Self { uri, http: LazyHttp::new(reach, user_agent, timeouts) }
    }
}

#[async_trait]
impl CredentialSource for UriSource {
    fn describe(&self) -> String {
        format!("credentials URI on {}", self.uri)
    }

    async fn fetch(&self) -> Result<Credentials, Error> {
        let failed =
            |reason: String, may_pass| Error::no_credentials(format!("{}: {reason}", self.describe()), may_pass);
        let request = self.http.get().await?.get(self.uri.0.clone());
        let raw = transport::exchange(request).await.map_err(|loss| failed(loss.message, false))?;
        if raw.status != 200 {
            return Err(failed(format!("it answered with HTTP status {}", raw.status), raw.status >= 500));
        }
        let unreadable = |reason| failed(format!("it answered, but {reason}"), true);
        let tree = answer::parse(&raw.body).map_err(unreadable)?;
        match tree.text("Code").map_err(unreadable)?.as_deref() {
            Some("Success") => issued::temporary(&tree).map_err(unreadable),
            _ => Err(failed("it answered with another `Code` than `Success`".to_owned(), false)),
        }
    }
}
