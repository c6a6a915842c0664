//! The frame around every call: a task of its own, a log line, and no way for a panic to get further.

use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use tf_provider::{AttributePath, Diagnostics};
use tokio_util::task::TaskTracker;
use tonic::{Response, Status};
use tracing::Instrument as _;

use super::super::convert::diagnostics::{diagnostic, to_wire};
use super::super::proto::tfplugin6 as wire;

/// An answer that can carry diagnostics, and says nothing else by default.
pub(crate) trait Answer: Default + Send + 'static {
    fn with_diagnostics(self, diagnostics: Vec<wire::Diagnostic>) -> Self;
}

/// Runs calls so that a closed connection does not end them.
///
/// When a connection closes, the server drops the handlers that run for it at their next pause. A
/// create that waits for its answer must not vanish like that, so the work is a task of its own; it
/// gets what time there is until the process ends.
#[derive(Debug, Clone, Default)]
pub(crate) struct Calls {
    tasks: TaskTracker,
    next_id: Arc<AtomicU64>,
}

impl Calls {
    /// Runs `work` and answers with what it returns and the diagnostics that it raised.
    pub(crate) async fn run<A, F>(&self, rpc: &'static str, type_name: &str, work: F) -> Result<Response<A>, Status>
    where
        A: Answer,
        F: Future<Output = (Option<A>, Diagnostics)> + Send + 'static,
    {
        let id = self.next_id.fetch_add(1, Ordering::Relaxed);
        let span = tracing::debug_span!(
            "call",
            tf_rpc = rpc,
            tf_req_id = id,
            tf_resource_type = (!type_name.is_empty()).then_some(type_name)
        );
        let work = async move {
            let started = Instant::now();
            let (answer, diagnostics) = work.await;
            tracing::debug!(
                duration_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX),
                errors = diagnostics.errors.len(),
                warnings = diagnostics.warnings.len(),
                "answered"
            );
            (answer, diagnostics)
        };
        let task = self.tasks.spawn(work.instrument(span));
        let (answer, diagnostics) = task.await.unwrap_or_else(|error| (None, lost(rpc, &error)));
        Ok(Response::new(answer.unwrap_or_default().with_diagnostics(to_wire(diagnostics))))
    }

    /// Ends when no call is running any more. No new one is expected by then.
    pub(crate) async fn finished(&self) {
        self.tasks.close();
        self.tasks.wait().await;
    }
}

/// What to say of a call that panicked. The panic's own text may quote anything, so it stays out.
fn lost(rpc: &str, error: &tokio::task::JoinError) -> Diagnostics {
    let what = if error.is_panic() { "panicked" } else { "was cancelled" };
    let error = diagnostic(
        "Provider Bug",
        format!(
            "The provider failed inside {rpc}. This is a fault in the provider, not in the configuration. What the \
             call had done by then is not known: compare the real objects with the state before the next apply, \
             and please report this.\n\n  call: {rpc}\n  end: {what}"
        ),
        AttributePath::root(),
    );
    Diagnostics { errors: vec![error], warnings: Vec::new() }
}
