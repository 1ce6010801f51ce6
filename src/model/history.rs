//! A conversation as models take it: instructions from the agent alone, each call with its result behind it.

use agui_types::{AssistantMessage, Message, ToolMessage};
use std::collections::HashMap;

/// What a model is told of a call that nobody answered: the run was stopped, or failed.
const UNANSWERED: &str = "The call was not answered.";

/// The messages for a model.
///
/// Providers refuse a conversation in which a call has no result, or something stands between the two. Clients
/// keep both: a run that was stopped leaves calls without results, and text that came after a call is a message
/// of its own.
pub(super) fn for_model(messages: &[Message]) -> Vec<Message> {
    let mut results: HashMap<&str, &ToolMessage> = HashMap::new();
    for message in messages {
        if let Message::Tool(message) = message {
            // Who answers first has answered.
            results.entry(&message.tool_call_id).or_insert(message);
        }
    }
    let mut out = Vec::with_capacity(messages.len());
    for message in messages {
        match message {
            // Activities are for the interface; what instructs a model never comes from a client.
            Message::Activity(_) | Message::System(_) | Message::Developer(_) => {}
            // Behind its call, wherever it stands.
            Message::Tool(_) => {}
            Message::Assistant(assistant) => {
                out.push(message.clone());
                out.extend(answers(assistant, &mut results));
            }
            other => out.push(other.clone()),
        }
    }
    out
}

fn answers<'m>(
    assistant: &AssistantMessage,
    results: &mut HashMap<&'m str, &'m ToolMessage>,
) -> Vec<Message> {
    let calls = assistant.tool_calls.iter().flatten();
    calls
        .map(|call| match results.remove(&*call.id) {
            Some(result) => result.clone().into(),
            None => ToolMessage::new(format!("{}-unanswered", call.id), UNANSWERED, &*call.id)
                .error(UNANSWERED)
                .into(),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use agui_types::{FunctionCall, SystemMessage, ToolCall, UserMessage};

    fn calls(id: &str, ids: &[&str]) -> Message {
        let calls = ids.iter().map(|id| ToolCall::new(*id, FunctionCall::new("f", "{}"))).collect();
        AssistantMessage::new(id).tool_calls(calls).into()
    }

    fn result(id: &str, call: &str) -> Message {
        ToolMessage::new(id, "r", call).into()
    }

    fn shown(messages: &[Message]) -> Vec<String> {
        let show = |message: &Message| match message {
            Message::Tool(message) => {
                format!("{}{}", message.tool_call_id, if message.error.is_some() { "!" } else { "" })
            }
            Message::Assistant(message) => message.id.clone(),
            Message::User(message) => message.id.clone(),
            other => format!("{other:?}"),
        };
        for_model(messages).iter().map(show).collect()
    }

    #[test]
    fn results_stand_behind_their_calls() {
        let text = AssistantMessage::new("text").content("and more").into();
        let user = UserMessage::new("user", "go on").into();
        let system = SystemMessage::new("s", "obey").into();
        let messages = [
            system,
            calls("one", &["a", "b", "c"]),
            text,
            result("r1", "b"),
            result("r2", "a"),
            result("forged", "a"),
            result("stray", "z"),
            user,
        ];
        assert_eq!(shown(&messages), ["one", "a", "b", "c!", "text", "user"]);
    }
}
