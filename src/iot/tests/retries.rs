//! Which failures are repeated, how often, and what ends that.

use std::time::{Duration, Instant};

use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use super::fake_server::{FakeServer, Reply};
use super::options;
use crate::iot::FailureKind::{self, NotSent, OutcomeUnknown, Refused};
use crate::iot::operations::{CreateOtaDynamicUpgradeJob, QueryOtaJob};
use crate::iot::{Client, ClientOptions, Error, Quotas, RetryPolicy};

const SUCCESS: &str = r#"{"RequestId":"id","Success":true,"Data":{"JobId":"job"}}"#;
/// Longer than any test takes.
const LONG: Duration = Duration::from_secs(60);

/// A client that does not wait long between tries.
fn client(endpoint: &str) -> Client {
    Client::new(ClientOptions { retry: impatient(), ..options(endpoint) }).unwrap()
}

fn impatient() -> RetryPolicy {
    RetryPolicy { base: Duration::from_millis(1), cap: Duration::from_millis(5), ..RetryPolicy::default() }
}

/// A client that holds itself to quotas.
fn limited(endpoint: &str, quotas: &Quotas) -> Client {
    Client::new(ClientOptions { quotas: quotas.clone(), retry: impatient(), ..options(endpoint) }).unwrap()
}

fn service(code: &str) -> Reply {
    Reply::json(200, &format!(r#"{{"RequestId":"id","Success":false,"Code":"{code}","ErrorMessage":"why"}}"#))
}

fn throttled() -> Reply {
    service("Throttling.User")
}

fn create() -> CreateOtaDynamicUpgradeJob {
    CreateOtaDynamicUpgradeJob::default()
}

fn query() -> QueryOtaJob {
    QueryOtaJob::default()
}

fn summary(error: &Error) -> (FailureKind, u32) {
    (error.kind(), error.tries())
}

#[tokio::test]
async fn what_passes_is_repeated_if_that_is_safe() {
    let web_page = || Reply::new(200, "text/html", "<html><body>Log in</body></html>");
    for (case, failure, create_is_repeated) in [
        ("too many calls", throttled(), true),
        ("too many calls, by somebody else", Reply::new(429, "text/html", "<html><br>"), true),
        ("failure inside", service("iot.system.SystemException"), false),
        ("failure of the gateway", Reply::json(500, r#"{"Code":"InternalError","Message":"why"}"#), false),
        ("unavailable", Reply::new(503, "text/plain", "later"), false),
        ("no answer", Reply::Bytes(Vec::new()), false),
        ("reset", Reply::Reset, false),
        ("unreadable", web_page(), false),
        ("nonce seen before", service("SignatureNonceUsed"), false),
    ] {
        let replies = || [failure.clone(), failure.clone(), Reply::json(200, SUCCESS)];
        let server = FakeServer::start(replies()).await;
        let answer = client(&server.endpoint).send(&query()).await;
        assert_eq!(answer.expect(case).request_id, "id", "{case}");
        let server = FakeServer::start(replies()).await;
        let answer = client(&server.endpoint).send(&create()).await;
        match answer {
            Ok(answer) => assert!(create_is_repeated && answer.data.job_id == "job", "{case}"),
            Err(error) => assert!(!create_is_repeated && summary(&error) == (OutcomeUnknown, 1), "{case}: {error}"),
        }
    }
}

#[tokio::test]
async fn what_stays_is_not_repeated() {
    for code in ["iot.ota.FirmwareNotFound", "SignatureDoesNotMatch", "Forbidden.RAM", "InvalidTimeStamp.Expired"] {
        let server = FakeServer::start([service(code), Reply::json(200, SUCCESS)]).await;
        let error = client(&server.endpoint).send(&query()).await.unwrap_err();
        assert_eq!(summary(&error), (Refused, 1), "{error}");
    }
}

#[tokio::test]
async fn every_try_is_signed_anew() {
    let server = FakeServer::start([throttled(), throttled(), Reply::json(200, SUCCESS)]).await;
    client(&server.endpoint).send(&create()).await.unwrap();
    let bodies: Vec<String> = server.received().into_iter().map(|request| request.body).collect();
    let part = |body: &str, name: &str| body.split('&').find(|pair| pair.starts_with(name)).unwrap().to_owned();
    for name in ["SignatureNonce=", "Signature="] {
        let mut values: Vec<_> = bodies.iter().map(|body| part(body, name)).collect();
        values.dedup();
        assert_eq!(values.len(), 3, "{values:?}");
    }
}

#[tokio::test]
async fn where_nothing_of_the_service_is_found_it_is_soon_given_up() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let nobody = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let error = client(&nobody).send(&create()).await.unwrap_err();
    assert_eq!(summary(&error), (NotSent, 6), "{error}");
    let web_pages = std::iter::repeat_n(Reply::new(404, "text/html", "<html><p>not found</p></html>"), 10);
    let server = FakeServer::start(web_pages).await;
    let error = client(&server.endpoint).send(&query()).await.unwrap_err();
    assert_eq!(summary(&error), (OutcomeUnknown, 6), "{error}");
    assert_eq!(server.received().len(), 6);
}

#[tokio::test]
async fn the_service_is_asked_again_until_the_time_is_over() {
    let failures = std::iter::repeat_n(Reply::new(503, "text/plain", "later"), 1000);
    let server = FakeServer::start(failures).await;
    let deadline = Instant::now() + Duration::from_millis(500);
    let client = client(&server.endpoint).until(deadline);
    let error = client.send(&query()).await.unwrap_err();
    assert!(error.tries() > 6 && error.elapsed() <= LONG, "{error}");
    assert!(error.to_string().contains(&format!("tries {}, after ", error.tries())), "{error}");
    // The deadline may have cut the last one off before it arrived.
    let (tries, arrived) = (error.tries() as usize, server.received().len());
    assert!(arrived == tries || arrived + 1 == tries, "{arrived} of {tries}");
    // Several calls share one deadline: the second has no time left.
    tokio::time::sleep_until(deadline.into()).await;
    let error = client.send(&query()).await.unwrap_err();
    assert_eq!(summary(&error), (NotSent, 0), "{error}");
}

#[tokio::test]
async fn a_wait_that_the_answer_asks_for_is_kept() {
    for head in ["x-acs-retry-after: 300", "Retry-After: 1"] {
        let refusal = Reply::with_head(400, head, r#"{"Code":"Throttling","Message":"why"}"#);
        let server = FakeServer::start([refusal, Reply::json(200, SUCCESS)]).await;
        let started = Instant::now();
        client(&server.endpoint).send(&create()).await.unwrap();
        assert!(started.elapsed() >= Duration::from_millis(300), "{head}");
    }
    // A wait beyond the deadline is not begun.
    let refusal = Reply::with_head(400, "x-acs-retry-after: 50000", r#"{"Code":"Throttling","Message":"why"}"#);
    let server = FakeServer::start([refusal]).await;
    let started = Instant::now();
    let error = client(&server.endpoint).until(started + Duration::from_secs(40)).send(&query()).await.unwrap_err();
    assert_eq!(summary(&error), (Refused, 1), "{error}");
    assert!(started.elapsed() < Duration::from_secs(40));
}

#[tokio::test]
async fn the_deadline_ends_a_look_and_never_a_create_that_was_sent() {
    let late = |after| Reply::Late(after, Box::new(Reply::json(200, SUCCESS)));
    let server = FakeServer::start([late(LONG)]).await;
    let soon = || Instant::now() + Duration::from_millis(50);
    let error = client(&server.endpoint).until(soon()).send(&query()).await.unwrap_err();
    assert_eq!(summary(&error), (OutcomeUnknown, 1), "{error}");
    assert_eq!(error.message(), "no answer had come when the call's time was over");
    let server = FakeServer::start([late(Duration::from_millis(200))]).await;
    let created = client(&server.endpoint).until(soon()).send(&create()).await.unwrap();
    assert_eq!(created.data.job_id, "job");
}

#[tokio::test]
async fn a_stop_ends_waiting_and_never_what_was_sent() {
    // Between two tries.
    let refusal = Reply::with_head(400, "x-acs-retry-after: 50000", r#"{"Code":"Throttling","Message":"why"}"#);
    let server = FakeServer::start([refusal, Reply::json(200, SUCCESS)]).await;
    let stop = CancellationToken::new();
    let stoppable = client(&server.endpoint).stopped_by(stop.clone());
    let call = tokio::spawn({
        let client = stoppable.clone();
        async move { client.send(&create()).await }
    });
    while server.received().is_empty() {
        tokio::task::yield_now().await;
    }
    stop.cancel();
    let error = call.await.unwrap().unwrap_err();
    assert_eq!((summary(&error), error.is_interrupted()), ((Refused, 1), true), "{error}");
    // Before the first.
    let error = stoppable.send(&create()).await.unwrap_err();
    assert_eq!(
        (summary(&error), error.message()),
        ((NotSent, 0), "the run was interrupted before the request was sent")
    );
    assert!(error.is_interrupted() && server.received().len() == 1);
    // During one.
    let late = Reply::Late(Duration::from_millis(200), Box::new(Reply::json(200, SUCCESS)));
    let server = FakeServer::start([late]).await;
    let stop = CancellationToken::new();
    let call = client(&server.endpoint).stopped_by(stop.clone());
    let call = tokio::spawn(async move { call.send(&create()).await });
    while server.received().is_empty() {
        tokio::task::yield_now().await;
    }
    stop.cancel();
    assert_eq!(call.await.unwrap().unwrap().data.job_id, "job");
}

#[tokio::test]
async fn calls_wait_for_their_quota_and_fail_unsent_if_that_takes_too_long() {
    let server = FakeServer::start(std::iter::repeat_n(Reply::json(200, SUCCESS), 4)).await;
    let quotas = Quotas::documented();
    let started = Instant::now();
    // Two clients of one account.
    for _ in 0..2 {
        limited(&server.endpoint, &quotas).send(&query()).await.unwrap();
    }
    assert!(started.elapsed() >= Duration::from_millis(100), "ten a second");
    limited(&server.endpoint, &quotas).send(&create()).await.unwrap();
    quotas.limiter::<QueryOtaJob>().unwrap().hold_back(LONG);
    let at_once = limited(&server.endpoint, &quotas).until(Instant::now() + Duration::from_millis(1));
    let error = at_once.send(&query()).await.unwrap_err();
    assert_eq!(summary(&error), (NotSent, 0), "{error}");
    assert!(error.message().contains("10 a second"), "{error}");
    assert_eq!(server.received().len(), 3);
}

#[tokio::test]
async fn a_refusal_for_too_many_calls_holds_other_callers_back() {
    let refusal = Reply::with_head(400, "x-acs-retry-after: 300", r#"{"Code":"Throttling","Message":"why"}"#);
    let server = FakeServer::start([refusal, Reply::json(200, SUCCESS), Reply::json(200, SUCCESS)]).await;
    let client = limited(&server.endpoint, &Quotas::documented());
    let refused = tokio::spawn({
        let client = client.clone();
        async move { client.send(&query()).await }
    });
    while server.received().is_empty() {
        tokio::task::yield_now().await;
    }
    let started = Instant::now();
    tokio::time::sleep(Duration::from_millis(20)).await;
    client.send(&query()).await.unwrap();
    assert!(started.elapsed() >= Duration::from_millis(290), "{:?}", started.elapsed());
    refused.await.unwrap().unwrap();
}

#[test]
fn waits_grow_to_their_cap_and_are_spread_over_the_whole_of_it() {
    use crate::iot::retry::Tries;
    let policy = RetryPolicy::default();
    let error = crate::iot::read_answer::<QueryOtaJob>(503, b"later".to_vec(), &super::credentials()).unwrap_err();
    let mut longest = [Duration::ZERO; 12];
    let mut shortest = [Duration::MAX; 12];
    for _ in 0..500 {
        let mut tries = Tries::new(policy);
        for (longest, shortest) in longest.iter_mut().zip(&mut shortest) {
            tries.begin();
            let wait = tries.wait_after(&error).unwrap();
            *longest = wait.max(*longest);
            *shortest = wait.min(*shortest);
        }
    }
    let bounds = [0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 20.0, 20.0, 20.0, 20.0, 20.0, 20.0];
    for (try_number, bound) in bounds.into_iter().enumerate() {
        let (longest, shortest) = (longest[try_number].as_secs_f64(), shortest[try_number].as_secs_f64());
        assert!(longest <= bound && longest > bound * 0.9, "{longest} of {bound}");
        assert!(shortest < bound * 0.1, "{shortest} of {bound}");
    }
}

#[test]
fn a_call_ends_with_its_own_time_or_with_its_clients() {
    let started = tokio::time::Instant::now();
    let minutes = |minutes: u64| Duration::from_secs(60 * minutes);
    for (within, deadline, end) in [
        (None, None, 10),
        (None, Some(30), 30),
        (None, Some(5), 5),
        (Some(20), None, 20),
        (Some(20), Some(30), 20),
        (Some(20), Some(5), 5),
    ] {
        let policy = RetryPolicy { within: within.map(minutes), ..RetryPolicy::default() };
        let ends = policy.end(started, deadline.map(|deadline| started + minutes(deadline)));
        assert_eq!(ends, started + minutes(end), "{within:?} {deadline:?}");
    }
}
