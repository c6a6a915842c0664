//! What the emulator is told at its start.

use std::fmt;
use std::net::{SocketAddr, ToSocketAddrs};
use std::path::PathBuf;

use thiserror::Error;
use tokio::net::TcpListener;

use crate::assumptions::Assumptions;
use crate::fixtures::Fixtures;
use crate::limits::Edition;

/// An AccessKey secret, or a token that is one too. It never shows itself.
#[derive(Clone)]
pub struct AccessKeySecret(String);

impl AccessKeySecret {
    /// Takes a secret.
    pub fn new(secret: String) -> Self {
        Self(secret)
    }

    /// The secret itself, to check requests with and for nothing else.
    pub(crate) fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for AccessKeySecret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("AccessKeySecret(hidden)")
    }
}

/// The settings of one emulator.
#[derive(Clone, Debug)]
pub struct Options {
    /// The only AccessKey ID that exists.
    pub access_key_id: String,
    /// Its secret.
    pub access_key_secret: AccessKeySecret,
    /// The security token without which that key is refused, as that of a temporary key is; `None`: a permanent key.
    pub security_token: Option<AccessKeySecret>,
    /// The role that the metadata service has keys for.
    pub metadata_role: String,
    /// Whether the metadata service refuses requests without a token of its own.
    pub metadata_hardened: bool,
    /// Simulated seconds that a key of the metadata service lasts.
    pub metadata_key_seconds: u32,
    /// What exists at the start.
    pub fixtures: Fixtures,
    /// What is done where the service's behaviour is not published.
    pub assumptions: Assumptions,
    /// Which edition's parameter ranges apply.
    pub edition: Edition,
    /// Factor on the documented quotas; 0 switches throttling off.
    pub qps_scale: f64,
    /// Simulated seconds a second of the wall clock; 0 stops the simulated time.
    pub time_scale: f64,
    /// Simulated seconds until a new job is shown in lists and found by QueryOTAJob; what changes jobs knows it at once.
    pub jobs_visible_after: u32,
    /// Makes ids and the order of lists the same in every run; `None` takes a seed from the operating system.
    pub random_seed: Option<u64>,
    /// File that keeps what exists; `None`: nothing is kept when the emulator ends.
    pub state: Option<PathBuf>,
}

impl Default for Options {
    /// The flags' defaults: documented quotas, real time, nothing exists but every product key.
    fn default() -> Self {
        Self {
            access_key_id: "emulator-key-id".to_owned(),
            access_key_secret: AccessKeySecret::new("emulator-key-secret".to_owned()),
            security_token: None,
            metadata_role: "emulator-role".to_owned(),
            metadata_hardened: false,
            metadata_key_seconds: 21_600,
            fixtures: Fixtures::default(),
            assumptions: Assumptions::default(),
            edition: Edition::default(),
            qps_scale: 1.0,
            time_scale: 1.0,
            jobs_visible_after: 0,
            random_seed: None,
            state: None,
        }
    }
}

/// Why the emulator does not listen.
#[derive(Debug, Error)]
pub enum ListenError {
    /// The address cannot be understood or resolved.
    #[error("--listen {listen}: {source}; write HOST:PORT, for example 127.0.0.1:8080")]
    Address {
        /// The address as given.
        listen: String,
        /// What the resolver says.
        source: std::io::Error,
    },
    /// The address is reachable from other machines.
    #[error(
        "--listen {address} is reachable from other machines, and the emulator's control endpoints need no \
         credentials; use a loopback address, or add --allow-remote if that is intended"
    )]
    Remote {
        /// The address refused.
        address: SocketAddr,
    },
    /// The operating system refuses the address.
    #[error("cannot listen on {address}: {source}")]
    Bind {
        /// The address tried.
        address: SocketAddr,
        /// What the operating system says.
        source: std::io::Error,
    },
}

/// Opens the listener; anything but a loopback address needs `allow_remote`.
///
/// # Errors
/// See [`ListenError`].
pub async fn bind(listen: &str, allow_remote: bool) -> Result<TcpListener, ListenError> {
    let address = resolve(listen)?;
    if !allow_remote && !address.ip().is_loopback() {
        return Err(ListenError::Remote { address });
    }
    let bound = TcpListener::bind(address).await;
    bound.map_err(|source| ListenError::Bind { address, source })
}

fn resolve(listen: &str) -> Result<SocketAddr, ListenError> {
    let none = || std::io::Error::new(std::io::ErrorKind::NotFound, "the name has no address");
    let first = listen.to_socket_addrs().and_then(|mut addresses| addresses.next().ok_or_else(none));
    first.map_err(|source| ListenError::Address { listen: listen.to_owned(), source })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_secret_does_not_show_in_debug() {
        let options =
            Options { access_key_secret: AccessKeySecret::new("top-secret-value".to_owned()), ..Options::default() };
        assert!(!format!("{options:?}").contains("top-secret-value"));
    }

    #[tokio::test]
    async fn only_loopback_without_permission() {
        assert!(bind("127.0.0.1:0", false).await.is_ok());
        assert!(bind("localhost:0", false).await.is_ok());
        let refused = bind("0.0.0.0:0", false).await.unwrap_err().to_string();
        assert!(refused.contains("--allow-remote"), "{refused}");
        assert!(bind("0.0.0.0:0", true).await.is_ok());
        assert!(matches!(bind("nonsense", false).await, Err(ListenError::Address { .. })));
    }
}
