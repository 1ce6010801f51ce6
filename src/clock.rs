//! The time of day.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// Milliseconds since the Unix epoch, the unit that everybody uses for `timestamp`.
pub(crate) fn now() -> i64 {
    i64::try_from(since().as_millis()).unwrap_or(i64::MAX)
}

/// Seconds since the Unix epoch.
pub(crate) fn seconds() -> u64 {
    since().as_secs()
}

/// Seconds from now until a date of RFC 3339, with `Z` or an offset; negative if it is past, `None` for what is no date.
pub(crate) fn seconds_until(date: &str) -> Option<i64> {
    // Browsers have another clock, which the standard library does not read.
    if cfg!(all(target_family = "wasm", target_os = "unknown")) {
        return None;
    }
    let (local, offset) = match date.char_indices().rev().nth(5) {
        Some((at, '+' | '-')) if date.contains(['T', 't', ' ']) => {
            let (local, offset) = date.split_at(at);
            let (hours, minutes) = offset.get(1..)?.split_once(':')?;
            let seconds = hours.parse::<i64>().ok()? * 3600 + minutes.parse::<i64>().ok()? * 60;
            (local, if offset.starts_with('-') { -seconds } else { seconds })
        }
        _ => (date, 0),
    };
    let time = humantime::parse_rfc3339_weak(local).ok()?;
    let at = i64::try_from(time.duration_since(UNIX_EPOCH).ok()?.as_secs()).ok()?;
    at.checked_sub(offset)?.checked_sub(i64::try_from(seconds()).ok()?)
}

fn since() -> Duration {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read_with_offsets() {
        let utc = seconds_until("2100-01-01T12:00:00Z").unwrap();
        assert!(utc > 0);
        assert!((seconds_until("2100-01-01T14:00:00+02:00").unwrap() - utc).abs() <= 1);
        assert!((seconds_until("2100-01-01T06:30:00.5-05:30").unwrap() - utc).abs() <= 1);
        assert!(seconds_until("2020-01-01T00:00:00Z").unwrap() < 0);
        for no_date in ["", "soon", "2100-13-01T00:00:00Z", "12:00:00+02:00"] {
            assert_eq!(seconds_until(no_date), None, "{no_date}");
        }
    }
}
