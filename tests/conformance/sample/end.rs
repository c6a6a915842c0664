//! How calls end when somebody wants them to, and how the process does.

use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;

use serde_json::{Value as Json, json};
use terraform_provider_alicloud_iot::plugin::proto::goplugin::Empty;
use terraform_provider_alicloud_iot::plugin::proto::goplugin::grpc_controller_client::GrpcControllerClient;
use terraform_provider_alicloud_iot::plugin::proto::tfplugin6 as wire;
use terraform_provider_alicloud_iot::plugin::proto::tfplugin6::provider_client::ProviderClient;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::net::UnixStream;
use tokio::process::{Child, Command};
use tokio::task::JoinHandle;
use tonic::transport::{Channel, Endpoint};

use super::action::{APPEND, invoked};
use super::{NOTE, Sample, note, note_of, said};
use crate::client::{ClientIdentity, LIMIT, Plugin, Session, command_of, hosted_of, sample};
use crate::values::value;

fn creation(name: &str, text: &str) -> wire::apply_resource_change::Request {
    let attributes = note(&json!({"name": name, "text": text}));
    wire::apply_resource_change::Request {
        type_name: NOTE.to_owned(),
        planned_state: attributes.clone(),
        config: attributes,
        ..Default::default()
    }
}

/// Starts creating the note whose creation ends only when it is stopped, and waits until it is under way.
async fn creating(sample: &Sample) -> JoinHandle<Result<wire::apply_resource_change::Response, tonic::Status>> {
    let mut provider = sample.session.provider.clone();
    let call =
        tokio::spawn(async move { Ok(provider.apply_resource_change(creation("slow", "x")).await?.into_inner()) });
    sample.appears("slow").await;
    call
}

async fn signal(process: &Child, name: &str) {
    let pid = process.id().unwrap().to_string();
    assert!(Command::new("kill").args([name, &pid]).status().await.unwrap().success());
}

/// The creation that was stopped came to its end, which takes a while after the stop.
fn assert_ended(directory: &std::path::Path) {
    assert!(directory.join("slow-ended.json").exists(), "the call was cut off");
}

fn assert_interrupted(answer: &wire::apply_resource_change::Response) {
    assert_eq!(said(&answer.diagnostics), ["warning: Interrupted"]);
    assert_eq!(note_of(answer.new_state.as_ref()), json!({"name": "slow", "text": "x", "length": 1}));
}

#[tokio::test]
async fn stop_ends_what_runs_and_its_answer_still_comes() {
    let mut sample = Sample::start().await;
    let call = creating(&sample).await;
    sample.session.provider.stop_provider(wire::stop_provider::Request {}).await.unwrap();
    let answer = tokio::time::timeout(LIMIT, call).await.expect("an answer").unwrap().unwrap();
    assert_interrupted(&answer);
    // Core still makes calls for the run that it stops: they have no more time either.
    std::fs::remove_file(sample.file("slow")).unwrap();
    let call = creating(&sample).await;
    assert_interrupted(&tokio::time::timeout(LIMIT, call).await.expect("an answer").unwrap().unwrap());
    sample.store("one", "a");
    let config = json!({"name": "one", "line": "b", "times": null});
    assert_eq!(said(&invoked(&mut sample, APPEND, &config).await.1), ["error: Interrupted"]);
    // Another run, as a debugged process serves them, is another matter.
    sample.configure().await;
    assert_eq!(said(&invoked(&mut sample, APPEND, &config).await.1), Vec::<String>::new());
    std::fs::remove_file(sample.file("slow")).unwrap();
    let call = creating(&sample).await;
    sample.session.provider.get_metadata(wire::get_metadata::Request {}).await.unwrap();
    assert!(!call.is_finished());
    // One that begins meanwhile, of another host, keeps no call from being stopped.
    sample.configure().await;
    sample.session.provider.stop_provider(wire::stop_provider::Request {}).await.unwrap();
    assert_interrupted(&tokio::time::timeout(LIMIT, call).await.expect("an answer").unwrap().unwrap());
}

#[tokio::test]
async fn a_termination_is_a_stop_and_an_interrupt_is_left_to_the_host() {
    let mut sample = Sample::start().await;
    let call = creating(&sample).await;
    signal(&sample.session.plugin.process, "-INT").await;
    // A call proves that the process is still there; the other one goes on.
    sample.session.provider.get_metadata(wire::get_metadata::Request {}).await.unwrap();
    assert!(!call.is_finished());
    signal(&sample.session.plugin.process, "-TERM").await;
    assert_interrupted(&tokio::time::timeout(LIMIT, call).await.expect("an answer").unwrap().unwrap());
    // So is the end of the terminal, in another run.
    std::fs::remove_file(sample.file("slow")).unwrap();
    sample.configure().await;
    let call = creating(&sample).await;
    signal(&sample.session.plugin.process, "-HUP").await;
    assert_interrupted(&tokio::time::timeout(LIMIT, call).await.expect("an answer").unwrap().unwrap());
    sample.session.provider.get_metadata(wire::get_metadata::Request {}).await.unwrap();
    assert!(sample.session.shut_down().await.2.success());
}

