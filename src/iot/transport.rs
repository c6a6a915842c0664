//! How a request travels, and what its loss means.

use std::error::Error as StdError;
use std::fmt;
use std::time::Duration;

use reqwest::header::{CONTENT_TYPE, DATE, HeaderMap, HeaderName, RETRY_AFTER};
use reqwest::{RequestBuilder, Response, redirect, retry};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc2822;
use tokio::sync::OnceCell;
use tokio_rustls::rustls;

use super::endpoint::Endpoint;
use super::error::{Error, FailureKind};
use super::operation::Method;
use super::redact::one_line;

/// A connection that the other side has closed in the meantime costs a lost answer, so idle ones are not kept long.
const IDLE_TIMEOUT: Duration = Duration::from_secs(20);
/// Two hundred jobs with ten tags of the longest kind fit in a quarter of this.
const LARGEST_BODY: usize = 8 * 1024 * 1024;
/// The longest wait that is taken over from an answer.
const LONGEST_RETRY_AFTER: Duration = Duration::from_secs(60);
const FORM: &str = "application/x-www-form-urlencoded";

/// How long the parts of a call may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timeouts {
    /// Name lookup, connection and TLS handshake.
    pub connect: Duration,
    /// From then on until the answer is there as a whole.
    pub read: Duration,
}

/// 10 s for a connection, and 60 s for an answer: the slowest documented operation answers within seconds.
impl Default for Timeouts {
    fn default() -> Self {
        Self { connect: Duration::from_secs(10), read: Duration::from_secs(60) }
    }
}

/// Where requests of a client go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reach {
    /// To this machine or one beside it: plain, and never through a proxy.
    Direct,
    /// Anywhere, with TLS, through the proxy of the environment if there is one.
    Network,
}

impl Reach {
    fn of(endpoint: &Endpoint) -> Self {
        if endpoint.is_loopback() { Self::Direct } else { Self::Network }
    }
}

/// Sends forms to one endpoint over a pool of connections. A proxy's address can hold a password, so no `Debug`.
#[derive(Clone)]
pub(super) struct Transport {
    http: reqwest::Client,
    endpoint: Endpoint,
}

/// An answer as it came.
#[derive(Debug, Default)]
pub(super) struct RawAnswer {
    pub(super) status: u16,
    pub(super) server_time: Option<OffsetDateTime>,
    pub(super) retry_after: Option<Duration>,
    /// The id of the call in the head: all there is of it if the body cannot be read.
    pub(super) request_id: Option<String>,
    /// What the body is said to be, without parameters.
    pub(super) content_type: Option<String>,
    pub(super) body: Vec<u8>,
}

/// No answer, or part of one.
#[derive(Debug)]
pub(super) struct Loss {
    pub(super) kind: FailureKind,
    pub(super) message: String,
    /// There is a status if the answer broke off after its head.
    pub(super) http_status: Option<u16>,
}

impl Transport {
    pub(super) fn new(endpoint: Endpoint, user_agent: &str, timeouts: Timeouts) -> Result<Self, Error> {
        Ok(Self { http: http(Reach::of(&endpoint), user_agent, timeouts)?, endpoint })
    }

    /// The same in a thread of its own, while others work.
    pub(super) async fn beside_others(
        endpoint: Endpoint,
        user_agent: String,
        timeouts: Timeouts,
    ) -> Result<Self, Error> {
        Ok(Self { http: http_beside_others(Reach::of(&endpoint), user_agent, timeouts).await?, endpoint })
    }

    /// Where the requests go.
    pub(super) fn endpoint(&self) -> &Endpoint {
        &self.endpoint
    }

    /// Sends the parameters: in the body wherever the API takes that, as a query ends up in access logs of proxies, and
    /// with it the security token; and a form has no limit on its length.
    pub(super) async fn send(&self, method: Method, form: String) -> Result<RawAnswer, Loss> {
        let mut url = self.endpoint.url().clone();
        let request = match method {
            Method::Get => {
                url.set_query(Some(&form));
                self.http.get(url)
            }
            Method::Post => self.http.post(url).header(CONTENT_TYPE, FORM).body(form),
        };
        exchange(request).await
    }

    /// Sends a form with more parameters in the query, where those belong that are no secrets.
    pub(super) async fn post_with_query(&self, query: &str, form: String) -> Result<RawAnswer, Loss> {
        let mut url = self.endpoint.url().clone();
        url.set_query(Some(query));
        exchange(self.http.post(url).header(CONTENT_TYPE, FORM).body(form)).await
    }
}

/// An HTTP client. Redirects are not followed, as they would carry a signed request to somebody else, and nothing is
/// sent a second time by itself, as a nonce is taken once.
pub(super) fn http(reach: Reach, user_agent: &str, timeouts: Timeouts) -> Result<reqwest::Client, Error> {
    let builder = reqwest::Client::builder()
        .user_agent(user_agent)
        .redirect(redirect::Policy::none())
        .retry(retry::never())
        .connect_timeout(timeouts.connect)
        .timeout(timeouts.connect.saturating_add(timeouts.read))
        .pool_idle_timeout(IDLE_TIMEOUT);
    let builder = match reach {
        Reach::Direct => builder.no_proxy(),
        Reach::Network => builder.https_only(true),
    };
    builder.build().map_err(|error| Error::set_up(reasons(&error.without_url())))
}

