//! What each way to fail is taken for.

use std::sync::Arc;

use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::PrivatePkcs8KeyDer;

use super::fake_server::{FakeServer, Reply};
use super::{ACCESS_KEY_ID, TOKEN, client, credentials, options};
use crate::iot::FailureKind::{self, NotSendable, NotSent, OutcomeUnknown, Refused};
use crate::iot::operations::{CreateOtaDynamicUpgradeJob, QueryOtaJob};
use crate::iot::redact::Secrets;
use crate::iot::sign::{Stamp, sign};
use crate::iot::transport::RawAnswer;
use crate::iot::verdict::{Sent, judge};
use crate::iot::{Client, Error, Method, Parameters};

/// What is expected of a failed create, and whether a failed query may be sent again.
#[derive(Debug, PartialEq)]
struct Expected {
    kind: FailureKind,
    code: Option<&'static str>,
    http_status: Option<u16>,
    create_may_be_repeated: bool,
    query_may_be_repeated: bool,
}

fn outcome_unknown(code: Option<&'static str>, http_status: Option<u16>) -> Expected {
    let kind = OutcomeUnknown;
    Expected { kind, code, http_status, create_may_be_repeated: false, query_may_be_repeated: true }
}

fn refused(code: Option<&'static str>, http_status: u16) -> Expected {
    let http_status = Some(http_status);
    Expected { kind: Refused, code, http_status, create_may_be_repeated: false, query_may_be_repeated: false }
}

fn throttled(code: Option<&'static str>, http_status: u16) -> Expected {
    Expected { create_may_be_repeated: true, query_may_be_repeated: true, ..refused(code, http_status) }
}

fn found(create: &Error, query: &Error, expected: &Expected) -> Expected {
    assert_eq!((create.action(), query.action()), ("CreateOTADynamicUpgradeJob", "QueryOTAJob"));
    Expected {
        kind: create.kind(),
        // Codes are compared as they came, but live longer in the expectation.
        code: expected.code.filter(|code| create.code() == Some(code)).or(create.code().map(|_| "another code")),
        http_status: create.http_status(),
        create_may_be_repeated: create.is_safe_to_repeat(),
        query_may_be_repeated: query.is_safe_to_repeat(),
    }
}

