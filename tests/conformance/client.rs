//! Starts a provider and connects to it as Terraform does.

use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use hyper_util::rt::TokioIo;
use rcgen::{
    BasicConstraints, CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, IsCa, KeyPair,
    KeyUsagePurpose, PKCS_ECDSA_P521_SHA512,
};
use serde_json::json;
use terraform_provider_alicloud_iot::plugin::env;
use terraform_provider_alicloud_iot::plugin::proto::goplugin::grpc_broker_client::GrpcBrokerClient;
use terraform_provider_alicloud_iot::plugin::proto::goplugin::grpc_controller_client::GrpcControllerClient;
use terraform_provider_alicloud_iot::plugin::proto::goplugin::grpc_stdio_client::GrpcStdioClient;
use terraform_provider_alicloud_iot::plugin::proto::goplugin::{ConnInfo, Empty, StdioData};
use terraform_provider_alicloud_iot::plugin::proto::tfplugin6 as wire;
use terraform_provider_alicloud_iot::plugin::proto::tfplugin6::provider_client::ProviderClient;
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, BufReader};
use tokio::net::UnixStream;
use tokio::process::{Child, ChildStdout, Command};
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_rustls::rustls::client::ResolvesClientCert;
use tokio_rustls::rustls::crypto::aws_lc_rs;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivatePkcs8KeyDer};
use tokio_rustls::rustls::sign::CertifiedKey;
use tokio_rustls::rustls::version::{TLS12, TLS13};
use tokio_rustls::rustls::{ClientConfig, RootCertStore, SignatureScheme, SupportedProtocolVersion};
use tokio_stream::wrappers::ReceiverStream;
use tonic::Streaming;
use tonic::transport::{Channel, Endpoint};

use crate::values::object_of;

pub const PROVIDER: &str = env!("CARGO_BIN_EXE_terraform-provider-alicloud-iot");

/// Longer than anything here takes; only a hang reaches it.
pub const LIMIT: Duration = Duration::from_secs(30);

/// What go-plugin makes afresh for each process.
pub struct ClientIdentity {
    pub key: KeyPair,
    pub certificate: CertificateDer<'static>,
    pub pem: String,
}

impl ClientIdentity {
    /// A self-signed P-521 certificate of a CA, with the names and usages of go-plugin's.
    pub fn new() -> Self {
        let key = KeyPair::generate_for(&PKCS_ECDSA_P521_SHA512).unwrap();
        let mut parameters = CertificateParams::new(["localhost".to_owned()]).unwrap();
        parameters.distinguished_name = DistinguishedName::new();
        parameters.distinguished_name.push(DnType::OrganizationName, "HashiCorp");
        parameters.distinguished_name.push(DnType::CommonName, "localhost");
        parameters.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        parameters.key_usages = vec![
            KeyUsagePurpose::DigitalSignature,
            KeyUsagePurpose::KeyEncipherment,
            KeyUsagePurpose::KeyAgreement,
            KeyUsagePurpose::KeyCertSign,
        ];
        parameters.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth, ExtendedKeyUsagePurpose::ServerAuth];
        let certificate = parameters.self_signed(&key).unwrap();
        Self { key, certificate: certificate.der().clone(), pem: certificate.pem() }
    }
}

impl ClientIdentity {
    /// Key and certificate, whether or not the one belongs to the other.
    fn certified_key(&self) -> Arc<CertifiedKey> {
        let key = PrivatePkcs8KeyDer::from(self.key.serialize_der()).into();
        let key = aws_lc_rs::sign::any_supported_type(&key).unwrap();
        Arc::new(CertifiedKey::new(vec![self.certificate.clone()], key))
    }
}

/// Shows one certificate without checking that the key fits, as an impostor would.
#[derive(Debug)]
struct Shown(Arc<CertifiedKey>);

impl ResolvesClientCert for Shown {
    fn resolve(&self, _hints: &[&[u8]], _schemes: &[SignatureScheme]) -> Option<Arc<CertifiedKey>> {
        Some(self.0.clone())
    }

    fn has_certs(&self) -> bool {
        true
    }
}

