//! Answers to what an earlier run asked.

use super::owner::Owner;
use super::thread::Thread;
use crate::reduce::called;
use crate::refusal::Refusal;
use agui_types::{Interrupt, ResumeEntry, ToolCall};
use http::StatusCode;
use std::sync::Arc;

/// What a run knows of its session, as a [dependency](crate::RunContext::dependency) of every run in
/// [`Sessions`](super::Sessions).
#[derive(Debug, Clone)]
pub struct Session(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    owner: Owner,
    answers: Vec<Answer>,
}

impl Session {
    pub(super) fn new(owner: Owner, answers: Vec<Answer>) -> Self {
        Self(Arc::new(Inner { owner, answers }))
    }

    /// Whom the thread belongs to.
    #[must_use]
    pub fn owner(&self) -> &Owner {
        &self.0.owner
    }

    /// The questions of the thread's last run, each with its answer. They are given to one run only: once it
    /// has begun they are not open any more, whatever becomes of it, so that nothing is done twice.
    #[must_use]
    pub fn answers(&self) -> &[Answer] {
        &self.0.answers
    }
}

/// A question and what was answered.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Answer {
    /// The question, as it was stored.
    pub interrupt: Interrupt,
    /// The answer, as the client sent it.
    pub entry: ResumeEntry,
    /// The call that the question is about, as it was proposed: what the client's messages say of it does
    /// not count.
    pub call: Option<ToolCall>,
}

/// Matches the entries of a request with the open questions of a thread.
///
/// # Errors
///
/// When a question has no answer (INT-14), or two.
pub(super) fn matched(thread: &Thread, entries: &[ResumeEntry]) -> Result<Vec<Answer>, Refusal> {
    let mut answers = Vec::new();
    let mut unanswered = Vec::new();
    for interrupt in &thread.interrupts {
        let mut matching = entries.iter().filter(|entry| entry.interrupt_id == interrupt.id);
        match (matching.next(), matching.next()) {
            (None, _) => unanswered.push(format!("`{}`", interrupt.id)),
            (Some(entry), None) => {
                let call = interrupt.tool_call_id.as_deref();
                let call = call.and_then(|id| thread.messages.iter().rev().find_map(|m| called(m, id)));
                answers.push(Answer {
                    interrupt: interrupt.clone(),
                    entry: entry.clone(),
                    call: call.cloned(),
                });
            }
            (Some(_), Some(_)) => {
                let message = format!("There are two answers to `{}`.", interrupt.id);
                return Err(refused(StatusCode::UNPROCESSABLE_ENTITY, "duplicate_answer", message));
            }
        }
    }
    if !unanswered.is_empty() {
        let message = format!("The thread waits for answers to {}.", unanswered.join(", "));
        return Err(refused(StatusCode::CONFLICT, "unanswered_interrupts", message));
    }
    for entry in entries {
        if !answers.iter().any(|answer| answer.entry.interrupt_id == entry.interrupt_id) {
            tracing::warn!(interrupt = %entry.interrupt_id, "an answer to what was not asked is left out (INT-13)");
        }
    }
    Ok(answers)
}

fn refused(status: StatusCode, code: &str, message: String) -> Refusal {
    Refusal::new(status, code, message).path("/resume")
}
