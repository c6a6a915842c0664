//! Calls per second of each operation: a bucket of as many calls as the quota allows in a second, refilled evenly.

use std::collections::HashMap;
use std::time::{Duration, Instant};

/// The buckets of all operations of the account.
#[derive(Debug)]
pub(crate) struct Quotas {
    scale: f64,
    buckets: HashMap<&'static str, Bucket>,
}

#[derive(Debug)]
struct Bucket {
    calls_left: f64,
    filled: Instant,
}

impl Quotas {
    /// Full buckets; the documented quotas are multiplied with `scale`, and 0 switches throttling off.
    pub(crate) fn new(scale: f64) -> Self {
        let buckets = HashMap::new();
        Self { scale, buckets }
    }

    /// Takes one call, or says after which time one would be free.
    pub(crate) fn take(&mut self, operation: &'static str, per_second: u32, now: Instant) -> Result<(), Duration> {
        let rate = f64::from(per_second) * self.scale;
        if rate <= 0.0 {
            return Ok(());
        }
        let capacity = rate.max(1.0);
        let full = Bucket { calls_left: capacity, filled: now };
        let bucket = self.buckets.entry(operation).or_insert(full);
        let refilled = now.saturating_duration_since(bucket.filled).as_secs_f64() * rate;
        bucket.calls_left = (bucket.calls_left + refilled).min(capacity);
        bucket.filled = now;
        if bucket.calls_left >= 1.0 {
            bucket.calls_left -= 1.0;
            return Ok(());
        }
        let wait = (1.0 - bucket.calls_left) / rate;
        Err(Duration::try_from_secs_f64(wait).unwrap_or(Duration::MAX))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taken(quotas: &mut Quotas, calls: usize, now: Instant) -> usize {
        (0..calls).filter(|_| quotas.take("A", 20, now).is_ok()).count()
    }

    #[test]
    fn a_second_allows_the_quota_and_no_more() {
        let mut quotas = Quotas::new(1.0);
        let now = Instant::now();
        assert_eq!(taken(&mut quotas, 30, now), 20);
        assert_eq!(taken(&mut quotas, 30, now + Duration::from_millis(501)), 10);
        assert_eq!(taken(&mut quotas, 30, now + Duration::from_secs(60)), 20);
    }

    #[test]
    fn operations_have_quotas_of_their_own_and_the_wait_is_told() {
        let mut quotas = Quotas::new(0.05);
        let now = Instant::now();
        assert_eq!(quotas.take("A", 20, now), Ok(()));
        assert_eq!(quotas.take("A", 20, now), Err(Duration::from_secs(1)));
        assert_eq!(quotas.take("B", 20, now), Ok(()));
    }

    #[test]
    fn scale_zero_never_throttles() {
        assert_eq!(taken(&mut Quotas::new(0.0), 1000, Instant::now()), 1000);
    }
}