/// The same in a thread of its own, while others work: the certificates are read from files.
async fn http_beside_others(reach: Reach, user_agent: String, timeouts: Timeouts) -> Result<reqwest::Client, Error> {
    let setting_up = tokio::task::spawn_blocking(move || http(reach, &user_agent, timeouts));
    // Without the error's text, which has what the thread panicked with.
    setting_up.await.unwrap_or_else(|_| Err(Error::set_up("its thread ended early".to_owned())))
}

/// An HTTP client that is set up when it is needed first: to load the system's certificates takes a while.
pub(super) struct LazyHttp {
    reach: Reach,
    user_agent: String,
    timeouts: Timeouts,
    client: OnceCell<reqwest::Client>,
}

impl LazyHttp {
    pub(super) fn new(reach: Reach, user_agent: String, timeouts: Timeouts) -> Self {
        Self { reach, user_agent, timeouts, client: OnceCell::new() }
    }

    pub(super) async fn get(&self) -> Result<&reqwest::Client, Error> {
        self.client.get_or_try_init(|| http_beside_others(self.reach, self.user_agent.clone(), self.timeouts)).await
    }
}

/// Not the client, whose proxy's address can hold a password.
impl fmt::Debug for LazyHttp {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("LazyHttp").field("reach", &self.reach).finish_non_exhaustive()
    }
}

/// Sends a request once, and reads the answer to its end.
pub(super) async fn exchange(request: RequestBuilder) -> Result<RawAnswer, Loss> {
    let response = request.send().await.map_err(|error| Loss::of(error, None))?;
    let status = response.status().as_u16();
    let server_time = server_time(response.headers());
    let retry_after = retry_after(response.headers());
    let request_id = request_id(response.headers());
    let content_type = content_type(response.headers());
    let body = body(response).await?;
    Ok(RawAnswer { status, server_time, retry_after, request_id, content_type, body })
}

/// Reads as far as the limit: an answer beyond it is not from the service.
async fn body(mut response: Response) -> Result<Vec<u8>, Loss> {
    let status = response.status().as_u16();
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| Loss::of(error, Some(status)))? {
        if body.len() + chunk.len() > LARGEST_BODY {
            let message = format!("the answer is larger than {} MiB", LARGEST_BODY / 1024 / 1024);
            return Err(Loss { kind: FailureKind::OutcomeUnknown, message, http_status: Some(status) });
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

fn server_time(headers: &HeaderMap) -> Option<OffsetDateTime> {
    OffsetDateTime::parse(headers.get(DATE)?.to_str().ok()?, &Rfc2822).ok()
}

fn content_type(headers: &HeaderMap) -> Option<String> {
    let text = headers.get(CONTENT_TYPE)?.to_str().ok()?;
    text.split(';').next().map(|name| name.trim().to_owned()).filter(|name| !name.is_empty())
}

fn request_id(headers: &HeaderMap) -> Option<String> {
    headers.get("x-acs-request-id")?.to_str().ok().map(str::to_owned)
}

/// The service's own header counts milliseconds, that of proxies before it seconds. The latter can be a date as well,
/// which is left alone: nobody knows whose clock it is by.
fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let number = |name| headers.get::<HeaderName>(name)?.to_str().ok()?.trim().parse().ok();
    let milliseconds = number(HeaderName::from_static("x-acs-retry-after")).map(Duration::from_millis);
    let wait = milliseconds.or_else(|| number(RETRY_AFTER).map(Duration::from_secs))?;
    Some(wait.min(LONGEST_RETRY_AFTER))
}

impl Loss {
    fn of(error: reqwest::Error, http_status: Option<u16>) -> Self {
        let error = error.without_url();
        let kind = if error.is_builder() {
            FailureKind::NotSendable
        } else if error.is_connect() {
            if is_distrust(&error) { FailureKind::NotSendable } else { FailureKind::NotSent }
        } else {
            FailureKind::OutcomeUnknown
        };
        let message =
            if error.is_timeout() { format!("no answer in time ({})", reasons(&error)) } else { reasons(&error) };
        Self { kind, message, http_status }
    }
}

/// Whether the TLS handshake failed for a reason that stays: another try meets the same certificate.
fn is_distrust(error: &(dyn StdError + 'static)) -> bool {
    causes(error).filter_map(tls_error).any(|error| {
        matches!(
            error,
            rustls::Error::InvalidCertificate(_)
                | rustls::Error::InvalidMessage(_)
                | rustls::Error::PeerIncompatible(_)
        )
    })
}

/// The TLS error in a cause. An I/O error does not name what it wraps as its source, but that one's source, and one
/// can wrap another.
fn tls_error<'a>(cause: &'a (dyn StdError + 'static)) -> Option<&'a rustls::Error> {
    let mut inner = cause;
    while let Some(wrapped) = inner.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref) {
        inner = wrapped;
    }
    inner.downcast_ref()
}

/// The error and what caused it, outermost first.
fn causes<'a>(error: &'a (dyn StdError + 'static)) -> impl Iterator<Item = &'a (dyn StdError + 'static)> {
    std::iter::successors(Some(error), |cause| (**cause).source())
}

/// The whole chain of causes in one line. An outer text often repeats the inner one.
fn reasons(error: &(dyn StdError + 'static)) -> String {
    let mut line = String::new();
    for cause in causes(error).map(ToString::to_string) {
        if line.is_empty() {
            line = cause;
        } else if !line.ends_with(&cause) {
            line = format!("{line}: {cause}");
        }
    }
    one_line(&line)
}
