//! Mutual TLS in which each side knows the other's certificate beforehand (go-plugin's AutoMTLS).

use std::sync::Arc;

use rcgen::{CertificateParams, ExtendedKeyUsagePurpose, KeyPair, KeyUsagePurpose};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::client::danger::HandshakeSignatureValid;
use tokio_rustls::rustls::crypto::{
    WebPkiSupportedAlgorithms, aws_lc_rs, verify_tls12_signature, verify_tls13_signature,
};
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivatePkcs8KeyDer, UnixTime};
use tokio_rustls::rustls::server::danger::{ClientCertVerified, ClientCertVerifier};
use tokio_rustls::rustls::{
    self, CertificateError, DigitallySignedStruct, DistinguishedName, ServerConfig, SignatureScheme,
};

/// Why TLS could not be set up.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// The host's certificate is not PEM with a certificate in it.
    #[error("the client certificate in PLUGIN_CLIENT_CERT cannot be read: {0}")]
    ClientCertificate(rustls::pki_types::pem::Error),
    /// The server's own certificate could not be made.
    #[error("the server certificate cannot be made: {0}")]
    ServerCertificate(#[from] rcgen::Error),
    /// rustls refused the configuration.
    #[error("the TLS configuration is refused: {0}")]
    Configuration(#[from] rustls::Error),
}

/// The server's half of the trust.
pub struct ServerIdentity {
    /// Accepts connections of the one client that is trusted.
    pub acceptor: TlsAcceptor,
    /// The certificate to announce in the handshake line, as DER.
    pub certificate: Vec<u8>,
}

impl std::fmt::Debug for ServerIdentity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ServerIdentity").finish_non_exhaustive()
    }
}

impl ServerIdentity {
    /// Makes a fresh key and certificate, and trusts the holder of the key to `client_pem` alone.
    ///
    /// # Errors
    ///
    /// If `client_pem` holds no certificate, or the machine's random source or crypto fails.
    pub fn trusting(client_pem: &str) -> Result<Self, TlsError> {
        let client = CertificateDer::from_pem_slice(client_pem.as_bytes()).map_err(TlsError::ClientCertificate)?;
        let key = KeyPair::generate()?;
        let certificate = certificate_parameters()?.self_signed(&key)?;
        let certificate = certificate.der().clone();
        // Named, not looked up: other crates of the build switch a second provider on,
        // and rustls panics when it has to choose.
        let provider = Arc::new(aws_lc_rs::default_provider());
        let verifier = PinnedClient { certificate: client, algorithms: provider.signature_verification_algorithms };
        let mut config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()?
            .with_client_cert_verifier(Arc::new(verifier))
            .with_single_cert(vec![certificate.clone()], PrivatePkcs8KeyDer::from(key.serialize_der()).into())?;
        // gRPC-Go refuses a server without ALPN from 1.67 on.
        config.alpn_protocols = vec![b"h2".to_vec()];
        Ok(Self { acceptor: TlsAcceptor::from(Arc::new(config)), certificate: certificate.to_vec() })
    }
}

/// A certificate that Go's client takes: it verifies the name `localhost` and the usage.
fn certificate_parameters() -> Result<CertificateParams, rcgen::Error> {
    let mut parameters = CertificateParams::new(["localhost".to_owned()])?;
    parameters.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    parameters.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    Ok(parameters)
}

/// Accepts one certificate, byte for byte, from whoever proves to hold its key.
///
/// The usual verifier cannot do this: go-plugin's client certificate is marked as a CA,
/// which webpki refuses as an end entity. The pin is stronger than a chain would be.
#[derive(Debug)]
struct PinnedClient {
    certificate: CertificateDer<'static>,
    algorithms: WebPkiSupportedAlgorithms,
}

impl ClientCertVerifier for PinnedClient {
    fn root_hint_subjects(&self) -> &[DistinguishedName] {
        &[]
    }

    fn verify_client_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _now: UnixTime,
    ) -> Result<ClientCertVerified, rustls::Error> {
        if *end_entity == self.certificate {
            Ok(ClientCertVerified::assertion())
        } else {
            Err(CertificateError::ApplicationVerificationFailure.into())
        }
    }

    // The certificate is public, so the signatures below are what proves the client.

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls12_signature(message, certificate, signature, &self.algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls13_signature(message, certificate, signature, &self.algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.algorithms.supported_schemes()
    }
}
