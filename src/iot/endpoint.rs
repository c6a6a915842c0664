//! Where requests go.

use std::net::IpAddr;

use reqwest::Url;
use reqwest::header::HeaderValue;

/// A checked address of the service: scheme, host and port, nothing else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoint {
    url: Url,
}

/// Why a text is no endpoint. Its own text never repeats the input, which may hold a password.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EndpointError {
    /// Other characters than region IDs have.
    #[error("a region ID has lower-case letters, digits and hyphens only")]
    Region,
    /// Not a URL at all, or one without a scheme.
    #[error("it is not a URL with a scheme and a host")]
    NotAUrl,
    /// Neither `https` nor `http`.
    #[error("its scheme is neither https nor http")]
    Scheme,
    /// A user name or password in it.
    #[error("it has a user name or a password in it")]
    UserInfo,
    /// A path, query or fragment.
    #[error("it has more than scheme, host and port")]
    MoreThanHost,
    /// Plain text to another machine would show requests to everyone on the way.
    #[error("plain http is accepted for this machine only")]
    PlainText,
}

impl Endpoint {
    /// The public endpoint of a region.
    ///
    /// # Errors
    ///
    /// If `region` has other characters than a region ID: it becomes a part of a host name.
    pub fn for_region(region: &str) -> Result<Self, EndpointError> {
        let is_region_character =
            |character: char| character.is_ascii_lowercase() || character.is_ascii_digit() || character == '-';
        if region.is_empty() || region.len() > 63 || !region.chars().all(is_region_character) {
            return Err(EndpointError::Region);
        }
        Self::parse(&format!("https://iot.{region}.aliyuncs.com")).map_err(|_| EndpointError::Region)
    }

    /// An endpoint from a URL.
    ///
    /// # Errors
    ///
    /// If it is not one, or could leak what is sent to it.
    pub fn parse(text: &str) -> Result<Self, EndpointError> {
        // The parser would drop leading and trailing blanks, which are no part of an address.
        let is_plain = HeaderValue::from_str(text).is_ok() && !text.contains(char::is_whitespace);
        let url = Url::parse(text).ok().filter(|_| is_plain).ok_or(EndpointError::NotAUrl)?;
        if !matches!(url.scheme(), "https" | "http") {
            // `host:443` parses as a URL whose scheme is the host.
            return Err(if text.contains("://") { EndpointError::Scheme } else { EndpointError::NotAUrl });
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(EndpointError::UserInfo);
        }
        if url.path() != "/" || url.query().is_some() || url.fragment().is_some() {
            return Err(EndpointError::MoreThanHost);
        }
        let endpoint = Self { url };
        if endpoint.url.scheme() == "http" && !endpoint.is_loopback() {
            return Err(EndpointError::PlainText);
        }
        Ok(endpoint)
    }

    /// Whether it is on this machine.
    pub fn is_loopback(&self) -> bool {
        let Some(host) = self.url.host_str() else { return false };
        let address = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
        host == "localhost" || address.is_ok_and(|address| address.is_loopback())
    }

    pub(super) fn url(&self) -> Url {
        self.url.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn endpoints_of_regions() {
        let endpoint = Endpoint::for_region("ap-southeast-1").unwrap();
        assert_eq!(endpoint.url().as_str(), "https://iot.ap-southeast-1.aliyuncs.com/");
        assert!(!endpoint.is_loopback());
        for region in ["", "cn shanghai", "CN-SHANGHAI", "x.y", "x/y", "x#", "x@y", "x:1", "é"] {
            assert_eq!(Endpoint::for_region(region), Err(EndpointError::Region), "{region}");
        }
    }

    #[test]
    fn endpoints_from_urls() {
        for (text, is_loopback) in [
            ("https://iot.cn-shanghai.aliyuncs.com", false),
            ("https://iot.cn-shanghai.aliyuncs.com:8443/", false),
            ("http://127.0.0.1:8080", true),
            ("http://127.9.9.9", true),
            ("http://localhost:1", true),
            ("http://[::1]:8080", true),
            ("https://10.0.0.1", false),
        ] {
            assert_eq!(Endpoint::parse(text).map(|it| it.is_loopback()), Ok(is_loopback), "{text}");
        }
        for (text, error) in [
            ("", EndpointError::NotAUrl),
            ("iot.cn-shanghai.aliyuncs.com", EndpointError::NotAUrl),
            ("iot.cn-shanghai.aliyuncs.com:443", EndpointError::NotAUrl),
            ("https://", EndpointError::NotAUrl),
            (" https://host", EndpointError::NotAUrl),
            ("ftp://host", EndpointError::Scheme),
            ("https://user@host", EndpointError::UserInfo),
            ("https://user:hunter2@host", EndpointError::UserInfo),
            ("https://host/path", EndpointError::MoreThanHost),
            ("https://host?x=y", EndpointError::MoreThanHost),
            ("https://host#x", EndpointError::MoreThanHost),
            ("http://host", EndpointError::PlainText),
            ("http://10.0.0.1", EndpointError::PlainText),
            ("http://localhost.example.com", EndpointError::PlainText),
            ("http://127.0.0.1.example.com", EndpointError::PlainText),
        ] {
            assert_eq!(Endpoint::parse(text), Err(error), "{text}");
        }
    }
}
