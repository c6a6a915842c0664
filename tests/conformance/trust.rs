//! Who gets through to the provider, and who does not.

use std::os::unix::fs::PermissionsExt as _;

use terraform_provider_alicloud_iot::plugin::env;
use terraform_provider_alicloud_iot::plugin::proto::tfplugin6 as wire;
use terraform_provider_alicloud_iot::plugin::proto::tfplugin6::provider_client::ProviderClient;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::UnixStream;
use tonic::transport::Endpoint;

use crate::client::{ClientIdentity, LIMIT, Plugin, TLS_VERSIONS, hosted};

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
