//! Why an event did not have its effect.

use std::fmt;

/// An event that could not be applied to a [`Conversation`](super::Conversation), and the rule about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReduceError {
    rule: &'static str,
    text: String,
    fatal: bool,
}

impl ReduceError {
    /// The stream is broken.
    pub(super) fn fatal(rule: &'static str, text: impl Into<String>) -> Self {
        Self { rule, text: text.into(), fatal: true }
    }

    /// The event is skipped, and the stream goes on.
    pub(super) fn skipped(rule: &'static str, text: impl Into<String>) -> Self {
        Self { rule, text: text.into(), fatal: false }
    }

    /// The id of the rule, such as `CHK-13`.
    #[must_use]
    pub fn rule(&self) -> &'static str {
        self.rule
    }

    /// What happened, without the rule.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// Whether the stream has to be rejected. If not, the event was skipped, and the stream may go on.
    #[must_use]
    pub fn is_fatal(&self) -> bool {
        self.fatal
    }
}

impl fmt::Display for ReduceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.text, self.rule)
    }
}

impl std::error::Error for ReduceError {}
