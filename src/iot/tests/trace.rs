//! What a listener at the finest level sees of an exchange.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Once;

use proptest::prelude::*;
use serde_json::json;
use tracing::field::{Field, Visit};
use tracing::{Event, Level, Subscriber};
use tracing_subscriber::Registry;
use tracing_subscriber::layer::{Context, Layer, SubscriberExt as _};

use super::fake_server::{FakeServer, Reply};
use super::{ACCESS_KEY_ID, SECRET, TOKEN, client, credentials};
use crate::iot::operations::{CancelOtaStrategyByJob, QueryOtaJob};
use crate::iot::redact::Secrets;
use crate::iot::transport::RawAnswer;
use crate::iot::{Endpoint, Method, Parameters, encode, trace};

/// An event's fields as text, and its level.
type Seen = (Level, BTreeMap<String, String>);

thread_local! {
    /// What the test of this thread listens with. One subscriber serves them all: whether anybody listens is
    /// remembered for all threads together.
    static LISTENING: RefCell<Vec<Seen>> = const { RefCell::new(Vec::new()) };
}

/// Sees the events of this thread.
struct Listener;

impl Listener {
    fn start() -> Self {
        static SUBSCRIBED: Once = Once::new();
        SUBSCRIBED.call_once(|| tracing::subscriber::set_global_default(Registry::default().with(Collector)).unwrap());
        LISTENING.take();
        Self
    }

    /// The events of this package, by message.
    fn saw(&self, message: &str) -> Vec<BTreeMap<String, String>> {
        self.seen().into_iter().filter(|(_, fields)| fields["message"] == message).map(|(_, fields)| fields).collect()
    }

    fn seen(&self) -> Vec<Seen> {
        LISTENING.with_borrow(Clone::clone)
    }

    fn everything(&self) -> String {
        format!("{:?}", self.seen())
    }
}

struct Collector;

impl<S: Subscriber> Layer<S> for Collector {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        if event.metadata().target().starts_with(env!("CARGO_CRATE_NAME")) {
            let mut fields = Fields::default();
            event.record(&mut fields);
            LISTENING.with_borrow_mut(|seen| seen.push((*event.metadata().level(), fields.0)));
        }
    }
}

#[derive(Default)]
struct Fields(BTreeMap<String, String>);

impl Visit for Fields {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.0.insert(field.name().to_owned(), format!("{value:?}"));
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.0.insert(field.name().to_owned(), value.to_owned());
    }
}

fn query() -> QueryOtaJob {
    QueryOtaJob { job_id: "job-1".to_owned(), iot_instance_id: None }
}

const ANSWER: &str = r#"{"RequestId":"R-1","Success":true,"Data":{"JobId":"job-1","FirmwareId":"fw","DestVersion":"2.0.0",
    "Tags":{"OtaTagDTO":[{"Key":"site","Value":"a/b"},{"Key":"x","Value":""}]},"MaximumPerMinute":1000,
    "SrcVersions":{"SrcVersion":["1.0","1.1"]},"DownloadKey":"shown by name only","GroupId":null,
    "FirmwareUrl":"https://bucket.oss-cn-shanghai.aliyuncs.com/fw.bin?Expires=1&OSSAccessKeyId=k&Signature=s"}}"#;

#[tokio::test]
async fn a_request_and_its_answer_are_shown() {
    let head = "Date: Fri, 02 Jan 2026 03:04:05 GMT\r\nx-acs-request-id: R-1";
    let server = FakeServer::start([Reply::with_head(200, head, ANSWER)]).await;
    let listener = Listener::start();
    client(&server.endpoint).send(&query()).await.unwrap();
    let request = &listener.saw("sending a request")[0];
    assert_eq!(request["action"], "QueryOTAJob");
    assert_eq!(request["method"], "POST");
    assert_eq!(request["url"], server.endpoint);
    let sent: BTreeMap<_, _> = request["parameters"].split(' ').map(|pair| pair.split_once('=').unwrap()).collect();
    let names: Vec<_> = sent.keys().copied().collect();
    assert_eq!(
        names,
        [
            "AccessKeyId",
            "Action",
            "Format",
            "JobId",
            "RegionId",
            "SecurityToken",
            "Signature",
            "SignatureMethod",
            "SignatureNonce",
            "SignatureVersion",
            "Timestamp",
            "Version"
        ]
    );
    for (name, value) in [
        ("AccessKeyId", "LTAI***01"),
        ("Action", "QueryOTAJob"),
        ("JobId", "job-1"),
        ("SecurityToken", "(hidden)"),
        ("Signature", "(hidden)"),
        ("SignatureMethod", "HMAC-SHA1"),
    ] {
        assert_eq!(sent[name], value, "{name}");
    }
    assert!(sent["SignatureNonce"].len() == 36 && sent["Timestamp"].ends_with('Z'), "{sent:?}");
    let answer = &listener.saw("received an answer")[0];
    assert_eq!(answer["action"], "QueryOTAJob");
    assert_eq!([&answer["http_status"], &answer["request_id"]], ["200", "R-1"]);
    assert_eq!(answer["date"], "2026-01-02 3:04:05.0 +00:00:00");
    assert_eq!(answer["body_bytes"], ANSWER.len().to_string());
    assert_eq!(
        answer["body"],
        "{RequestId=R-1, Success=true, Data={JobId=job-1, FirmwareId=fw, DestVersion=2.0.0, \
         Tags={OtaTagDTO=[{Key=site, Value=a/b}, {Key=x, Value=}]}, MaximumPerMinute=1000, \
         SrcVersions={SrcVersion=[1.0, 1.1]}, DownloadKey=(hidden), GroupId=null, \
         FirmwareUrl=https://bucket.oss-cn-shanghai.aliyuncs.com/fw.bin?(hidden)}}"
    );
}

