//! Questions of the agent, and the answers to them.

use super::fits::{self, Misfit, Unfit};
use crate::client::unsent::Unsent;
use crate::client::warning::{Warning, WarningKind, Warnings};
use crate::clock;
use agui_types::{Interrupt, ResumeEntry, ResumeEntryStatus};
use serde::Serialize;
use serde_json::Value;
use std::collections::{HashMap, HashSet};
use std::fmt;
use std::time::SystemTime;

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
    /// The answer, if it fits `responseSchema`: JSON Schema 2020-12 within one document. `format` and other annotations are
    /// for people. Whether it comes in time is said by the [`Thread`](super::Thread) that sends it (INT-9).
    ///
    /// A schema that cannot be used, such as one with a reference that leads nowhere, stands in nobody's way: the thread
    /// [warns](WarningKind::Unchecked) that the answer was not checked. It does so, too, of an entry that was made without
    /// this and does not fit; the protocol leaves it to the agent what becomes of it (INT-3).
    ///
    /// # Errors
    ///
    /// When it has no JSON form, or does not fit the schema.
    fn resolve(&self, answer: &impl Serialize) -> Result<ResumeEntry, AnswerError>;

    /// Gives the question up, which is an answer, too (INT-6).
    fn cancel(&self) -> ResumeEntry;

    /// Whether it is too late for an answer by the clock of the standard library. What is no date never expires, nor does
    /// anything where there is no such clock, as in browsers (INT-10).
    fn is_expired(&self) -> bool {
        clock::time().is_some_and(|now| self.is_expired_at(now))
    }

    /// Whether an answer is too late at that time.
    fn is_expired_at(&self, time: SystemTime) -> bool;
}

impl Answerable for Interrupt {
    fn resolve(&self, answer: &impl Serialize) -> Result<ResumeEntry, AnswerError> {
        let error = |kind| AnswerError { interrupt: self.id.clone(), kind };
        let answer =
            serde_json::to_value(answer).map_err(|e| error(AnswerErrorKind::NoJson(e.to_string())))?;
        if let Err(Unfit::Misfit(misfit)) = fits(self, &answer) {
            return Err(error(AnswerErrorKind::Misfit(misfit)));
        }
        let mut entry = ResumeEntry::new(&*self.id, ResumeEntryStatus::Resolved);
        // `null` is no answer, so it is left out (EVT-4).
        entry.payload = Some(answer).filter(|answer| *answer != Value::Null);
        Ok(entry)
    }

    fn cancel(&self) -> ResumeEntry {
        ResumeEntry::new(&*self.id, ResumeEntryStatus::Cancelled)
    }

    fn is_expired_at(&self, time: SystemTime) -> bool {
        self.expires_at.as_deref().and_then(clock::date).is_some_and(|end| end <= time)
    }
}

fn fits(interrupt: &Interrupt, answer: &Value) -> Result<(), Unfit> {
    interrupt.response_schema.as_ref().map_or(Ok(()), |schema| fits::check(schema, answer))
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
            AnswerErrorKind::NoJson(_) => None,
        }
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
        }
    }
}

impl std::error::Error for AnswerError {}

/// Whether all that was asked is answered, once and in time, and nothing else (INT-5 to INT-9). Of what does not fit, and
/// of what nobody knows whether it does, there are warnings.
pub(super) fn covered(
    interrupts: &[Interrupt],
    answers: &[ResumeEntry],
    now: Option<SystemTime>,
    warnings: &mut Warnings,
) -> Result<(), Unsent> {
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
    let resolved = |interrupt: &Interrupt| {
        let entry = entries(interrupt).first().copied();
        entry.filter(|entry| entry.status != ResumeEntryStatus::Cancelled)
    };
    let expired = |interrupt: &Interrupt| now.is_some_and(|now| interrupt.is_expired_at(now));
    if let Some(ids) = having(&|interrupt| resolved(interrupt).is_some() && expired(interrupt)) {
        return Err(Unsent::ExpiredInterrupts(ids));
    }
    for (nth, interrupt) in interrupts.iter().enumerate() {
        let Some(entry) = resolved(interrupt) else { continue };
        let (id, payload) = (&interrupt.id, entry.payload.as_ref().unwrap_or(&Value::Null));
        let fit = if nth < MOST_CHECKED { Some(fits(interrupt, payload)) } else { None };
        let text = match fit {
            None => format!("the answer to `{id}` was not checked, there are too many"),
            Some(Ok(())) => continue,
            Some(Err(Unfit::Misfit(misfit))) => {
                format!("the answer to `{id}` does not fit its schema: {misfit}")
            }
            Some(Err(Unfit::Unusable(why))) => format!("the answer to `{id}` was not checked, {why}"),
        };
        warnings.add(Warning::new(WarningKind::Unchecked, "INT-3", text));
    }
    Ok(())
}

/// So many answers are held against their schemas, each of which may take its time.
const MOST_CHECKED: usize = 32;

fn some(ids: Vec<String>) -> Option<Vec<String>> {
    Some(ids).filter(|ids| !ids.is_empty())
}
