//! The door: sends operations and returns typed answers.

use std::fmt;
use std::sync::Arc;

use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::attempt::Answer;
use super::call::Call;
use super::credentials::CredentialCache;
use super::endpoint::Endpoint;
use super::error::Error;
use super::operation::Operation;
use super::quota::Quotas;
use super::retry::RetryPolicy;
use super::transport::{Timeouts, Transport};

/// What a client needs to know.
#[derive(Clone, Debug)]
pub struct ClientOptions {
    /// The region of the devices, sent as `RegionId`. It has to be the endpoint's.
    pub region: String,
    /// Where requests go.
    pub endpoint: Endpoint,
    /// What they are signed with: a source, or [`Credentials`](super::Credentials) made into one.
    pub credentials: CredentialCache,
    /// How the program introduces itself, sent as `User-Agent`.
    pub user_agent: String,
    /// How long each sending may take.
    pub timeouts: Timeouts,
    /// How many calls a second go out. Clients of one account and region share it.
    pub quotas: Quotas,
    /// How calls are repeated.
    pub retry: RetryPolicy,
}

impl ClientOptions {
    /// Options with the usual timeouts and retries, and the documented quotas.
    pub fn new(
        region: String,
        endpoint: Endpoint,
        credentials: impl Into<CredentialCache>,
        user_agent: String,
    ) -> Self {
        Self {
            region,
            endpoint,
            credentials: credentials.into(),
            user_agent,
            timeouts: Timeouts::default(),
            quotas: Quotas::documented(),
            retry: RetryPolicy::default(),
        }
    }
}

/// Sends operations to one region with one key. A clone is cheap and shares connections and quotas.
///
/// # Examples
///
/// Against an emulator; the service itself is at `Endpoint::for_region("cn-shanghai")`.
///
/// ```
/// use terraform_provider_alicloud_iot::iot::operations::{QueryOtaFirmware, QueryOtaJob};
/// use terraform_provider_alicloud_iot::iot::{Client, ClientOptions, Credentials, Endpoint, FailureKind};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let firmware = serde_json::json!({
/// #     "firmware_id": "fw-1", "product_key": "a1product", "firmware_name": "package", "dest_version": "2.0.0"
/// # });
/// # let fixtures = serde_json::json!({"firmwares": [firmware]});
/// # let emulator = testkit::Emulator::start(&testkit::Options { fixtures, flags: Vec::new() })?;
/// # let (url, key_id, secret) = (emulator.url(), testkit::ACCESS_KEY_ID.to_owned(), testkit::ACCESS_KEY_SECRET);
/// let endpoint = Endpoint::parse(url)?;
/// let credentials = Credentials::new(key_id, secret.into(), None);
/// let options = ClientOptions::new("cn-shanghai".to_owned(), endpoint, credentials, "example/1.0".to_owned());
/// let client = Client::new(options)?;
///
/// let query = QueryOtaFirmware { firmware_id: "fw-1".to_owned(), iot_instance_id: None };
/// let answer = client.send(&query).await?;
/// assert_eq!(answer.data.and_then(|firmware| firmware.dest_version).as_deref(), Some("2.0.0"));
/// assert!(!answer.request_id.is_empty());
///
/// let query = QueryOtaJob { job_id: "none".to_owned(), iot_instance_id: None };
/// match client.send(&query).await {
///     Ok(answer) => println!("{:?}", answer.data),
///     Err(error) if error.kind() == FailureKind::OutcomeUnknown => eprintln!("ask again: {error}"),
///     Err(error) => assert_eq!((error.kind(), error.tries()), (FailureKind::Refused, 1)),
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Client {
    pub(super) inner: Arc<Inner>,
    pub(super) deadline: Option<Instant>,
    pub(super) stop: CancellationToken,
}

/// What clones share.
pub(super) struct Inner {
    pub(super) region: String,
    pub(super) credentials: CredentialCache,
    pub(super) transport: Transport,
    pub(super) quotas: Quotas,
    pub(super) retry: RetryPolicy,
}

impl Client {
    /// Sets up the connections; none is opened yet. For an endpoint on this machine no proxy is used, for others that
    /// of the environment.
    ///
    /// # Errors
    ///
    /// [`NotSendable`](super::FailureKind::NotSendable) if the user agent is no header value, or TLS cannot be set up.
    pub fn new(options: ClientOptions) -> Result<Self, Error> {
        let ClientOptions { region, endpoint, credentials, user_agent, timeouts, quotas, retry } = options;
        let transport = Transport::new(endpoint, &user_agent, timeouts)?;
        let inner = Arc::new(Inner { region, credentials, transport, quotas, retry });
        Ok(Self { inner, deadline: None, stop: CancellationToken::new() })
    }

    /// The region that requests name.
    pub fn region(&self) -> &str {
        &self.inner.region
    }

    /// The same client, whose calls end at `deadline` at the latest: all of them together, while [`RetryPolicy::within`]
    /// gives each call a time of its own.
    ///
    /// At the deadline a call that waits for its turn, or for its next try, fails, and so does one whose answer has not
    /// come, if the operation may be repeated. One that may not be is given the time that every request has to be
    /// answered: its answer says what exists now.
    #[must_use]
    pub fn until(&self, deadline: std::time::Instant) -> Self {
        Self { deadline: Some(deadline.into()), ..self.clone() }
    }

    /// The same client, whose calls do not begin another try once `stop` is cancelled. What was sent by then is waited
    /// for.
    #[must_use]
    pub fn stopped_by(&self, stop: CancellationToken) -> Self {
        Self { stop, ..self.clone() }
    }

    /// Sends the operation when the quota has room for it, and again as [`RetryPolicy`] says, each time signed with a
    /// nonce and a time of its own. If the service says that the keys are over, which it finds out before it acts, newer
    /// ones are tried at once.
    ///
    /// # Errors
    ///
    /// [`Error::kind`] says what may have happened in the cloud; it is that of the last try.
    pub async fn send<O: Operation>(&self, operation: &O) -> Result<Answer<O::Answer>, Error> {
        Call::new(self, operation).run().await
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Client")
            .field("region", &self.inner.region)
            .field("credentials", &self.inner.credentials)
            .finish_non_exhaustive()
    }
}
