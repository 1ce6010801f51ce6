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

fn since() -> Duration {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default()
}