fn service(code: &str, status: u16) -> Reply {
    Reply::json(status, &format!(r#"{{"RequestId":"id","Success":false,"Code":"{code}","ErrorMessage":"why"}}"#))
}

fn gateway(code: &str, status: u16) -> Reply {
    Reply::json(status, &format!(r#"{{"RequestId":"id","HostId":"h","Code":"{code}","Message":"why"}}"#))
}

#[tokio::test]
async fn answers_are_sorted_by_what_may_have_happened() {
    let success = r#"{"RequestId":"id","Success":true,"Data":{"JobId":"job"}}"#;
    let oversized = [r#"{"Success":true,"Text":""#, &"x".repeat(8 * 1024 * 1024), "\"}"].concat();
    for (case, reply, expected) in [
        ("refused by the service", service("iot.ota.X", 200), refused(Some("iot.ota.X"), 200)),
        ("refused with an error status", service("iot.ota.X", 400), refused(Some("iot.ota.X"), 400)),
        ("a definite code under 500", service("iot.ota.taskNotExist", 500), refused(Some("iot.ota.taskNotExist"), 500)),
        ("another code under 500", service("iot.ota.X", 500), outcome_unknown(Some("iot.ota.X"), Some(500))),
        (
            "failure inside",
            service("Iot.System.SystemException", 200),
            outcome_unknown(Some("Iot.System.SystemException"), Some(200)),
        ),
        ("gateway failure", gateway("InternalError", 500), outcome_unknown(Some("InternalError"), Some(500))),
        ("unavailable", gateway("ServiceUnavailable", 503), outcome_unknown(Some("ServiceUnavailable"), Some(503))),
        (
            "nonce seen before",
            gateway("SignatureNonceUsed", 400),
            outcome_unknown(Some("SignatureNonceUsed"), Some(400)),
        ),
        ("no permission", gateway("Forbidden.RAM", 403), refused(Some("Forbidden.RAM"), 403)),
        ("throttled by the gateway", gateway("Throttling.User", 400), throttled(Some("Throttling.User"), 400)),
        ("throttled with 503", gateway("Throttling", 503), throttled(Some("Throttling"), 503)),
        (
            "throttled by the service",
            service("iot.common.TooManyRequest", 200),
            throttled(Some("iot.common.TooManyRequest"), 200),
        ),
        ("429 by somebody else", Reply::new(429, "text/html", "<html><br>"), throttled(None, 429)),
        ("429 with a code", service("iot.ota.X", 429), throttled(Some("iot.ota.X"), 429)),
        ("500 without a code", Reply::new(500, "text/plain", "oops"), outcome_unknown(None, Some(500))),
        ("502 of a proxy", Reply::new(502, "text/html", "<html><p>Bad</html>"), outcome_unknown(None, Some(502))),
        (
            "a web page",
            Reply::new(200, "text/html", "<html><body>Log in</body></html>"),
            outcome_unknown(None, Some(200)),
        ),
        ("no word of success", Reply::json(200, r#"{"RequestId":"id"}"#), outcome_unknown(None, Some(200))),
        (
            "no word of success beside a job",
            Reply::json(200, r#"{"Code":"200","Data":{"JobId":"job"}}"#),
            outcome_unknown(None, Some(200)),
        ),
        ("failure without a code", Reply::json(200, r#"{"Success":false}"#), refused(None, 200)),
        ("success that is no boolean", Reply::json(200, r#"{"Success":{}}"#), outcome_unknown(None, Some(200))),
        ("not JSON under its name", Reply::json(200, "success"), outcome_unknown(None, Some(200))),
        ("empty body", Reply::json(200, ""), outcome_unknown(None, Some(200))),
        ("success broken off", Reply::claiming(200, "X: y", 1000, success), outcome_unknown(None, Some(200))),
        ("too large", Reply::json(200, &oversized), outcome_unknown(None, Some(200))),
        ("no HTTP", Reply::Bytes(b"220 mail.example.com\r\n".to_vec()), outcome_unknown(None, None)),
        ("closed without an answer", Reply::Bytes(Vec::new()), outcome_unknown(None, None)),
        ("reset", Reply::Reset, outcome_unknown(None, None)),
    ] {
        let server = FakeServer::start([reply.clone(), reply]).await;
        let client = client(&server.endpoint);
        let create = client.send(&CreateOtaDynamicUpgradeJob::default()).await.expect_err(case);
        let query = client.send(&QueryOtaJob::default()).await.expect_err(case);
        assert_eq!(found(&create, &query, &expected), expected, "{case}: {create}");
        assert!(server.received().len() <= 2, "{case}: nothing is sent twice");
        assert!(!create.to_string().contains(&server.endpoint), "{case}: {create}");
    }
}

#[tokio::test]
async fn a_success_without_the_job_has_an_unknown_outcome() {
    for body in [
        r#"{"Success":true,"RequestId":"id"}"#,
        r#"{"Success":true,"RequestId":"id","Data":{}}"#,
        r#"{"Success":true,"RequestId":"id","Data":"job"}"#,
        r#"{"Success":true,"RequestId":"id","Data":{"JobId":" "}}"#,
        r#"{"Success":true,"RequestId":"id","Data":{"JobId":["job"]}}"#,
    ] {
        let server = FakeServer::start([Reply::json(200, body)]).await;
        let error = client(&server.endpoint).send(&CreateOtaDynamicUpgradeJob::default()).await.expect_err(body);
        assert_eq!((error.kind(), error.request_id()), (OutcomeUnknown, Some("id")), "{body}");
        assert!(error.message().starts_with("the service reports success, but "), "{error}");
    }
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let target = FakeServer::start([]).await;
    for status in [301, 302, 303, 307, 308] {
        let head = format!("Location: {}/", target.endpoint);
        let server = FakeServer::start([Reply::with_head(status, &head, "")]).await;
        let error = client(&server.endpoint).send(&CreateOtaDynamicUpgradeJob::default()).await.unwrap_err();
        assert_eq!((error.kind(), error.http_status()), (Refused, Some(status)));
        assert!(!error.is_safe_to_repeat());
    }
    assert_eq!(target.received().len(), 0);
}

#[tokio::test]
async fn no_connection_means_not_sent() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let error = client(&endpoint).send(&CreateOtaDynamicUpgradeJob::default()).await.unwrap_err();
    assert_eq!((error.kind(), error.http_status()), (NotSent, None));
    assert!(error.is_safe_to_repeat());
    assert!(!error.to_string().contains(&endpoint), "{error}");
}

async fn error_at_tls(client: Client) -> Error {
    let error = client.send(&CreateOtaDynamicUpgradeJob::default()).await.unwrap_err();
    assert!(!error.is_safe_to_repeat(), "{error:?}");
    error
}

#[tokio::test]
async fn an_untrusted_certificate_means_not_sendable() {
    let rcgen::CertifiedKey { cert, signing_key } =
        rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let key = PrivatePkcs8KeyDer::from(signing_key.serialize_der());
    let config =
        ServerConfig::builder_with_provider(tokio_rustls::rustls::crypto::aws_lc_rs::default_provider().into())
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![cert.der().clone()], key.into())
            .unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        let (connection, _) = listener.accept().await.unwrap();
        // The client turns away in the middle of the handshake.
        let _ = TlsAcceptor::from(Arc::new(config)).accept(connection).await;
    });
    let error = error_at_tls(client(&format!("https://127.0.0.1:{port}"))).await;
    assert_eq!(error.kind(), NotSendable, "{error}");
    assert!(error.message().contains("certificate"), "{error}");
}

#[tokio::test]
async fn a_server_without_tls_means_not_sendable() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        let (mut connection, _) = listener.accept().await.unwrap();
        tokio::io::AsyncWriteExt::write_all(&mut connection, b"HTTP/1.1 400 Bad Request\r\n\r\n").await.unwrap();
        // Keeps the connection, so that what was written arrives.
        let mut rest = Vec::new();
        let _ = tokio::io::AsyncReadExt::read_to_end(&mut connection, &mut rest).await;
    });
    let error = error_at_tls(client(&format!("https://127.0.0.1:{port}"))).await;
    assert_eq!(error.kind(), NotSendable, "{error}");
}

#[test]
fn a_user_agent_that_is_no_header_value_means_not_sendable() {
    let mut options = options("https://iot.cn-shanghai.aliyuncs.com");
    options.user_agent = "two\nlines".to_owned();
    let error = Client::new(options).unwrap_err();
    assert_eq!(error.kind(), NotSendable);
    assert!(!error.is_safe_to_repeat());
}

#[tokio::test]
async fn codes_with_a_meaning_are_recognised_in_any_case() {
    type Predicate = fn(&Error) -> bool;
    let predicates: [Predicate; 5] = [
        Error::is_job_not_found,
        Error::is_firmware_not_found,
        Error::is_already_cancelled,
        Error::is_already_finished,
        Error::is_throttled,
    ];
    for (code, meaning) in [
        ("iot.ota.taskNotExist", Some(0)),
        ("IOT.OTA.INVALIDJOBID", Some(0)),
        ("iot.ota.FirmwareNotFound", Some(1)),
        ("Iot.ota.InvalidFirmwareUid", Some(1)),
        ("iot.ota.JobHasCanceled", Some(2)),
        ("iot.ota.JobCanceled", Some(2)),
        ("iot.ota.JobHasFinished", Some(3)),
        ("Rejected.Throttling", Some(4)),
        ("iot.common.HighFrequentDeny", Some(4)),
        ("iot.ota.taskNotExist.More", None),
        ("iot.prod.NotExistedProduct", None),
    ] {
        let server = FakeServer::start([service(code, 400)]).await;
        let error = client(&server.endpoint).send(&QueryOtaJob::default()).await.unwrap_err();
        let found: Vec<bool> = predicates.iter().map(|predicate| predicate(&error)).collect();
        let expected: Vec<bool> = (0..predicates.len()).map(|index| Some(index) == meaning).collect();
        assert_eq!(found, expected, "{code}");
    }
}

#[tokio::test]
async fn an_error_says_everything_in_one_line() {
    let body = r#"{"RequestId":"E55E","Success":false,"Code":"iot.ota.X","ErrorMessage":"first\nsecond"}"#;
    let head = "Date: Fri, 02 Jan 2026 03:04:05 GMT\r\nx-acs-retry-after: 1500";
    let server = FakeServer::start([Reply::with_head(400, head, body)]).await;
    let error = client(&server.endpoint).send(&QueryOtaJob::default()).await.unwrap_err();
    let shown = error.to_string();
    let (facts, elapsed) = shown.split_once(", after ").unwrap();
    assert_eq!(
        facts,
        "QueryOTAJob was refused: first second [code iot.ota.X, HTTP status 400, request id E55E, tries 1"
    );
    assert_eq!(elapsed, format!("{} ms]", error.elapsed().as_millis()));
    assert_eq!(error.retry_after(), Some(std::time::Duration::from_millis(1500)));
    assert_eq!(error.server_time(), Some(time::macros::datetime!(2026-01-02 3:04:05 UTC)));
}

#[test]
fn a_signature_mismatch_is_explained_and_never_shows_what_was_signed() {
    let parameters = Parameters::default();
    let request = sign("QueryOTAJob", Method::Post, "cn-shanghai", parameters, &credentials(), Stamp::fresh());
    let ours = &request.string_to_sign;
    let begin = "Specified signature is not matched with our calculation. server string to sign is:";
    for (case, message, expected) in [
        ("same text", format!("{begin}{ours}"), "the AccessKey secret does not belong"),
        ("other text", format!("{begin}{ours}x"), "something in between has changed it"),
        ("no text", "The request signature does not conform".to_owned(), "or something in between"),
    ] {
        let body = serde_json::json!({"Code": "SignatureDoesNotMatch", "Message": message, "RequestId": "id"});
        let body = serde_json::to_vec(&body).unwrap();
        let raw = RawAnswer { status: 400, body, ..RawAnswer::default() };
        let credentials = credentials();
        let sent = Sent { secrets: Secrets { credentials: &credentials, signature: "" }, string_to_sign: ours };
        let Err(verdict) = judge(&raw, sent) else { panic!("{case}") };
        assert_eq!(verdict.kind, Refused, "{case}");
        assert!(verdict.message.contains(expected), "{case}: {}", verdict.message);
        let shown = format!("{verdict:?}");
        for secret in [ACCESS_KEY_ID, TOKEN, "CAISfake", "Timestamp"] {
            assert!(!shown.contains(secret), "{case}: {shown}");
        }
    }
}
