//! How a run is asked for, and how its answer comes: what the client needs of a connection.

use super::unsent::Unsent;
use crate::compat::{Conversion, Era};
use agui_types::{Message, RunAgentInput, runtime};
use bytes::Bytes;
use futures_core::Stream;
use http::{HeaderMap, StatusCode};
use std::fmt;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

/// A way to an agent: over HTTP ([`HttpAgent`](super::HttpAgent)), in this process
/// ([`InProcess`](super::InProcess)), from a recording ([`Replay`](super::Replay)), or one of yours.
///
/// Nothing has to be `Send`: what is, is for transports that are. Dropping what [`Transport::open`] gave, or the body,
/// gives the run up.
pub trait Transport {
    /// The bytes of the answer: Server-Sent Events.
    type Body: Stream<Item = Result<Bytes, TransportError>>;
    /// The way to an answer.
    type Opening: Future<Output = Result<Self::Body, TransportError>>;

    /// Asks for a run. `json` is the input as it is to be sent, checked.
    fn open(&self, request: Request, json: Bytes) -> Self::Opening;
}

impl<T: Transport + ?Sized> Transport for &T {
    type Body = T::Body;
    type Opening = T::Opening;

    fn open(&self, request: Request, json: Bytes) -> T::Opening {
        (**self).open(request, json)
    }
}

impl<T: Transport + ?Sized> Transport for Arc<T> {
    type Body = T::Body;
    type Opening = T::Opening;

    fn open(&self, request: Request, json: Bytes) -> T::Opening {
        (**self).open(request, json)
    }
}

/// What a run is asked for with.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Request {
    /// The input.
    pub input: RunAgentInput,
    /// Headers beside those of the transport, for transports that have some.
    pub headers: HeaderMap,
    /// What the agent was built with, if it is known to be older than 1.0 (VER-13).
    pub era: Option<Era>,
}

impl Request {
    /// An input without headers.
    #[must_use]
    pub fn new(input: RunAgentInput) -> Self {
        Self { input, headers: HeaderMap::new(), era: None }
    }

    /// For an agent that is known to be older than 1.0, which gets what it knows, and whose answer is read as what it
    /// meant.
    #[must_use]
    pub fn era(mut self, era: Era) -> Self {
        self.era = Some(era);
        self
    }

    /// Checks the input and encodes it (PROC-17). Activity messages are left out (ACT-13), and what the agent is known
    /// not to know.
    pub(crate) fn encode(&mut self) -> Result<Encoded, Unsent> {
        self.input.messages.retain(|message| !matches!(message, Message::Activity(_)));
        let lost = self.era.map(|era| era.request(&mut self.input)).unwrap_or_default();
        let mut json = Vec::new();
        runtime::encode(&self.input, &mut json).map_err(Unsent::Invalid)?;
        Ok(Encoded { json: json.into(), lost })
    }
}

/// What is sent.
pub(crate) struct Encoded {
    pub(crate) json: Bytes,
    /// What the agent does not get.
    pub(super) lost: Vec<Conversion>,
}

impl From<RunAgentInput> for Request {
    fn from(input: RunAgentInput) -> Self {
        Self::new(input)
    }
}

/// Why no answer came, or not all of it.
#[derive(Clone)]
pub struct TransportError(Arc<Failure>);

#[derive(Debug)]
struct Failure {
    kind: TransportErrorKind,
    message: String,
    status: Option<StatusCode>,
    body: String,
    retry_after: Option<Duration>,
    source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

/// What went wrong on the way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum TransportErrorKind {
    /// There is no such address, or nobody there. The run has not begun.
    Connect,
    /// The other side answered with something else than a run: an HTTP error, or what is no event stream.
    Refused,
    /// It took too long.
    Timeout,
    /// The connection broke.
    Broken,
    /// The request could not be made, such as for a header that is none.
    Request,
}

impl TransportError {
    /// An error of a kind, in words.
    #[must_use]
    pub fn new(kind: TransportErrorKind, message: impl Into<String>) -> Self {
        let (message, body) = (message.into(), String::new());
        Self(Arc::new(Failure { kind, message, status: None, body, retry_after: None, source: None }))
    }

    /// With the error that is behind it.
    #[must_use]
    pub fn because(
        kind: TransportErrorKind,
        message: impl Into<String>,
        source: impl Into<Box<dyn std::error::Error + Send + Sync>>,
    ) -> Self {
        let (message, body, source) = (message.into(), String::new(), Some(source.into()));
        Self(Arc::new(Failure { kind, message, status: None, body, retry_after: None, source }))
    }

    /// An answer that is no run, with its body as far as it was read.
    #[must_use]
    pub fn refused(status: StatusCode, message: impl Into<String>, body: impl Into<String>) -> Self {
        Self::refused_until(status, message, body, None)
    }

    pub(super) fn refused_until(
        status: StatusCode,
        message: impl Into<String>,
        body: impl Into<String>,
        retry_after: Option<Duration>,
    ) -> Self {
        let (kind, status) = (TransportErrorKind::Refused, Some(status));
        let (message, body) = (message.into(), body.into());
        Self(Arc::new(Failure { kind, message, status, body, retry_after, source: None }))
    }

    /// What went wrong.
    #[must_use]
    pub fn kind(&self) -> TransportErrorKind {
        self.0.kind
    }

    /// The status of the answer, if there was one.
    #[must_use]
    pub fn status(&self) -> Option<StatusCode> {
        self.0.status
    }

    /// The body of an answer that is no run, as far as it was read.
    #[must_use]
    pub fn body(&self) -> &str {
        &self.0.body
    }

    /// When it makes sense to ask again, if the answer says so (`Retry-After`, in seconds).
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.retry_after
    }

    /// What the answer says in the form that servers of this crate give: `code`, `message` and `path` of what is wrong
    /// in the input.
    #[must_use]
    pub fn problem(&self) -> Option<Problem> {
        serde_json::from_str(&self.0.body).ok()
    }
}

/// An HTTP error of a server made with this crate.
#[derive(Debug, Clone, PartialEq, Eq, serde::Deserialize)]
#[non_exhaustive]
pub struct Problem {
    /// For programs, such as `invalid_input`.
    pub code: String,
    /// For people.
    pub message: String,
    /// JSON Pointer into the run input.
    pub path: Option<String>,
}

impl fmt::Display for TransportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.message)?;
        let mut source = self.0.source.as_deref().map(|source| source as &dyn std::error::Error);
        while let Some(error) = source {
            write!(f, ": {error}")?;
            source = error.source();
        }
        Ok(())
    }
}

impl fmt::Debug for TransportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

/// What was said, not what is behind it.
impl PartialEq for TransportError {
    fn eq(&self, other: &Self) -> bool {
        let said =
            |error: &Self| (error.0.kind, error.0.status, error.0.message.clone(), error.0.body.clone());
        said(self) == said(other)
    }
}

// The reasons are part of the message, so they are no source as well.
impl std::error::Error for TransportError {}
