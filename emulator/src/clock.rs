//! Simulated time: starts with the wall clock, runs `time_scale` times as fast, and can be put forward.
//!
//! Everything that the service dates or waits for follows this clock. The freshness of requests does not: clients
//! sign with the wall clock, and putting the simulated time forward must not make them stale.

use std::time::Instant;

use time::macros::{datetime, format_description};
use time::{Duration, OffsetDateTime, PrimitiveDateTime, UtcOffset};

/// Last moment that an answer can express.
const LAST: OffsetDateTime = datetime!(9999-12-31 23:59:59 UTC);

/// A moment of simulated time: milliseconds since 1970, the precision of all answers.
pub(crate) type Millis = i64;

/// The clock of the simulated service. It shows one moment until it is looked at again, so that all of a call happens
/// at one time.
#[derive(Clone, Debug)]
pub(crate) struct Clock {
    start: OffsetDateTime,
    started: Instant,
    time_scale: f64,
    advanced: Duration,
    shown: OffsetDateTime,
}

impl Clock {
    /// A clock that shows the wall clock now.
    pub(crate) fn start(time_scale: f64) -> Self {
        Self::resume(OffsetDateTime::now_utc(), time_scale)
    }

    /// A clock that shows that time now.
    pub(crate) fn resume(now: OffsetDateTime, time_scale: f64) -> Self {
        Self { start: now, started: Instant::now(), time_scale, advanced: Duration::ZERO, shown: now }
    }

    /// How far the simulated time gets while a second passes.
    pub(crate) fn in_a_second(&self) -> Millis {
        (self.time_scale * 1_000.0) as Millis
    }

    /// The simulated time when the clock was last looked at.
    pub(crate) fn now(&self) -> OffsetDateTime {
        self.shown
    }

    /// Looks at the clock: from now on it shows this moment.
    pub(crate) fn look(&mut self) -> OffsetDateTime {
        self.shown = self.at(Instant::now());
        self.shown
    }

    /// Puts the clock forward, and looks at it. `None` if `seconds` is negative, not a number, or leaves the calendar.
    pub(crate) fn advance(&mut self, seconds: f64) -> Option<OffsetDateTime> {
        if !seconds.is_finite() || seconds < 0.0 {
            return None;
        }
        let advanced = self.advanced.checked_add(Duration::saturating_seconds_f64(seconds))?;
        let reached = self.look().checked_add(advanced - self.advanced)?;
        if reached > LAST {
            return None;
        }
        self.advanced = advanced;
        Some(self.look())
    }

    fn at(&self, instant: Instant) -> OffsetDateTime {
        let real = instant.saturating_duration_since(self.started).as_secs_f64();
        let simulated = Duration::saturating_seconds_f64(real * self.time_scale);
        let shown = self.start.checked_add(simulated.saturating_add(self.advanced));
        shown.unwrap_or(LAST).min(LAST)
    }
}

/// The moment in milliseconds.
pub(crate) fn millis(time: OffsetDateTime) -> Millis {
    // The calendar's last moment is far inside.
    Millis::try_from(time.unix_timestamp_nanos().div_euclid(1_000_000)).unwrap_or(Millis::MAX)
}

/// The moment of so many milliseconds; the calendar's last one stands for what comes later.
pub(crate) fn moment(millis: Millis) -> OffsetDateTime {
    let nanos = i128::from(millis).saturating_mul(1_000_000);
    OffsetDateTime::from_unix_timestamp_nanos(nanos).unwrap_or(LAST).min(LAST)
}

/// The form of every `Utc…` member: `2019-12-28T02:43:10.000Z`.
pub(crate) fn utc_text(time: OffsetDateTime) -> String {
    let time = PrimitiveDateTime::new(time.date(), time.time());
    let (year, month, day) = (time.year(), u8::from(time.month()), time.day());
    let (hour, minute, second, milli) = (time.hour(), time.minute(), time.second(), time.millisecond());
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{milli:03}Z")
}

/// The form without a fraction that STS and the metadata service write: `2015-04-09T11:52:19Z`.
pub(crate) fn utc_seconds_text(time: OffsetDateTime) -> String {
    let text = utc_text(time);
    text.split('.').next().unwrap_or_default().to_owned() + "Z"
}

/// The form of the header `Date` (RFC 9110, section 5.6.7): `Thu, 09 Apr 2015 11:52:19 GMT`.
pub(crate) fn http_date(time: OffsetDateTime) -> String {
    let form =
        format_description!("[weekday repr:short], [day] [month repr:short] [year] [hour]:[minute]:[second] GMT");
    time.to_offset(UtcOffset::UTC).format(&form).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::time::Duration as RealDuration;

    use super::*;

    #[test]
    fn simulated_time_runs_scaled_and_can_be_put_forward() {
        let mut clock = Clock::start(60.0);
        let start = clock.at(clock.started);
        assert!(clock.advance(3600.0).is_some());
        let later = clock.at(clock.started + RealDuration::from_secs(2));
        assert_eq!(later - start, Duration::seconds(3600 + 120));
    }

    #[test]
    fn a_clock_with_scale_zero_stands_still() {
        let clock = Clock::start(0.0);
        assert_eq!(clock.at(clock.started), clock.at(clock.started + RealDuration::from_secs(9)));
    }

    #[test]
    fn impossible_advances_are_refused_and_change_nothing() {
        let mut clock = Clock::start(0.0);
        let before = clock.now();
        for seconds in [-1.0, f64::NAN, f64::INFINITY, 1e300, 1e12] {
            assert_eq!(clock.advance(seconds), None, "{seconds}");
        }
        assert_eq!(clock.now(), before);
    }

    #[test]
    fn the_end_of_the_calendar_is_not_passed() {
        let clock = Clock::start(1e300);
        assert_eq!(clock.at(clock.started + RealDuration::from_secs(9)), LAST);
    }

    #[test]
    fn times_have_three_digits_of_a_second() {
        assert_eq!(utc_text(datetime!(2019-01-02 03:04:05.0678 UTC)), "2019-01-02T03:04:05.067Z");
        assert_eq!(utc_seconds_text(datetime!(2019-01-02 03:04:05.0678 UTC)), "2019-01-02T03:04:05Z");
        assert_eq!(http_date(datetime!(2019-01-02 03:04:05.0678 UTC)), "Wed, 02 Jan 2019 03:04:05 GMT");
    }
}
