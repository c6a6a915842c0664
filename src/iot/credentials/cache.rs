//! Keys in use, and their renewal before they expire.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use time::{Duration, OffsetDateTime};

use super::keys::Credentials;
use super::source::CredentialSource;
use crate::iot::error::Error;

/// What is left of keys when they are renewed. The official SDKs do it at the same time.
const RENEWED_BEFORE: Duration = Duration::seconds(180);
/// How long keys that still hold are used after an attempt to renew them that did not get newer ones.
const RENEWED_AGAIN_AFTER: Duration = Duration::seconds(10);

/// What tells the time.
pub(in crate::iot) type Clock = Box<dyn Fn() -> OffsetDateTime + Send + Sync>;

/// The keys of one source. Clones share them, so that however many requests need new ones, the source is asked once.
#[derive(Clone)]
pub struct CredentialCache(Arc<Inner>);

struct Inner {
    source: Box<dyn CredentialSource>,
    clock: Clock,
    state: Mutex<State>,
    /// Held by whoever asks the source.
    turn: tokio::sync::Mutex<()>,
}

#[derive(Default)]
struct State {
    keys: Option<Arc<Credentials>>,
    /// How often the source has answered, for better or worse, and when it did last.
    answers: u64,
    answered_at: Option<OffsetDateTime>,
    /// Why there were no keys the last time.
    failure: Option<Error>,
}

/// What there is to sign with at a moment.
enum Found {
    /// Good for a while.
    Fresh(Arc<Credentials>),
    /// Good, but to be renewed.
    Ageing(Arc<Credentials>),
    /// None, for a reason that asking again so soon will not change.
    Refused(Error),
    Nothing,
}

impl CredentialCache {
    /// Keys of a source, which is not asked before the first request needs them.
    pub fn new(source: impl CredentialSource + 'static) -> Self {
        Self::of(Box::new(source))
    }

    pub(super) fn of(source: Box<dyn CredentialSource>) -> Self {
        Self::with_clock(source, Box::new(OffsetDateTime::now_utc))
    }

    pub(in crate::iot) fn with_clock(source: Box<dyn CredentialSource>, clock: Clock) -> Self {
        let (state, turn) = (Mutex::default(), tokio::sync::Mutex::new(()));
        Self(Arc::new(Inner { source, clock, state, turn }))
    }

    /// Which source it is, without a secret.
    pub fn describe(&self) -> String {
        self.0.source.describe()
    }

    /// Keys that hold, renewed if less than three minutes are left of them. While one caller renews keys that still
    /// hold, others take them as they are; while there are none, the others wait, and share what comes of it.
    ///
    /// # Errors
    ///
    /// The source's, if it gave none and there are none that hold.
    pub async fn current(&self) -> Result<Arc<Credentials>, Error> {
        let (found, seen) = self.find();
        let _turn = match found {
            Found::Fresh(keys) => return Ok(keys),
            Found::Refused(error) => return Err(error),
            Found::Ageing(keys) => match self.0.turn.try_lock() {
                Ok(turn) => turn,
                Err(_) => return Ok(keys),
            },
            Found::Nothing => self.0.turn.lock().await,
        };
        let (found, answers) = self.find();
        match found {
            Found::Fresh(keys) => return Ok(keys),
            Found::Refused(error) => return Err(error),
            // Somebody else has had an answer meanwhile, and it is everybody's.
            Found::Nothing if answers != seen => {
                if let Some(failure) = &self.state().failure {
                    return Err(failure.clone());
                }
            }
            Found::Ageing(_) | Found::Nothing => {}
        }
        self.renew().await
    }

    /// Other keys than those that the service has called over; none if the source has no others. For sources that do
    /// not say how long their keys hold.
    ///
    /// # Errors
    ///
    /// Those of [`Self::current`].
    pub async fn instead_of(&self, refused: &Arc<Credentials>) -> Result<Option<Arc<Credentials>>, Error> {
        self.state().keys.take_if(|keys| Arc::ptr_eq(keys, refused));
        let keys = self.current().await?;
        Ok((*keys != **refused).then_some(keys))
    }

    /// The keys at hand, and how often the source had answered by then.
    fn find(&self) -> (Found, u64) {
        let now = (self.0.clock)();
        let state = self.state();
        let was_just_asked = || state.answered_at.is_some_and(|at| now - at < RENEWED_AGAIN_AFTER);
        let nothing = || match &state.failure {
            Some(failure) if !failure.is_safe_to_repeat() && was_just_asked() => Found::Refused(failure.clone()),
            _ => Found::Nothing,
        };
        let found = state.keys.as_ref().map_or_else(nothing, |keys| match keys.expires_at().map(|at| at - now) {
            Some(left) if !left.is_positive() => nothing(),
            Some(left) if left <= RENEWED_BEFORE && !was_just_asked() => Found::Ageing(keys.clone()),
            _ => Found::Fresh(keys.clone()),
        });
        (found, state.answers)
    }

    async fn renew(&self) -> Result<Arc<Credentials>, Error> {
        let source = self.0.source.describe();
        let answer = self.0.source.fetch().await;
        let now = (self.0.clock)();
        let holds = |keys: &Credentials| keys.expires_at().is_none_or(|at| at > now);
        let answer = answer.and_then(|keys| if holds(&keys) { Ok(keys) } else { Err(over_already()) });
        let mut state = self.state();
        state.answers += 1;
        state.answered_at = Some(now);
        match answer {
            Ok(keys) => {
                tracing::debug!(source, ?keys, "got credentials");
                let keys = Arc::new(keys);
                state.keys = Some(keys.clone());
                state.failure = None;
                Ok(keys)
            }
            Err(error) => {
                let held = state.keys.clone().filter(|keys| holds(keys));
                tracing::warn!(source, reason = %error, still_valid = held.is_some(), "got no credentials");
                state.failure = Some(error.clone());
                held.ok_or(error)
            }
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn over_already() -> Error {
    Error::no_credentials(
        "keys that have expired already were given; is the clock of this machine right?".to_owned(),
        true,
    )
}

impl From<Credentials> for CredentialCache {
    fn from(keys: Credentials) -> Self {
        Self::new(keys)
    }
}

/// The source, and no key.
impl fmt::Debug for CredentialCache {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("CredentialCache").field(&self.0.source).finish()
    }
}
