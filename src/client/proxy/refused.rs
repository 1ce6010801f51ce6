//! What a client is told when the upstream gives no answer.

use crate::client::transport::{TransportError, TransportErrorKind};
use crate::refusal::Refusal;
use http::StatusCode;

/// The refusal. What is the client's fault is told in the upstream's words, if it has words for clients; the rest is
/// for the log. `their_credentials`: those that the upstream judged were the client's.
pub(super) fn refused(error: &TransportError, their_credentials: bool) -> Refusal {
    let status = match error.kind() {
        TransportErrorKind::Refused => error.status(),
        TransportErrorKind::Timeout => {
            return Refusal::new(
                StatusCode::GATEWAY_TIMEOUT,
                "upstream_timeout",
                "The agent behind this one took too long.",
            );
        }
        _ => {
            return Refusal::new(
                StatusCode::BAD_GATEWAY,
                "upstream_unreachable",
                "The agent behind this one cannot be reached.",
            );
        }
    };
    let passed_on = status.filter(|status| match status.as_u16() {
        400 | 409 | 413 | 422 | 429 | 503 => true,
        401 | 403 => their_credentials,
        _ => false,
    });
    let refusal = match (passed_on, error.problem()) {
        (Some(status), Some(problem)) => {
            let refusal = Refusal::new(status, problem.code, problem.message);
            match problem.path {
                Some(path) => refusal.path(path),
                None => refusal,
            }
        }
        (status, _) => Refusal::new(
            status.unwrap_or(StatusCode::BAD_GATEWAY),
            "upstream_refused",
            "The agent behind this one refused the request.",
        ),
    };
    match error.retry_after() {
        Some(wait) => refusal.retry_after(wait),
        None => refusal,
    }
}
