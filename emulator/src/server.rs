//! Connections: accepts them, reads requests within limits, writes answers, ends in order.

use std::pin::{Pin, pin};
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use hyper::body::Incoming;
use hyper::header::{CONTENT_TYPE, HOST, HeaderMap, HeaderValue};
use hyper::server::conn::http1;
use hyper::service::Service;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use thiserror::Error;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;

use crate::answer::{Format, GatewayError};
use crate::emulator::Emulator;
use crate::gateway::{self, Outcome};
use crate::{Options, control};

/// Larger bodies are refused, in bytes.
const LARGEST_BODY: usize = 1024 * 1024;
/// More connections wait until one ends.
const MOST_CONNECTIONS: usize = 1_024;
/// Longer than the idle time of common connection pools, so that a client, not the emulator, ends an idle connection.
const HEADER_TIME: Duration = Duration::from_secs(120);
const BODY_TIME: Duration = Duration::from_secs(30);
/// What calls in flight get at the end.
const GRACE: Duration = Duration::from_millis(500);

type Answer = Response<Full<Bytes>>;

/// Ends the connection without an answer when a handler returns it.
#[derive(Debug, Error)]
#[error("an injected fault ends the connection")]
struct Dropped;

/// Why there is no body to work on.
enum BodyFailure {
    TooLarge,
    /// The client went away, or took too long.
    Incomplete,
}

/// Serves the emulator on `listener` until `shutdown` is done; calls in flight then get half a second to end.
///
/// # Errors
/// Only if the listener has no address any more.
pub async fn serve(listener: TcpListener, options: Options, shutdown: impl Future<Output = ()>) -> std::io::Result<()> {
    listener.local_addr()?;
    let emulator = Arc::new(Emulator::new(options));
    let connections = GracefulShutdown::new();
    let places = Arc::new(Semaphore::new(MOST_CONNECTIONS));
    let mut tasks = tokio::task::JoinSet::new();
    let mut shutdown = pin!(shutdown);
    loop {
        let next = async {
            let place = Arc::clone(&places).acquire_owned().await;
            (place, listener.accept().await)
        };
        tokio::select! {
            () = &mut shutdown => break,
            Some(_) = tasks.join_next() => {}
            (place, accepted) = next => {
                let Ok((stream, _)) = accepted else {
                    // Out of file descriptors, or the client is gone again: others may fare better.
                    tokio::time::sleep(Duration::from_millis(10)).await;
                    continue;
                };
                let connection = connections.watch(connection(stream, Arc::clone(&emulator)));
                tasks.spawn(async move {
                    // A connection fails when its client goes away or a fault ends it: nothing to do about either.
                    let _ = connection.await;
                    drop(place);
                });
            }
        }
    }
    drop(listener);
    let _ = tokio::time::timeout(GRACE, connections.shutdown()).await;
    tasks.shutdown().await;
    Ok(())
}

/// What answers the requests of one connection.
#[derive(Debug)]
struct Handler(Arc<Emulator>);

impl Service<Request<Incoming>> for Handler {
    type Response = Answer;
    type Error = Dropped;
    type Future = Pin<Box<dyn Future<Output = Result<Answer, Dropped>> + Send>>;

    fn call(&self, request: Request<Incoming>) -> Self::Future {
        let emulator = Arc::clone(&self.0);
        Box::pin(async move { handle(&emulator, request).await })
    }
}

fn connection(stream: TcpStream, emulator: Arc<Emulator>) -> http1::Connection<TokioIo<TcpStream>, Handler> {
    http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEADER_TIME)
        .serve_connection(TokioIo::new(stream), Handler(emulator))
}

async fn handle(emulator: &Emulator, request: Request<Incoming>) -> Result<Answer, Dropped> {
    let (head, body) = request.into_parts();
    let path = head.uri.path();
    let is_service = path == "/";
    let body = match read_body(body).await {
        Ok(body) => body,
        Err(BodyFailure::Incomplete) => return Err(Dropped),
        Err(BodyFailure::TooLarge) if is_service => return Ok(too_large(emulator)),
        Err(BodyFailure::TooLarge) => {
            return Ok(json(control::error(StatusCode::PAYLOAD_TOO_LARGE, "a body has at most 1 MiB")));
        }
    };
    if is_service {
        let request = gateway::Request {
            method: &head.method,
            query: head.uri.query().unwrap_or_default(),
            form: if is_form(&head.headers) { &body } else { &[] },
            host: text(&head.headers, HOST.as_str()),
        };
        return deliver(gateway::answer(emulator, &request)).await;
    }
    let answer = match path.strip_prefix(control::PREFIX) {
        Some(name) => control::answer(emulator, &head.method, name, &body),
        None => control::error(StatusCode::NOT_FOUND, "the service is at /, the control endpoints are at /_emulator/"),
    };
    Ok(json(answer))
}

async fn read_body(body: Incoming) -> Result<Bytes, BodyFailure> {
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

async fn deliver(outcome: Outcome) -> Result<Answer, Dropped> {
    let Outcome::Answer { reply, delay } = outcome else {
        return Err(Dropped);
    };
    if !delay.is_zero() {
        tokio::time::sleep(delay).await;
    }
    let mut answer = response(reply.status, reply.content_type, reply.body);
    if let Ok(request_id) = HeaderValue::from_str(&reply.request_id) {
        answer.headers_mut().insert("x-acs-request-id", request_id);
    }
    if let Some(millis) = reply.retry_after_millis {
        answer.headers_mut().insert("x-acs-retry-after", HeaderValue::from(millis));
    }
    Ok(answer)
}

fn too_large(emulator: &Emulator) -> Answer {
    let error = GatewayError::new(
        StatusCode::PAYLOAD_TOO_LARGE,
        "RequestEntityTooLarge",
        "The body of a request has at most 1 MiB.",
    );
    let request_id = emulator.world().randomness.request_id();
    let format = Format::default();
    let body = format.render("Error", &error.answer(&request_id, ""));
    response(error.status, format.content_type(), body)
}

fn json((status, body): control::Reply) -> Answer {
    response(status, "application/json;charset=utf-8", body.to_string())
}

fn response(status: StatusCode, content_type: &'static str, body: String) -> Answer {
    let mut answer = Response::new(Full::new(Bytes::from(body)));
    *answer.status_mut() = status;
    answer.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    answer
}
