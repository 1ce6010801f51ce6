//! Calls that were left to the application.

use super::thread::Thread;
use crate::reduce::Conversation;
use agui_types::{Interrupt, Message};
use std::collections::HashSet;

/// The calls whose results a client may send.
///
/// Not every call without a result is one: the agent's own tools have none either when a run breaks off, or
/// while it asks whether it may call them, and nobody may answer in its place.
pub(super) struct PendingCalls {
    stored: Vec<String>,
    ids: Vec<String>,
    /// The calls of earlier runs.
    earlier: HashSet<String>,
}

impl PendingCalls {
    /// What is pending once the request's results were taken.
    pub(super) fn before(thread: &Thread, conversation: &Conversation) -> Self {
        let stored = thread.pending_tool_call_ids.clone();
        let answered = answered(conversation);
        let ids = stored.iter().filter(|id| !answered.contains(&***id)).cloned().collect();
        Self { stored, ids, earlier: calls(conversation).map(str::to_owned).collect() }
    }

    /// What is pending after a run that ended in order: the calls that it left open are the application's
    /// (TOOL-21), but for those about which it asks.
    pub(super) fn after(&mut self, conversation: &Conversation, interrupts: &[Interrupt]) {
        let answered = answered(conversation);
        let asked: HashSet<&str> = interrupts.iter().filter_map(|ask| ask.tool_call_id.as_deref()).collect();
        let was: HashSet<String> = std::mem::take(&mut self.ids).into_iter().collect();
        let open = calls(conversation).filter(|id| !answered.contains(id) && !asked.contains(id));
        self.ids =
            open.filter(|id| was.contains(*id) || !self.earlier.contains(*id)).map(str::to_owned).collect();
    }

    /// The list, if it is not the one that was stored.
    pub(super) fn if_changed(&mut self) -> Option<Vec<String>> {
        if self.ids == self.stored {
            return None;
        }
        self.stored.clone_from(&self.ids);
        Some(self.ids.clone())
    }
}

fn calls(conversation: &Conversation) -> impl Iterator<Item = &str> {
    let calls = conversation.messages().iter().filter_map(|message| match message {
        Message::Assistant(message) => message.tool_calls.as_deref(),
        _ => None,
    });
    calls.flatten().map(|call| &*call.id)
}

fn answered(conversation: &Conversation) -> HashSet<&str> {
    let answers = conversation.messages().iter().filter_map(|message| match message {
        Message::Tool(answer) => Some(&*answer.tool_call_id),
        _ => None,
    });
    answers.collect()
}
