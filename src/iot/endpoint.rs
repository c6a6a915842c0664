//! Where requests are sent.

use std::fmt;
use std::net::IpAddr;

use reqwest::Url;
use thiserror::Error;

/// The regions that have IoT Platform, as the service's page of endpoints lists them.
pub const REGIONS: [&str; 8] = [
    "cn-shanghai",
    "cn-beijing",
    "cn-shenzhen",
    "ap-southeast-1",
    "ap-northeast-1",
    "us-west-1",
    "us-east-1",
    "eu-central-1",
];

/// The address of the service: scheme, host and port, nothing else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoint(Url);

/// Why an endpoint is not taken. The texts are made to follow "the endpoint cannot be used: ".
///
/// None of them repeats the address, as one with a user name has a password in it.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum EndpointError {
    /// A region is lower-case letters, digits and hyphens.
    #[error("a region consists of lower-case letters, digits and hyphens, such as cn-shanghai")]
    InvalidRegion,
    /// It does not begin with a scheme.
    #[error("it does not begin with https://")]
    NoScheme,
    /// It begins with a scheme other than `http` and `https`.
    #[error("its scheme is neither https nor http")]
    UnknownScheme,
    /// It is no URL; the text says why.
    #[error("it is not a valid URL ({0})")]
    Malformed(String),
    /// Credentials do not belong into it.
    #[error("it holds a user name or a password")]
    UserName,
    /// Requests go to `/`.
    #[error("it has a path, but requests are sent to the host itself")]
    Path,
    /// Parameters travel in the body.
    #[error("it has a query or a fragment")]
    Query,
    /// Keys would travel in the clear.
    #[error("plain http is accepted for this machine only (localhost, 127.0.0.1, [::1])")]
    PlainHttp,
    /// Nobody else is to be asked.
    #[error("it is not on this machine (localhost, 127.0.0.1, [::1])")]
    Remote,
}

impl Endpoint {
    /// The public endpoint of a region: `https://iot.<region>.aliyuncs.com`.
    ///
    /// # Errors
    ///
    /// [`EndpointError::InvalidRegion`] if the text cannot be a region. Whether the region exists is not looked up.
    pub fn for_region(region: &str) -> Result<Self, EndpointError> {
        Self::of_service("iot", region)
    }

    /// The Security Token Service of a region, or that inside the region's VPCs.
    ///
    /// # Errors
    ///
    /// As [`Self::for_region`].
    pub fn for_sts(region: &str, in_vpc: bool) -> Result<Self, EndpointError> {
        Self::of_service(if in_vpc { "sts-vpc" } else { "sts" }, region)
    }

    fn of_service(service: &str, region: &str) -> Result<Self, EndpointError> {
        let is_part = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        let is_region = !region.is_empty()
            && region.len() <= 63
            && region.bytes().all(is_part)
            && !region.starts_with('-')
            && !region.ends_with('-');
        if !is_region {
            return Err(EndpointError::InvalidRegion);
        }
        Self::parse(&format!("https://{service}.{region}.aliyuncs.com"))
    }

    /// Takes a URL, or a bare host of `https` as the command line's settings have it.
    ///
    /// # Errors
    ///
    /// As [`Self::parse`].
    pub fn parse_host_or_url(text: &str) -> Result<Self, EndpointError> {
        if text.contains("://") { Self::parse(text) } else { Self::parse(&format!("https://{text}")) }
    }

    /// Takes the URL of something on this machine.
    ///
    /// # Errors
    ///
    /// As [`Self::parse`], and [`EndpointError::Remote`].
    pub fn parse_local(text: &str) -> Result<Self, EndpointError> {
        Self::parse(text)
            .and_then(|endpoint| if endpoint.is_loopback() { Ok(endpoint) } else { Err(EndpointError::Remote) })
    }

