//! The first line, and starts that are none.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::PermissionsExt as _;

use terraform_provider_alicloud_iot::plugin::env;
use terraform_provider_alicloud_iot::plugin::proto::tfplugin6 as wire;
use tonic_health::pb::HealthCheckRequest;
use tonic_health::pb::health_check_response::ServingStatus;
use tonic_health::pb::health_client::HealthClient;

use crate::client::{ClientIdentity, Plugin, Session, command, hosted};

#[tokio::test]
async fn started_by_hand_it_says_in_three_lines_what_it_is() {
    for cookie in [None, Some(""), Some("wrong")] {
        let mut command = command();
        if let Some(cookie) = cookie {
            command.env(env::MAGIC_COOKIE_KEY, cookie);
        }
        let output = command.output().await.unwrap();
        assert_eq!(output.status.code(), Some(1), "{cookie:?}");
        assert!(output.stdout.is_empty(), "{cookie:?}");
        let advice = String::from_utf8(output.stderr).unwrap();
        assert_eq!(advice.lines().count(), 3, "{advice}");
        assert!(advice.contains("alicloud-iot provider") && advice.contains("terraform init"), "{advice}");
    }
}

#[tokio::test]
async fn the_line_names_a_private_socket_and_a_certificate() {
    let identity = ClientIdentity::new();
    let plugin = Plugin::start(&mut hosted(&identity)).await;
    let fields = plugin.fields();
    assert_eq!([fields[0], fields[1], fields[2], fields[4]], ["1", "6", "unix", "grpc"]);
    assert_eq!(fields.len(), 6);
    assert!(fields[5].len() > 50, "a shorter certificate is taken for none");
    let directory = plugin.socket().parent().unwrap().to_owned();
    assert_eq!(std::fs::metadata(directory).unwrap().permissions().mode() & 0o777, 0o700);
}

#[tokio::test]
async fn the_protocol_is_6_whatever_is_offered() {
    for offered in ["", "5", "6", "5,6", "x,,7"] {
        let identity = ClientIdentity::new();
        let plugin = Plugin::start(hosted(&identity).env("PLUGIN_PROTOCOL_VERSIONS", offered)).await;
        assert_eq!(plugin.fields()[1], "6", "{offered:?}");
    }
}

#[tokio::test]
async fn nothing_but_cookie_and_certificate_has_to_be_set() {
    let identity = ClientIdentity::new();
    let mut command = hosted(&identity);
    for variable in ["PLUGIN_PROTOCOL_VERSIONS", env::MINIMUM_PORT, env::MAXIMUM_PORT, "TMPDIR"] {
        command.env_remove(variable);
    }
    let plugin = Plugin::start(&mut command).await;
    let mut session = Session::of(plugin, &identity).await;
    session.provider.get_metadata(wire::get_metadata::Request {}).await.unwrap();
    assert!(session.shut_down().await.2.success());
}

#[tokio::test]
async fn a_host_that_multiplexes_is_told_that_this_server_does_not() {
    let identity = ClientIdentity::new();
    let plugin = Plugin::start(hosted(&identity).env(env::MULTIPLEX_GRPC, "true")).await;
    assert_eq!(plugin.fields().get(6), Some(&"false"));
}

#[tokio::test]
async fn a_temporary_directory_too_long_for_a_socket_is_passed_over() {
    let parent = tempfile::tempdir().unwrap();
    let long = parent.path().join("d".repeat(120));
    std::fs::create_dir(&long).unwrap();
    let identity = ClientIdentity::new();
    let plugin = Plugin::start(hosted(&identity).env("TMPDIR", &long)).await;
    assert!(plugin.socket().as_os_str().len() < 104);
    assert_eq!(std::fs::read_dir(&long).unwrap().count(), 0);
}

#[tokio::test]
async fn the_socket_is_where_the_host_wants_it() {
    let identity = ClientIdentity::new();
    let directory = tempfile::tempdir().unwrap();
    let plugin = Plugin::start(hosted(&identity).env(env::UNIX_SOCKET_DIRECTORY, directory.path())).await;
    assert!(plugin.socket().starts_with(directory.path()), "{}", plugin.line);
}

