//! Calls that wait for something outside the process, while others are served: its thread is one.
#![cfg(unix)]

use std::fs::{File, OpenOptions};
use std::io::Write as _;
use std::path::Path;

use serde_json::json;
use terraform_provider_alicloud_iot::plugin::proto::tfplugin6 as wire;
use tokio::process::Command;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio::time::timeout;

use crate::client::{LIMIT, Session};
use crate::values::object_of;

const JOB: &str = "alicloud_iot_ota_dynamic_job";

async fn pipe(path: &Path) {
    assert!(Command::new("mkfifo").arg(path).status().await.unwrap().success());
}

/// The end of a pipe to write to. There is none before somebody reads.
async fn once_read(path: &Path) -> File {
    let (path, (sender, opened)) = (path.to_owned(), oneshot::channel());
    // Not a task: nothing ends one that waits for a reader in vain.
    std::thread::spawn(move || sender.send(OpenOptions::new().write(true).open(path)));
    timeout(LIMIT, opened).await.expect("somebody reads").unwrap().unwrap()
}

/// Starts configuring with a file of profiles, for a service that nothing reaches.
fn configuring(
    session: &Session,
    schema: &wire::get_provider_schema::Response,
    profiles: &Path,
) -> JoinHandle<Result<wire::configure_provider::Response, tonic::Status>> {
    let block = json!({
        "region": "cn-shanghai", "profile": "program", "shared_credentials_file": profiles,
        "endpoints": [{"iot": "http://127.0.0.1:1"}],
    });
    let config = object_of(schema.provider.as_ref(), &block);
    let mut provider = session.provider.clone();
    tokio::spawn(async move {
        let request = wire::configure_provider::Request { config, ..Default::default() };
        Ok(provider.configure_provider(request).await?.into_inner())
    })
}

async fn is_served(session: &mut Session) {
    let answer = session.provider.get_metadata(wire::get_metadata::Request {});
    timeout(LIMIT, answer).await.expect("another call is answered meanwhile").unwrap();
}

#[tokio::test]
async fn a_file_and_a_program_that_take_their_time_hold_up_no_other_call() {
    let directory = tempfile::TempDir::new().unwrap();
    let (profiles, keys) = (directory.path().join("profiles"), directory.path().join("keys"));
    pipe(&profiles).await;
    pipe(&keys).await;
    let mut session = Session::start().await;
    let schema = session.provider.get_provider_schema(wire::get_provider_schema::Request {}).await;
    let schema = schema.unwrap().into_inner();

    let configuring = configuring(&session, &schema, &profiles);
    let mut file = once_read(&profiles).await;
    is_served(&mut session).await;
    let program = format!("cat '{}'", keys.display());
    let profile = json!({"profiles": [{"name": "program", "mode": "External", "process_command": program}]});
    file.write_all(profile.to_string().as_bytes()).unwrap();
    drop(file);
    assert_eq!(timeout(LIMIT, configuring).await.expect("it goes on").unwrap().unwrap().diagnostics, []);

    let state = json!({
        "id": "job", "job_id": "job", "region": "cn-shanghai", "firmware_id": "firmware", "product_key": "product",
        "on_destroy": "cancel_strategy", "on_external_cancel": "recreate",
    });
    let current_state = object_of(schema.resource_schemas.get(JOB), &state);
    let mut provider = session.provider.clone();
    let reading = tokio::spawn(async move {
        let request = wire::read_resource::Request { type_name: JOB.to_owned(), current_state, ..Default::default() };
        provider.read_resource(request).await
    });
    let mut output = once_read(&keys).await;
    is_served(&mut session).await;
    output.write_all(b"no keys").unwrap();
    drop(output);
    let answer = timeout(LIMIT, reading).await.expect("it ends").unwrap().unwrap().into_inner();
    assert!(answer.diagnostics[0].detail.contains("its output cannot be used"), "{:?}", answer.diagnostics);
}

#[tokio::test]
async fn a_file_that_does_not_end_does_not_hold_up_the_end_of_the_process() {
    let directory = tempfile::TempDir::new().unwrap();
    let profiles = directory.path().join("profiles");
    pipe(&profiles).await;
    let mut session = Session::start().await;
    let schema = session.provider.get_provider_schema(wire::get_provider_schema::Request {}).await;
    let configuring = configuring(&session, &schema.unwrap().into_inner(), &profiles);
    let unwritten = once_read(&profiles).await;
    assert!(session.shut_down().await.2.success());
    assert!(configuring.await.unwrap().is_err(), "the call was cut off");
    drop(unwritten);
}
