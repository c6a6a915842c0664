//! What an operation can learn of the call that it serves, and say about it, beside the arguments and
//! results of tf-provider's traits.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use super::proto::tfplugin6 as wire;

/// How long core that reads nothing is still waited for once it has asked to stop.
const FOR_READERS: Duration = Duration::from_secs(2);

tokio::task_local! {
    static CURRENT: Call;
}

/// The call that is being served. A clone is cheap and means the same call.
///
/// Take it with [`Call::current`] inside an operation. A task that the operation spawns has none of its
/// own: hand it a clone.
#[derive(Debug, Clone, Default)]
pub struct Call(Arc<Inner>);

#[derive(Debug, Default)]
struct Inner {
    stop: CancellationToken,
    client: OnceLock<wire::ClientCapabilities>,
    planned_private: OnceLock<Vec<u8>>,
    kept_private: OnceLock<Vec<u8>>,
    deferred: OnceLock<DeferredReason>,
}

/// Why something cannot be planned or read yet (tfplugin6, `Deferred.Reason`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeferredReason {
    /// The configuration of the resource holds too much that is unknown.
    ResourceConfigUnknown,
    /// The configuration of the provider does.
    ProviderConfigUnknown,
    /// Something that has to be there first is not there yet.
    AbsentPrerequisite,
}

impl Call {
    /// The call that the running task serves; outside of any, one that is never stopped.
    pub fn current() -> Self {
        CURRENT.try_with(Clone::clone).unwrap_or_default()
    }

    /// Cancelled once core asks to stop (`StopProvider`), or the process is told to end. It stays so for calls that core
    /// still makes, until the provider is configured again. Also cancelled when whoever made this call has gone.
    ///
    /// Core waits for the answer without limit and records it. So give up what changes nothing, such as
    /// waiting and polling, at once; let what may have changed something come to an end within seconds; and
    /// answer with everything that is known.
    pub fn stop(&self) -> &CancellationToken {
        &self.0.stop
    }

    /// Waits for `work`; once core asks to stop, for no longer than `patience`. None if that was not enough, and `work`
    /// was dropped where it stood.
    pub async fn patiently<T>(&self, patience: Duration, work: impl Future<Output = T>) -> Option<T> {
        let enough = async {
            self.stop().cancelled().await;
            tokio::time::sleep(patience).await;
        };
        tokio::select! {
            done = work => Some(done),
            () = enough => None,
        }
    }

    /// Waits for a time. False if core asked to stop meanwhile, which ends the wait at once.
    pub async fn pause(&self, time: Duration) -> bool {
        self.stop().run_until_cancelled(tokio::time::sleep(time)).await.is_some()
    }

    /// What core understands. Nothing of it is set if core did not say.
    pub fn client(&self) -> wire::ClientCapabilities {
        self.0.client.get().copied().unwrap_or_default()
    }

    /// While planning: the private data of the plan that this one follows. None if there was no such plan, or
    /// if its data is no `T`.
    ///
    /// Core plans a replacement a second time, as a creation, with the private data of the first plan; and from
    /// Terraform 1.16 on it plans again during apply with the data of the plan that was approved.
    pub fn planned_private<T: DeserializeOwned>(&self) -> Option<T> {
        self.0.planned_private.get().and_then(|bytes| serde_json::from_slice(bytes).ok())
    }

    /// While destroying: the private data to store beside the object if it is not destroyed, in place of those that it
    /// had. The first ones count; what cannot be written leaves those that it had.
    pub fn keep_private<P: Serialize>(&self, private: &P) {
        if let Ok(bytes) = serde_json::to_vec(private) {
            let _ = self.0.kept_private.set(bytes);
        }
    }

    /// Answers that the operation has to wait for a later run. What is returned beside it is shown as a
    /// forecast; without anything, what core had or proposed is. Core that does not allow this gets an error instead. The
    /// first reason counts.
    pub fn defer(&self, reason: DeferredReason) {
        // A second reason would say nothing new.
        let _ = self.0.deferred.set(reason);
    }

