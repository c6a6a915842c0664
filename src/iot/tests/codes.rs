//! Every code that the documents name: what it is taken for.

use super::fake_server::{FakeServer, Reply};
use super::{client, credentials};
use crate::iot::FailureKind::{self, OutcomeUnknown, Refused};
use crate::iot::operations::{CreateOtaDynamicUpgradeJob, QueryOtaJob};
use crate::iot::{Operation, read_answer};

/// Code, HTTP status where one is documented, what the failure is, and whether a create and a look may be sent again.
type Row = (&'static str, u16, FailureKind, bool, bool);

/// The rows of `tests/vectors/codes.txt`: a code, a status and a class in each line.
fn rows() -> Vec<Row> {
    let text = include_str!("../../../tests/vectors/codes.txt");
    let lines = text.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines
        .map(|line| {
            let [code, status, class] = line.split_whitespace().collect::<Vec<_>>()[..] else { panic!("{line}") };
            let (kind, create, query) = match class {
                "refused" => (Refused, false, false),
                "throttled" => (Refused, true, true),
                "unknown" => (OutcomeUnknown, false, true),
                other => panic!("{other} is no class"),
            };
            (code, status.parse().unwrap(), kind, create, query)
        })
        .collect()
}

#[test]
fn every_documented_code_has_its_kind() {
    let rows = rows();
    assert!(rows.len() > 90, "{}", rows.len());
    for (code, status, kind, create_again, query_again) in rows {
        // As the gateway says it, and as the service does; in any case of letters.
        for code in [code.to_owned(), code.to_ascii_uppercase()] {
            for body in [
                serde_json::json!({"RequestId": "id", "HostId": "h", "Code": code, "Message": "why"}),
                serde_json::json!({"RequestId": "id", "Success": false, "Code": code, "ErrorMessage": "why"}),
            ] {
                let body = body.to_string().into_bytes();
                let create =
                    read_answer::<CreateOtaDynamicUpgradeJob>(status, body.clone(), &credentials()).unwrap_err();
                let query = read_answer::<QueryOtaJob>(status, body, &credentials()).unwrap_err();
                for error in [&create, &query] {
                    assert_eq!((error.kind(), error.code()), (kind, Some(code.as_str())), "{error}");
                    assert_eq!((error.message(), error.request_id()), ("why", Some("id")), "{error}");
                    assert_eq!(error.http_status(), Some(status));
                }
                assert_eq!(
                    (create.is_safe_to_repeat(), query.is_safe_to_repeat()),
                    (create_again, query_again),
                    "{code}"
                );
            }
        }
    }
}

#[tokio::test]
async fn a_code_counts_over_the_network_as_it_does_here() {
    for (code, status, kind, ..) in rows().into_iter().step_by(9) {
        let body = serde_json::json!({"RequestId": "id", "Code": code, "Message": "why"}).to_string();
        let server = FakeServer::start([Reply::json(status, &body)]).await;
        let error = client(&server.endpoint).send(&QueryOtaJob::default()).await.unwrap_err();
        assert_eq!((error.kind(), error.action(), error.tries()), (kind, QueryOtaJob::ACTION, 1), "{error}");
    }
}
