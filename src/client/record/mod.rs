//! Runs written to a file, and played back from it.
//!
//! The format is NDJSON, described at [`Recorder`]. Members of a line that are not known are skipped by who plays it.

mod play;
mod write;

pub use play::{Playback, PlaybackBody};
pub use write::{Recorder, RecordingBody, RecordingOpening};

use super::transport::{TransportError, TransportErrorKind};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::time::Duration;

/// A line.
#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
struct Line<'l> {
    run: usize,
    at: u64,
    #[serde(borrow, skip_serializing_if = "Option::is_none")]
    request: Option<&'l RawValue>,
    #[serde(borrow, skip_serializing_if = "Option::is_none")]
    event: Option<&'l RawValue>,
    #[serde(borrow, skip_serializing_if = "Option::is_none")]
    data: Option<Cow<'l, str>>,
    #[serde(borrow, skip_serializing_if = "Option::is_none")]
    cut: Option<Cow<'l, str>>,
    /// Whether each character of `data` or `cut` stands for a byte.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    bytes: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<Failure>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    end: bool,
}

#[derive(Serialize, Deserialize)]
struct Failure {
    kind: TransportErrorKind,
    message: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    status: Option<u16>,
    /// In seconds.
    #[serde(default, rename = "retryAfter", skip_serializing_if = "Option::is_none")]
    retry_after: Option<u64>,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    body: String,
}

impl Failure {
    fn of(error: &TransportError) -> Self {
        let (kind, message, body) = (error.kind(), error.to_string(), error.body().to_owned());
        let status = error.status().map(|status| status.as_u16());
        let retry_after = error.retry_after().map(|wait| wait.as_secs());
        Self { kind, message, status, retry_after, body }
    }

    fn into_error(self) -> TransportError {
        match self.status.and_then(|status| StatusCode::from_u16(status).ok()) {
            Some(status) => {
                let retry_after = self.retry_after.map(Duration::from_secs);
                TransportError::refused_until(status, self.message, self.body, retry_after)
            }
            None => TransportError::new(self.kind, self.message),
        }
    }
}
