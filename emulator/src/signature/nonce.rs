//! Nonces seen: each may be used once while its timestamp could still be accepted.

use std::collections::{BTreeSet, HashSet};

use sha1::{Digest, Sha1};
use time::OffsetDateTime;

use super::timestamp::WINDOW;
use crate::answer::GatewayError;

/// More nonces than this are not remembered; the ones that expire first are forgotten first. A call every
/// 2 milliseconds for the whole window stays below it.
const CAPACITY: usize = 1_000_000;

/// Longest nonce accepted, in bytes; clients send a UUID of 36.
const LONGEST: usize = 256;

type Fingerprint = [u8; 20];

/// The nonces of the requests that were accepted. Unsigned requests never get here.
#[derive(Debug, Default)]
pub(crate) struct Nonces {
    used: HashSet<Fingerprint>,
    by_expiry: BTreeSet<(i64, Fingerprint)>,
}

impl Nonces {
    /// Remembers the nonce of a request, or refuses it as used.
    pub(super) fn spend(
        &mut self,
        nonce: &str,
        timestamp: OffsetDateTime,
        wall_clock: OffsetDateTime,
    ) -> Result<(), GatewayError> {
        if nonce.len() > LONGEST {
            return Err(GatewayError::invalid("SignatureNonce", "it is longer than 256 bytes"));
        }
        self.forget_expired(wall_clock);
        let fingerprint: Fingerprint = Sha1::digest(nonce.as_bytes()).into();
        if !self.used.insert(fingerprint) {
            return Err(GatewayError::bad_request(
                "SignatureNonceUsed",
                "SignatureNonce was used before; each request, a repeated one too, needs one of its own.",
            ));
        }
        let expiry = (timestamp + WINDOW).unix_timestamp();
        self.by_expiry.insert((expiry, fingerprint));
        if self.used.len() > CAPACITY {
            self.forget_first();
        }
        Ok(())
    }

    fn forget_expired(&mut self, wall_clock: OffsetDateTime) {
        let now = wall_clock.unix_timestamp();
        while self.by_expiry.first().is_some_and(|(expiry, _)| *expiry < now) {
            self.forget_first();
        }
    }

    fn forget_first(&mut self) {
        if let Some((_, fingerprint)) = self.by_expiry.pop_first() {
            self.used.remove(&fingerprint);
        }
    }
}

#[cfg(test)]
mod tests {
    use time::Duration;
    use time::macros::datetime;

    use super::*;

    const NOW: OffsetDateTime = datetime!(2026-01-02 03:04:05 UTC);

    #[test]
    fn a_nonce_is_refused_while_its_timestamp_could_be_accepted_again() {
        let mut nonces = Nonces::default();
        assert_eq!(nonces.spend("a", NOW, NOW), Ok(()));
        assert_eq!(nonces.spend("b", NOW, NOW), Ok(()));
        let later = NOW + WINDOW;
        assert_eq!(nonces.spend("a", NOW, later).unwrap_err().code, "SignatureNonceUsed");
        assert_eq!(nonces.spend("a", later, later + Duration::seconds(1)), Ok(()));
        assert_eq!(nonces.used.len(), 1, "expired nonces take no memory");
    }

    #[test]
    fn an_overlong_nonce_is_refused() {
        let error = Nonces::default().spend(&"n".repeat(257), NOW, NOW).unwrap_err();
        assert_eq!(error.code, "InvalidSignatureNonce");
    }
}
