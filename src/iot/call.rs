//! One call: all its tries, and the waiting before and between them.

use std::sync::Arc;

use tokio::time::{Instant, sleep, sleep_until, timeout_at};

use super::attempt::{Answer, Failed, attempt};
use super::client::{Client, Inner};
use super::credentials::Credentials;
use super::error::{Error, FailureKind};
use super::operation::Operation;
use super::quota::Limiter;
use super::retry::{Tries, jittered};

/// A call under way.
pub(super) struct Call<'a, O> {
    client: &'a Client,
    operation: &'a O,
    limiter: Option<Arc<Limiter>>,
    started: Instant,
    deadline: Instant,
    tries: Tries,
}

/// Why a try was no success.
enum Failure {
    NotBegun(Ended),
    Failed(Error),
}

/// Why nothing more is sent.
#[derive(Clone, Copy)]
enum Ended {
    Stopped,
    OutOfTime,
}

impl<'a, O: Operation> Call<'a, O> {
    pub(super) fn new(client: &'a Client, operation: &'a O) -> Self {
        let started = Instant::now();
        let Inner { quotas, retry, .. } = &*client.inner;
        Self {
            client,
            operation,
            limiter: quotas.limiter::<O>(),
            started,
            deadline: retry.end(started, client.deadline),
            tries: Tries::new(*retry),
        }
    }

    /// Tries until there is an answer, or a failure that is final.
    pub(super) async fn run(mut self) -> Result<Answer<O::Answer>, Error> {
        let mut last_error = None;
        loop {
            let failure = match self.try_once().await {
                Ok(answer) => return Ok(answer),
                Err(failure) => failure,
            };
            let (error, ended) = match failure {
                Failure::Failed(error) => {
                    let ended = self.wait_after(&error).await.err();
                    (error, ended)
                }
                Failure::NotBegun(ended) => (last_error.unwrap_or_else(|| ended.before_sending::<O>()), Some(ended)),
            };
            let error = error.after(self.tries.made(), self.started.elapsed());
            match ended {
                None => last_error = Some(error),
                Some(Ended::OutOfTime) => return Err(error),
                Some(Ended::Stopped) => return Err(error.interrupted()),
            }
        }
    }

    /// Waits until the next try is due; an error if there is none.
    async fn wait_after(&mut self, error: &Error) -> Result<(), Ended> {
        let wait = self.tries.wait_after(error).filter(|wait| Instant::now() + *wait < self.deadline);
        let wait = wait.ok_or(Ended::OutOfTime)?;
        let wait_ms = u64::try_from(wait.as_millis()).unwrap_or(u64::MAX);
        tracing::debug!(action = O::ACTION, tries = self.tries.made(), wait_ms, "will try again");
        self.unless_ended(sleep(wait)).await
    }

    /// One try, or two if the keys were over.
    async fn try_once(&mut self) -> Result<Answer<O::Answer>, Failure> {
        let keys = &self.client.inner.credentials;
        // Before the turn, so that callers who have waited for new keys do not go out together.
        let credentials = self.unless_ended(keys.current()).await??;
        match self.send(&credentials).await {
            Err(Failure::Failed(error)) if error.is_expired_token() => {
                match self.unless_ended(keys.instead_of(&credentials)).await?? {
                    Some(renewed) => self.send(&renewed).await,
                    None => Err(error.into()),
                }
            }
            outcome => outcome,
        }
    }

    /// Sends it once, when its turn has come.
    async fn send(&mut self, credentials: &Credentials) -> Result<Answer<O::Answer>, Failure> {
        match &self.limiter {
            Some(limiter) => self.unless_ended(limiter.turn()).await?,
            None => self.unless_ended(std::future::ready(())).await?,
        }
        self.tries.begin();
        let Inner { region, transport, retry, .. } = &*self.client.inner;
        let attempt = attempt(transport, region, credentials, self.operation);
        let outcome = if O::IS_SAFE_TO_REPEAT {
            timeout_at(self.deadline, attempt).await.unwrap_or_else(|_| Err(Failed::out_of_time()))
        } else {
            attempt.await
        };
        let error = match outcome {
            Ok(answer) => return Ok(answer),
            Err(failed) => failed.into_error::<O>(),
        };
        if let Some(limiter) = self.limiter.as_ref().filter(|_| error.is_throttled()) {
            limiter.hold_back(error.retry_after().unwrap_or_default() + jittered(retry.base));
        }
        Err(error.into())
    }

    /// Waits for something that changes nothing.
    async fn unless_ended<T>(&self, waited_for: impl Future<Output = T>) -> Result<T, Ended> {
        tokio::select! {
            biased;
            () = self.client.stop.cancelled() => Err(Ended::Stopped),
            () = sleep_until(self.deadline) => Err(Ended::OutOfTime),
            done = waited_for => Ok(done),
        }
    }
}

impl Ended {
    fn before_sending<O: Operation>(self) -> Error {
        let message = match self {
            Self::Stopped => "the run was interrupted before the request was sent".to_owned(),
            Self::OutOfTime => format!(
                "the call's time was over before its turn came, of which there are {} a second",
                O::CALLS_PER_SECOND
            ),
        };
        Failed::without_answer(FailureKind::NotSent, message).into_error::<O>()
    }
}

impl From<Ended> for Failure {
    fn from(ended: Ended) -> Self {
        Self::NotBegun(ended)
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}
