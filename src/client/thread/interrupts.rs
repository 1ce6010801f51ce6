//! Questions of the agent, and the answers to them.

use super::fits::{self, Misfit};
use crate::client::unsent::Unsent;
use crate::clock;
use agui_types::{Interrupt, ResumeEntry, ResumeEntryStatus};
use serde::Serialize;
use serde_json::Value;
use std::collections::{HashMap, HashSet};
use std::fmt;

/// Answering an [`Interrupt`].
///
/// ```
/// use agui::Interrupt;
/// use agui::client::Answerable;
/// use serde_json::json;
///
/// let schema = json!({ "type": "object", "required": ["approved"] });
/// let interrupt = Interrupt::new("i1", "approval").response_schema(schema.as_object().unwrap().clone());
///
/// let entry = interrupt.resolve(&json!({ "approved": true }))?;
/// assert_eq!(entry.payload, Some(json!({ "approved": true })));
/// let error = interrupt.resolve(&json!({})).unwrap_err();
/// assert_eq!(error.to_string(), "the answer to `i1` does not fit its schema: `approved` is missing");
/// # Ok::<(), agui::client::AnswerError>(())
/// ```
pub trait Answerable {
    /// The answer, as far as it can be told fitting: of `responseSchema`, `type`, `enum`, `const`, `required`,
    /// `properties`, `additionalProperties: false` and `items` are looked at, other keywords are for the agent.
    ///
    /// # Errors
    ///
    /// When it has no JSON form, does not fit the schema, or comes too late (INT-9).
    fn resolve(&self, answer: &impl Serialize) -> Result<ResumeEntry, AnswerError>;

    /// Gives the question up, which is an answer, too (INT-6).
    fn cancel(&self) -> ResumeEntry;

    /// Whether it is too late for an answer. What is no date never expires (INT-10).
    fn is_expired(&self) -> bool;
}

impl Answerable for Interrupt {
    fn resolve(&self, answer: &impl Serialize) -> Result<ResumeEntry, AnswerError> {
        let error = |kind| AnswerError { interrupt: self.id.clone(), kind };
        let answer =
            serde_json::to_value(answer).map_err(|e| error(AnswerErrorKind::NoJson(e.to_string())))?;
        if self.is_expired() {
            return Err(error(AnswerErrorKind::Expired));
        }
        if let Some(schema) = &self.response_schema {
            fits::check(schema, &answer).map_err(|misfit| error(AnswerErrorKind::Misfit(misfit)))?;
        }
        let mut entry = ResumeEntry::new(&*self.id, ResumeEntryStatus::Resolved);
        // `null` is no answer, so it is left out (EVT-4).
        entry.payload = Some(answer).filter(|answer| *answer != Value::Null);
        Ok(entry)
    }

    fn cancel(&self) -> ResumeEntry {
        ResumeEntry::new(&*self.id, ResumeEntryStatus::Cancelled)
    }

    fn is_expired(&self) -> bool {
        self.expires_at.as_deref().and_then(clock::until).is_some_and(|left| left <= 0)
    }
}

/// An answer that cannot be given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnswerError {
    interrupt: String,
    kind: AnswerErrorKind,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum AnswerErrorKind {
    NoJson(String),
    Misfit(Misfit),
    Expired,
}

impl AnswerError {
    /// The interrupt.
    #[must_use]
    pub fn interrupt_id(&self) -> &str {
        &self.interrupt
    }

    /// Where the answer does not fit the schema.
    #[must_use]
    pub fn misfit(&self) -> Option<&Misfit> {
        match &self.kind {
            AnswerErrorKind::Misfit(misfit) => Some(misfit),
            _ => None,
        }
    }

    /// Whether it comes too late. It can be cancelled still.
    #[must_use]
    pub fn is_expired(&self) -> bool {
        self.kind == AnswerErrorKind::Expired
    }
}

impl fmt::Display for AnswerError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let id = &self.interrupt;
        match &self.kind {
            AnswerErrorKind::NoJson(error) => write!(f, "the answer to `{id}` has no JSON form: {error}"),
            AnswerErrorKind::Misfit(misfit) => {
                write!(f, "the answer to `{id}` does not fit its schema: {misfit}")
            }
            AnswerErrorKind::Expired => write!(f, "it is too late to answer `{id}`, only to cancel (INT-9)"),
        }
    }
}

impl std::error::Error for AnswerError {}

/// Whether all that was asked is answered, once and in time, and nothing else (INT-5 to INT-9).
pub(super) fn covered(interrupts: &[Interrupt], answers: &[ResumeEntry]) -> Result<(), Unsent> {
    let mut given: HashMap<&str, Vec<&ResumeEntry>> = HashMap::new();
    for entry in answers {
        given.entry(&entry.interrupt_id).or_default().push(entry);
    }
    let entries = |interrupt: &Interrupt| given.get(&*interrupt.id).map(Vec::as_slice).unwrap_or_default();
    let having = |wrong: &dyn Fn(&Interrupt) -> bool| {
        let ids =
            interrupts.iter().filter(|interrupt| wrong(interrupt)).map(|interrupt| interrupt.id.clone());
        some(ids.collect())
    };
    if let Some(ids) = having(&|interrupt| entries(interrupt).is_empty()) {
        return Err(Unsent::UnansweredInterrupts(ids));
    }
    if let Some(ids) = having(&|interrupt| entries(interrupt).len() > 1) {
        return Err(Unsent::AnsweredTwice(ids));
    }
    let asked: HashSet<&str> = interrupts.iter().map(|interrupt| &*interrupt.id).collect();
    let unknown = answers.iter().map(|entry| &entry.interrupt_id).filter(|id| !asked.contains(&***id));
    if let Some(ids) = some(unknown.cloned().collect()) {
        return Err(Unsent::UnknownInterrupts(ids));
    }
    let resolved = |entry: &&ResumeEntry| entry.status != ResumeEntryStatus::Cancelled;
    match having(&|interrupt| entries(interrupt).iter().any(resolved) && interrupt.is_expired()) {
        Some(ids) => Err(Unsent::ExpiredInterrupts(ids)),
        None => Ok(()),
    }
}

fn some(ids: Vec<String>) -> Option<Vec<String>> {
    Some(ids).filter(|ids| !ids.is_empty())
}
