//! What is answered where: the services at `/`, the metadata service under `/latest/`, the object storage at `/oss`, the control endpoints under
//! `/_emulator/`.

use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::StatusCode;
use axum::http::header::{CONTENT_TYPE, DATE, HOST, HeaderMap, HeaderValue};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{any, get, post, put};
use axum::{Router, middleware};
use http_body_util::{BodyExt as _, LengthLimitError, Limited};

use crate::answer::{Format, GatewayError};
use crate::control;
use crate::emulator::Emulator;
use crate::gateway::{self, Outcome};
use crate::metadata;
use crate::object_storage::{self, post_object};
use crate::page::{self, Names, no_other_site, own_site_only};
use crate::server::dropped;

/// Larger bodies are refused, in bytes.
const LARGEST_BODY: usize = 1024 * 1024;
const BODY_TIME: Duration = Duration::from_secs(30);

/// All routes of one emulator. Those of the control endpoints answer to `names` of this machine.
pub(crate) fn router(emulator: Arc<Emulator>, names: Names) -> Router {
    let control = Router::new()
        .route("/_emulator/", get(page::page))
        .route("/_emulator/page.css", get(page::style))
        .route("/_emulator/page.js", get(page::script))
        .route("/_emulator", get(page::elsewhere))
        .route("/_emulator/state", get(control::state))
        .route("/_emulator/history", get(control::history))
        .route("/_emulator/requests", get(control::requests))
        .route("/_emulator/faults", get(control::faults).post(control::add_fault).delete(control::clear_faults))
        .route("/_emulator/credentials", get(metadata::by_uri))
        .route("/_emulator/clock", post(control::advance))
        .route("/_emulator/reset", post(control::reset))
        .fallback(control::no_such_endpoint)
        .method_not_allowed_fallback(control::wrong_method)
        .layer(middleware::map_request(bounded))
        .layer(middleware::from_fn_with_state(names, own_site_only));
    let metadata = Router::new()
        .route("/latest/api/token", put(metadata::token))
        .route("/latest/meta-data/ram/security-credentials/", get(metadata::role))
        .route("/latest/meta-data/ram/security-credentials/{role}", get(metadata::credentials))
        .route("/latest/{*path}", any(metadata::not_found));
    let storage = Router::new()
        .route(object_storage::PATH, post(post_object))
        .route(&format!("{}/", object_storage::PATH), post(post_object))
        // The policy of an upload says how large it may be.
        .layer(DefaultBodyLimit::disable());
    let services = Router::new().route("/", any(service)).merge(metadata).merge(storage);
    services.layer(middleware::from_fn(no_other_site)).merge(control).with_state(emulator)
}

/// A control request with its body read, so that no handler meets one that is too large or too slow.
async fn bounded(request: Request) -> Result<Request, Response> {
    let (head, body) = request.into_parts();
    match read_body(body).await {
        Ok(body) => Ok(Request::from_parts(head, Body::from(body))),
        Err(BodyFailure::Incomplete) => Err(dropped()),
        Err(BodyFailure::TooLarge) => {
            Err(control::error(StatusCode::PAYLOAD_TOO_LARGE, "a body has at most 1 MiB").into_response())
        }
    }
}

/// The RPC endpoint.
async fn service(State(emulator): State<Arc<Emulator>>, request: Request) -> Response {
    let (head, body) = request.into_parts();
    let body = match read_body(body).await {
        Ok(body) => body,
        Err(BodyFailure::Incomplete) => return dropped(),
        Err(BodyFailure::TooLarge) => return too_large(&emulator),
    };
    let request = gateway::Request {
        method: &head.method,
        query: head.uri.query().unwrap_or_default(),
        headers: &head.headers,
        body: &body,
        form: if is_form(&head.headers) { &body } else { &[] },
        host: text(&head.headers, HOST.as_str()),
    };
    let outcome = gateway::answer(&emulator, &request);
    deliver(outcome).await
}

/// Why there is no body to work on.
enum BodyFailure {
    TooLarge,
    /// The client went away, or took too long.
    Incomplete,
}

async fn read_body(body: Body) -> Result<Bytes, BodyFailure> {
    let read = Limited::new(body, LARGEST_BODY).collect();
    match tokio::time::timeout(BODY_TIME, read).await {
        Ok(Ok(collected)) => Ok(collected.to_bytes()),
        Ok(Err(error)) if error.is::<LengthLimitError>() => Err(BodyFailure::TooLarge),
        Ok(Err(_)) | Err(_) => Err(BodyFailure::Incomplete),
    }
}

fn is_form(headers: &HeaderMap) -> bool {
    let media_type = text(headers, CONTENT_TYPE.as_str()).split(';').next().unwrap_or_default();
    media_type.trim().eq_ignore_ascii_case("application/x-www-form-urlencoded")
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> &'a str {
    headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

async fn deliver(outcome: Outcome) -> Response {
    let Outcome::Answer { reply, delay } = outcome else { return dropped() };
    if !delay.is_zero() {
        tokio::time::sleep(delay).await;
    }
    let mut answer = (reply.status, [(CONTENT_TYPE, reply.content_type)], reply.body).into_response();
    if let Ok(request_id) = HeaderValue::from_str(&reply.request_id) {
        answer.headers_mut().insert("x-acs-request-id", request_id);
    }
    if let Ok(date) = HeaderValue::from_str(&reply.date) {
        answer.headers_mut().insert(DATE, date);
    }
    if let Some(millis) = reply.retry_after_millis {
        answer.headers_mut().insert("x-acs-retry-after", HeaderValue::from(millis));
    }
    answer
}

fn too_large(emulator: &Emulator) -> Response {
    let error = GatewayError::new(
        StatusCode::PAYLOAD_TOO_LARGE,
        "RequestEntityTooLarge",
        "The body of a request has at most 1 MiB.",
    );
    let request_id = emulator.world().randomness.request_id();
    let format = Format::default();
    let body = format.render("Error", &error.answer(&request_id, ""));
    (error.status, [(CONTENT_TYPE, format.content_type())], body).into_response()
}
