//! The services that a go-plugin host expects beside the provider, one file each.
//! The health service is a library's.

pub(crate) mod broker;
pub(crate) mod controller;
pub(crate) mod stdio;

use tokio_stream::wrappers::ReceiverStream;
use tokio_util::sync::CancellationToken;
use tonic::codegen::BoxStream;

/// A stream that says nothing and ends with the server. Without the end, the server would wait for
/// it at shutdown, and the host kills after two seconds.
fn silent_until<T: Send + 'static>(shutdown: CancellationToken) -> BoxStream<T> {
    let (sender, receiver) = tokio::sync::mpsc::channel(1);
    tokio::spawn(async move {
        tokio::select! {
            () = shutdown.cancelled() => {}
            () = sender.closed() => {}
        }
    });
    Box::pin(ReceiverStream::new(receiver))
}
