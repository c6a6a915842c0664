//! Keeps pages of other sites away. The control endpoints need no credentials, and the services a key that is known to
//! everyone unless the flags say otherwise: a browser on this machine would carry out whatever a page that it shows asks
//! of them.

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::http::header::{HOST, HeaderMap, HeaderName, ORIGIN};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};

use crate::control;

/// Whose page has made the browser send a request.
const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");
const OTHER_SITE: &str = "this request comes from a page of another site";

/// Which names of this machine the control endpoints answer to.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Names {
    /// Addresses and `localhost`: no other name leads to an emulator that listens on a loopback address, but one that
    /// another site has made lead here.
    LocalOnly,
    /// Every name: other machines know this one by names of their own.
    All,
}

/// Lets a request through that is not of another site. Programs send no `Origin`.
pub(crate) async fn own_site_only(State(names): State<Names>, request: Request, next: Next) -> Response {
    match refusal(names, request.headers()) {
        None => next.run(request).await,
        Some(reason) => control::error(StatusCode::FORBIDDEN, reason).into_response(),
    }
}

/// The same for the services, which answer to every name, and do what a GET says, too: a link would be enough.
pub(crate) async fn no_other_site(request: Request, next: Next) -> Response {
    let site = value(request.headers(), SEC_FETCH_SITE).unwrap_or("none");
    if ["none", "same-origin"].contains(&site) && !is_of_other_site(request.headers()) {
        return next.run(request).await;
    }
    control::error(StatusCode::FORBIDDEN, OTHER_SITE).into_response()
}

fn refusal(names: Names, headers: &HeaderMap) -> Option<&'static str> {
    if is_of_other_site(headers) {
        return Some(OTHER_SITE);
    }
    if matches!(names, Names::LocalOnly) && !is_local(value(headers, HOST).unwrap_or_default()) {
        return Some("use the address of the emulator, or localhost, and no other name of this machine");
    }
    None
}

fn is_of_other_site(headers: &HeaderMap) -> bool {
    let host = value(headers, HOST).unwrap_or_default();
    let differs = |origin: &str| origin.split_once("://").is_none_or(|(_, authority)| authority != host);
    value(headers, ORIGIN).is_some_and(differs)
}

fn value(headers: &HeaderMap, name: HeaderName) -> Option<&str> {
    headers.get(name).map(|value| value.to_str().unwrap_or_default())
}

/// Whether a `Host` is an address or `localhost`.
fn is_local(host: &str) -> bool {
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    };
    let address = name.trim_start_matches('[').trim_end_matches(']');
    name.eq_ignore_ascii_case("localhost") || address.parse::<std::net::IpAddr>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_refused(names: Names, headers: &[(&'static str, &str)]) -> bool {
        let headers = headers.iter().map(|(name, value)| (HeaderName::from_static(name), value.parse().unwrap()));
        refusal(names, &headers.collect()).is_some()
    }

    #[test]
    fn programs_and_the_own_page_pass() {
        for headers in [
            &[("host", "127.0.0.1:8080")][..],
            &[("host", "127.0.0.1:8080"), ("origin", "http://127.0.0.1:8080")],
            &[("host", "[::1]:8080"), ("origin", "http://[::1]:8080")],
            &[("host", "localhost")],
        ] {
            assert!(!is_refused(Names::LocalOnly, headers), "{headers:?}");
        }
        assert!(!is_refused(Names::All, &[("host", "emulator:8080")]));
    }

    #[test]
    fn pages_of_other_sites_are_refused() {
        for headers in [
            &[("host", "127.0.0.1:8080"), ("origin", "http://other.example")][..],
            &[("host", "127.0.0.1:8080"), ("origin", "http://127.0.0.1:3000")],
            &[("host", "127.0.0.1:8080"), ("origin", "null")],
        ] {
            assert!(is_refused(Names::All, headers), "{headers:?}");
        }
        // A name of another site that leads here makes its page one of the same origin.
        assert!(is_refused(
            Names::LocalOnly,
            &[("host", "other.example:8080"), ("origin", "http://other.example:8080")]
        ));
        assert!(is_refused(Names::LocalOnly, &[("host", "other.example:8080")]));
        assert!(is_refused(Names::LocalOnly, &[]));
    }
}
