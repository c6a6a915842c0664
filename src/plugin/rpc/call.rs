//! The frame around every call: a task of its own, a log line, a way to stop, and none for a panic to get further.

use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use tf_provider::{AttributePath, Diagnostics};
use tokio::runtime::Handle;
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;
use tokio_stream::StreamExt as _;
use tokio_stream::wrappers::ReceiverStream;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tonic::codegen::BoxStream;
use tracing::{Instrument as _, Span};

use super::super::call::Call;
use super::super::convert::diagnostics::{diagnostic, to_wire};
use super::super::proto::tfplugin6 as wire;

/// An answer that can carry diagnostics, and says nothing else by default.
pub(crate) trait Answer: Default + Send + 'static {
    fn with_diagnostics(self, diagnostics: Vec<wire::Diagnostic>) -> Self;
}

/// What a call is about, as logs show it: a key of Go's providers where they have one, and a name.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Subject<'a> {
    pub(crate) key: &'static str,
    pub(crate) name: &'a str,
    /// Bytes of the request.
    pub(crate) size: usize,
    /// Whether it reads files, settings and certificates: nobody knows how long that takes.
    pub(crate) reads_files: bool,
}

/// Requests from this size on are served by a thread each, as those that read files are. Reading one takes as long as
/// thousands of small ones, and would hold all other calls up.
const LARGE_REQUEST: usize = 1 << 20;

/// How many events of a stream wait for core before the operation that makes them waits too.
const EVENTS_AHEAD: usize = 16;

/// Runs calls so that a closed connection does not end them.
///
/// When a connection closes, the server drops the handlers that run for it at their next pause. A
/// create that waits for its answer must not vanish like that, so the work is a task of its own; it
/// gets what time there is until the process ends. But it is asked to stop: nobody takes down any more what it would
/// begin.
#[derive(Debug, Clone, Default)]
pub(crate) struct Calls(Arc<Inner>);

#[derive(Debug, Default)]
struct Inner {
    tasks: TaskTracker,
    next_id: AtomicU64,
    /// Stops the calls of the run that the provider was last configured for.
    stop: Mutex<CancellationToken>,
}

impl Calls {
    /// Runs `work` and answers with what it returns and the diagnostics that it raised.
    pub(crate) async fn run<A, F>(&self, rpc: &'static str, subject: Subject<'_>, work: F) -> A
    where
        A: Answer,
        F: Future<Output = (Option<A>, Diagnostics)> + Send + 'static,
    {
        let work = logged(work, |(_, diagnostics)| diagnostics);
        let call = self.call();
        let asker = call.stop().clone().drop_guard();
        let running = self.start(call, rpc, subject, work);
        let (answer, diagnostics) = running.outcome().await.unwrap_or_else(|error| (None, lost(rpc, error)));
        asker.disarm();
        answer.unwrap_or_default().with_diagnostics(to_wire(diagnostics))
    }

    /// Runs `work`, which sends events while it goes on. `last` makes events of the diagnostics at its end, also if it
    /// panicked; the stream ends with those.
    pub(crate) fn stream<E, F>(
        &self,
        rpc: &'static str,
        subject: Subject<'_>,
        work: impl FnOnce(mpsc::Sender<E>) -> F,
        last: impl FnOnce(Vec<wire::Diagnostic>) -> Vec<E> + Send + 'static,
    ) -> BoxStream<E>
    where
        E: Send + 'static,
        F: Future<Output = Diagnostics> + Send + 'static,
    {
        let (sender, receiver) = mpsc::channel(EVENTS_AHEAD);
        let work = logged(work(sender.clone()), |diagnostics| diagnostics);
        let call = self.call();
        let asker = call.stop().clone().drop_guard();
        let running = self.start(call.clone(), rpc, subject, work);
        self.0.tasks.spawn(async move {
            let diagnostics = running.outcome().await.unwrap_or_else(|error| lost(rpc, error));
            for event in last(to_wire(diagnostics)) {
                // Fails when core has gone, and then nobody is left to tell.
                let _ = call.send(&sender, event).await;
            }
        });
        Box::pin(ReceiverStream::new(receiver).map(move |event| {
            let _ = &asker;
            Ok(event)
        }))
    }

    /// Asks all calls to come to an end: those that run now, and those that core still makes for the same run, such as
    /// the rest of a refresh.
    pub(crate) fn stop(&self) {
        self.0.stop.lock().unwrap_or_else(PoisonError::into_inner).cancel();
    }

    /// A run begins. A stop of the one before it does not count any more: a debugged process serves many.
    pub(super) fn begin(&self) {
        let mut stop = self.0.stop.lock().unwrap_or_else(PoisonError::into_inner);
        if stop.is_cancelled() {
            *stop = CancellationToken::new();
        }
    }

    /// Ends when no call is running any more. No new one is expected by then.
    pub(crate) async fn finished(&self) {
        self.0.tasks.close();
        self.0.tasks.wait().await;
    }

