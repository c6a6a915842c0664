//! How much of a form has come since its reader got any further, which is what the reader keeps in memory.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::BoxError;
use axum::body::{Body, Bytes, HttpBody};
use axum::extract::multipart::MultipartError;
use hyper::body::Frame;

use super::post_object::Refusal;

/// Bytes without a field, or a part of one, after which it is no form. What arrives at once is far less.
const MOST: usize = 8 * 1024 * 1024;
/// A client that sends nothing for this long is gone.
const SILENCE: Duration = Duration::from_secs(30);

/// Bytes that have come and led to nothing yet.
#[derive(Clone, Debug, Default)]
pub(super) struct Unread(Arc<AtomicUsize>);

impl Unread {
    /// The body, which fails when too much of it is unread.
    pub(super) fn bounds(&self, body: Body) -> Body {
        Body::new(Bounded { body, unread: self.clone() })
    }

    /// Waits for the next thing in the form.
    pub(super) async fn next<T>(
        &self,
        next: impl Future<Output = Result<Option<T>, MultipartError>>,
    ) -> Result<Option<T>, Refusal> {
        let next = tokio::time::timeout(SILENCE, next).await.map_err(|_| Refusal::Incomplete)??;
        self.0.store(0, Ordering::Relaxed);
        Ok(next)
    }
}

#[derive(Debug)]
struct Bounded {
    body: Body,
    unread: Unread,
}

impl HttpBody for Bounded {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        let polled = Pin::new(&mut self.body).poll_frame(context);
        if let Poll::Ready(Some(Ok(frame))) = &polled {
            let length = frame.data_ref().map_or(0, Bytes::len);
            if self.unread.0.fetch_add(length, Ordering::Relaxed) + length > MOST {
                return Poll::Ready(Some(Err("too much has led to nothing".into())));
            }
        }
        polled.map_err(BoxError::from)
    }
}
