//! Answers that are meant to do harm, or come from something that is not the service: each ends in an error that says which.

use std::time::Duration;

use super::fake_server::{FakeServer, Reply};
use super::options;
use crate::iot::operations::{CreateOtaDynamicUpgradeJob, QueryOtaJob};
use crate::iot::{Client, FailureKind, Timeouts};

/// For answers that come at once, on whatever machine.
const AMPLE: Duration = Duration::from_secs(60);
/// For answers that never come as a whole.
const SHORT: Duration = Duration::from_millis(200);

fn endless(head: &str, part: &str) -> Reply {
    Reply::Endless(format!("HTTP/1.1 200 Any\r\n{head}").into_bytes(), part.repeat(64 * 1024 / part.len()).into_bytes())
}

fn dripping(answer: Reply) -> Reply {
    match answer {
        Reply::Bytes(bytes) => Reply::Drip(bytes, SHORT / 10),
        other => other,
    }
}

#[tokio::test]
async fn each_ends_in_an_error_that_says_which() {
    let deep_json = format!(r#"{{"Success":true,"Data":{}{}}}"#, "[".repeat(10_000), "]".repeat(10_000));
    let deep_xml = format!("<R><Success>true</Success>{}{}</R>", "<a>".repeat(10_000), "</a>".repeat(10_000));
    let many = format!(r#"{{"Success":true,"Data":[{}1]}}"#, "1,".repeat(500_000));
    let success = r#"{"Success":true,"RequestId":"id","Data":{"JobId":"job"}}"#;
    let gibibyte = "Content-Type: application/json\r\nContent-Length: 1073741824\r\n\r\n{\"Text\":\"";
    for (case, reply, read, status, why) in [
        ("deep JSON", Reply::json(200, &deep_json), AMPLE, Some(200), "nested more than 64 deep"),
        ("deep XML", Reply::new(200, "text/xml", &deep_xml), AMPLE, Some(200), "nested more than 64 deep"),
        ("many parts", Reply::json(200, &many), AMPLE, Some(200), "too many parts"),
        ("a body of 1 GiB", endless(gibibyte, "x"), AMPLE, Some(200), "larger than 8 MiB"),
        (
            "chunks without end",
            endless("Transfer-Encoding: chunked\r\n\r\n", "8\r\nxxxxxxxx\r\n"),
            AMPLE,
            Some(200),
            "larger than 8 MiB",
        ),
        (
            "a body without length or end",
            endless("Connection: close\r\n\r\n", " "),
            AMPLE,
            Some(200),
            "larger than 8 MiB",
        ),
        ("a head without end", endless("", "X-Header: value\r\n"), AMPLE, None, "head is too large"),
        ("a slow answer", dripping(Reply::json(200, success)), SHORT, None, "no answer in time"),
        ("a silent one", Reply::Late(AMPLE, Box::new(Reply::json(200, success))), SHORT, None, "no answer in time"),
        (
            "a web page",
            Reply::new(200, "text/html; charset=utf-8", "<html><body>Log in</body></html>"),
            AMPLE,
            Some(200),
            "it came as text/html",
        ),
        (
            "a page that is no XML",
            Reply::new(200, "text/html", "<html><br><p>Log in</html>"),
            AMPLE,
            Some(200),
            "it came as text/html",
        ),
        ("a picture", Reply::new(200, "image/png", b"\x89PNG\r\n"), AMPLE, Some(200), "it came as image/png"),
    ] {
        let server = FakeServer::start([reply.clone(), reply]).await;
        let mut options = options(&server.endpoint);
        options.timeouts = Timeouts { connect: SHORT, read };
        let client = Client::new(options).unwrap();
        let create = client.send(&CreateOtaDynamicUpgradeJob::default()).await.expect_err(case);
        assert_eq!((create.kind(), create.http_status()), (FailureKind::OutcomeUnknown, status), "{case}: {create}");
        assert!(create.message().contains(why), "{case}: {create}");
        assert!(!create.is_safe_to_repeat(), "{case}: the job may be there");
        let query = client.send(&QueryOtaJob::default()).await.expect_err(case);
        assert!(query.message().contains(why) && query.is_safe_to_repeat(), "{case}: {query}");
    }
}

#[tokio::test]
async fn what_an_answer_is_called_does_not_matter_if_it_is_one() {
    let success = r#"{"Success":true,"RequestId":"id","Data":{"JobId":"job"}}"#;
    for content_type in ["text/html", "application/octet-stream", "text/xml", ""] {
        let server = FakeServer::start([Reply::new(200, content_type, success)]).await;
        let client = Client::new(options(&server.endpoint)).unwrap();
        assert_eq!(client.send(&CreateOtaDynamicUpgradeJob::default()).await.unwrap().data.job_id, "job");
    }
}
