//! Keeps pages of other sites away from the control endpoints. These need no credentials, so that a browser on this
//! machine would carry out whatever a page that it shows asks of them.

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::http::header::{HOST, HeaderMap, HeaderName, ORIGIN};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};

use crate::control;

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

fn refusal(names: Names, headers: &HeaderMap) -> Option<&'static str> {
    let value = |name: HeaderName| headers.get(name).map(|value| value.to_str().unwrap_or_default());
    let host = value(HOST).unwrap_or_default();
    let is_of_other_site = |origin: &str| origin.split_once("://").is_none_or(|(_, authority)| authority != host);
    if value(ORIGIN).is_some_and(is_of_other_site) {
        return Some("this request comes from a page of another site");
    }
    if matches!(names, Names::LocalOnly) && !is_local(host) {
        return Some("use the address of the emulator, or localhost, and no other name of this machine");
    }
    None
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