#[tokio::test]
async fn shutdown_lets_a_call_in_flight_come_to_its_end() {
    let sample = Sample::start().await;
    let call = creating(&sample).await;
    let mut controller = GrpcControllerClient::new(sample.session.channel.clone());
    // The connection may go before the answer comes, and go-plugin expects that too.
    let _ = controller.shutdown(Empty {}).await;
    assert_interrupted(&tokio::time::timeout(LIMIT, call).await.expect("an answer").unwrap().unwrap());
    let Sample { session, directory } = sample;
    drop((session.channel, session.provider, session.streams));
    assert!(session.plugin.ended().await.2.success());
    assert_ended(directory.path());
}

/// A host that asks for the end and closes nothing, while a call never ends.
#[tokio::test]
async fn shutdown_does_not_wait_for_good() {
    let sample = Sample::start().await;
    let mut provider = sample.session.provider.clone();
    let call = tokio::spawn(async move { provider.apply_resource_change(creation("stubborn", "x")).await });
    sample.appears("stubborn").await;
    let _ = GrpcControllerClient::new(sample.session.channel.clone()).shutdown(Empty {}).await;
    let Sample { mut session, .. } = sample;
    let status = tokio::time::timeout(LIMIT, session.plugin.process.wait()).await.expect("it ends").unwrap();
    assert!(status.success(), "{status:?}");
    assert!(call.await.unwrap().is_err(), "the call was cut off");
}

/// Nobody takes down what such a call would begin. Others are no concern of it.
#[tokio::test]
async fn a_call_is_stopped_when_whoever_made_it_has_gone() {
    let mut sample = Sample::start().await;
    creating(&sample).await.abort();
    sample.appears("slow-ended").await;
    sample.store("one", "a");
    let config = json!({"name": "one", "line": "b", "times": null});
    assert_eq!(said(&invoked(&mut sample, APPEND, &config).await.1), Vec::<String>::new());
}

#[tokio::test]
async fn a_call_outlives_its_connection_and_the_process_leaves_soon_after() {
    let sample = Sample::start().await;
    let call = creating(&sample).await;
    let Sample { session, directory } = sample;
    let socket = session.plugin.socket();
    call.abort();
    drop((session.channel, session.provider, session.streams));
    let (_, _, status) = session.plugin.ended().await;
    assert!(status.success());
    assert_ended(directory.path());
    assert!(!socket.parent().unwrap().exists());
}

/// A host that was killed: its connection and both pipes are closed at once, so that nobody reads what is logged.
#[tokio::test]
async fn a_killed_host_that_left_closed_pipes_costs_no_call_its_end() {
    let identity = ClientIdentity::new();
    let mut command = hosted_of(&sample(), &identity);
    let plugin = Plugin::start(command.env("TF_LOG", "TRACE")).await;
    let mut sample = Sample { session: Session::of(plugin, &identity).await, directory: tempfile::tempdir().unwrap() };
    sample.configure().await;
    let call = creating(&sample).await;
    let Sample { session, directory } = sample;
    let socket = session.plugin.socket();
    call.abort();
    drop((session.channel, session.provider, session.streams));
    let mut process = session.plugin.with_closed_pipes();
    let status = tokio::time::timeout(LIMIT, process.wait()).await.expect("it ends").unwrap();
    assert!(status.success(), "{status:?}");
    assert_ended(directory.path());
    assert!(!socket.parent().unwrap().exists());
}

/// The sample provider, started by hand for debugging.
struct Debugged {
    process: Child,
    reattach: Json,
}

impl Debugged {
    async fn start() -> Self {
        let mut process = command_of(&sample()).arg("-debug").spawn().unwrap();
        let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
        let found = async {
            loop {
                let line = lines.next_line().await.unwrap().expect("the line comes");
                if let Some(json) = line.trim().strip_prefix("TF_REATTACH_PROVIDERS=") {
                    return serde_json::from_str(json.trim_matches('\'')).unwrap();
                }
            }
        };
        let reattach = tokio::time::timeout(LIMIT, found).await.expect("a line in time");
        Self { process, reattach }
    }

