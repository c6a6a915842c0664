//! The door: sends an operation, and sorts what comes back into an answer or an error.

use std::error::Error as _;
use std::time::{Duration, Instant};

use reqwest::header::{CONTENT_TYPE, DATE, USER_AGENT};
use reqwest::redirect;
use time::OffsetDateTime;
use time::format_description::BorrowedFormatItem;
use time::format_description::well_known::Rfc2822;
use time::macros::format_description;
use tokio_rustls::rustls;
use uuid::Uuid;

use super::answer::{self, Node, Unreadable};
use super::codes;
use super::credentials::Credentials;
use super::encode::percent_encode;
use super::endpoint::Endpoint;
use super::error::{Error, Failure, FailureKind};
use super::operation::Operation;
use super::parameters::Parameters;
use super::sign;

const VERSION: &str = "2018-01-20";
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
const CALL_TIMEOUT: Duration = Duration::from_secs(60);

/// Far above any answer: a page of 200 jobs has some 100 KiB.
const MAXIMUM_ANSWER: usize = 8 << 20;

/// The service's own text is shown to users; a page of a proxy's HTML is not.
const MAXIMUM_MESSAGE: usize = 500;

/// UTC without a fraction, as the signature wants it.
const TIMESTAMP: &[BorrowedFormatItem<'_>] = format_description!("[year]-[month]-[day]T[hour]:[minute]:[second]Z");

/// What a client needs to know.
#[derive(Debug, Clone)]
pub struct ClientOptions {
    /// Region of the devices, such as `cn-shanghai`. Sent with every request.
    pub region: String,
    /// Where requests go.
    pub endpoint: Endpoint,
    /// Who signs them.
    pub credentials: Credentials,
    /// Who the caller is, for the service's logs.
    pub user_agent: String,
}

/// Sends requests. Clones share one pool of connections.
#[derive(Debug, Clone)]
pub struct Client {
    http: reqwest::Client,
    options: std::sync::Arc<ClientOptions>,
}

/// A successful answer.
#[derive(Debug, Clone)]
pub struct Answer<T> {
    /// What the operation answers.
    pub data: T,
    /// The service's ID of the request; empty if it gave none.
    pub request_id: String,
    /// The service's clock, from the header `Date`.
    pub server_time: Option<OffsetDateTime>,
}

impl Client {
    /// A client that has not connected yet.
    ///
    /// # Errors
    ///
    /// If the machine's certificates or proxy settings cannot be used.
    pub fn new(options: ClientOptions) -> Result<Self, Error> {
        let mut builder = reqwest::Client::builder()
            // A redirect would send a signed request to whomever the answer names.
            .redirect(redirect::Policy::none())
            .connect_timeout(CONNECT_TIMEOUT)
            .timeout(CALL_TIMEOUT);
        if options.endpoint.is_loopback() {
            builder = builder.no_proxy();
        }
        let http = builder.build().map_err(|error| {
            Error::from(Failure {
                action: "client set-up",
                kind: FailureKind::NotSendable,
                http_status: None,
                code: None,
                message: causes(&error),
                request_id: None,
                operation_is_safe_to_repeat: false,
            })
        })?;
        Ok(Self { http, options: std::sync::Arc::new(options) })
    }

    /// The region that requests are about.
    pub fn region(&self) -> &str {
        &self.options.region
    }

    /// Sends one request and waits for its answer. Nothing is repeated.
    ///
    /// # Errors
    ///
    /// If there is no answer that says success. [`Error::kind`] tells what the service may have done.
    pub async fn send<O: Operation>(&self, operation: &O) -> Result<Answer<O::Answer>, Error> {
        let started = Instant::now();
        let result = self.exchange(operation).await;
        let duration_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
        match &result {
            Ok(answer) => {
                tracing::debug!(action = O::ACTION, request_id = answer.request_id, duration_ms, "call succeeded");
            }
            Err(error) => tracing::debug!(
                action = O::ACTION,
                http_status = error.http_status(),
                code = error.code(),
                request_id = error.request_id(),
                kind = ?error.kind(),
                duration_ms,
                "call failed"
            ),
        }
        result
    }

    async fn exchange<O: Operation>(&self, operation: &O) -> Result<Answer<O::Answer>, Error> {
        let parameters = self.parameters(operation, OffsetDateTime::now_utc(), Uuid::new_v4());
        let string_to_sign = sign::string_to_sign(sign::METHOD, &parameters);
        let body = sign::signature(self.options.credentials.secret(), &string_to_sign)
            .map(|signature| format!("{}&Signature={}", parameters.encoded(), percent_encode(&signature)))
            .ok_or_else(|| failed::<O>(FailureKind::NotSendable, "the request cannot be signed"))?;
        // In the body rather than in the query: tokens and tags stay out of proxies' logs and of errors.
        let request = self
            .http
            .post(self.options.endpoint.url())
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(USER_AGENT, &self.options.user_agent)
            .body(body);
        let mut response = request.send().await.map_err(|error| transport_failure::<O>(error).into_error())?;
        let http_status = response.status().as_u16();
        let server_time = response
            .headers()
            .get(DATE)
            .and_then(|date| date.to_str().ok())
            .and_then(|date| OffsetDateTime::parse(&date.replace("GMT", "+0000"), &Rfc2822).ok());
        let answer = read_body(&mut response).await.and_then(|body| answer::parse(&body));
        let answer = answer.map_err(|error| unreadable::<O>(Some(http_status), None, &error))?;
        let request_id = answer.envelope("RequestId").map(str::to_owned);
        self.judge::<O>(http_status, &answer, &string_to_sign)?;
        let data = O::read(&answer).map_err(|error| unreadable::<O>(Some(http_status), request_id.clone(), &error))?;
        Ok(Answer { data, request_id: request_id.unwrap_or_default(), server_time })
    }

    fn parameters<O: Operation>(&self, operation: &O, now: OffsetDateTime, nonce: Uuid) -> Parameters {
        let mut parameters = Parameters::default();
        operation.parameters(&mut parameters);
        parameters.set("Action", O::ACTION);
        parameters.set("Version", VERSION);
        parameters.set("Format", "JSON");
        parameters.set("RegionId", &self.options.region);
        parameters.set("AccessKeyId", self.options.credentials.access_key_id());
        parameters.set_optional("SecurityToken", self.options.credentials.security_token());
        parameters.set("SignatureMethod", "HMAC-SHA1");
        parameters.set("SignatureVersion", "1.0");
        parameters.set("SignatureNonce", nonce);
        // Formatting digits into a text cannot fail; without a time the service refuses the request.
        parameters.set("Timestamp", now.format(TIMESTAMP).unwrap_or_default());
        parameters
    }

    /// Decides by the success flag, never by the presence of a code: documented samples of success have
    /// one, and errors come with status 200 too.
    fn judge<O: Operation>(&self, http_status: u16, answer: &Node, string_to_sign: &str) -> Result<(), Error> {
        let success = answer.envelope("Success");
        let is_success_status = (200..300).contains(&http_status);
        if success.is_some_and(|success| success.eq_ignore_ascii_case("true")) && is_success_status {
            return Ok(());
        }
        let code = answer.envelope("Code").filter(|code| !code.is_empty()).map(str::to_owned);
        let text = answer.envelope("ErrorMessage").or_else(|| answer.envelope("Message")).unwrap_or_default();
        let is_refusal = success.is_some_and(|success| success.eq_ignore_ascii_case("false"));
        if !is_refusal && code.is_none() {
            let request_id = answer.envelope("RequestId").map(str::to_owned);
            let nothing_said = Unreadable("it says neither success nor why not".to_owned());
            return Err(unreadable::<O>(Some(http_status), request_id, &nothing_said));
        }
        let message = match &code {
            Some(code) if codes::is_signature_mismatch(code) => signature_mismatch(text, string_to_sign).to_owned(),
            _ => self.options.credentials.masked(&shortened(text)),
        };
        let is_uncertain = code.as_deref().is_some_and(codes::is_uncertain) || http_status >= 500;
        let is_throttled = code.as_deref().is_some_and(codes::is_throttled);
        let kind = if is_uncertain && !is_throttled { FailureKind::OutcomeUnknown } else { FailureKind::Refused };
        Err(Failure {
            http_status: Some(http_status),
            code,
            message,
            request_id: answer.envelope("RequestId").map(str::to_owned),
            ..Failure::of::<O>(kind)
        }
        .into())
    }

    /// The error of an answer that makes no sense.
    pub(super) fn unreadable<O: Operation>(&self, error: &Unreadable) -> Error {
        unreadable::<O>(None, None, error)
    }
}

impl Failure {
    fn of<O: Operation>(kind: FailureKind) -> Self {
        Self {
            action: O::ACTION,
            kind,
            http_status: None,
            code: None,
            message: String::new(),
            request_id: None,
            operation_is_safe_to_repeat: O::IS_SAFE_TO_REPEAT,
        }
    }

    fn into_error(self) -> Error {
        self.into()
    }
}

fn failed<O: Operation>(kind: FailureKind, message: &str) -> Error {
    Failure { message: message.to_owned(), ..Failure::of::<O>(kind) }.into()
}

fn unreadable<O: Operation>(http_status: Option<u16>, request_id: Option<String>, error: &Unreadable) -> Error {
    let message = format!("the answer cannot be read: {error}");
    Failure { http_status, message, request_id, ..Failure::of::<O>(FailureKind::OutcomeUnknown) }.into()
}

/// The server's text of this error holds key and token. It is worth comparing and nothing else.
fn signature_mismatch(text: &str, string_to_sign: &str) -> &'static str {
    if text.split_once(':').is_some_and(|(_, theirs)| theirs.trim() == string_to_sign) {
        "the AccessKey secret is not that of the AccessKey ID"
    } else {
        "the signature does not match: the AccessKey secret is wrong, or the request was changed on the way"
    }
}

