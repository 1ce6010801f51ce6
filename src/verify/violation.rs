//! What a verifier says about an event that breaks a rule.

use agui_types::EventType;
use std::fmt;

/// Which rule of order a stream broke, and by what.
///
/// The text says what came, for which item, and why that is wrong:
///
/// ```
/// use agui::verify::Verifier;
/// use agui::{Event, RunStartedEvent, TextMessageContentEvent};
///
/// let mut verifier = Verifier::consumer();
/// verifier.check(&Event::from(RunStartedEvent::new("thread-1", "run-1")))?;
/// let violation = verifier.check(&TextMessageContentEvent::new("m1", "Hi").into()).unwrap_err();
/// assert_eq!(violation.rule(), "TXT-7");
/// assert_eq!(violation.id(), Some("m1"));
/// assert_eq!(
///     violation.to_string(),
///     "TEXT_MESSAGE_CONTENT for text message `m1`, which was not opened (TXT-7)"
/// );
/// # Ok::<(), agui::verify::OrderViolation>(())
/// ```
// Boxed, so that the result of a check that succeeds is one word.
#[derive(Clone, PartialEq, Eq)]
pub struct OrderViolation(Box<Broken>);

#[derive(Clone, PartialEq, Eq)]
struct Broken {
    rule: &'static str,
    event: Option<EventType>,
    id: Option<String>,
    text: String,
}

impl OrderViolation {
    /// The rule, such as `"RUN-11"`. Where one event breaks a rule for producers and by that a rule that
    /// makes consumers reject it, this is the producers'; of several it is the one closest to the item.
    #[must_use]
    pub fn rule(&self) -> &'static str {
        self.0.rule
    }

    /// The event that broke the rule; `None` for a stream that ended too early.
    #[must_use]
    pub fn event_type(&self) -> Option<EventType> {
        self.0.event
    }

    /// The message, call, span, step, subagent, run or thread concerned, by id or name; `None` if the
    /// violation is about the stream alone.
    #[must_use]
    pub fn id(&self) -> Option<&str> {
        self.0.id.as_deref()
    }

    /// What came and why it is wrong, without the rule.
    pub(crate) fn text(&self) -> &str {
        &self.0.text
    }

    /// Whether the stream ended without an event that closes its run: the run has no outcome, neither
    /// success nor failure (TRN-3).
    #[must_use]
    pub fn is_truncation(&self) -> bool {
        self.0.rule == TRUNCATED
    }

    pub(super) fn new(rule: &'static str, event: EventType, id: Option<&str>, text: String) -> Self {
        Self(Box::new(Broken { rule, event: Some(event), id: id.map(str::to_owned), text }))
    }

    pub(super) fn at_the_end(rule: &'static str, id: Option<&str>, text: String) -> Self {
        Self(Box::new(Broken { rule, event: None, id: id.map(str::to_owned), text }))
    }
}

/// The rule that defines a truncated run.
pub(super) const TRUNCATED: &str = "TRN-2";

impl fmt::Display for OrderViolation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.0.text, self.0.rule)
    }
}

impl fmt::Debug for OrderViolation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OrderViolation")
            .field("rule", &self.0.rule)
            .field("event", &self.0.event)
            .field("id", &self.0.id)
            .field("text", &self.0.text)
            .finish()
    }
}

impl std::error::Error for OrderViolation {}
