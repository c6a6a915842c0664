//! Who gets through to the provider, and who does not.

use std::os::unix::fs::PermissionsExt as _;

use terraform_provider_alicloud_iot::plugin::env;
use terraform_provider_alicloud_iot::plugin::proto::tfplugin6 as wire;
use terraform_provider_alicloud_iot::plugin::proto::tfplugin6::provider_client::ProviderClient;
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::UnixStream;
use tonic::transport::Endpoint;

use crate::client::{ClientIdentity, LIMIT, PROVIDER, Plugin, TLS_VERSIONS, hosted, hosted_of};

/// The start of an HTTP/2 connection: the preface and empty settings.
const HTTP2: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\x00\x00\x00\x04\x00\x00\x00\x00\x00";

/// Whether the server ends the connection instead of speaking HTTP/2, by version of TLS. (With TLS
/// 1.3 a client learns only by reading that its certificate was refused.)
async fn is_refused(plugin: &Plugin, client: Option<&ClientIdentity>) -> [bool; 2] {
    let mut refused = [false; 2];
    for (version, refused) in TLS_VERSIONS.into_iter().zip(&mut refused) {
        let exchange = async {
            let mut stream = plugin.connect_tls(client, version).await?;
            stream.write_all(HTTP2).await?;
            stream.read_exact(&mut [0; 9]).await
        };
        *refused = tokio::time::timeout(LIMIT, exchange).await.expect("an answer or an end").is_err();
    }
    refused
}

#[tokio::test]
async fn only_the_host_gets_through() {
    let host = ClientIdentity::new();
    let stranger = ClientIdentity::new();
    // Shows the host's certificate, which is no secret, and has another key.
    let impostor = ClientIdentity { certificate: host.certificate.clone(), ..ClientIdentity::new() };
    let plugin = Plugin::start(&mut hosted(&host)).await;
    for (who, client, refused) in [
        ("the host", Some(&host), false),
        ("a client without a certificate", None, true),
        ("a client with another self-signed certificate", Some(&stranger), true),
        ("a client with the host's certificate and another key", Some(&impostor), true),
        ("the host after all of them", Some(&host), false),
    ] {
        assert_eq!(is_refused(&plugin, client).await, [refused; 2], "{who}");
    }
}

/// Go's gRPC refuses a server that does not name HTTP/2.
#[tokio::test]
async fn http_2_is_agreed_on_in_the_tls_handshake() {
    let host = ClientIdentity::new();
    let plugin = Plugin::start(&mut hosted(&host)).await;
    for version in TLS_VERSIONS {
        let stream = plugin.connect_tls(Some(&host), version).await.unwrap();
        assert_eq!(stream.get_ref().1.alpn_protocol(), Some(&b"h2"[..]));
    }
}

#[tokio::test]
async fn plain_text_is_refused_where_tls_was_asked_for() {
    let host = ClientIdentity::new();
    let plugin = Plugin::start(&mut hosted(&host)).await;
    let mut stream = UnixStream::connect(plugin.socket()).await.unwrap();
    stream.write_all(HTTP2).await.unwrap();
    let mut answer = Vec::new();
    // A TLS alert at most, and the end.
    let _ = tokio::time::timeout(LIMIT, stream.read_to_end(&mut answer)).await.expect("an end");
    assert!(answer.len() < 9 || answer[0] == 21, "{answer:?}");
}

#[tokio::test]
async fn a_silent_client_holds_nobody_up() {
    let host = ClientIdentity::new();
    let plugin = Plugin::start(&mut hosted(&host)).await;
    let silent: Vec<_> = {
        let mut silent = Vec::new();
        for _ in 0..8 {
            silent.push(UnixStream::connect(plugin.socket()).await.unwrap());
        }
        silent
    };
    assert_eq!(is_refused(&plugin, Some(&host)).await, [false; 2]);
    drop(silent);
}

/// More than the server lets shake hands at once: they are let go after a while, and their places are free again.
#[tokio::test]
async fn silent_clients_do_not_keep_the_host_out_for_good() {
    let host = ClientIdentity::new();
    let plugin = Plugin::start(&mut hosted(&host)).await;
    let mut silent = Vec::new();
    for _ in 0..40 {
        silent.push(UnixStream::connect(plugin.socket()).await.unwrap());
    }
    // One more has to wait, even to hear that what it says is no TLS.
    let mut late = UnixStream::connect(plugin.socket()).await.unwrap();
    late.write_all(HTTP2).await.unwrap();
    tokio::select! {
        biased;
        end = silent[0].read_u8() => assert!(end.is_err(), "{end:?}"),
        answer = late.read_u8() => panic!("it was let in before another one was let go: {answer:?}"),
        () = tokio::time::sleep(LIMIT) => panic!("nobody is let go"),
    }
    for _ in 0..20 {
        assert_eq!(is_refused(&plugin, Some(&host)).await, [false; 2]);
    }
}

