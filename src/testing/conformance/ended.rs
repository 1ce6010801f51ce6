//! How a judged run ended.

use super::judge::Judged;
use super::requests::TOOL;
use agui_types::{Event, Interrupt, Message, RunFinishedOutcome};

/// How a run ended, in short.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    Refused,
    /// `RUN_ERROR` alone.
    Unborn,
    Failed,
    Ended,
}

impl Judged {
    pub(super) fn end(&self) -> End {
        match (&self.refusal, self.events.first(), self.events.last()) {
            (Some(_), ..) => End::Refused,
            (None, Some(Event::RunError(_)), _) => End::Unborn,
            (None, _, Some(Event::RunError(_))) => End::Failed,
            _ => End::Ended,
        }
    }

    /// What came in place of what was to come.
    pub(super) fn told(&self) -> String {
        match (&self.refusal, self.events.last()) {
            (Some((status, body)), _) => format!("{status}: {body}"),
            (None, Some(Event::RunError(error))) => format!("RUN_ERROR: {}", error.message),
            _ => "a run".to_owned(),
        }
    }

    pub(super) fn outcome(&self) -> Option<&RunFinishedOutcome> {
        match self.events.last() {
            Some(Event::RunFinished(finished)) => finished.outcome.as_ref(),
            _ => None,
        }
    }

    pub(super) fn is_success(&self) -> bool {
        matches!(self.events.last(), Some(Event::RunFinished(_)))
            && matches!(self.outcome(), None | Some(RunFinishedOutcome::Success(_)))
    }

    pub(super) fn interrupts(&self) -> &[Interrupt] {
        match self.outcome() {
            Some(RunFinishedOutcome::Interrupt(outcome)) => &outcome.interrupts,
            _ => &[],
        }
    }

    /// The calls of [`TOOL`] in the conversation that have no result.
    pub(super) fn frontend_calls(&self) -> Vec<String> {
        let messages = self.conversation.messages();
        let answered = |id: &str| {
            messages.iter().any(|message| matches!(message, Message::Tool(tool) if tool.tool_call_id == id))
        };
        let calls = messages.iter().flat_map(|message| match message {
            Message::Assistant(assistant) => assistant.tool_calls.as_deref().unwrap_or_default(),
            _ => &[],
        });
        let ours = calls.filter(|call| call.function.name == TOOL && !answered(&call.id));
        ours.map(|call| call.id.clone()).collect()
    }
}
