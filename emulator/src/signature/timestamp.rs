//! The parameter `Timestamp`, the header `x-acs-date`: their one form, and how far it may be from the clock of this machine.

use time::format_description::BorrowedFormatItem;
use time::macros::format_description;
use time::{Duration, OffsetDateTime, PrimitiveDateTime};

use crate::answer::GatewayError;

/// A request may be this much older or younger than the clock of the service.
pub(super) const WINDOW: Duration = Duration::minutes(15);

const FORM: &[BorrowedFormatItem<'_>] = format_description!("[year]-[month]-[day]T[hour]:[minute]:[second]Z");

/// The time that a request claims under `name`, if it is written right and lies in the window around `wall_clock`.
pub(super) fn accept(name: &str, text: &str, wall_clock: OffsetDateTime) -> Result<OffsetDateTime, GatewayError> {
    let Ok(time) = PrimitiveDateTime::parse(text, FORM) else {
        return Err(GatewayError::bad_request(
            "InvalidTimeStamp.Format",
            format!("{name} has to be UTC in the form YYYY-MM-DDThh:mm:ssZ, without a fraction."),
        ));
    };
    let time = time.assume_utc();
    if (time - wall_clock).abs() > WINDOW {
        return Err(GatewayError::bad_request(
            "InvalidTimeStamp.Expired",
            format!("{name} is more than 15 minutes away from the clock of the service."),
        ));
    }
    Ok(time)
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    const NOW: OffsetDateTime = datetime!(2026-01-02 03:04:05 UTC);

    fn code(text: &str) -> Option<String> {
        accept("Timestamp", text, NOW).err().map(|error| error.code)
    }

    #[test]
    fn only_one_form_is_accepted() {
        assert_eq!(code("2026-01-02T03:04:05Z"), None);
        for text in [
            "",
            "2026-01-02T03:04:05.000Z",
            "2026-01-02 03:04:05",
            "2026-01-02T03:04:05+00:00",
            "2026-1-2T03:04:05Z",
            "2026-02-30T03:04:05Z",
            "2026-01-02T03:04:05Zx",
        ] {
            assert_eq!(code(text).as_deref(), Some("InvalidTimeStamp.Format"), "{text}");
        }
    }

    #[test]
    fn fifteen_minutes_are_the_bound_on_both_sides() {
        assert_eq!(code("2026-01-02T02:49:05Z"), None);
        assert_eq!(code("2026-01-02T02:49:04Z").as_deref(), Some("InvalidTimeStamp.Expired"));
        assert_eq!(code("2026-01-02T03:19:05Z"), None);
        assert_eq!(code("2026-01-02T03:19:06Z").as_deref(), Some("InvalidTimeStamp.Expired"));
    }
}
