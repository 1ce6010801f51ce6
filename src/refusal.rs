//! Requests that are refused before a run starts.

use crate::error::Error;
use http::StatusCode;
use serde::Serialize;
use std::fmt;
use std::time::Duration;

/// An answer that is no run: a status, and JSON with `code`, `message` and, where something in the run
/// input is wrong, its `path` (SSE-10). Hooks of yours refuse requests with it.
///
/// Where nobody asks over HTTP, a refused run has one event, `RUN_ERROR` with code and message (RUN-1).
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
    pub(crate) retry_after: Option<Duration>,
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
pub(crate) struct Problem {
    /// JSON Pointer.
    pub(crate) path: String,
    pub(crate) message: String,
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

    /// The code for programs.
    #[must_use]
    pub fn code(&self) -> &str {
        &self.body.code
    }

    /// The JSON that says why.
    #[cfg(feature = "server")]
    pub(crate) fn to_json(&self) -> String {
        // Strings alone: this cannot fail.
        serde_json::to_string(&self.body).unwrap_or_default()
    }

    /// 500, for what clients learn nothing of.
    pub(crate) fn internal() -> Self {
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "internal_error", "The agent failed.")
    }

    /// 422, for at least one problem. The first one is also what `path` and `message` say.
    pub(crate) fn invalid_input(first: Problem, others: Vec<Problem>) -> Self {
        let mut refusal =
            Self::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid_input", &*first.message).path(&*first.path);
        refusal.body.problems.push(first);
        refusal.body.problems.extend(others);
        refusal
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.body.path.as_deref() {
            Some(path) if !path.is_empty() => write!(f, "{} (at `{path}`)", self.body.message),
            _ => f.write_str(&self.body.message),
        }
    }
}

/// An error for the client, as everything in a refusal is.
impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        Self::public(refusal.to_string()).code(refusal.body.code)
    }
}