#[tokio::test]
async fn answers_that_do_not_come_or_are_none_are_shown_as_such() {
    let half = Reply::claiming(200, "Content-Type: application/json", 100, "{");
    let replies = [Reply::Bytes(Vec::new()), half, Reply::json(502, "Bad gateway for token CAISfake")];
    let server = FakeServer::start(replies).await;
    let client = client(&server.endpoint);
    let listener = Listener::start();
    for _ in 0..3 {
        client.send(&query()).await.unwrap_err();
    }
    let losses = listener.saw("received no whole answer");
    assert_eq!(losses.len(), 2);
    assert!(!losses[0].contains_key("http_status") && losses[1]["http_status"] == "200", "{losses:?}");
    let answers = listener.saw("received an answer");
    assert_eq!(answers[0]["http_status"], "502");
    assert_eq!(answers[0]["body"], "(hidden): it is neither a JSON object nor an XML document");
}

/// The values are made by the event itself, and so only where this level is asked for.
#[tokio::test]
async fn the_exchange_is_shown_at_the_finest_level_only() {
    let server = FakeServer::start([Reply::json(200, ANSWER), Reply::Bytes(Vec::new())]).await;
    let listener = Listener::start();
    let client = client(&server.endpoint);
    client.send(&query()).await.unwrap();
    client.send(&query()).await.unwrap_err();
    let levels: Vec<_> = listener.seen().into_iter().map(|(level, _)| level).collect();
    let of_keys = [Level::DEBUG];
    let of_a_call = [Level::TRACE, Level::TRACE, Level::DEBUG];
    assert_eq!(levels, [&of_keys[..], &of_a_call, &of_a_call].concat());
}

/// Every spelling of every secret, and the signature that was sent.
fn spellings(signature: &str) -> Vec<String> {
    let secrets = [ACCESS_KEY_ID, SECRET, TOKEN, signature];
    let spelled = secrets.iter().flat_map(|secret| {
        let once = encode::percent_encode(secret);
        [encode::percent_encode(&once), once, (*secret).to_owned()]
    });
    spelled.filter(|spelling| !spelling.is_empty()).collect()
}

/// A service that repeats all it was sent, wherever there is room: as names and values of members, as a message, as
/// what was signed, and as no answer at all.
#[tokio::test]
async fn nothing_shown_holds_a_secret_whatever_the_service_repeats() {
    let listener = Listener::start();
    let repeated = spellings("").join(" ");
    for body in [
        json!({"RequestId": repeated, "Success": true, "Data": {repeated.as_str(): [repeated, {"JobId": repeated}]}}),
        json!({"Code": "SignatureDoesNotMatch", "Message": format!("string to sign is:{repeated}")}),
        json!({"Code": repeated, "ErrorMessage": format!("Signature={repeated}"), "Unknown": repeated}),
        json!(repeated),
    ] {
        let head = format!("x-acs-request-id: {repeated}");
        let server = FakeServer::start([Reply::with_head(400, &head, body.to_string())]).await;
        let operation = CancelOtaStrategyByJob { job_id: repeated.clone(), iot_instance_id: None };
        let _ = client(&server.endpoint).send(&operation).await;
        let sent = server.received()[0].body.clone();
        let signature = sent.rsplit_once("Signature=").unwrap().1;
        let everything = listener.everything();
        assert!(!everything.contains(signature), "{everything}");
        for secret in spellings("") {
            assert!(!everything.contains(&secret), "{secret} is in {everything}");
        }
    }
    assert_eq!(listener.saw("sending a request").len(), 4);
}

