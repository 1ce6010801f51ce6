//! How a model fails.

use crate::error::Error;
use std::fmt;
use std::time::Duration;

/// Why a model did not answer, or not to the end.
///
/// Every error converts into it, so `?` works in adapters; it is then an error of which nothing more is known. What
/// the provider said goes to the log, never to the client; what a client may know of an error that is no known kind
/// would be an [`Error::public`].
pub struct ModelError {
    kind: ModelErrorKind,
    source: Error,
}

/// What can be done about a [`ModelError`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum ModelErrorKind {
    /// The provider is not there, busy, or limits how often it may be asked: the same request may succeed later.
    Unavailable {
        /// For how long it asks to be left alone.
        retry_after: Option<Duration>,
    },
    /// The conversation is longer than the model can take.
    TooLong,
    /// The model or its provider refuses to answer this.
    Refused,
    /// Anything else, such as a wrong key.
    #[default]
    Other,
}

impl ModelError {
    /// An error of a kind, and what is known of it.
    #[must_use]
    pub fn new(kind: ModelErrorKind, source: impl Into<Error>) -> Self {
        Self { kind, source: source.into() }
    }

    /// What can be done about it.
    #[must_use]
    pub fn kind(&self) -> ModelErrorKind {
        self.kind
    }

    /// The error that ends the run: what the client may know, by a code of this crate's.
    pub(crate) fn into_error(self) -> Error {
        let (message, code) = match self.kind {
            ModelErrorKind::Unavailable { .. } => ("The model is not available.", "model_unavailable"),
            ModelErrorKind::TooLong => ("The conversation is too long for the model.", "context_too_long"),
            ModelErrorKind::Refused => ("The model does not answer this.", "model_refused"),
            ModelErrorKind::Other => return self.source,
        };
        tracing::error!(error = %self.source, code, "the model failed");
        Error::public(message).code(code)
    }
}

impl From<Error> for ModelError {
    fn from(source: Error) -> Self {
        Self { kind: ModelErrorKind::Other, source }
    }
}

// As with `Error`, this works because `ModelError` is no `std::error::Error` itself.
impl<E: std::error::Error + Send + Sync + 'static> From<E> for ModelError {
    fn from(error: E) -> Self {
        Error::from(error).into()
    }
}

impl fmt::Display for ModelError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.source.fmt(f)
    }
}

impl fmt::Debug for ModelError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ModelError").field("kind", &self.kind).field("source", &self.source).finish()
    }
}