    fn server(&self) -> &Json {
        &self.reattach["terraform.local/test/sample"]
    }

    fn socket(&self) -> PathBuf {
        self.server()["Addr"]["String"].as_str().unwrap().into()
    }

    async fn ends_by_an_interrupt(&mut self) {
        signal(&self.process, "-INT").await;
        let status = tokio::time::timeout(LIMIT, self.process.wait()).await.expect("it ends").unwrap();
        assert!(status.success());
    }

    async fn configure(&self, provider: &mut ProviderClient<Channel>, directory: &std::path::Path) {
        let config = value(&json!({"directory": directory.to_str().unwrap()}));
        let request = wire::configure_provider::Request { config, ..Default::default() };
        assert_eq!(provider.configure_provider(request).await.unwrap().into_inner().diagnostics, []);
    }

    /// A connection in plain text, as a host makes it that reattaches.
    async fn connect(&self) -> ProviderClient<Channel> {
        let socket = self.socket();
        let connector = tower::service_fn(move |_| {
            let socket = socket.clone();
            async move { UnixStream::connect(socket).await.map(hyper_util::rt::TokioIo::new) }
        });
        let channel = Endpoint::from_static("http://localhost").connect_with_connector(connector).await.unwrap();
        ProviderClient::new(channel)
    }
}

#[tokio::test]
async fn a_debugged_provider_serves_one_host_after_the_other_until_it_is_interrupted() {
    let mut debugged = Debugged::start().await;
    let server = debugged.server();
    assert_eq!((&server["Protocol"], &server["ProtocolVersion"]), (&json!("grpc"), &json!(6)));
    assert_eq!((&server["Test"], &server["Addr"]["Network"]), (&json!(true), &json!("unix")));
    assert_eq!(server["Pid"], json!(debugged.process.id().unwrap()));
    let private = debugged.socket().parent().unwrap().to_owned();
    assert_eq!(std::fs::metadata(&private).unwrap().permissions().mode() & 0o777, 0o700);
    for text in ["first", "second"] {
        let directory = tempfile::tempdir().unwrap();
        let mut provider = debugged.connect().await;
        // Each command configures it anew.
        debugged.configure(&mut provider, directory.path()).await;
        provider.apply_resource_change(creation("one", text)).await.unwrap();
        assert!(directory.path().join("one.json").exists(), "{text}");
        provider.stop_provider(wire::stop_provider::Request {}).await.unwrap();
    }
    debugged.ends_by_an_interrupt().await;
    assert!(!private.exists());
}

/// One that connects and says nothing, and one that asks for more than it reads.
#[tokio::test]
async fn silent_clients_of_a_debugged_provider_do_not_hold_its_end_up() {
    let mut debugged = Debugged::start().await;
    let _silent = UnixStream::connect(debugged.socket()).await.unwrap();
    let directory = tempfile::tempdir().unwrap();
    std::fs::write(directory.path().join("one.json"), r#"{"text":"","secret":null,"replaces":null}"#).unwrap();
    let mut provider = debugged.connect().await;
    debugged.configure(&mut provider, directory.path()).await;
    // Far more than is sent ahead to somebody who does not read.
    let config = value(&json!({"name": "one", "line": "", "times": 1_000_000}));
    let request =
        wire::invoke_action::Request { action_type: "sample_append".to_owned(), config, ..Default::default() };
    let mut progress = provider.invoke_action(request).await.unwrap().into_inner();
    progress.message().await.unwrap().unwrap();
    debugged.ends_by_an_interrupt().await;
}

#[tokio::test]
async fn whoever_interrupts_a_debugged_provider_again_does_not_wait_for_its_calls() {
    let mut debugged = Debugged::start().await;
    let directory = tempfile::tempdir().unwrap();
    let mut provider = debugged.connect().await;
    debugged.configure(&mut provider, directory.path()).await;
    let call = tokio::spawn(async move { provider.apply_resource_change(creation("stubborn", "x")).await });
    let interrupted = async {
        while !directory.path().join("stubborn.json").exists() {
            tokio::time::sleep(std::time::Duration::from_millis(2)).await;
        }
        // Two signals at once can be one to the process, so this goes on until it has ended.
        loop {
            signal(&debugged.process, "-INT").await;
            let next = std::time::Duration::from_millis(50);
            if let Ok(status) = tokio::time::timeout(next, debugged.process.wait()).await {
                return status.unwrap();
            }
        }
    };
    assert!(tokio::time::timeout(LIMIT, interrupted).await.expect("it ends").success());
    assert!(call.await.unwrap().is_err(), "the call was cut off");
}