/// Out of file descriptors, it goes on as soon as there are some again.
#[tokio::test]
async fn more_clients_than_it_may_have_open_keep_the_host_out_no_longer_than_they_stay() {
    let host = ClientIdentity::new();
    let mut command = hosted_of("/bin/sh".as_ref(), &host);
    command.args(["-c", "ulimit -n 24 && exec \"$0\"", PROVIDER]).env(env::LOG, "WARN");
    let mut plugin = Plugin::start(&mut command).await;
    let mut silent = Vec::new();
    for _ in 0..30 {
        silent.push(UnixStream::connect(plugin.socket()).await.unwrap());
    }
    let mut lines = BufReader::new(plugin.process.stderr.take().unwrap()).lines();
    let refused = async {
        while let Some(line) = lines.next_line().await.unwrap() {
            if line.contains("a connection could not be accepted") {
                return;
            }
        }
        panic!("it ended");
    };
    tokio::time::timeout(LIMIT, refused).await.expect("there are too many");
    drop(silent);
    assert_eq!(is_refused(&plugin, Some(&host)).await, [false; 2]);
}

#[tokio::test]
async fn a_host_without_tls_is_served_in_plain_text_inside_the_private_directory() {
    let host = ClientIdentity::new();
    let plugin = Plugin::start(hosted(&host).env_remove(env::CLIENT_CERTIFICATE)).await;
    assert_eq!(plugin.fields()[5], "");
    let socket = plugin.socket();
    let connector = tower::service_fn(move |_| {
        let socket = socket.clone();
        async move { UnixStream::connect(socket).await.map(hyper_util::rt::TokioIo::new) }
    });
    let channel = Endpoint::from_static("http://localhost").connect_with_connector(connector).await.unwrap();
    ProviderClient::new(channel).get_metadata(wire::get_metadata::Request {}).await.unwrap();
    let directory = plugin.socket().parent().unwrap().to_owned();
    assert_eq!(std::fs::metadata(directory).unwrap().permissions().mode() & 0o777, 0o700);
}

/// The first message of a client that knows no newer version than `version` (0x0301 is TLS 1.0, RFC 2246; 0x0302 is TLS
/// 1.1, RFC 4346), with cipher suites and extensions that servers of its time and of today take.
fn old_client_hello(version: u16) -> Vec<u8> {
    let suites: Vec<u8> = [0xc02b_u16, 0xc02f, 0xc00a, 0xc014, 0xc009, 0xc013, 0x0035, 0x002f, 0x000a]
        .iter()
        .flat_map(|suite| suite.to_be_bytes())
        .collect();
    let mut hello = version.to_be_bytes().to_vec();
    hello.extend([0x42; 32]);
    hello.push(0);
    hello.extend(u16::try_from(suites.len()).unwrap().to_be_bytes());
    hello.extend(suites);
    hello.extend([1, 0]);
    // Groups (x25519, P-256), point formats and signature schemes (ECDSA and RSA with SHA-256): only the version is old.
    let extensions: [&[u8]; 3] =
        [&[0, 10, 0, 6, 0, 4, 0, 29, 0, 23], &[0, 11, 0, 2, 1, 0], &[0, 13, 0, 6, 0, 4, 4, 3, 4, 1]];
    let extensions = extensions.concat();
    hello.extend(u16::try_from(extensions.len()).unwrap().to_be_bytes());
    hello.extend(extensions);
    let mut handshake = vec![1, 0];
    handshake.extend(u16::try_from(hello.len()).unwrap().to_be_bytes());
    handshake.extend(hello);
    let mut record = vec![0x16, 3, 1];
    record.extend(u16::try_from(handshake.len()).unwrap().to_be_bytes());
    record.extend(handshake);
    record
}

#[tokio::test]
async fn old_versions_of_tls_are_refused_with_an_alert() {
    let host = ClientIdentity::new();
    let plugin = Plugin::start(&mut hosted(&host)).await;
    for version in [0x0301, 0x0302] {
        let mut stream = UnixStream::connect(plugin.socket()).await.unwrap();
        stream.write_all(&old_client_hello(version)).await.unwrap();
        let mut answer = Vec::new();
        let _ = tokio::time::timeout(LIMIT, stream.read_to_end(&mut answer)).await.expect("an end");
        // A fatal alert, protocol_version (RFC 8446, section 6.2), and nothing else.
        assert_eq!((answer.first(), &answer[3..]), (Some(&21), &[0, 2, 2, 70][..]), "{version:#x}: {answer:?}");
    }
    // The same in TLS 1.2 is answered: it was the version.
    let mut stream = UnixStream::connect(plugin.socket()).await.unwrap();
    stream.write_all(&old_client_hello(0x0303)).await.unwrap();
    let mut kind = [0];
    tokio::time::timeout(LIMIT, stream.read_exact(&mut kind)).await.expect("an answer").unwrap();
    assert_eq!(kind, [22], "a handshake message");
    assert_eq!(is_refused(&plugin, Some(&host)).await, [false; 2]);
}

#[tokio::test]
async fn the_host_may_connect_again_while_it_is_connected() {
    let host = ClientIdentity::new();
    let plugin = Plugin::start(&mut hosted(&host)).await;
    let channels = [plugin.channel(&host).await, plugin.channel(&host).await];
    let mut clients = channels.map(ProviderClient::new);
    for client in &mut clients {
        client.get_metadata(wire::get_metadata::Request {}).await.unwrap();
    }
    let [mut first, second] = clients;
    drop(second);
    first.get_metadata(wire::get_metadata::Request {}).await.unwrap();
}
