//! How much one message may hold, and what many of them leave behind.

use serde_json::json;
use terraform_provider_alicloud_iot::plugin::proto::tfplugin6 as wire;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

use crate::client::Session;
use crate::values::object_of;

const JOB: &str = "alicloud_iot_ota_dynamic_job";

/// What go-plugin's providers take, and core's clients send at most.
const LARGEST_MESSAGE: usize = 256 << 20;

/// A state of the job as JSON of that size, nearly all of it in one attribute.
fn state_of(bytes: usize) -> wire::upgrade_resource_state::Request {
    let mut json = br#"{"firmware_id":""#.to_vec();
    json.resize(bytes - 2, b'x');
    json.extend(br#""}"#);
    let raw_state = Some(wire::RawState { json, ..Default::default() });
    wire::upgrade_resource_state::Request { type_name: JOB.to_owned(), version: 0, raw_state }
}

#[tokio::test]
async fn a_message_may_hold_256_mebibytes_in_both_directions_and_no_more() {
    let mut session = Session::start().await;
    // The rest is for what stands around the attribute.
    let answer = session.provider.upgrade_resource_state(state_of(LARGEST_MESSAGE - 4096)).await.unwrap().into_inner();
    assert_eq!(answer.diagnostics, []);
    assert!(answer.upgraded_state.unwrap().msgpack.len() > LARGEST_MESSAGE - 8192);
    // The client's own limit is taken away, so that the server's is met.
    let mut careless = session.provider.clone().max_encoding_message_size(usize::MAX);
    let error = careless.upgrade_resource_state(state_of(LARGEST_MESSAGE + 1)).await.unwrap_err();
    assert_eq!(error.code(), tonic::Code::OutOfRange, "{error}");
    session.provider.get_metadata(wire::get_metadata::Request {}).await.unwrap();
}

/// Resident memory of the provider in KiB.
#[cfg(target_os = "linux")]
fn resident(session: &Session) -> u64 {
    let pid = session.plugin.process.id().unwrap();
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    line.trim().trim_end_matches(" kB").parse().unwrap()
}

/// A plan of ten thousand resources, as core asks for it: what one call needs is gone after it.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn memory_does_not_grow_with_the_number_of_plans() {
    let mut session = Session::start().await;
    let schema = session.configure().await;
    let set = json!({
        "firmware_id": "firmware", "product_key": "product", "src_versions": ["1.0.0", "1.0.1"],
        "tags": {"team": "field"}, "maximum_per_minute": 100, "need_push": true,
    });
    let job = object_of(schema.resource_schemas.get(JOB), &set);
    let request = wire::plan_resource_change::Request {
        type_name: JOB.to_owned(),
        proposed_new_state: job.clone(),
        config: job,
        ..Default::default()
    };
    let mut plans = async |count: usize| {
        for _ in 0..count {
            let answer = session.provider.plan_resource_change(request.clone()).await.unwrap().into_inner();
            assert_eq!(answer.diagnostics, []);
        }
        resident(&session)
    };
    let early = plans(1_000).await;
    let late = plans(9_000).await;
    assert!(late <= early + early / 10, "{early} KiB after 1,000 plans, {late} KiB after 10,000");
}

/// A service that answers every call with so many jobs that run; its endpoint.
async fn service_with_running(jobs: usize) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    let jobs: Vec<_> =
        (0..jobs).map(|number| json!({"JobId": number.to_string(), "SelectionType": "DYNAMIC"})).collect();
    let body = json!({"Success": true, "Data": {"SimpleOTAJobInfo": jobs}}).to_string();
    let answer = format!("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: {}\r\n\r\n{body}", body.len());
    tokio::spawn(async move {
        while let Ok((mut connection, _)) = listener.accept().await {
            // What is asked makes no difference; one read takes all of it.
            let _ = connection.read(&mut [0; 16 * 1024]).await;
            let _ = connection.write_all(answer.as_bytes()).await;
        }
    });
    endpoint
}

/// The service lets a package have one. At ten calls a second, to ask for each of these would take a quarter of a minute,
/// and for those of a longer list hours.
#[tokio::test]
async fn a_service_that_shows_many_running_jobs_is_not_asked_for_each() {
    let mut session = Session::start().await;
    let schema = session.configure_for(&service_with_running(150).await, "error").await;
    let job =
        object_of(schema.resource_schemas.get(JOB), &json!({"firmware_id": "firmware", "product_key": "product"}));
    let request = wire::plan_resource_change::Request {
        type_name: JOB.to_owned(),
        proposed_new_state: job.clone(),
        config: job,
        ..Default::default()
    };
    let answer = session.provider.plan_resource_change(request).await.unwrap().into_inner();
    let running = answer.diagnostics.iter().filter(|it| it.summary == "Update Package Has A Running Job");
    assert_eq!(running.count(), 5, "{:?}", answer.diagnostics);
}
