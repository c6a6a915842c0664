//! One renewal for everybody, and none too late.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicI64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use time::{Duration, OffsetDateTime};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use crate::iot::operations::QueryOtaJob;
use crate::iot::tests::fake_server::{FakeServer, Reply};
use crate::iot::tests::options;
use crate::iot::{Client, ClientOptions, CredentialCache, CredentialSource, Credentials, Error};

/// Seconds from the start of the test's time.
fn moment(seconds: i64) -> OffsetDateTime {
    OffsetDateTime::UNIX_EPOCH + Duration::seconds(seconds)
}

fn keys(id: &str, until: i64) -> Credentials {
    Credentials::new(id.to_owned(), "secret".into(), Some("token".into())).expiring_at(moment(until))
}

fn failure(reason: &str) -> Error {
    Error::no_credentials(reason, true)
}

/// Gives prepared answers, each only when it is let.
#[derive(Debug, Clone)]
struct Prepared(Arc<Inside>);

#[derive(Debug)]
struct Inside {
    answers: Mutex<VecDeque<Result<Credentials, Error>>>,
    asked: AtomicUsize,
    lets: Semaphore,
    now: AtomicI64,
}

impl Prepared {
    fn new(answers: impl IntoIterator<Item = Result<Credentials, Error>>) -> (Self, CredentialCache) {
        let source = Self(Arc::new(Inside {
            answers: Mutex::new(answers.into_iter().collect()),
            asked: AtomicUsize::new(0),
            lets: Semaphore::new(1000),
            now: AtomicI64::new(0),
        }));
        let inside = source.0.clone();
        let clock = move || moment(inside.now.load(Ordering::SeqCst));
        (source.clone(), CredentialCache::with_clock(Box::new(source), Box::new(clock)))
    }

    fn asked(&self) -> usize {
        self.0.asked.load(Ordering::SeqCst)
    }

    fn at(&self, seconds: i64) {
        self.0.now.store(seconds, Ordering::SeqCst);
    }
}

#[async_trait]
impl CredentialSource for Prepared {
    fn describe(&self) -> String {
        "prepared".to_owned()
    }

    async fn fetch(&self) -> Result<Credentials, Error> {
        self.0.asked.fetch_add(1, Ordering::SeqCst);
        self.0.lets.acquire().await.unwrap().forget();
        self.0.answers.lock().unwrap().pop_front().unwrap()
    }
}

async fn id(cache: &CredentialCache) -> Result<String, String> {
    let keys = cache.current().await;
    keys.map(|keys| keys.access_key_id().to_owned()).map_err(|error| error.message().to_owned())
}

/// What 64 callers get that ask before the source answers.
async fn crowd(source: &Prepared, cache: &CredentialCache) -> Vec<Result<String, String>> {
    source.0.lets.forget_permits(1000);
    let mut callers = JoinSet::new();
    for _ in 0..64 {
        let cache = cache.clone();
        callers.spawn(async move { id(&cache).await });
    }
    // On one thread: every caller gets as far as it can.
    tokio::task::yield_now().await;
    source.0.lets.add_permits(1000);
    let mut answers = callers.join_all().await;
    answers.sort();
    answers.dedup();
    answers
}

#[tokio::test]
async fn sixty_four_callers_cause_one_renewal() {
    let (source, cache) = Prepared::new([Ok(keys("first", 1000)), Ok(keys("second", 2000)), Ok(keys("third", 3000))]);
    assert_eq!(crowd(&source, &cache).await, [Ok("first".to_owned())]);
    assert_eq!(source.asked(), 1);
    // Three minutes before the end one of them renews, and the others do not wait for it.
    source.at(820);
    assert_eq!(crowd(&source, &cache).await, [Ok("first".to_owned()), Ok("second".to_owned())]);
    assert_eq!((source.asked(), id(&cache).await), (2, Ok("second".to_owned())));
    // After the end all of them wait for one.
    source.at(2000);
    assert_eq!(crowd(&source, &cache).await, [Ok("third".to_owned())]);
    assert_eq!(source.asked(), 3);
}

#[tokio::test]
async fn a_failure_is_everybodys() {
    let (source, cache) = Prepared::new([Err(failure("no network")), Ok(keys("first", 1000))]);
    assert_eq!(crowd(&source, &cache).await, [Err("no network".to_owned())]);
    assert_eq!(source.asked(), 1);
    assert_eq!(id(&cache).await, Ok("first".to_owned()));
}