#[test]
fn a_signature_that_was_sent_is_not_shown_when_it_comes_back() {
    let listener = Listener::start();
    let signature = "imJ6jqd9hXgKaE6RByPY/zxHOIo=";
    let credentials = credentials();
    let body = json!({"Message": spellings(signature).join(" ")}).to_string().into_bytes();
    let raw = RawAnswer { status: 200, body, ..RawAnswer::default() };
    trace::answer("X", &raw, Secrets { credentials: &credentials, signature });
    let everything = listener.everything();
    assert!(everything.contains("Message=(hidden)") || everything.contains("Message=LTAI***01"), "{everything}");
    for secret in spellings(signature) {
        assert!(!everything.contains(&secret), "{secret} is in {everything}");
    }
}

/// Not of this client: those that an answer brings.
#[test]
fn secrets_that_an_answer_brings_are_not_shown() {
    for (folder, hidden, shown) in [
        ("upload-form", ["Policy", "Signature", "OSSAccessKeyId"].as_slice(), "Host=https://iotx-ota"),
        ("query-device", &["DeviceSecret", "DeviceName", "IotId"], "FirmwareVersion=V1.0.1"),
    ] {
        for format in ["json", "xml"] {
            let listener = Listener::start();
            let credentials = credentials();
            let path = format!("{}/tests/vectors/answers/{folder}/answer.{format}", env!("CARGO_MANIFEST_DIR"));
            let body = std::fs::read(path).unwrap();
            let raw = RawAnswer { status: 200, body, ..RawAnswer::default() };
            trace::answer("X", &raw, Secrets { credentials: &credentials, signature: "" });
            let body = &listener.saw("received an answer")[0]["body"];
            assert!(body.contains(shown), "{body}");
            assert!(hidden.iter().all(|name| body.contains(&format!("{name}=(hidden)"))), "{body}");
        }
    }
}

#[test]
fn a_long_answer_is_cut_to_what_a_reader_of_logs_takes() {
    let listener = Listener::start();
    let credentials = credentials();
    let jobs: Vec<_> = (0..10_000).map(|number| json!({"JobId": number.to_string(), "Tag": "上"})).collect();
    let body = json!({"Data": jobs}).to_string().into_bytes();
    let raw = RawAnswer { status: 200, body, ..RawAnswer::default() };
    trace::answer("ListOTAJobByFirmware", &raw, Secrets { credentials: &credentials, signature: "" });
    let body = &listener.saw("received an answer")[0]["body"];
    assert!(body.starts_with("{Data=[{JobId=0, Tag=(hidden)}, ") && body.ends_with('…'), "{body}");
    assert!((16_000..=16 * 1024 + 3).contains(&body.len()), "{}", body.len());
}

/// Names are texts of others too: to look for secrets in all of these would take a minute and more.
#[test]
fn nothing_is_looked_through_for_which_there_is_no_room() {
    let listener = Listener::start();
    let credentials = credentials();
    let body = format!("{{{}\"%\":1}}", "\"%\":1,".repeat(400_000)).into_bytes();
    let raw = RawAnswer { status: 200, body, ..RawAnswer::default() };
    trace::answer("X", &raw, Secrets { credentials: &credentials, signature: "" });
    let body = &listener.saw("received an answer")[0]["body"];
    assert!(body.starts_with("{%=(hidden), %=(hidden), ") && body.ends_with('…'), "{body}");
}

proptest! {
    /// Only the names of parameters can make their values appear, and then without a secret in them.
    #[test]
    fn no_parameter_shows_a_secret(
        names in prop::collection::vec("[A-Z][A-Za-z]{0,12}(\\.[0-9]{1,2})?|FirmwareId|Tag\\.1\\.Value|JobId|Signature", 1..6),
        around in "[ -~]{0,8}",
        which in 0..9_usize,
    ) {
        let listener = Listener::start();
        let credentials = credentials();
        let secret = &spellings("")[which];
        let mut parameters = Parameters::default();
        parameters.text("AccessKeyId", ACCESS_KEY_ID);
        parameters.text("SecurityToken", TOKEN);
        for name in &names {
            parameters.text(name, format!("{around}{secret}{around}"));
        }
        let endpoint = Endpoint::parse("https://example.com").unwrap();
        trace::request(&endpoint, Method::Post, "X", &parameters, Secrets { credentials: &credentials, signature: "" });
        let shown = &listener.saw("sending a request")[0]["parameters"];
        for spelling in spellings("") {
            prop_assert!(!shown.contains(&spelling), "{} is in {}", spelling, shown);
        }
        for name in &names {
            prop_assert!(shown.contains(&format!("{name}=")), "{}", shown);
        }
    }
}
