//! The proxy and the certificates of the environment.

use std::sync::Arc;

use anyhow::{Context as _, Result, ensure};
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use testkit::Terraform;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::Runtime;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::aws_lc_rs::default_provider;
use tokio_rustls::rustls::pki_types::PrivatePkcs8KeyDer;

use crate::configuration::{MINIMAL, apply, only_error, set_up, with_job};

crate::trials!(the_proxy_and_the_certificates_of_the_environment_count, a_certificate_of_another_host_is_refused,);

const HOST: &str = "iot.cn-shanghai.aliyuncs.com";

/// A proxy that ends TLS itself, as companies have, in front of the emulator, with a certificate for `host`. That of who
/// signs for it is in the second part.
fn proxy(runtime: &Runtime, emulator: &str, host: &str) -> Result<(String, String)> {
    let (authority_key, key) = (KeyPair::generate()?, KeyPair::generate()?);
    let mut authority = CertificateParams::default();
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let authority_certificate = authority.self_signed(&authority_key)?;
    let issuer = Issuer::new(authority, authority_key);
    let certificate = CertificateParams::new([host.to_owned()])?.signed_by(&key, &issuer)?;
    let config = ServerConfig::builder_with_provider(default_provider().into())
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], PrivatePkcs8KeyDer::from(key.serialize_der()).into())?;
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let target = emulator.strip_prefix("http://").context("the emulator's address")?.to_owned();
    let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0"))?;
    let address = format!("http://{}", listener.local_addr()?);
    runtime.spawn(async move {
        while let Ok((client, _)) = listener.accept().await {
            tokio::spawn(forward(client, acceptor.clone(), target.clone()));
        }
    });
    Ok((address, authority_certificate.pem()))
}

async fn forward(mut client: TcpStream, acceptor: TlsAcceptor, target: String) -> Result<()> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(client.read_u8().await?);
    }
    ensure!(head.starts_with(format!("CONNECT {HOST}:443 HTTP/1.1\r\n").as_bytes()));
    client.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await?;
    let mut inside = acceptor.accept(client).await?;
    let mut emulator = TcpStream::connect(target).await?;
    tokio::io::copy_bidirectional(&mut inside, &mut emulator).await?;
    Ok(())
}

fn through(terraform: &mut Terraform, proxy: &str, authority: &str) -> Result<()> {
    terraform.write("authority.pem", authority)?;
    let file = terraform.directory().join("authority.pem");
    terraform.unset("IOT_ENDPOINT");
    terraform.set("SSL_CERT_FILE", file);
    terraform.set("HTTPS_PROXY", proxy);
    // Whatever the caller's own is.
    for variable in ["https_proxy", "NO_PROXY", "no_proxy", "SSL_CERT_DIR"] {
        terraform.set(variable, "");
    }
    Ok(())
}

fn the_proxy_and_the_certificates_of_the_environment_count() -> Result<()> {
    let runtime = Runtime::new()?;
    let (emulator, mut terraform) = set_up(&[])?;
    let (proxy, authority) = proxy(&runtime, emulator.url(), HOST)?;
    through(&mut terraform, &proxy, &authority)?;
    apply(&terraform, &with_job(MINIMAL))?;
    ensure!(emulator.jobs()?.len() == 1, "the host of the cloud was reached through the proxy");
    // Without the authority nobody is trusted, through a proxy or not.
    let other = CertificateParams::default().self_signed(&KeyPair::generate()?)?.pem();
    terraform.write("authority.pem", &other)?;
    let error = only_error(&terraform, &["plan", "-json", "-input=false"])?;
    ensure!(error["detail"].as_str().unwrap_or_default().contains("certificate"), "{error}");
    Ok(())
}

fn a_certificate_of_another_host_is_refused() -> Result<()> {
    let runtime = Runtime::new()?;
    let (emulator, mut terraform) = set_up(&[])?;
    let (proxy, authority) = proxy(&runtime, emulator.url(), "iot.cn-beijing.aliyuncs.com")?;
    through(&mut terraform, &proxy, &authority)?;
    terraform.write("main.tf", &with_job(MINIMAL))?;
    let error = only_error(&terraform, &["plan", "-json", "-input=false"])?;
    let detail = error["detail"].as_str().unwrap_or_default();
    ensure!(detail.contains("certificate not valid for name") && detail.contains("Check the endpoint"), "{error:#}");
    ensure!(emulator.requests()?.is_empty(), "nothing was sent");
    Ok(())
}