fn shortened(text: &str) -> String {
    text.chars().take(MAXIMUM_MESSAGE).collect()
}

async fn read_body(response: &mut reqwest::Response) -> Result<Vec<u8>, Unreadable> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| Unreadable(causes(&error.without_url())))? {
        body.extend_from_slice(&chunk);
        if body.len() > MAXIMUM_ANSWER {
            return Err(Unreadable(format!("it has more than {} MiB", MAXIMUM_ANSWER >> 20)));
        }
    }
    Ok(body)
}

fn transport_failure<O: Operation>(error: reqwest::Error) -> Failure {
    let kind = if error.is_builder() || is_distrust(&error) {
        FailureKind::NotSendable
    } else if error.is_connect() {
        FailureKind::NotSent
    } else {
        FailureKind::OutcomeUnknown
    };
    let message = if error.is_timeout() { "no answer in time".to_owned() } else { causes(&error.without_url()) };
    Failure { message, ..Failure::of::<O>(kind) }
}

/// Whether the server could not prove who it is.
fn is_distrust(error: &reqwest::Error) -> bool {
    let mut source = error.source();
    while let Some(cause) = source {
        let inner = cause.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
        let tls = inner.and_then(|inner| inner.downcast_ref::<rustls::Error>());
        if tls.or_else(|| cause.downcast_ref()).is_some_and(|tls| matches!(tls, rustls::Error::InvalidCertificate(_))) {
            return true;
        }
        source = cause.source();
    }
    false
}

/// An error with its causes, of which the first alone says little.
fn causes(error: &reqwest::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        let cause_text = cause.to_string();
        if !text.contains(&cause_text) {
            text = format!("{text}: {cause_text}");
        }
        source = cause.source();
    }
    text
}
