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
use super::signals::{Signal, Signals};
use super::tls::{ServerIdentity, TlsError};
use super::{env, log, reattach};

/// Largest message in either direction, as in Go's providers. Schemas and states can be large.
const MESSAGE_LIMIT: usize = 256 << 20;

/// How long calls in flight may still run once the host has gone. It kills after two seconds.
const GRACE_AT_SHUTDOWN: Duration = Duration::from_millis(1500);

/// How long connections may still stand once their calls have ended, where nobody kills. A client that answers nothing
/// would keep the process for good.
const GRACE_FOR_CONNECTIONS: Duration = Duration::from_secs(2);

/// A host connects as soon as it has read the handshake line, or it died before.
const GRACE_BEFORE_HOST: Duration = Duration::from_secs(60);

/// A host that died without a word leaves its connection closed for longer than this.
const GRACE_WITHOUT_HOST: Duration = Duration::from_secs(5);

/// Who uses the server, and therefore ends it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Host {
    /// The host that started the process, and nobody else.
    Parent,
    /// Whoever is told of it: one host after the other, until the person who started it has enough.
    Debugger,
}

/// Runs the provider as a plugin until its host ends it, or, with the argument `-debug`, until it is
/// interrupted. This is all of `main`.
///
/// `source` is the provider's whole source address, `HOST/NAMESPACE/TYPE`. `definition` is called only if the
/// provider is really served. The exit code is 1 if it was started by hand without `-debug`, or could not
/// serve; the reason is on stderr then.
pub fn serve(source: &str, definition: impl FnOnce() -> Definition) -> ExitCode {
    let name = source.rsplit('/').next().unwrap_or(source);
    let is_debug = std::env::args_os().nth(1).is_some_and(|argument| argument == "-debug" || argument == "--debug");
    let host = match (is_debug, handshake::started_by_host()) {
        (true, _) => Host::Debugger,
        (false, true) => Host::Parent,
        (false, false) => {
            say(&handshake::advice(name));
            return ExitCode::FAILURE;
        }
    };
    log::start(name);
    std::panic::set_hook(Box::new(report_panic));
    let outcome =
        // One thread: calls wait for the service, and take microseconds of their own but for those that `Calls` gives a thread
        // each. Workers would be memory that every start pays for.
        tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(ServeError::Io).and_then(|runtime| {
            let outcome = runtime.block_on(run(host, source, definition));
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
    #[error("debugging needs a socket that no other user of the machine can reach, which this system does not have")]
    DebuggingIsOpen,
    #[error("{0}")]
    Reattach(#[from] serde_json::Error),
}

async fn run(host: Host, source: &str, definition: impl FnOnce() -> Definition) -> Result<(), ServeError> {
    // Before anybody is told of the server: from then on a signal may come.
    let signals = Signals::withstand()?;
    let client = match host {
        Host::Parent => env::text_or_refusal(env::CLIENT_CERTIFICATE)?,
        Host::Debugger => None,
    };
    let identity = client.map(|pem| ServerIdentity::trusting(&pem)).transpose()?;
    let listener = Listener::bind()?;
    if identity.is_none() && !listener.is_private() {
        return Err(if host == Host::Debugger { ServeError::DebuggingIsOpen } else { ServeError::PlainTextIsOpen });
    }
    let address = listener.address()?;
    announce(&match host {
        Host::Parent => {
            let certificate = identity.as_ref().map(|identity| identity.certificate.clone());
            let says_multiplexing = env::text(env::MULTIPLEX_GRPC).is_some();
            format!("{}\n", Handshake { address, certificate, says_multiplexing })
        }
        Host::Debugger => reattach::instructions(source, &address)?,
    })?;
    let end =
        End { host, calls: Calls::default(), shutdown: CancellationToken::new(), overdue: CancellationToken::new() };
    let connections = ConnectionCount::default();
    let (incoming, accepting) = listener.accept(identity.map(|identity| identity.acceptor), connections.clone());
    tokio::spawn(end.clone().by_signals(signals));
    if host == Host::Parent {
        tokio::spawn(end.clone().by_absence(connections));
    }
    // Made while the host gets ready to connect.
    let router = router(definition(), &end).await;
    let served = tokio::select! {
        served = router.serve_with_incoming_shutdown(ReceiverStream::new(incoming), end.clone().idle()) => served,
        // A connection that stays open must not keep the process.
        () = end.overdue() => Ok(()),
    };
    // The socket goes with its listener.
    let _ = accepting.await;
    Ok(served?)
}

async fn router(definition: Definition, end: &End) -> tonic::transport::server::Router {
    let (calls, shutdown) = (&end.calls, &end.shutdown);
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

/// How the process comes to its end. A clone is the same end.
#[derive(Debug, Clone)]
struct End {
    host: Host,
    calls: Calls,
    /// Cancelled when no more calls are expected.
    shutdown: CancellationToken,
    /// Cancelled when there is no more time, whatever is still running.
    overdue: CancellationToken,
}

impl End {
    /// Acts on signals, for as long as the process lives.
    async fn by_signals(self, mut signals: Signals) {
        loop {
            let signal = signals.next().await;
            tracing::info!(?signal, "somebody wants the process to end");
            match (self.host, signal) {
                // The host has it too, and decides.
                (Host::Parent, Signal::Interrupt) => {}
                // The host may not have it. Calls come to their end; the host, or its absence, does the rest.
                (Host::Parent, Signal::Terminate) => self.calls.stop(),
                (Host::Debugger, _) if self.shutdown.is_cancelled() => self.overdue.cancel(),
                (Host::Debugger, _) => {
                    self.calls.stop();
                    self.shutdown.cancel();
                }
            }
        }
    }

    /// Ends the process when its host died without a word.
    async fn by_absence(self, connections: ConnectionCount) {
        connections.abandoned(GRACE_BEFORE_HOST, GRACE_WITHOUT_HOST).await;
        tracing::warn!("the host is gone");
        self.calls.stop();
        self.shutdown.cancel();
    }

    /// Done once shutdown was asked for and the calls in flight ended or ran out of time.
    async fn idle(self) {
        self.shutdown.cancelled().await;
        self.calls.stop();
        match self.host {
            Host::Parent => {
                if tokio::time::timeout(GRACE_AT_SHUTDOWN, self.calls.finished()).await.is_err() {
                    tracing::error!("calls in flight were cut off by the host's shutdown");
                }
            }
            // Nobody kills.
            Host::Debugger => self.calls.finished().await,
        }
    }

    /// Done when shutdown was asked for and the host is about to kill, or calls have ended and only clients that say
    /// nothing are left, or a person is tired of waiting.
    async fn overdue(self) {
        self.shutdown.cancelled().await;
        match self.host {
            Host::Parent => tokio::time::sleep(GRACE_AT_SHUTDOWN + Duration::from_millis(250)).await,
            Host::Debugger => {
                let silence = async {
                    self.calls.finished().await;
                    tokio::time::sleep(GRACE_FOR_CONNECTIONS).await;
                };
                tokio::select! {
                    () = silence => {}
                    () = self.overdue.cancelled() => {}
                }
            }
        }
    }
}

/// Says where the server is: the only thing that this process ever writes to stdout.
fn announce(text: &str) -> io::Result<()> {
    let mut stdout = io::stdout().lock();
    stdout.write_all(text.as_bytes())?;
    stdout.flush()
}

/// To a person; `eprintln!` would panic if nobody listens.
fn say(text: &str) {
    let _ = io::stderr().lock().write_all(text.as_bytes());
}
