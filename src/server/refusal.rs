//! Requests that are refused before a run starts.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use std::time::Duration;

/// An answer that is no run: a status, and JSON with `code`, `message` and, where something in the run
/// input is wrong, its `path` (SSE-10). Hooks of yours refuse requests with it.
///
/// ```
/// use agui::Refusal;
///
/// let refusal = Refusal::unauthorized("the session has expired");
/// assert_eq!(refusal.status(), 401);
/// ```
#[derive(Debug, Clone)]
pub struct Refusal {
    status: StatusCode,
    body: Box<Body>,
    retry_after: Option<Duration>,
}

#[derive(Debug, Clone, Serialize)]
struct Body {
    code: String,
    message: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    path: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    problems: Vec<Problem>,
}

/// One thing that is wrong with a run input.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Problem {
    /// JSON Pointer.
    pub(super) path: String,
    pub(super) message: String,
}

impl Refusal {
    /// A refusal with a code for programs and a message for people.
    #[must_use]
    pub fn new(status: StatusCode, code: impl Into<String>, message: impl Into<String>) -> Self {
        let body = Body { code: code.into(), message: message.into(), path: None, problems: Vec::new() };
        Self { status, body: Box::new(body), retry_after: None }
    }

    /// 401: who asks is not known. The answer names `Bearer` as the way to say so.
    #[must_use]
    pub fn unauthorized(message: impl Into<String>) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "unauthorized", message)
    }

    /// 403: who asks is known, and may not.
    #[must_use]
    pub fn forbidden(message: impl Into<String>) -> Self {
        Self::new(StatusCode::FORBIDDEN, "forbidden", message)
    }

    /// 404.
    #[must_use]
    pub fn not_found(message: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, "not_found", message)
    }

    /// JSON Pointer to what is wrong in the run input.
    #[must_use]
    pub fn path(mut self, pointer: impl Into<String>) -> Self {
        self.body.path = Some(pointer.into());
        self
    }

    /// When it makes sense to ask again: the header `Retry-After`, in whole seconds.
    #[must_use]
    pub fn retry_after(mut self, wait: Duration) -> Self {
        self.retry_after = Some(wait);
        self
    }

    /// The status.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// 422, for at least one problem. The first one is also what `path` and `message` say.
    pub(super) fn invalid_input(first: Problem, others: Vec<Problem>) -> Self {
        let mut refusal =
            Self::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid_input", &*first.message).path(&*first.path);
        refusal.body.problems.push(first);
        refusal.body.problems.extend(others);
        refusal
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        // Strings alone: this cannot fail.
        let body = serde_json::to_string(&self.body).unwrap_or_default();
        let mut response = (self.status, [(header::CONTENT_TYPE, "application/json")], body).into_response();
        if let Some(wait) = self.retry_after {
            let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if self.status == StatusCode::UNAUTHORIZED {
            response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }
}
