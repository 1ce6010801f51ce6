//! How providers fail.

use crate::model::{ModelError, ModelErrorKind};
use rig_core::ProviderError;
use rig_core::error::retryable_status;
use std::time::Duration;

/// What can be done about a provider's failure. What it said goes with it, for the log.
pub(super) fn model_error(error: &ProviderError) -> ModelError {
    ModelError::new(kind(error), crate::Error::new(error.to_string()))
}

fn kind(error: &ProviderError) -> ModelErrorKind {
    let response = error.provider_response();
    let code = response.and_then(|response| response.machine_code()).unwrap_or_default();
    let said = error.provider_response_body().unwrap_or_default().to_ascii_lowercase();
    let says = |phrases: &[&str]| phrases.iter().any(|phrase| code.contains(phrase) || said.contains(phrase));
    let status = error.provider_response_status().map_or(0, |status| status.as_u16());
    match status {
        // Asking again does not pay the bill.
        429 if says(&["insufficient_quota"]) => ModelErrorKind::Other,
        413 => ModelErrorKind::TooLong,
        0 | 200..=299 | 400 | 422 if says(&TOO_LONG) => ModelErrorKind::TooLong,
        _ if response.is_some_and(|response| response.refusal) => ModelErrorKind::Refused,
        0 | 200..=299 | 400 if says(&["content_filter", "content_policy"]) => ModelErrorKind::Refused,
        _ if error.is_retryable() => ModelErrorKind::Unavailable { retry_after: retry_after(error) },
        0 | 200..=299 if BUSY.contains(&&*code) || retryable_status(code_in_body(error)) => {
            ModelErrorKind::Unavailable { retry_after: None }
        }
        _ => ModelErrorKind::Other,
    }
}

/// What providers say of a conversation that is too long: there is no common code for it.
const TOO_LONG: [&str; 7] = [
    "context_length_exceeded",
    "context length",
    "context window",
    "prompt is too long",
    "input token count",
    "too many input tokens",
    "reduce the length of the messages",
];

/// What providers say that began an answer with 200, and then turn out to be busy or out of order.
const BUSY: [&str; 6] = [
    "api_error",
    "overloaded_error",
    "rate_limit_error",
    "rate_limit_exceeded",
    "server_error",
    "timeout_error",
];

/// Others say it by the status that they would have answered with.
fn code_in_body(error: &ProviderError) -> Option<u16> {
    let body = error.provider_response_json().ok()??;
    body.pointer("/error/code")?.as_u64()?.try_into().ok()
}

fn retry_after(error: &ProviderError) -> Option<Duration> {
    let header = error.provider_response_headers()?.get(http::header::RETRY_AFTER)?;
    header.to_str().ok()?.trim().parse().ok().map(Duration::from_secs)
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::{HeaderMap, StatusCode};

    fn reply(status: u16, body: &str) -> ProviderError {
        ProviderError::from_http_response(StatusCode::from_u16(status).unwrap(), body)
    }

    #[test]
    fn failures_are_told_apart() {
        let unavailable = ModelErrorKind::Unavailable { retry_after: None };
        for (status, body, wanted) in [
            (429, "slow down", unavailable),
            (500, "", unavailable),
            (503, r#"{"error":{"code":"overloaded"}}"#, unavailable),
            (529, "", unavailable),
            (429, r#"{"error":{"code":"insufficient_quota"}}"#, ModelErrorKind::Other),
            (401, "no such key", ModelErrorKind::Other),
            (400, "unknown parameter", ModelErrorKind::Other),
            (400, r#"{"error":{"code":"context_length_exceeded"}}"#, ModelErrorKind::TooLong),
            (400, r#"{"error":{"message":"prompt is too long: 9 tokens > 8"}}"#, ModelErrorKind::TooLong),
            (413, "", ModelErrorKind::TooLong),
            (400, r#"{"error":{"code":"content_filter"}}"#, ModelErrorKind::Refused),
        ] {
            assert_eq!(model_error(&reply(status, body)).kind(), wanted, "{status} {body}");
        }
        assert_eq!(model_error(&ProviderError::Truncated).kind(), unavailable);
        // In the stream, behind a status of 200.
        for (body, wanted) in [
            (r#"{"type":"error","error":{"type":"overloaded_error"}}"#, unavailable),
            (r#"{"error":{"type":"server_error","code":null}}"#, unavailable),
            (r#"{"error":{"code":502,"message":"upstream"}}"#, unavailable),
            (r#"{"error":{"code":400,"message":"upstream"}}"#, ModelErrorKind::Other),
            (r#"{"error":{"code":"insufficient_quota"}}"#, ModelErrorKind::Other),
            (
                r#"{"error":{"code":"context_length_exceeded","type":"server_error"}}"#,
                ModelErrorKind::TooLong,
            ),
        ] {
            assert_eq!(model_error(&ProviderError::from_provider_body(body)).kind(), wanted, "{body}");
        }
    }

    #[test]
    fn a_provider_is_left_alone_as_long_as_it_wants() {
        let headers = HeaderMap::from_iter([(http::header::RETRY_AFTER, "7".parse().unwrap())]);
        let error = model_error(&reply(429, "slow down").with_response_headers(Some(headers)));
        let seven = Some(Duration::from_secs(7));
        assert_eq!(error.kind(), ModelErrorKind::Unavailable { retry_after: seven });
        assert!(error.to_string().contains("slow down"));
    }
}
