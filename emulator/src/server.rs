//! Connections: accepts them, hands their requests to the routes, ends in order.
//!
//! axum's own server cannot end a connection without an answer, which an injected fault has to do, so
//! the connections are hyper's and only the routes are axum's.

use std::pin::{Pin, pin};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::response::Response;
use hyper::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::Service;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use thiserror::Error;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tower::ServiceExt as _;

use crate::emulator::Emulator;
use crate::page::Names;
use crate::routes;

/// More connections wait until one ends.
const MOST_CONNECTIONS: usize = 1_024;
/// Longer than the idle time of common connection pools, so that a client, not the emulator, ends an idle connection.
const HEADER_TIME: Duration = Duration::from_secs(120);
/// What calls in flight get at the end.
const GRACE: Duration = Duration::from_millis(500);

/// Ends the connection without an answer. A route asks for that by this extension of its answer.
#[derive(Debug, Clone, Copy, Error)]
#[error("the connection ends without an answer")]
struct Dropped;

/// No answer at all: the connection ends instead.
pub(crate) fn dropped() -> Response {
    let mut answer = Response::default();
    answer.extensions_mut().insert(Dropped);
    answer
}

/// Serves the emulator on `listener` until `shutdown` is done; calls in flight then get half a second to end.
///
/// # Errors
/// Only if the listener has no address any more.
pub async fn serve(
    listener: TcpListener,
    emulator: Emulator,
    shutdown: impl Future<Output = ()>,
) -> std::io::Result<()> {
    let names = if listener.local_addr()?.ip().is_loopback() { Names::LocalOnly } else { Names::All };
    let emulator = Arc::new(emulator);
    let router = routes::router(Arc::clone(&emulator), names);
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
                let connection = connections.watch(connection(stream, router.clone()));
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
    emulator.close();
    Ok(())
}

/// What answers the requests of one connection.
#[derive(Debug)]
struct Handler(Router);

impl Service<Request<Incoming>> for Handler {
    type Response = Response;
    type Error = Dropped;
    type Future = Pin<Box<dyn Future<Output = Result<Response, Dropped>> + Send>>;

    fn call(&self, request: Request<Incoming>) -> Self::Future {
        let answer = self.0.clone().oneshot(request.map(Body::new));
        Box::pin(async move {
            let Ok(answer) = answer.await;
            if answer.extensions().get::<Dropped>().is_some() { Err(Dropped) } else { Ok(answer) }
        })
    }
}

fn connection(stream: TcpStream, router: Router) -> http1::Connection<TokioIo<TcpStream>, Handler> {
    http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEADER_TIME)
        .serve_connection(TokioIo::new(stream), Handler(router))
}
