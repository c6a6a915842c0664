//! The line on stdout by which a go-plugin host finds and trusts the server.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;

use super::env;

/// Version of go-plugin's own protocol.
const CORE_PROTOCOL: u32 = 1;

/// Major version of Terraform's provider protocol that is served.
///
/// It is the answer whatever `PLUGIN_PROTOCOL_VERSIONS` offers: a host that lacks it
/// says so itself, in better words than a plugin could.
pub const PROVIDER_PROTOCOL: u32 = 6;

/// Where the server listens, in the words of the handshake.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    /// `unix` or `tcp`.
    pub network: &'static str,
    /// Path of the socket, or `HOST:PORT`.
    pub text: String,
}

/// The handshake line, without the newline that ends it.
#[derive(Debug)]
pub struct Handshake {
    /// Where to connect.
    pub address: Address,
    /// The server's certificate as DER; none where the host asked for plain text.
    pub certificate: Option<Vec<u8>>,
    /// Whether the host reads a field about multiplexing.
    pub says_multiplexing: bool,
}

impl fmt::Display for Handshake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Address { network, text } = &self.address;
        write!(f, "{CORE_PROTOCOL}|{PROVIDER_PROTOCOL}|{network}|{text}|grpc|")?;
        if let Some(certificate) = &self.certificate {
            f.write_str(&STANDARD_NO_PAD.encode(certificate))?;
        }
        if self.says_multiplexing {
            f.write_str("|false")?;
        }
        Ok(())
    }
}

/// Whether a plugin host started this process.
pub fn started_by_host() -> bool {
    env::text(env::MAGIC_COOKIE_KEY).as_deref() == Some(env::MAGIC_COOKIE_VALUE)
}

/// What a person reads who started the provider by hand.
pub fn advice(provider: &str) -> String {
    format!(
        "This is the {provider} provider, a plugin: Terraform and OpenTofu start it by themselves.\n\
         Name it under required_providers in a configuration and run `terraform init` or `tofu init` there.\n\
         To debug it, start it with -debug.\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn handshake(certificate: Option<Vec<u8>>, says_multiplexing: bool) -> String {
        let address = Address { network: "unix", text: "/tmp/x/s".to_owned() };
        Handshake { address, certificate, says_multiplexing }.to_string()
    }

    #[test]
    fn has_six_fields_and_an_unpadded_certificate() {
        assert_eq!(handshake(Some(vec![1, 2, 3, 4]), false), "1|6|unix|/tmp/x/s|grpc|AQIDBA");
    }

    #[test]
    fn leaves_the_certificate_empty_in_plain_text() {
        assert_eq!(handshake(None, false), "1|6|unix|/tmp/x/s|grpc|");
    }

    #[test]
    fn has_a_seventh_field_only_for_hosts_that_read_it() {
        assert_eq!(handshake(None, true), "1|6|unix|/tmp/x/s|grpc||false");
    }

    #[test]
    fn advice_is_three_lines() {
        assert_eq!(advice("example").lines().count(), 3);
    }
}
