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

/// What time it is; `None` in browsers, whose clock the standard library does not read.
pub(crate) fn time() -> Option<SystemTime> {
    (!cfg!(all(target_family = "wasm", target_os = "unknown"))).then(SystemTime::now)
}

/// The time of a date of RFC 3339, with `Z` or an offset; `None` for what is no date. What is before 1970 is taken for the
/// beginning of that year.
pub(crate) fn date(date: &str) -> Option<SystemTime> {
    let (local, (ahead, offset)) = match date.char_indices().rev().nth(5) {
        Some((at, '+' | '-')) if date.contains(['T', 't', ' ']) => {
            let (local, offset) = date.split_at(at);
            let (hours, minutes) = offset.get(1..)?.split_once(':')?;
            let minutes = hours.parse::<u16>().ok()?.checked_mul(60)?.checked_add(minutes.parse().ok()?)?;
            (local, (offset.starts_with('+'), Duration::from_secs(60 * u64::from(minutes))))
        }
        _ => (date, (false, Duration::ZERO)),
    };
    if let Some((year, rest)) = local.split_at_checked(4)
        && year < "1970"
        && year.bytes().all(|digit| digit.is_ascii_digit())
    {
        let another = humantime::parse_rfc3339_weak(&format!("2000{rest}"));
        return another.ok().map(|_| UNIX_EPOCH);
    }
    let time = humantime::parse_rfc3339_weak(local).ok()?;
    if ahead { time.checked_sub(offset) } else { time.checked_add(offset) }
}

fn since() -> Duration {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn int_10_dates_are_read_with_offsets_to_the_millisecond() {
        let utc = date("2100-01-01T12:00:00Z").unwrap();
        assert_eq!(date("2100-01-01T14:00:00+02:00"), Some(utc));
        assert_eq!(date("2100-01-01T06:30:00.5-05:30"), Some(utc + Duration::from_millis(500)));
        assert_eq!(date("1970-01-01T00:00:01.25Z"), Some(UNIX_EPOCH + Duration::from_millis(1250)));
        for early in ["0001-01-01T00:00:00Z", "1969-12-31T23:59:59.9Z", "1968-02-29T00:00:00+14:00"] {
            assert_eq!(date(early), Some(UNIX_EPOCH), "{early}");
        }
        for no_date in [
            "",
            "soon",
            "2100-13-01T00:00:00Z",
            "1900-13-01T00:00:00Z",
            "-001-01-01T00:00:00Z",
            "12:00:00+02:00",
            "2100-01-01T12:00:00+99999:00",
        ] {
            assert_eq!(date(no_date), None, "{no_date}");
        }
    }
}
