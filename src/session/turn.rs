//! What of a request is new.

use super::answers::Answer;
use super::thread::Thread;
use crate::reduce::Conversation;
use agui_types::{Message, RunAgentInput};
use std::collections::HashSet;

/// The conversation with the request's turn added to what is stored, where the server's history counts.
///
/// Of the messages behind the last one that the store knows, or that only an agent can have said, two kinds are
/// taken: what the user said, and results of calls that were left to the application. A client cannot put
/// words into the agent's mouth, nor answer a call that nobody made or that waits for approval.
pub(super) fn with_new_turn(thread: &Thread, input: &RunAgentInput) -> Conversation {
    let mut conversation = Conversation::new(thread.messages.clone(), thread.state.clone());
    if thread.is_new()
        && let Some(state) = &input.state
    {
        conversation.set_state(state.clone());
    }
    let mut awaited = awaited(thread);
    for message in new_messages(&thread.messages, &input.messages) {
        match message {
            Message::Tool(result) if awaited.remove(&*result.tool_call_id) => {
                conversation.answer(result.clone());
            }
            Message::User(_) => conversation.append(message.clone()),
            other => tracing::debug!(message = other.id(), role = other.tag(), "left out of the new turn"),
        }
    }
    conversation
}

/// What a client has to send for a run that continues a conversation: its end.
fn new_messages<'m>(stored: &[Message], sent: &'m [Message]) -> impl Iterator<Item = &'m Message> {
    let stored: HashSet<&str> = stored.iter().map(Message::id).collect();
    let is_old = |message: &Message| {
        stored.contains(message.id()) || matches!(message, Message::Assistant(_) | Message::Reasoning(_))
    };
    let start = sent.iter().rposition(is_old).map_or(0, |last| last + 1);
    let mut seen = HashSet::new();
    sent.iter().skip(start).filter(move |message| seen.insert(message.id()))
}

/// The calls that were left to the application and that it has not answered.
///
/// Front ends that resume with a tool message beside the answer would otherwise answer in the agent's place.
fn awaited(thread: &Thread) -> HashSet<&str> {
    let mut awaited: HashSet<&str> = thread.pending_tool_call_ids.iter().map(String::as_str).collect();
    for message in &thread.messages {
        if let Message::Tool(answer) = message {
            awaited.remove(&*answer.tool_call_id);
        }
    }
    awaited
}

/// The messages that the agent sees: activities are for the interface (ACT-13).
pub(super) fn messages_for_agent(conversation: &Conversation) -> Vec<Message> {
    let messages = conversation.messages().iter();
    messages.filter(|message| !matches!(message, Message::Activity(_))).cloned().collect()
}

/// The entries that answer something (INT-13, INT-15).
pub(super) fn resume(answers: &[Answer]) -> Option<Vec<agui_types::ResumeEntry>> {
    let entries: Vec<_> = answers.iter().map(|answer| answer.entry.clone()).collect();
    (!entries.is_empty()).then_some(entries)
}
