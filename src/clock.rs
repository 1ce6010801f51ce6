//! The time of day.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// Milliseconds since the Unix epoch, the unit that everybody uses for `timestamp`.
pub(crate) fn now() -> i64 {
    i64::try_from(since().as_millis()).unwrap_or(i64::MAX)
}

/// Seconds since the Unix epoch.
#[cfg(feature = "tools")]
pub(crate) fn seconds() -> u64 {
    since().as_secs()
}

/// Milliseconds from now until a date of RFC 3339, with `Z` or an offset; negative if it is past, `None` for what is no
/// date.
pub(crate) fn until(date: &str) -> Option<i64> {
    milliseconds(date)?.checked_sub(now())
}

/// A date in milliseconds since the Unix epoch.
fn milliseconds(date: &str) -> Option<i64> {
    // Browsers have another clock, which the standard library does not read.
    if cfg!(all(target_family = "wasm", target_os = "unknown")) {
        return None;
    }
    let (local, offset) = match date.char_indices().rev().nth(5) {
        Some((at, '+' | '-')) if date.contains(['T', 't', ' ']) => {
            let (local, offset) = date.split_at(at);
            let (hours, minutes) = offset.get(1..)?.split_once(':')?;
            let seconds = hours.parse::<i64>().ok()? * 3600 + minutes.parse::<i64>().ok()? * 60;
            (local, if offset.starts_with('-') { -1000 * seconds } else { 1000 * seconds })
        }
        _ => (date, 0),
    };
    let time = humantime::parse_rfc3339_weak(local).ok()?;
    i64::try_from(time.duration_since(UNIX_EPOCH).ok()?.as_millis()).ok()?.checked_sub(offset)
}

fn since() -> Duration {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn int_10_dates_are_read_with_offsets_to_the_millisecond() {
        let utc = milliseconds("2100-01-01T12:00:00Z").unwrap();
        assert_eq!(milliseconds("2100-01-01T14:00:00+02:00"), Some(utc));
        assert_eq!(milliseconds("2100-01-01T06:30:00.5-05:30"), Some(utc + 500));
        assert_eq!(milliseconds("1970-01-01T00:00:01.25Z"), Some(1250));
        assert!(until("2100-01-01T12:00:00Z").unwrap() > 0);
        assert!(until("2020-01-01T00:00:00Z").unwrap() < 0);
        for no_date in ["", "soon", "2100-13-01T00:00:00Z", "12:00:00+02:00"] {
            assert_eq!(until(no_date), None, "{no_date}");
        }
    }
}
