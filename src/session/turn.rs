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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::Owner;
    use agui_types::{AssistantMessage, FunctionCall, ToolCall, ToolMessage};
    use cpu_time::ThreadTime;
    use std::time::Duration;

    /// How long it takes to match the results of so many calls (TOOL-26), which come with one request.
    fn took(calls: usize) -> Duration {
        let ids: Vec<_> = (0..calls).map(|n| format!("c{n}")).collect();
        let call = |id: &String| ToolCall::new(&**id, FunctionCall::new("show", "{}"));
        let mut message = AssistantMessage::new("m1");
        message.tool_calls = Some(ids.iter().map(call).collect());
        let mut thread = Thread::new("thread-1", Owner::anonymous(), 0);
        thread.messages.push(message.into());
        thread.pending_tool_call_ids.clone_from(&ids);
        let result = |id: &String| ToolMessage::new(format!("result of {id}"), "x", &**id).into();
        let input = RunAgentInput::new("thread-1", "run-2", ids.iter().rev().map(result).collect());
        let start = ThreadTime::now();
        assert_eq!(with_new_turn(&thread, &input).messages().len(), calls + 1);
        start.elapsed()
    }

    #[test]
    fn results_are_matched_in_proportion_to_their_number() {
        // What grows with the square of it would take sixteen times as long, minutes.
        let (few, many) = (took(40_000), took(160_000));
        assert!(many < 8 * few + Duration::from_secs(10), "{few:?}, and {many:?} for four times as many");
    }

    #[test]
    fn tool_26_a_call_is_answered_once() {
        let mut thread = Thread::new("thread-1", Owner::anonymous(), 0);
        let mut message = AssistantMessage::new("m1");
        let call = |id: &str| ToolCall::new(id, FunctionCall::new("show", "{}"));
        message.tool_calls = Some(vec![call("c1"), call("c2"), call("c3")]);
        thread.messages = vec![message.into(), ToolMessage::new("r1", "one", "c1").into()];
        thread.pending_tool_call_ids = vec!["c1".to_owned(), "c2".to_owned()];
        let results = [("r2", "c1"), ("r3", "c2"), ("r4", "c2"), ("r5", "c3"), ("r6", "c4")];
        let results = results.map(|(id, call)| ToolMessage::new(id, "x", call).into());
        let conversation = with_new_turn(&thread, &RunAgentInput::new("thread-1", "run-2", results.to_vec()));
        let ids: Vec<_> = conversation.messages().iter().map(Message::id).collect();
        assert_eq!(ids, ["m1", "r1", "r3"]);
    }
}
