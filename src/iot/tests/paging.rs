//! All jobs of a package, over several pages.

use super::client;
use super::fake_server::{FakeServer, Reply};
use crate::iot::FailureKind;
use crate::iot::operations::list_all_jobs;

fn page(ids: std::ops::Range<usize>, total: usize) -> Reply {
    let jobs: Vec<_> = ids.map(|id| serde_json::json!({"JobId": id.to_string()})).collect();
    let page = serde_json::json!({
        "Success": true, "RequestId": "id", "Total": total, "PageSize": 200, "PageCount": 1, "CurrentPage": 1,
        "Data": {"SimpleOTAJobInfo": jobs},
    });
    Reply::json(200, &page.to_string())
}

#[tokio::test]
async fn pages_are_read_to_the_end() {
    let server = FakeServer::start([page(0..200, 401), page(200..400, 401), page(400..401, 401)]).await;
    let jobs = list_all_jobs(&client(&server.endpoint), "firmware", Some("iot-cn-1")).await.unwrap().data;
    let ids: Vec<_> = jobs.into_iter().filter_map(|job| job.job_id).collect();
    assert_eq!(ids, (0..401).map(|id| id.to_string()).collect::<Vec<_>>());
    let requests = server.received();
    assert_eq!(requests.len(), 3);
    for (request, number) in requests.iter().zip(1..) {
        let parameters = ["FirmwareId=firmware", "IotInstanceId=iot-cn-1", "PageSize=200"];
        assert!(parameters.iter().all(|pair| request.body.contains(pair)), "{}", request.body);
        assert!(request.body.contains(&format!("CurrentPage={number}&")), "{}", request.body);
    }
}

#[tokio::test]
async fn a_page_that_fails_fails_the_list() {
    let server = FakeServer::start([page(0..200, 401), Reply::json(500, "")]).await;
    let error = list_all_jobs(&client(&server.endpoint), "firmware", None).await.unwrap_err();
    assert_eq!(error.kind(), FailureKind::OutcomeUnknown);
}

#[tokio::test]
async fn a_list_without_an_end_is_an_error() {
    let pages = (0..501).map(|number| page(number * 200..(number + 1) * 200, 0));
    let server = FakeServer::start(pages).await;
    let error = list_all_jobs(&client(&server.endpoint), "firmware", None).await.unwrap_err();
    assert_eq!(error.message(), "the list does not end after 500 pages");
    assert_eq!(server.received().len(), 500);
}

/// All that is listed is kept, so it is bounded by items too, and not by pages alone.
#[tokio::test]
async fn pages_that_are_larger_than_asked_for_do_not_make_a_longer_list() {
    let pages = (0..3).map(|number| page(number * 60_000..(number + 1) * 60_000, 0));
    let server = FakeServer::start(pages).await;
    let error = list_all_jobs(&client(&server.endpoint), "firmware", None).await.unwrap_err();
    assert_eq!(error.message(), "the list does not end after 2 pages");
}