    /// Takes a URL of scheme, host and perhaps port.
    ///
    /// # Errors
    ///
    /// Says what is wrong with it: see [`EndpointError`].
    pub fn parse(text: &str) -> Result<Self, EndpointError> {
        let (scheme, rest) = text.split_once("://").ok_or(EndpointError::NoScheme)?;
        if !scheme.eq_ignore_ascii_case("https") && !scheme.eq_ignore_ascii_case("http") {
            return Err(EndpointError::UnknownScheme);
        }
        // The parser forgets an empty user name.
        if rest.contains('@') {
            return Err(EndpointError::UserName);
        }
        let url = Url::parse(text).map_err(|error| EndpointError::Malformed(error.to_string()))?;
        if url.query().is_some() || url.fragment().is_some() {
            return Err(EndpointError::Query);
        }
        if url.path() != "/" {
            return Err(EndpointError::Path);
        }
        let endpoint = Self(url);
        if endpoint.0.scheme() == "http" && !endpoint.is_loopback() {
            return Err(EndpointError::PlainHttp);
        }
        Ok(endpoint)
    }

    /// Whether it is this machine: `localhost`, `127.0.0.0/8` or `::1`.
    pub fn is_loopback(&self) -> bool {
        is_loopback(&self.0)
    }

    pub(super) fn url(&self) -> &Url {
        &self.0
    }
}

/// Whether the host of a URL is this machine.
pub(super) fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let address = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || address.parse().is_ok_and(|address: IpAddr| address.is_loopback())
}

/// Scheme, host and, where it is not the scheme's own, port.
impl fmt::Display for Endpoint {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.0.as_str().trim_end_matches('/'))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_that_are_taken() {
        for (given, shown, is_loopback) in [
            ("https://iot.cn-shanghai.aliyuncs.com", "https://iot.cn-shanghai.aliyuncs.com", false),
            ("https://iot.cn-shanghai.aliyuncs.com/", "https://iot.cn-shanghai.aliyuncs.com", false),
            ("HTTPS://Example.com:8443", "https://example.com:8443", false),
            ("https://[2001:db8::1]", "https://[2001:db8::1]", false),
            ("http://localhost:8080", "http://localhost:8080", true),
            ("http://LOCALHOST", "http://localhost", true),
            ("http://127.0.0.1:1", "http://127.0.0.1:1", true),
            ("http://127.255.0.3", "http://127.255.0.3", true),
            ("http://[::1]:8080/", "http://[::1]:8080", true),
            ("https://localhost", "https://localhost", true),
        ] {
            let endpoint = Endpoint::parse(given).unwrap();
            assert_eq!((endpoint.to_string().as_str(), endpoint.is_loopback()), (shown, is_loopback));
        }
    }

    #[test]
    fn addresses_that_are_refused() {
        use EndpointError as E;
        for (given, expected) in [
            ("", E::NoScheme),
            ("iot.cn-shanghai.aliyuncs.com", E::NoScheme),
            ("https:iot.cn-shanghai.aliyuncs.com", E::NoScheme),
            ("ftp://example.com", E::UnknownScheme),
            ("://example.com", E::UnknownScheme),
            ("https://user:password@example.com", E::UserName),
            ("https://@example.com", E::UserName),
            ("https://example.com/path", E::Path),
            ("https://example.com?a=b", E::Query),
            ("https://example.com/?", E::Query),
            ("https://example.com/#part", E::Query),
            ("http://example.com", E::PlainHttp),
            ("http://128.0.0.1", E::PlainHttp),
            ("http://0.0.0.0", E::PlainHttp),
            ("http://localhost.example.com", E::PlainHttp),
            ("http://[::2]", E::PlainHttp),
            ("https://", E::Malformed("empty host".to_owned())),
            ("https://example.com:99999", E::Malformed("invalid port number".to_owned())),
        ] {
            assert_eq!(Endpoint::parse(given), Err(expected), "{given}");
        }
    }

    #[test]
    fn a_region_is_part_of_the_host_name_and_nothing_else() {
        let endpoint = Endpoint::for_region("ap-southeast-1").unwrap();
        assert_eq!(endpoint.to_string(), "https://iot.ap-southeast-1.aliyuncs.com");
        assert!(!endpoint.is_loopback());
        for region in ["", "CN-Shanghai", "cn_shanghai", "a.b", "a/b", "x@y", "cn-shanghai ", "-a", "a-", "上海"] {
            assert_eq!(Endpoint::for_region(region), Err(EndpointError::InvalidRegion), "{region}");
        }
        let long = "a".repeat(64);
        assert_eq!(Endpoint::for_region(&long), Err(EndpointError::InvalidRegion));
    }
}
