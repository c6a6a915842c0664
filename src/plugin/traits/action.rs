//! Actions: something done on the way, which leaves no object behind (protocol 6.10, Terraform 1.14).

use std::sync::atomic::{AtomicBool, Ordering};

use async_trait::async_trait;
use serde::de::DeserializeOwned;
use tf_provider::Diagnostics;
use tf_provider::schema::Schema;
use tokio::sync::mpsc;

use super::super::call::Call;
use super::super::convert::WireValue;
use super::super::proto::tfplugin6::invoke_action::{Event, event};
use super::super::schema::SchemaExtension;
use super::typed;

/// Something that can be done. Nothing of it is stored, so it has to be safe to repeat, or say that it is not.
#[async_trait]
pub trait Action: Send + Sync {
    /// What it is told.
    type Config: DeserializeOwned + Send;

    /// What can be configured. Core wraps it in a block `config`.
    fn schema(&self, diagnostics: &mut Diagnostics) -> Option<Schema>;

    /// What the schema cannot say.
    fn schema_extension(&self) -> SchemaExtension {
        SchemaExtension::default()
    }

    /// Checks a configuration that may hold unknown values.
    async fn validate(&self, diagnostics: &mut Diagnostics, config: Self::Config) {
        _ = (diagnostics, config);
    }

    /// Looks ahead at what invoking would meet. It can raise diagnostics and change nothing. The configuration may hold
    /// unknown values.
    async fn plan(&self, diagnostics: &mut Diagnostics, config: Self::Config) {
        _ = (diagnostics, config);
    }

    /// Does it. An error in the diagnostics fails what triggered it.
    async fn invoke(&self, diagnostics: &mut Diagnostics, config: Self::Config, progress: &Progress);
}

/// Shows how far an action is.
#[derive(Debug)]
pub struct Progress {
    events: mpsc::Sender<Event>,
    /// Nobody reads any more, so that further lines are not worth waiting for.
    is_in_vain: AtomicBool,
}

impl Progress {
    pub(crate) fn new(events: mpsc::Sender<Event>) -> Self {
        Self { events, is_in_vain: AtomicBool::new(false) }
    }

    /// Shows one line to the user. Returns once core has room for it, or has gone, or reads nothing after a stop.
    pub async fn report(&self, message: impl Into<String> + Send) {
        // Core that has gone does not end the action: half of it may be done.
        let progress = event::Type::Progress(event::Progress { message: message.into() });
        if !self.is_in_vain.load(Ordering::Relaxed) {
            let is_sent = Call::current().send(&self.events, Event { r#type: Some(progress) }).await;
            self.is_in_vain.store(!is_sent, Ordering::Relaxed);
        }
    }
}

/// An action with its type hidden.
#[async_trait]
pub(crate) trait ErasedAction: Send + Sync {
    fn schema(&self, diagnostics: &mut Diagnostics) -> Option<Schema>;
    fn schema_extension(&self) -> SchemaExtension;
    async fn validate(&self, diagnostics: &mut Diagnostics, config: &WireValue);
    async fn plan(&self, diagnostics: &mut Diagnostics, config: &WireValue);
    async fn invoke(&self, diagnostics: &mut Diagnostics, config: &WireValue, progress: &Progress);
}

/// A typed action as an object.
pub(crate) struct TypedAction<A>(pub(crate) A);

#[async_trait]
impl<A: Action> ErasedAction for TypedAction<A> {
    fn schema(&self, diagnostics: &mut Diagnostics) -> Option<Schema> {
        self.0.schema(diagnostics)
    }

    fn schema_extension(&self) -> SchemaExtension {
        self.0.schema_extension()
    }

    async fn validate(&self, diagnostics: &mut Diagnostics, config: &WireValue) {
        if let Some(config) = typed(diagnostics, config) {
            self.0.validate(diagnostics, config).await;
        }
    }

    async fn plan(&self, diagnostics: &mut Diagnostics, config: &WireValue) {
        if let Some(config) = typed(diagnostics, config) {
            self.0.plan(diagnostics, config).await;
        }
    }

    async fn invoke(&self, diagnostics: &mut Diagnostics, config: &WireValue, progress: &Progress) {
        if let Some(config) = typed(diagnostics, config) {
            self.0.invoke(diagnostics, config, progress).await;
        }
    }
}

#[cfg(test)]
mod tests {
    use tokio::time::Instant;
    use tokio_util::sync::CancellationToken;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn core_that_reads_nothing_after_a_stop_is_waited_for_once() {
        let stop = CancellationToken::new();
        stop.cancel();
        let (events, _unread) = mpsc::channel(1);
        let progress = Progress::new(events);
        let report = async |lines: usize| {
            let start = Instant::now();
            for _ in 0..lines {
                progress.report("a line").await;
            }
            start.elapsed()
        };
        let lines = async { (report(1).await, report(1).await, report(1000).await) };
        let (sent, waited_for, in_vain) = Call::stopped_by(stop).serve(lines).await;
        assert!(sent.is_zero() && !waited_for.is_zero() && in_vain.is_zero(), "{sent:?} {waited_for:?} {in_vain:?}");
    }
}
