//! The provider's service, called in process.

use std::future::Future;
use std::net::SocketAddr;
use std::sync::{Arc, LazyLock};

use terraform_provider_alicloud_iot::plugin::convert::to_msgpack::to_msgpack;
use terraform_provider_alicloud_iot::plugin::convert::{Type, WireValue};
use terraform_provider_alicloud_iot::plugin::proto::tfplugin6 as wire;
use terraform_provider_alicloud_iot::plugin::proto::tfplugin6::provider_server::Provider;
use terraform_provider_alicloud_iot::{plugin, provider};
use tokio::net::TcpSocket;
use tokio::runtime::{Builder, Runtime};
use tonic::Request;

use crate::types::{self, Part};

static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| Builder::new_current_thread().enable_all().build().unwrap());

/// Waits for a call.
pub(crate) fn wait<T>(call: impl Future<Output = T>) -> T {
    RUNTIME.block_on(call)
}

/// A provider of its own, for calls that change what it holds.
pub(crate) fn fresh() -> Arc<dyn Provider> {
    Arc::new(plugin::service(provider::definition()))
}

/// A provider that nobody has configured.
pub(crate) static UNCONFIGURED: LazyLock<Arc<dyn Provider>> = LazyLock::new(fresh);

/// A provider that is configured with an endpoint where nobody listens: calls go all the way to the network, and no
/// further.
pub(crate) static CONFIGURED: LazyLock<Arc<dyn Provider>> = LazyLock::new(|| {
    let service = fresh();
    let answer = wait(service.configure_provider(Request::new(wire::configure_provider::Request {
        terraform_version: "1.14.0".to_owned(),
        config: Some(dynamic(&configuration(), &types::find(Part::Provider, "").unwrap().of)),
        ..Default::default()
    })));
    let diagnostics = answer.unwrap().into_inner().diagnostics;
    assert!(diagnostics.is_empty(), "{diagnostics:?}");
    service
});

/// A port that is taken, so that nobody else can listen there, and does not listen itself.
static CLOSED: LazyLock<(TcpSocket, SocketAddr)> = LazyLock::new(|| {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind((std::net::Ipv4Addr::LOCALHOST, 0).into()).unwrap();
    let address = socket.local_addr().unwrap();
    (socket, address)
});

/// A provider block that is complete.
pub fn configuration() -> WireValue {
    let text = |text: &str| WireValue::String(text.to_owned());
    let endpoint = text(&format!("http://{}", CLOSED.1));
    let block = &types::find(Part::Provider, "").unwrap().of;
    let Type::Object(arguments) = block else { panic!("{block:?} is no object") };
    let Type::List(of) = &arguments["endpoints"] else { panic!("endpoints is no list of blocks") };
    let endpoints = types::filled(of, [("iot", endpoint)]);
    types::filled(
        block,
        [
            ("region", text("cn-shanghai")),
            ("access_key", text("fuzz-key-id")),
            ("secret_key", text("fuzz-key-secret")),
            ("endpoints", WireValue::List(vec![endpoints])),
            // Nobody answers there, now or later.
            ("preflight", text("off")),
            ("max_retry_timeout", WireValue::Number(1_i64.into())),
        ],
    )
}

/// The schemas, as Terraform gets to know them.
pub(crate) fn schemas() -> wire::get_provider_schema::Response {
    let call = UNCONFIGURED.get_provider_schema(Request::new(wire::get_provider_schema::Request {}));
    let schemas = wait(call).unwrap().into_inner();
    assert!(schemas.diagnostics.is_empty(), "{:?}", schemas.diagnostics);
    schemas
}

/// A value as requests carry it.
///
/// # Panics
///
/// If it is not of that type.
pub fn dynamic(value: &WireValue, of: &Type) -> wire::DynamicValue {
    wire::DynamicValue { msgpack: to_msgpack(value, of).unwrap(), json: Vec::new() }
}

/// What no answer may say, whatever was asked: that the provider failed inside, panics included.
pub(crate) fn assert_no_bug(rpc: &str, diagnostics: &[wire::Diagnostic]) {
    assert_no_bug_but(rpc, diagnostics, &[]);
}

/// The same, except for faults that are found in what was asked, known by a part of their text.
pub(crate) fn assert_no_bug_but(rpc: &str, diagnostics: &[wire::Diagnostic], except: &[&str]) {
    for diagnostic in diagnostics {
        let is_excepted = except.iter().any(|text| diagnostic.detail.contains(text));
        assert!(is_excepted || diagnostic.summary != "Provider Bug", "{rpc}: {}", diagnostic.detail);
        assert!(!diagnostic.summary.is_empty(), "{rpc} says nothing: {diagnostic:?}");
        assert_ne!(diagnostic.severity(), wire::diagnostic::Severity::Invalid, "{rpc}: {diagnostic:?}");
    }
}