    /// Sends an event of a stream and waits until core has room for it; after a stop, for a bounded time. Whether it was
    /// sent.
    pub(crate) async fn send<E>(&self, events: &mpsc::Sender<E>, event: E) -> bool {
        matches!(self.patiently(FOR_READERS, events.send(event)).await, Some(Ok(())))
    }

    /// A call that `stop` ends.
    pub(crate) fn stopped_by(stop: CancellationToken) -> Self {
        Self(Arc::new(Inner { stop, ..Inner::default() }))
    }

    /// Runs `work` as a part of this call.
    pub(crate) async fn serve<T>(self, work: impl Future<Output = T>) -> T {
        CURRENT.scope(self, work).await
    }

    /// Takes down what the request says of core.
    pub(crate) fn set_client(&self, capabilities: Option<wire::ClientCapabilities>) {
        let _ = self.0.client.set(capabilities.unwrap_or_default());
    }

    /// Takes down what an earlier plan left.
    pub(crate) fn set_planned_private(&self, private: Vec<u8>) {
        if !private.is_empty() {
            let _ = self.0.planned_private.set(private);
        }
    }

    /// What is to be stored beside an object that is not destroyed, if the operation said so.
    pub(crate) fn kept_private(&self) -> Option<Vec<u8>> {
        self.0.kept_private.get().cloned()
    }

    /// Why the operation wants to wait, if it does.
    pub(crate) fn deferred(&self) -> Option<DeferredReason> {
        self.0.deferred.get().copied()
    }
}

impl From<DeferredReason> for wire::Deferred {
    fn from(reason: DeferredReason) -> Self {
        use wire::deferred::Reason;
        let reason = match reason {
            DeferredReason::ResourceConfigUnknown => Reason::ResourceConfigUnknown,
            DeferredReason::ProviderConfigUnknown => Reason::ProviderConfigUnknown,
            DeferredReason::AbsentPrerequisite => Reason::AbsentPrereq,
        };
        Self { reason: reason.into() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn only_a_stop_makes_it_impatient() {
        let stop = CancellationToken::new();
        let call = Call::stopped_by(stop.clone());
        let patience = Duration::from_secs(2);
        let takes = |time| call.patiently(patience, tokio::time::sleep(time));
        assert_eq!(takes(patience * 1000).await, Some(()));
        stop.cancel();
        assert_eq!(takes(patience / 2).await, Some(()));
        assert_eq!(takes(patience * 2).await, None);
    }

    #[tokio::test(start_paused = true)]
    async fn core_that_reads_nothing_is_waited_for_until_it_asks_to_stop() {
        let stop = CancellationToken::new();
        let call = Call::stopped_by(stop.clone());
        let (events, mut core) = mpsc::channel(1);
        assert!(call.send(&events, 1).await);
        let reads = async {
            tokio::time::sleep(FOR_READERS * 1000).await;
            core.recv().await
        };
        assert_eq!(tokio::join!(call.send(&events, 2), reads), (true, Some(1)));
        stop.cancel();
        assert_eq!(tokio::time::timeout(FOR_READERS * 2, call.send(&events, 3)).await, Ok(false));
        assert_eq!(core.recv().await, Some(2));
        assert!(call.send(&events, 4).await, "there is room again");
        drop(core);
        assert!(!call.send(&events, 5).await);
    }

    #[tokio::test(start_paused = true)]
    async fn a_stop_ends_a_pause() {
        let stop = CancellationToken::new();
        let call = Call::stopped_by(stop.clone());
        assert!(call.pause(Duration::from_secs(60)).await);
        let (whole, ()) = tokio::join!(call.pause(Duration::from_secs(60)), async { stop.cancel() });
        assert!(!whole && !call.pause(Duration::ZERO).await);
    }

    #[tokio::test]
    async fn a_call_is_found_where_it_is_served_and_nowhere_else() {
        let stop = CancellationToken::new();
        stop.cancel();
        let inside = Call::stopped_by(stop).serve(async { Call::current().stop().is_cancelled() });
        assert!(inside.await);
        assert!(!Call::current().stop().is_cancelled());
    }
}