    fn start<T: Send + 'static>(
        &self,
        call: Call,
        rpc: &'static str,
        subject: Subject<'_>,
        work: impl Future<Output = T> + Send + 'static,
    ) -> Running<T> {
        let (sender, outcome) = oneshot::channel();
        let work = Box::pin(async move {
            // Fails when the connection has gone, and then nobody is left to tell.
            let _ = sender.send(work.await);
        });
        Running { task: self.spawn(call, rpc, subject, work), outcome }
    }

    /// Takes one type for all calls: what runs a task would be there once for each RPC otherwise.
    fn spawn(
        &self,
        call: Call,
        rpc: &'static str,
        subject: Subject<'_>,
        work: Pin<Box<dyn Future<Output = ()> + Send>>,
    ) -> JoinHandle<()> {
        let work = call.serve(work).instrument(self.span(rpc, subject));
        if subject.size < LARGE_REQUEST && !subject.reads_files {
            return self.0.tasks.spawn(work);
        }
        let runtime = Handle::current();
        self.0.tasks.spawn_blocking(move || runtime.block_on(work))
    }

    fn call(&self) -> Call {
        Call::stopped_by(self.0.stop.lock().unwrap_or_else(PoisonError::into_inner).child_token())
    }

    fn span(&self, rpc: &'static str, subject: Subject<'_>) -> Span {
        let id = self.0.next_id.fetch_add(1, Ordering::Relaxed);
        let named = |key| (subject.key == key).then_some(subject.name);
        tracing::debug_span!(
            "call",
            tf_rpc = rpc,
            tf_req_id = id,
            tf_resource_type = named("tf_resource_type"),
            tf_data_source_type = named("tf_data_source_type"),
            tf_ephemeral_resource_type = named("tf_ephemeral_resource_type"),
            tf_list_resource_type = named("tf_list_resource_type"),
            tf_action_type = named("tf_action_type"),
            tf_function_name = named("tf_function_name"),
        )
    }
}

/// A call that has a task of its own.
struct Running<T> {
    task: JoinHandle<()>,
    outcome: oneshot::Receiver<T>,
}

/// How a call ended that has no outcome.
#[derive(Debug, Clone, Copy)]
enum Lost {
    Panicked,
    Cancelled,
}

impl<T> Running<T> {
    async fn outcome(self) -> Result<T, Lost> {
        match self.outcome.await {
            Ok(outcome) => Ok(outcome),
            Err(_) if self.task.await.is_err_and(|error| error.is_panic()) => Err(Lost::Panicked),
            Err(_) => Err(Lost::Cancelled),
        }
    }
}

/// The same, with a line in the log once it is done.
async fn logged<T>(work: impl Future<Output = T>, diagnostics: impl FnOnce(&T) -> &Diagnostics) -> T {
    let started = Instant::now();
    let outcome = work.await;
    log(started, diagnostics(&outcome));
    outcome
}

fn log(started: Instant, Diagnostics { errors, warnings }: &Diagnostics) {
    tracing::debug!(
        duration_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX),
        errors = errors.len(),
        warnings = warnings.len(),
        "answered"
    );
}

/// What to say of a call that has no outcome. A panic's own text may quote anything, so it stays out.
fn lost(rpc: &str, end: Lost) -> Diagnostics {
    let end = match end {
        Lost::Panicked => "panicked",
        Lost::Cancelled => "was cancelled",
    };
    let error = diagnostic(
        "Provider Bug",
        format!(
            "The provider failed inside {rpc}. This is a fault in the provider, not in the configuration. What the \
             call had done by then is not known: compare the real objects with the state before the next apply, \
             and please report this.\n\n  call: {rpc}\n  end: {end}"
        ),
        AttributePath::root(),
    );
    Diagnostics { errors: vec![error], warnings: Vec::new() }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::channel;
    use std::time::Duration;

    use super::*;

    /// The test's runtime has one thread, as the provider's.
    #[tokio::test]
    async fn a_large_request_does_not_hold_up_another_call() {
        let calls = Calls::default();
        let (sender, receiver) = channel();
        let (large, small) = (Subject { size: LARGE_REQUEST, ..Subject::default() }, Subject::default());
        let reading = calls.run::<wire::get_metadata::Response, _>("Large", large, async move {
            let is_there = receiver.recv_timeout(Duration::from_secs(20)).is_ok();
            let errors = if is_there { Vec::new() } else { vec![diagnostic("Alone", "", AttributePath::root())] };
            (None, Diagnostics { errors, warnings: Vec::new() })
        });
        let other = calls.run::<wire::get_metadata::Response, _>("Small", small, async move {
            sender.send(()).unwrap();
            (None, Diagnostics::default())
        });
        let (answer, _) = tokio::join!(reading, other);
        assert_eq!(answer.diagnostics, []);
        calls.finished().await;
    }
}
