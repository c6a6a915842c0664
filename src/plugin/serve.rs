//! The life of a plugin process, from its start to its exit.

use std::io::{self, Write as _};
use std::panic::PanicHookInfo;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use tokio_stream::wrappers::ReceiverStream;
use tokio_util::sync::CancellationToken;
use tonic::transport::Server;

use super::definition::Definition;
use super::handshake::{self, Handshake};
use super::listener::{ConnectionCount, Listener};
use super::proto::goplugin::grpc_broker_server::GrpcBrokerServer;
use super::proto::goplugin::grpc_controller_server::GrpcControllerServer;
use super::proto::goplugin::grpc_stdio_server::GrpcStdioServer;
use super::proto::tfplugin6::provider_server::ProviderServer;
use super::rpc::{Calls, ProviderService};
use super::services::broker::Broker;
use super::services::controller::Controller;
use super::services::stdio::Stdio;
use super::tls::{ServerIdentity, TlsError};
use super::{env, log, signals};

/// Largest message in either direction, as in Go's providers. Schemas and states can be large.
const MESSAGE_LIMIT: usize = 256 << 20;

/// How long calls in flight may still run once the host has gone. It kills after two seconds.
const GRACE_AT_SHUTDOWN: Duration = Duration::from_millis(1500);

/// A host connects as soon as it has read the handshake line, or it died before.
const GRACE_BEFORE_HOST: Duration = Duration::from_secs(60);

/// A host that died without a word leaves its connection closed for longer than this.
const GRACE_WITHOUT_HOST: Duration = Duration::from_secs(5);

/// Runs the provider as a plugin until its host ends it. This is all of `main`.
///
/// `definition` is called only if a host started the process. The exit code is 1 if it was started
/// by hand or could not serve; the reason is on stderr then.
pub fn serve(name: &'static str, definition: impl FnOnce() -> Definition) -> ExitCode {
    if !handshake::started_by_host() {
        say(&handshake::advice(name));
        return ExitCode::FAILURE;
    }
    log::start(name);
    std::panic::set_hook(Box::new(report_panic));
    let outcome =
        tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(ServeError::Io).and_then(|runtime| {
            let outcome = runtime.block_on(run(definition()));
            // A look-up in a blocking thread must not hold the exit up.
            runtime.shutdown_background();
            outcome
        });
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            say(&format!("The {name} provider cannot serve: {error}.\n"));
            ExitCode::FAILURE
        }
    }
}

/// Says where the provider panicked, and not with what: the text may quote anything, and Terraform would
/// log it.
fn report_panic(panic: &PanicHookInfo<'_>) {
    let location = panic.location().map(ToString::to_string).unwrap_or_default();
    tracing::error!(location, "the provider panicked");
}

/// Why the plugin could not serve.
#[derive(Debug, thiserror::Error)]
enum ServeError {
    #[error("{0}")]
    Io(#[from] io::Error),
    #[error("{0}")]
    Tls(#[from] TlsError),
    #[error("{0}")]
    Transport(#[from] tonic::transport::Error),
    #[error(
        "the host set no PLUGIN_CLIENT_CERT (TF_DISABLE_PLUGIN_TLS does that), and without TLS every user of this \
         machine could reach the provider"
    )]
    PlainTextIsOpen,
}

async fn run(definition: Definition) -> Result<(), ServeError> {
    let shutdown = CancellationToken::new();
    // Before the handshake line: from then on a signal may come.
    signals::withstand()?;
    let client = env::text_or_refusal(env::CLIENT_CERTIFICATE)?;
    let identity = client.map(|pem| ServerIdentity::trusting(&pem)).transpose()?;
    let listener = Listener::bind()?;
    if identity.is_none() && !listener.is_private() {
        return Err(ServeError::PlainTextIsOpen);
    }
    let handshake = Handshake {
        address: listener.address()?,
        certificate: identity.as_ref().map(|identity| identity.certificate.clone()),
        says_multiplexing: env::text(env::MULTIPLEX_GRPC).is_some(),
    };
    announce(&handshake)?;
    let connections = ConnectionCount::default();
    let (incoming, accepting) = listener.accept(identity.map(|identity| identity.acceptor), connections.clone());
    tokio::spawn({
        let shutdown = shutdown.clone();
        async move {
            connections.abandoned(GRACE_BEFORE_HOST, GRACE_WITHOUT_HOST).await;
            tracing::warn!("the host is gone");
            shutdown.cancel();
        }
    });
    let calls = Calls::default();
    let idle = until_idle(shutdown.clone(), calls.clone());
    let router = router(definition, &calls, &shutdown).await;
    let served = tokio::select! {
        served = router.serve_with_incoming_shutdown(ReceiverStream::new(incoming), idle) => served,
        // A connection that stays open must not keep the process.
        () = overdue(shutdown) => Ok(()),
    };
    // The socket goes with its listener.
    let _ = accepting.await;
    Ok(served?)
}

async fn router(
    definition: Definition,
    calls: &Calls,
    shutdown: &CancellationToken,
) -> tonic::transport::server::Router {
    let (health_reporter, health) = tonic_health::server::health_reporter();
    health_reporter.set_service_status("plugin", tonic_health::ServingStatus::Serving).await;
    let provider = ProviderServer::new(ProviderService::new(Arc::new(definition), calls.clone()))
        .max_decoding_message_size(MESSAGE_LIMIT)
        .max_encoding_message_size(MESSAGE_LIMIT);
    Server::builder()
        .http2_adaptive_window(Some(true))
        .add_service(provider)
        .add_service(GrpcControllerServer::new(Controller { shutdown: shutdown.clone() }))
        .add_service(GrpcStdioServer::new(Stdio { shutdown: shutdown.clone() }))
        .add_service(GrpcBrokerServer::new(Broker { shutdown: shutdown.clone() }))
        .add_service(health)
}

/// Ends once the host asked for shutdown and the calls in flight ended or ran out of time.
async fn until_idle(shutdown: CancellationToken, calls: Calls) {
    shutdown.cancelled().await;
    if tokio::time::timeout(GRACE_AT_SHUTDOWN, calls.finished()).await.is_err() {
        tracing::error!("calls in flight were cut off by the host's shutdown");
    }
}

/// Ends when the host, having asked for shutdown, is about to kill.
async fn overdue(shutdown: CancellationToken) {
    shutdown.cancelled().await;
    tokio::time::sleep(GRACE_AT_SHUTDOWN + Duration::from_millis(250)).await;
}

/// Prints the handshake line: the only thing that this process ever writes to stdout.
fn announce(handshake: &Handshake) -> io::Result<()> {
    let mut stdout = io::stdout().lock();
    writeln!(stdout, "{handshake}")?;
    stdout.flush()
}

/// To a person; `eprintln!` would panic if nobody listens.
fn say(text: &str) {
    let _ = io::stderr().lock().write_all(text.as_bytes());
}
