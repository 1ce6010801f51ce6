//! Why an event did not have its effect.

use std::fmt;

/// An event that could not be applied to a [`Conversation`](super::Conversation), and the rule about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReduceError {
    rule: &'static str,
    text: String,
    severity: Severity,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Severity {
    Fatal,
    Skipped,
    Odd,
}

impl ReduceError {
    /// The stream is broken.
    pub(super) fn fatal(rule: &'static str, text: impl Into<String>) -> Self {
        Self { rule, text: text.into(), severity: Severity::Fatal }
    }

    /// The event is skipped, and the stream goes on.
    pub(super) fn skipped(rule: &'static str, text: impl Into<String>) -> Self {
        Self { rule, text: text.into(), severity: Severity::Skipped }
    }

    /// The event has had its effect, though something about it is odd.
    pub(super) fn odd(rule: &'static str, text: impl Into<String>) -> Self {
        Self { rule, text: text.into(), severity: Severity::Odd }
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

    /// Whether the stream has to be rejected. If not, it may go on.
    #[must_use]
    pub fn is_fatal(&self) -> bool {
        self.severity == Severity::Fatal
    }

    /// Whether the event has had its effect all the same: it contradicts what came before, in a way that does not keep it
    /// from having it.
    #[must_use]
    pub fn is_applied(&self) -> bool {
        self.severity == Severity::Odd
    }
}

impl fmt::Display for ReduceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.text, self.rule)
    }
}

impl std::error::Error for ReduceError {}
