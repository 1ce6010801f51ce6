//! Why a stream is rejected.

use std::fmt;

/// A stream that breaks the protocol: by which event, where in it, and against which rule.
#[derive(Clone, PartialEq, Eq)]
pub struct Rejection(Box<Broken>);

#[derive(Clone, PartialEq, Eq)]
struct Broken {
    kind: RejectionKind,
    rule: &'static str,
    index: usize,
    event: Option<String>,
    pointer: String,
    id: Option<String>,
    text: String,
}

/// At which stage a stream was rejected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RejectionKind {
    /// The bytes are no events: too large, or no JSON.
    Frame,
    /// An event that the protocol describes, with something in it that it does not allow (PROC-4).
    Malformed,
    /// A chunk that cannot be told what it belongs to, or contradicts what it continues (CHK-13, CHK-17).
    Chunk,
    /// An event that may not come here.
    Order,
}

impl Rejection {
    pub(super) fn new(kind: RejectionKind, rule: &'static str, text: impl Into<String>) -> Self {
        let (event, pointer, id, text) = (None, String::new(), None, text.into());
        Self(Box::new(Broken { kind, rule, index: 0, event, pointer, id, text }))
    }

    pub(super) fn of(mut self, index: usize, event: Option<&str>) -> Self {
        self.0.index = index;
        self.0.event = event.map(str::to_owned);
        self
    }

    pub(super) fn at(mut self, pointer: &str) -> Self {
        pointer.clone_into(&mut self.0.pointer);
        self
    }

    pub(super) fn about(mut self, id: Option<&str>) -> Self {
        self.0.id = id.map(str::to_owned);
        self
    }

    /// The stage.
    #[must_use]
    pub fn kind(&self) -> RejectionKind {
        self.0.kind
    }

    /// The rule, such as `TXT-7`.
    #[must_use]
    pub fn rule(&self) -> &'static str {
        self.0.rule
    }

    /// Which event of the stream it was, from 0, as they were sent.
    #[must_use]
    pub fn index(&self) -> usize {
        self.0.index
    }

    /// The `type` of the event, if it has one.
    #[must_use]
    pub fn event_type(&self) -> Option<&str> {
        self.0.event.as_deref()
    }

    /// JSON Pointer to what is wrong in the event; empty if that is the event itself.
    #[must_use]
    pub fn pointer(&self) -> &str {
        &self.0.pointer
    }

    /// The message, call, span, step, subagent or run concerned, by id or name.
    #[must_use]
    pub fn id(&self) -> Option<&str> {
        self.0.id.as_deref()
    }
}

impl fmt::Display for Rejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Broken { rule, index, event, pointer, text, .. } = &*self.0;
        write!(f, "event {index}")?;
        event.as_ref().map_or(Ok(()), |event| write!(f, ", {event}"))?;
        if !pointer.is_empty() {
            write!(f, ", {pointer}")?;
        }
        write!(f, ": {text} ({rule})")
    }
}

impl fmt::Debug for Rejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Broken { kind, rule, index, event, pointer, id, text } = &*self.0;
        f.debug_struct("Rejection")
            .field("kind", kind)
            .field("rule", rule)
            .field("index", index)
            .field("event_type", event)
            .field("pointer", pointer)
            .field("id", id)
            .field("text", text)
            .finish()
    }
}

impl std::error::Error for Rejection {}
