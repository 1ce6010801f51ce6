//! Answers that are no run.

use super::{within, without_secrets};
use crate::client::transport::{Problem, TransportError};
use http::header::{CONTENT_TYPE, LOCATION, RETRY_AFTER};
use http::{HeaderMap, StatusCode};
use reqwest::Url;
use std::time::Duration;

/// How much of the body is kept.
const KEPT: usize = 64 * 1024;

/// Reads what there is to know.
pub(super) async fn read(mut response: reqwest::Response, limit: Option<Duration>) -> TransportError {
    let mut body = Vec::new();
    let limit = limit.unwrap_or(Duration::from_secs(10));
    let reading = async {
        while body.len() < KEPT
            && let Ok(Some(chunk)) = response.chunk().await
        {
            body.extend_from_slice(&chunk);
        }
    };
    // What cannot be read is left out: the status is there.
    let _ = within(Some(limit), "the rest of the answer", reading).await;
    body.truncate(KEPT);
    let body = String::from_utf8_lossy(&body).into_owned();
    let retry_after = header(response.headers(), RETRY_AFTER.as_str()).parse().map(Duration::from_secs).ok();
    let message = message(response.status(), response.url(), response.headers(), &body);
    TransportError::refused_until(response.status(), message, body, retry_after)
}

fn message(status: StatusCode, from: &Url, headers: &HeaderMap, body: &str) -> String {
    if status.is_success() {
        let content_type = header(headers, CONTENT_TYPE.as_str());
        return format!(
            "the agent answered {status} with `{content_type}`, which is no event stream (SSE-3)"
        );
    }
    if status.is_redirection() {
        let place = Some(header(headers, LOCATION.as_str())).filter(|place| !place.is_empty());
        let place = place.and_then(|place| from.join(place).ok()).and_then(|place| without_secrets(&place));
        return match place {
            Some(place) => format!("the agent answered {status}: it is at `{place}`"),
            None => format!("the agent answered {status}, and not where it is"),
        };
    }
    match serde_json::from_str::<Problem>(body) {
        Ok(Problem { message, path: Some(path), .. }) => format!("HTTP {status}: {path}: {message}"),
        Ok(Problem { message, .. }) => format!("HTTP {status}: {message}"),
        Err(_) if body.trim().is_empty() => format!("HTTP {status}"),
        Err(_) => format!("HTTP {status}: {}", body.trim().chars().take(500).collect::<String>()),
    }
}

fn header<'h>(headers: &'h HeaderMap, name: &str) -> &'h str {
    headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}