/// The provider of this workspace that uses every feature of the wire, made of its sources as they are now: for these
/// tests alone, cargo builds the programs of the product's package only, and finds an old one here.
pub fn sample() -> PathBuf {
    static BUILT: LazyLock<PathBuf> = LazyLock::new(|| {
        let name = "terraform-provider-sample";
        let directory = Path::new(PROVIDER).parent().unwrap();
        let mut cargo = std::process::Command::new(env!("CARGO"));
        cargo.args(["build", "--quiet", "--workspace", "--bin", name, "--target-dir"]).arg(directory.parent().unwrap());
        if directory.ends_with("release") {
            cargo.arg("--release");
        }
        assert!(cargo.status().unwrap().success(), "{cargo:?}");
        directory.join(name).with_extension(std::env::consts::EXE_EXTENSION)
    });
    BUILT.clone()
}

/// The product's command line with nothing of the test's own environment.
pub fn command() -> Command {
    command_of(PROVIDER.as_ref())
}

/// A provider's command line with nothing of the test's own environment.
pub fn command_of(program: &Path) -> Command {
    let mut command = Command::new(program);
    command.env_clear().stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
    if let Some(directory) = std::env::var_os("TMPDIR") {
        command.env("TMPDIR", directory);
    }
    command
}

/// The same with what a host sets.
pub fn hosted(identity: &ClientIdentity) -> Command {
    hosted_of(PROVIDER.as_ref(), identity)
}

/// A provider's command line with what a host sets.
pub fn hosted_of(program: &Path, identity: &ClientIdentity) -> Command {
    let mut command = command_of(program);
    command
        .env(env::MAGIC_COOKIE_KEY, env::MAGIC_COOKIE_VALUE)
        .env("PLUGIN_PROTOCOL_VERSIONS", "6,5")
        .env("PLUGIN_MIN_PORT", "10000")
        .env("PLUGIN_MAX_PORT", "25000")
        .env(env::CLIENT_CERTIFICATE, &identity.pem);
    command
}

/// A running provider.
pub struct Plugin {
    pub process: Child,
    pub line: String,
    stdout: BufReader<ChildStdout>,
}

impl Plugin {
    /// Starts it and reads the handshake line.
    pub async fn start(command: &mut Command) -> Self {
        let mut process = command.spawn().unwrap();
        let mut stdout = BufReader::new(process.stdout.take().unwrap());
        let mut line = String::new();
        tokio::time::timeout(LIMIT, stdout.read_line(&mut line)).await.expect("a handshake line").unwrap();
        Self { process, line: line.trim_end_matches('\n').to_owned(), stdout }
    }

    pub fn fields(&self) -> Vec<&str> {
        self.line.split('|').collect()
    }

    pub fn socket(&self) -> PathBuf {
        self.fields()[3].into()
    }

    pub fn certificate(&self) -> CertificateDer<'static> {
        STANDARD_NO_PAD.decode(self.fields()[5]).unwrap().into()
    }

    /// A TLS connection; `client` is what it shows of itself.
    pub async fn connect_tls(
        &self,
        client: Option<&ClientIdentity>,
        version: &'static SupportedProtocolVersion,
    ) -> std::io::Result<TlsStream<UnixStream>> {
        let mut roots = RootCertStore::empty();
        roots.add(self.certificate()).unwrap();
        let config = ClientConfig::builder_with_provider(aws_lc_rs::default_provider().into())
            .with_protocol_versions(&[version])
            .unwrap()
            .with_root_certificates(roots);
        let mut config = match client {
            None => config.with_no_client_auth(),
            Some(client) => config.with_client_cert_resolver(Arc::new(Shown(client.certified_key()))),
        };
        config.alpn_protocols = vec![b"h2".to_vec()];
        let stream = UnixStream::connect(self.socket()).await?;
        TlsConnector::from(Arc::new(config)).connect("localhost".try_into().unwrap(), stream).await
    }

    /// A gRPC channel over the trusted connection.
    pub async fn channel(&self, client: &ClientIdentity) -> Channel {
        let stream = self.connect_tls(Some(client), &TLS13).await.unwrap();
        let mut stream = Some(TokioIo::new(stream));
        let connector = tower::service_fn(move |_| {
            let stream = stream.take().ok_or_else(|| std::io::Error::other("there is one connection only"));
            async move { stream }
        });
        Endpoint::from_static("http://localhost").connect_with_connector(connector).await.unwrap()
    }

    /// The process, with nobody at the other end of its pipes any more.
    pub fn with_closed_pipes(mut self) -> Child {
        drop((self.stdout, self.process.stderr.take()));
        self.process
    }

    /// What the process still printed on stdout and stderr, and how it ended.
    pub async fn ended(mut self) -> (String, String, ExitStatus) {
        let mut output = String::new();
        let mut errors = String::new();
        let mut stderr = self.process.stderr.take().unwrap();
        let end = async {
            tokio::try_join!(self.stdout.read_to_string(&mut output), stderr.read_to_string(&mut errors)).unwrap();
            self.process.wait().await.unwrap()
        };
        let status = tokio::time::timeout(LIMIT, end).await.expect("the process ends");
        (output, errors, status)
    }
}

