//! The AccessKeys that exist: the one of the options, and the temporary ones that STS and the metadata service issue.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use base64::{Engine, engine::general_purpose::STANDARD};
use time::{Duration, OffsetDateTime};

use crate::options::{AccessKeySecret, Options};
use crate::randomness::Randomness;

/// More temporary keys than this are not kept: the ones that end first go first.
const CAPACITY: usize = 10_000;
/// The account of the key that the options give.
const ACCOUNT_ID: &str = "1000000000000001";
/// The RAM user of that key.
const USER_ID: &str = "200000000000000001";

/// A key and whose it is.
#[derive(Clone, Debug)]
pub(crate) struct AccessKey {
    pub(crate) secret: AccessKeySecret,
    /// What a temporary key has to be sent with.
    pub(crate) security_token: Option<AccessKeySecret>,
    /// Simulated time from which the key is refused; `None`: it does not end.
    pub(crate) expires: Option<OffsetDateTime>,
    pub(crate) caller: Caller,
}

/// Whose requests a key signs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Caller {
    /// The RAM user whose key the options give.
    User,
    /// A session of a role.
    Role(RoleSession),
}

/// A role that somebody has assumed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct RoleSession {
    /// Account in the ARN of the role.
    pub(crate) account_id: String,
    pub(crate) role_name: String,
    pub(crate) session_name: String,
}

/// A temporary key, as its receiver gets it.
#[derive(Clone, Debug)]
pub(crate) struct IssuedKey {
    pub(crate) id: String,
    pub(crate) secret: AccessKeySecret,
    pub(crate) security_token: AccessKeySecret,
    pub(crate) issued: OffsetDateTime,
    pub(crate) expires: OffsetDateTime,
}

/// All keys, by id.
#[derive(Debug)]
pub(crate) struct AccessKeys {
    own_id: String,
    own: AccessKey,
    temporary: BTreeMap<String, AccessKey>,
}

impl AccessKeys {
    /// Only the key of the options.
    pub(crate) fn new(options: &Options) -> Self {
        let own = AccessKey {
            secret: options.access_key_secret.clone(),
            security_token: options.security_token.clone(),
            expires: None,
            caller: Caller::User,
        };
        Self { own_id: options.access_key_id.clone(), own, temporary: BTreeMap::new() }
    }

    /// The key of that id. A temporary one is still there after its end, so that it can be refused as expired.
    pub(crate) fn find(&self, id: &str) -> Option<&AccessKey> {
        if id == self.own_id { Some(&self.own) } else { self.temporary.get(id) }
    }

    /// Issues a temporary key.
    pub(crate) fn issue(
        &mut self,
        session: RoleSession,
        now: OffsetDateTime,
        lasts: Duration,
        randomness: &mut Randomness,
    ) -> IssuedKey {
        if self.temporary.len() >= CAPACITY {
            self.forget_first();
        }
        // To the second, as its text in the answer.
        let now = now.replace_nanosecond(0).unwrap_or(now);
        let issued = IssuedKey {
            id: format!("STS.{}", randomness.id("")),
            secret: AccessKeySecret::new(randomness.id("") + &randomness.id("")),
            security_token: AccessKeySecret::new(token(randomness)),
            issued: now,
            expires: now.saturating_add(lasts),
        };
        let key = AccessKey {
            secret: issued.secret.clone(),
            security_token: Some(issued.security_token.clone()),
            expires: Some(issued.expires),
            caller: Caller::Role(session),
        };
        self.temporary.insert(issued.id.clone(), key);
        issued
    }

    fn forget_first(&mut self) {
        let first = self.temporary.iter().min_by_key(|(_, key)| key.expires).map(|(id, _)| id.clone());
        if let Some(id) = first {
            self.temporary.remove(&id);
        }
    }
}

/// A token with the characters that a client encodes wrong if it encodes at all: `+`, `/` and `=`.
fn token(randomness: &mut Randomness) -> String {
    let bytes = [randomness.id(""), randomness.id("?>~"), randomness.id("")].concat();
    format!("CAIS+/{}", STANDARD.encode(bytes))
}

impl Caller {
    /// The account that the caller belongs to.
    pub(crate) fn account_id(&self) -> &str {
        match self {
            Self::User => ACCOUNT_ID,
            Self::Role(session) => &session.account_id,
        }
    }

    /// The name of the caller in policies.
    pub(crate) fn arn(&self) -> String {
        match self {
            Self::User => format!("acs:ram::{ACCOUNT_ID}:user/emulator"),
            Self::Role(session) => session.arn(),
        }
    }

    /// The caller's id; a session's has its name in it.
    pub(crate) fn principal_id(&self) -> String {
        match self {
            Self::User => USER_ID.to_owned(),
            Self::Role(session) => session.assumed_role_id(),
        }
    }
}

impl RoleSession {
    /// The session of a role of the emulator's own account.
    pub(crate) fn own(role_name: &str, session_name: &str) -> Self {
        Self {
            account_id: ACCOUNT_ID.to_owned(),
            role_name: role_name.to_owned(),
            session_name: session_name.to_owned(),
        }
    }

    /// The session's name in policies.
    pub(crate) fn arn(&self) -> String {
        format!("acs:sts::{}:assumed-role/{}/{}", self.account_id, self.role_name, self.session_name)
    }

    /// The session's id.
    pub(crate) fn assumed_role_id(&self) -> String {
        format!("{}:{}", self.role_id(), self.session_name)
    }

    /// The role's id: digits that are the same for the same role in every run.
    pub(crate) fn role_id(&self) -> String {
        let mut hasher = DefaultHasher::new();
        (&self.account_id, &self.role_name).hash(&mut hasher);
        format!("3{:017}", hasher.finish() % 100_000_000_000_000_000)
    }
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    #[test]
    fn keys_are_found_after_their_end_and_the_first_to_end_is_forgotten() {
        let mut keys = AccessKeys::new(&Options::default());
        let mut randomness = Randomness::new(1);
        let start = datetime!(2026-01-02 03:04:05.678 UTC);
        let mut issue = |keys: &mut AccessKeys, minutes| {
            keys.issue(RoleSession::own("r", "s"), start, Duration::minutes(minutes), &mut randomness)
        };
        let first = issue(&mut keys, 15);
        assert_eq!(first.expires, datetime!(2026-01-02 03:19:05 UTC));
        assert_eq!(keys.find(&first.id).unwrap().expires, Some(first.expires));
        for _ in 0..CAPACITY {
            issue(&mut keys, 16);
        }
        assert!(keys.find(&first.id).is_none());
        assert_eq!(keys.temporary.len(), CAPACITY);
        assert!(keys.find("emulator-key-id").is_some());
    }

    #[test]
    fn no_secret_shows_in_debug() {
        let mut keys = AccessKeys::new(&Options::default());
        let session = RoleSession::own("r", "s");
        let issued = keys.issue(session, OffsetDateTime::UNIX_EPOCH, Duration::HOUR, &mut Randomness::new(1));
        let shown = format!("{keys:?} {issued:?}");
        assert!(!shown.contains(issued.secret.expose()) && !shown.contains(issued.security_token.expose()));
    }
}