#[tokio::test]
async fn a_client_certificate_that_is_none_is_refused_in_words() {
    let identity = ClientIdentity::new();
    let output = hosted(&identity).env(env::CLIENT_CERTIFICATE, "not a certificate").output().await.unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(output.stdout.is_empty());
    assert!(String::from_utf8(output.stderr).unwrap().contains("PLUGIN_CLIENT_CERT"));
}

#[tokio::test]
async fn a_client_certificate_that_is_no_text_is_not_taken_for_none() {
    let identity = ClientIdentity::new();
    let certificate = OsStr::from_bytes(b"\xff");
    let output = hosted(&identity).env(env::CLIENT_CERTIFICATE, certificate).output().await.unwrap();
    assert_eq!((output.status.code(), output.stdout.is_empty()), (Some(1), true));
    assert!(String::from_utf8(output.stderr).unwrap().contains("PLUGIN_CLIENT_CERT is not UTF-8"));
}

#[tokio::test]
async fn variables_that_are_empty_are_not_set() {
    let identity = ClientIdentity::new();
    let mut command = hosted(&identity);
    for variable in [env::CLIENT_CERTIFICATE, env::MULTIPLEX_GRPC, env::UNIX_SOCKET_DIRECTORY, env::LOG_PROVIDER] {
        command.env(variable, "");
    }
    let plugin = Plugin::start(&mut command).await;
    assert_eq!((plugin.fields().len(), plugin.fields()[5]), (6, ""), "{}", plugin.line);
    assert!(plugin.socket().is_absolute());
}

/// What the host splits the line at.
#[tokio::test]
async fn a_socket_that_the_line_cannot_name_is_refused_in_words() {
    let identity = ClientIdentity::new();
    let parent = tempfile::tempdir().unwrap();
    for name in ["a|b", "a\nb"] {
        let directory = parent.path().join(name);
        std::fs::create_dir(&directory).unwrap();
        let output = hosted(&identity).env(env::UNIX_SOCKET_DIRECTORY, &directory).output().await.unwrap();
        assert_eq!((output.status.code(), output.stdout.is_empty()), (Some(1), true), "{name:?}");
        assert!(String::from_utf8(output.stderr).unwrap().contains("the handshake line cannot carry"), "{name:?}");
        assert_eq!(std::fs::read_dir(&directory).unwrap().count(), 0, "{name:?}");
    }
}

/// By what go-plugin's `Ping` asks.
#[tokio::test]
async fn it_says_that_it_is_well() {
    let session = Session::start().await;
    let service = "plugin".to_owned();
    let mut health = HealthClient::new(session.channel.clone());
    let answer = health.check(HealthCheckRequest { service }).await.unwrap().into_inner();
    assert_eq!(answer.status(), ServingStatus::Serving);
}

#[tokio::test]
async fn shutdown_ends_the_process_and_takes_the_socket_along() {
    let session = Session::start().await;
    let directory = session.plugin.socket().parent().unwrap().to_owned();
    let (stdout, stderr, status) = session.shut_down().await;
    assert!(status.success());
    assert!(!directory.exists());
    assert_eq!((stdout.as_str(), stderr.as_str()), ("", ""), "nothing but the handshake line without TF_LOG");
}

#[tokio::test]
async fn signals_and_stop_leave_it_serving() {
    let mut session = Session::start().await;
    let pid = session.plugin.process.id().unwrap().to_string();
    for signal in ["-INT", "-TERM", "-HUP"] {
        let sent = tokio::process::Command::new("kill").args([signal, &pid]).status().await.unwrap();
        assert!(sent.success());
        session.provider.stop_provider(wire::stop_provider::Request {}).await.unwrap();
        session.provider.get_metadata(wire::get_metadata::Request {}).await.unwrap();
    }
    assert!(session.shut_down().await.2.success());
}

#[tokio::test]
async fn it_leaves_by_itself_when_its_host_is_gone() {
    let mut session = Session::start().await;
    let directory = session.plugin.socket().parent().unwrap().to_owned();
    // A call proves that the connection stands on both sides.
    session.provider.get_metadata(wire::get_metadata::Request {}).await.unwrap();
    drop((session.channel, session.provider, session.streams));
    let (_, _, status) = session.plugin.ended().await;
    assert!(status.success());
    assert!(!directory.exists());
}