/// A provider with a trusted connection to it.
pub struct Session {
    pub plugin: Plugin,
    pub channel: Channel,
    pub provider: ProviderClient<Channel>,
    pub streams: Streams,
}

/// What the host keeps open beside its calls. Nothing is said on them.
pub struct Streams {
    stdio: Streaming<StdioData>,
    broker: Streaming<ConnInfo>,
    _knock: tokio::sync::mpsc::Sender<ConnInfo>,
}

impl Session {
    pub async fn start() -> Self {
        Self::start_of(PROVIDER.as_ref()).await
    }

    pub async fn start_of(program: &Path) -> Self {
        let identity = ClientIdentity::new();
        let plugin = Plugin::start(&mut hosted_of(program, &identity)).await;
        Self::of(plugin, &identity).await
    }

    /// A trusted connection to a provider that runs already.
    pub async fn of(plugin: Plugin, identity: &ClientIdentity) -> Self {
        let channel = plugin.channel(identity).await;
        // The host opens both at once and keeps them open to the end.
        let stdio = GrpcStdioClient::new(channel.clone()).stream_stdio(()).await.unwrap().into_inner();
        let (knock, outgoing) = tokio::sync::mpsc::channel(1);
        let broker = GrpcBrokerClient::new(channel.clone()).start_stream(ReceiverStream::new(outgoing)).await;
        let broker = broker.unwrap().into_inner();
        let limit = 256 << 20;
        let provider =
            ProviderClient::new(channel.clone()).max_decoding_message_size(limit).max_encoding_message_size(limit);
        Self { plugin, channel, provider, streams: Streams { stdio, broker, _knock: knock } }
    }

    /// Configures the product, for a service that nothing reaches.
    pub async fn configure(&mut self) -> wire::get_provider_schema::Response {
        self.configure_for("http://127.0.0.1:1", "off").await
    }

    /// Configures the product for a service.
    pub async fn configure_for(&mut self, endpoint: &str, preflight: &str) -> wire::get_provider_schema::Response {
        let schema =
            self.provider.get_provider_schema(wire::get_provider_schema::Request {}).await.unwrap().into_inner();
        let set = json!({
            "region": "cn-shanghai", "access_key": "key", "secret_key": "secret", "preflight": preflight,
            "endpoints": [{"iot": endpoint}],
        });
        let config = object_of(schema.provider.as_ref(), &set);
        let request = wire::configure_provider::Request { config, ..Default::default() };
        assert_eq!(self.provider.configure_provider(request).await.unwrap().into_inner().diagnostics, []);
        schema
    }

    /// Asks for the orderly end, as the host does.
    pub async fn shut_down(mut self) -> (String, String, ExitStatus) {
        // Until then the streams stay open. The answer of a call comes after what was sent on them before it.
        tokio::select! {
            biased;
            said = self.streams.stdio.message() => panic!("{said:?}"),
            said = self.streams.broker.message() => panic!("{said:?}"),
            answer = self.provider.get_metadata(wire::get_metadata::Request {}) => { answer.unwrap(); }
        }
        // The connection may go before the answer comes, and go-plugin expects that too.
        let _ = GrpcControllerClient::new(self.channel.clone()).shutdown(Empty {}).await;
        // The server ends its streams by itself, and says nothing on them before.
        let Streams { mut stdio, mut broker, _knock } = self.streams;
        let ends = async { (stdio.message().await, broker.message().await) };
        let (stdio, broker) = tokio::time::timeout(LIMIT, ends).await.expect("the streams end");
        assert!(matches!(stdio, Ok(None)) && matches!(broker, Ok(None)), "{stdio:?} {broker:?}");
        drop((self.channel, self.provider));
        self.plugin.ended().await
    }
}

/// Both versions of TLS that the server offers.
pub const TLS_VERSIONS: [&SupportedProtocolVersion; 2] = [&TLS12, &TLS13];
