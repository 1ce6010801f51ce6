//! What goes wrong in a run.

use crate::verify::OrderViolation;
use agui_types::EventType;
use agui_types::runtime::Violation;
use std::fmt;

/// `Result` with this crate's [`Error`]; `Result` alone is the result of an agent that returns nothing.
pub type Result<T = (), E = Error> = std::result::Result<T, E>;

/// Why an agent or the runtime gave up.
///
/// Every error converts into it, so `?` works throughout an agent. What such an error says goes to the
/// log, never to the client; [`Error::public`] makes one whose text the client is meant to see.
pub struct Error(Box<Kind>);

enum Kind {
    /// Text and code for the client.
    Public { message: String, code: Option<String> },
    /// Any other error.
    Other(Box<dyn std::error::Error + Send + Sync>),
    /// An event that breaks its own schema.
    Invalid { event: Option<EventType>, source: Violation },
    /// An event that breaks the protocol's order.
    OutOfOrder(OrderViolation),
    /// An event that bounds the run.
    Boundary(EventType),
    /// An event after the end of the run.
    Closed,
}

impl Error {
    /// An error with a message for the log; the client learns only that the run failed.
    #[must_use]
    pub fn new(message: impl Into<String>) -> Self {
        Self(Box::new(Kind::Other(message.into().into())))
    }

    /// An error whose message is for the client: it becomes `RUN_ERROR.message` (RUN-28).
    #[must_use]
    pub fn public(message: impl Into<String>) -> Self {
        Self(Box::new(Kind::Public { message: message.into(), code: None }))
    }

    /// Adds a machine-readable code to an error made by [`Error::public`]: `RUN_ERROR.code`, an open
    /// vocabulary (RUN-28). Does nothing to other errors.
    #[must_use]
    pub fn code(mut self, code: impl Into<String>) -> Self {
        if let Kind::Public { code: slot, .. } = &mut *self.0 {
            *slot = Some(code.into());
        }
        self
    }

    /// Whether the run was over when something was emitted: its agent has returned, or the client has
    /// gone. A task that outlives its run sees this.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        matches!(*self.0, Kind::Closed)
    }

    /// Whether an event was refused: it breaks its schema, such as by a timestamp out of range, or the protocol's
    /// order.
    #[must_use]
    pub fn is_invalid_event(&self) -> bool {
        matches!(*self.0, Kind::Invalid { .. } | Kind::OutOfOrder(_) | Kind::Boundary(_))
    }

    /// The rule of order that a refused event breaks.
    #[must_use]
    pub fn violation(&self) -> Option<&OrderViolation> {
        match &*self.0 {
            Kind::OutOfOrder(violation) => Some(violation),
            _ => None,
        }
    }

    /// Message and code for the client, if this error is meant for it.
    #[must_use]
    pub fn as_public(&self) -> Option<(&str, Option<&str>)> {
        match &*self.0 {
            Kind::Public { message, code } => Some((message, code.as_deref())),
            _ => None,
        }
    }

    #[cfg(feature = "tools")]
    pub(crate) fn from_boxed(error: Box<dyn std::error::Error + Send + Sync>) -> Self {
        Self(Box::new(Kind::Other(error)))
    }

    /// Code of an application panicked.
    pub(crate) fn panicked(what: &str, panic: &(dyn std::any::Any + Send)) -> Self {
        let text = panic.downcast_ref::<&str>().copied();
        let text = text.or_else(|| panic.downcast_ref::<String>().map(String::as_str));
        Self::new(format!("{what} panicked: {}", text.unwrap_or("(no message)")))
    }

    pub(crate) fn closed() -> Self {
        Self(Box::new(Kind::Closed))
    }

    pub(crate) fn invalid(event: EventType, source: Violation) -> Self {
        Self(Box::new(Kind::Invalid { event: Some(event), source }))
    }

    pub(crate) fn out_of_order(violation: OrderViolation) -> Self {
        Self(Box::new(Kind::OutOfOrder(violation)))
    }

    pub(crate) fn boundary(event: EventType) -> Self {
        Self(Box::new(Kind::Boundary(event)))
    }

    pub(crate) fn invalid_extension(source: Violation) -> Self {
        Self(Box::new(Kind::Invalid { event: None, source }))
    }
}

// `Error` itself is no `std::error::Error`, which is what makes this possible (as in anyhow).
impl<E: std::error::Error + Send + Sync + 'static> From<E> for Error {
    fn from(error: E) -> Self {
        Self(Box::new(Kind::Other(Box::new(error))))
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &*self.0 {
            Kind::Public { message, code: None } => f.write_str(message),
            Kind::Public { message, code: Some(code) } => write!(f, "{message} ({code})"),
            Kind::Other(error) => {
                write!(f, "{error}")?;
                let mut source = error.source();
                while let Some(error) = source {
                    write!(f, ": {error}")?;
                    source = error.source();
                }
                Ok(())
            }
            Kind::Invalid { event: Some(event), source } => write!(f, "{event} breaks its schema: {source}"),
            Kind::Invalid { event: None, source } => write!(f, "the event breaks its schema: {source}"),
            Kind::OutOfOrder(violation) => violation.fmt(f),
            Kind::Boundary(event) => {
                write!(f, "{event} is for the runtime to emit, when the agent begins or ends")
            }
            Kind::Closed => f.write_str("the run is over, nothing can be emitted any more"),
        }
    }
}

/// As [`Display`](fmt::Display), since this is what `main` prints.
impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