#[tokio::test]
async fn keys_are_renewed_three_minutes_before_their_end() {
    let (source, cache) = Prepared::new([Ok(keys("first", 1000)), Ok(keys("second", 2000))]);
    for (now, expected) in [(0, "first"), (819, "first"), (820, "second"), (1819, "second")] {
        source.at(now);
        assert_eq!(id(&cache).await, Ok(expected.to_owned()), "{now}");
    }
}

#[tokio::test]
async fn keys_that_hold_outlive_a_renewal_that_fails() {
    let answers = [Ok(keys("first", 1000)), Err(failure("a")), Err(failure("b")), Err(failure("c"))];
    let (source, cache) = Prepared::new(answers);
    for (now, expected, asked) in [
        (0, Ok("first"), 1),
        (900, Ok("first"), 2),
        // Not at every request.
        (909, Ok("first"), 2),
        (910, Ok("first"), 3),
        (1000, Err("c"), 4),
    ] {
        source.at(now);
        assert_eq!(id(&cache).await, expected.map(str::to_owned).map_err(str::to_owned), "{now}");
        assert_eq!(source.asked(), asked, "{now}");
    }
}

#[tokio::test]
async fn a_source_that_gives_the_same_keys_to_their_end_is_not_asked_at_every_request() {
    let (source, cache) = Prepared::new(std::iter::repeat_n(Ok(keys("same", 1000)), 3));
    for (now, asked) in [(0, 1), (900, 2), (905, 2), (910, 3), (911, 3)] {
        source.at(now);
        assert_eq!((id(&cache).await, source.asked()), (Ok("same".to_owned()), asked), "{now}");
    }
}

#[tokio::test]
async fn keys_that_are_over_are_no_keys() {
    let (source, cache) = Prepared::new([Ok(keys("old", 5))]);
    source.at(5);
    assert!(id(&cache).await.unwrap_err().contains("expired already"));
}

#[tokio::test]
async fn keys_without_an_end_are_got_once() {
    let forever = || Ok(Credentials::new("forever".to_owned(), "secret".into(), None));
    let (source, cache) = Prepared::new([forever(), forever()]);
    for now in [0, 1_000_000] {
        source.at(now);
        assert_eq!((id(&cache).await, source.asked()), (Ok("forever".to_owned()), 1));
    }
}

const OVER: &str = r#"{"Code":"InvalidSecurityToken.Expired","Message":"over","RequestId":"id"}"#;
const JOB: &str = r#"{"Success":true,"RequestId":"id","Data":{"JobId":"job"}}"#;

fn client(endpoint: &str, credentials: CredentialCache) -> Client {
    Client::new(ClientOptions { credentials, ..options(endpoint) }).unwrap()
}

/// The id of the key that each request was signed with.
fn signers(server: &FakeServer) -> Vec<String> {
    let key = |body: String| body.split('&').find_map(|it| it.strip_prefix("AccessKeyId=")).unwrap().to_owned();
    server.received().into_iter().map(|request| key(request.body)).collect()
}

#[tokio::test]
async fn a_call_whose_keys_are_over_is_sent_again_with_newer_ones() {
    let server = FakeServer::start([Reply::json(400, OVER), Reply::json(200, JOB), Reply::json(200, JOB)]).await;
    let (source, cache) = Prepared::new([Ok(keys("first", 1000)), Ok(keys("second", 1000))]);
    let client = client(&server.endpoint, cache);
    for _ in 0..2 {
        client.send(&QueryOtaJob::default()).await.unwrap();
    }
    assert_eq!((signers(&server), source.asked()), (vec!["first".into(), "second".into(), "second".into()], 2));
}

#[tokio::test]
async fn a_source_without_newer_keys_leaves_the_refusal_as_it_is() {
    let server = FakeServer::start([Reply::json(400, OVER)]).await;
    let (_, cache) = Prepared::new([Ok(keys("first", 1000)), Ok(keys("first", 1000))]);
    let error = client(&server.endpoint, cache).send(&QueryOtaJob::default()).await.unwrap_err();
    assert_eq!((error.code(), signers(&server).len()), (Some("InvalidSecurityToken.Expired"), 1));
}

#[tokio::test]
async fn without_keys_nothing_is_sent() {
    let server = FakeServer::start([]).await;
    let (_, cache) = Prepared::new([Err(failure("no network"))]);
    let error = client(&server.endpoint, cache).send(&QueryOtaJob::default()).await.unwrap_err();
    assert!(error.is_about_credentials() && error.is_safe_to_repeat());
    assert!(error.to_string().starts_with("Getting credentials did not succeed: no network"), "{error}");
    assert_eq!(server.received().len(), 0);
}
