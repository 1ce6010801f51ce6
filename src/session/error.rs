//! What goes wrong with sessions.

use crate::error::Error;
use crate::refusal::Refusal;
use http::StatusCode;
use std::fmt;
use std::time::Duration;

/// When to ask again for a thread that is taken: runs come and go in seconds.
const SOON: Duration = Duration::from_secs(1);

/// Why a store did not do what it was asked to.
#[derive(Debug)]
#[non_exhaustive]
pub enum SessionError {
    /// There is no such thread, or it is somebody else's; nobody is told which.
    NotFound,
    /// Another run of the thread is going on.
    Busy,
    /// The run does not hold its thread any more: its lease expired and another run took it, or the thread
    /// was deleted.
    LeaseLost,
    /// The question makes no sense, such as a cursor that no page gave.
    Invalid(String),
    /// The store failed.
    Store(Box<dyn std::error::Error + Send + Sync>),
}

impl SessionError {
    /// The store failed.
    pub fn store(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::Store(error.into())
    }

    /// A machine-readable name: `RUN_ERROR.code`, and the `code` of an HTTP error.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotFound => "thread_not_found",
            Self::Busy => "thread_busy",
            Self::LeaseLost => "thread_lost",
            Self::Invalid(_) => "invalid_request",
            Self::Store(_) => "session_store_failed",
        }
    }

    /// The status of an HTTP response that says so.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        match self {
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::Busy | Self::LeaseLost => StatusCode::CONFLICT,
            Self::Invalid(_) => StatusCode::BAD_REQUEST,
            Self::Store(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// The error that a run ends with. Clients learn what they may know; why a store failed is for the log.
    #[must_use]
    pub fn into_public(self) -> Error {
        Refusal::from(self).into()
    }
}

/// The answer that says so. Clients learn what they may know; why a store failed is for the log.
impl From<SessionError> for Refusal {
    fn from(error: SessionError) -> Self {
        let message = match &error {
            SessionError::Store(why) => {
                tracing::error!(error = %why, "the session store failed");
                "The conversation could not be stored.".to_owned()
            }
            other => other.to_string(),
        };
        let refusal = Self::new(error.status(), error.code(), message);
        match error {
            SessionError::Busy => refusal.retry_after(SOON),
            _ => refusal,
        }
    }
}

impl fmt::Display for SessionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotFound => f.write_str("There is no such thread."),
            Self::Busy => f.write_str("Another run of this thread is going on."),
            Self::LeaseLost => {
                f.write_str("The thread was taken over or deleted while the run was going on.")
            }
            Self::Invalid(why) => f.write_str(why),
            Self::Store(error) => write!(f, "the session store failed: {error}"),
        }
    }
}

impl std::error::Error for SessionError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Store(error) => Some(&**error),
            _ => None,
        }
    }
}
