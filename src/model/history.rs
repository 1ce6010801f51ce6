//! A conversation as models take it: instructions from the agent alone, each call with its result behind it.

use agui_types::{AssistantMessage, Message, ToolMessage};
use std::collections::{HashMap, HashSet};

/// What a model is told of a call that nobody answered: the run was stopped, or failed.
const UNANSWERED: &str = "The call was not answered.";

/// How much of a conversation a model is told.
///
/// A turn is a message of the user with all that follows it. The newest is always told.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum History {
    /// All of it; a conversation that is too long for the model is refused, with `RUN_ERROR`.
    #[default]
    Whole,
    /// As much as the model takes: of a conversation that is too long it is told the newer half of the turns, and so
    /// on.
    Newer,
    /// So many turns, the newest, and fewer if that is too much for the model.
    Last(usize),
}

/// A conversation that a model is asked to go on with.
#[derive(Debug)]
pub(super) struct Told {
    messages: Vec<Message>,
    /// How many of the messages are the client's; what follows belongs to the newest turn.
    given: usize,
    policy: History,
    /// What the client says as the system counts.
    instructed: bool,
}

impl Told {
    pub(super) fn new(messages: Vec<Message>, policy: History, instructed: bool) -> Self {
        let mut told = Self { given: messages.len(), messages, policy, instructed };
        if let History::Last(turns) = policy {
            told.keep(turns);
        }
        told
    }

    pub(super) fn extend(&mut self, messages: impl IntoIterator<Item = Message>) {
        self.messages.extend(messages);
    }

    /// Takes the results of calls out.
    pub(super) fn forget_answers(&mut self, calls: &HashSet<&str>) {
        let before = self.messages.len();
        self.messages
            .retain(|message| !matches!(message, Message::Tool(tool) if calls.contains(&*tool.tool_call_id)));
        self.given -= before - self.messages.len();
    }

    /// The messages for a model.
    pub(super) fn for_model(&self) -> Vec<Message> {
        for_model(&self.messages, self.instructed)
    }

    /// Leaves the older half out, if the policy is so and there is something to leave out.
    pub(super) fn shorten(&mut self) -> bool {
        let turns = self.turns().len();
        self.policy != History::Whole && self.keep(turns.div_ceil(2))
    }

    fn keep(&mut self, turns: usize) -> bool {
        let starts = self.turns();
        let Some(start) = starts.len().checked_sub(turns.max(1)).and_then(|first| starts.get(first).copied())
        else {
            return false;
        };
        self.messages.drain(..start);
        self.given -= start;
        start > 0
    }

    fn turns(&self) -> Vec<usize> {
        let given = self.messages.iter().take(self.given).enumerate();
        let users = given.filter(|(_, message)| matches!(message, Message::User(_)));
        users.map(|(index, _)| index).collect()
    }
}

/// The messages for a model.
///
/// Providers refuse a conversation in which a call has no result, or something stands between the two. Clients
/// keep both: a run that was stopped leaves calls without results, and text that came after a call is a message
/// of its own.
pub(crate) fn for_model(messages: &[Message], instructed: bool) -> Vec<Message> {
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
            // What came of a subagent's work is the result of the call that asked for it.
            _ if message.subagent_run_id().is_some() => {}
            // Activities are for the interface.
            Message::Activity(_) => {}
            // What instructs a model does not come from a client.
            Message::System(_) | Message::Developer(_) if !instructed => {}
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
        for_model(messages, false).iter().map(show).collect()
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

    #[test]
    fn whole_turns_are_left_out() {
        let user = |id: &str| Message::from(UserMessage::new(id, "?"));
        let messages = || vec![user("u1"), calls("c1", &["a"]), result("r1", "a"), user("u2"), user("u3")];
        let ids =
            |told: &Told| told.for_model().iter().map(|message| message.id().to_owned()).collect::<Vec<_>>();

        let mut whole = Told::new(messages(), History::Whole, false);
        assert!(!whole.shorten());
        assert_eq!(ids(&whole), ["u1", "c1", "r1", "u2", "u3"]);

        let mut newer = Told::new(messages(), History::Newer, false);
        // Of the run itself, and no turn of its own.
        newer.extend([calls("c2", &[]), user("correction")]);
        assert!(newer.shorten());
        assert_eq!(ids(&newer), ["u2", "u3", "c2", "correction"]);
        assert!(newer.shorten());
        assert_eq!(ids(&newer), ["u3", "c2", "correction"]);
        assert!(!newer.shorten());

        assert_eq!(ids(&Told::new(messages(), History::Last(2), false)), ["u2", "u3"]);
        assert_eq!(ids(&Told::new(messages(), History::Last(9), false)).len(), 5);
        assert_eq!(ids(&Told::new(messages(), History::Last(0), false)), ["u3"]);
        assert!(ids(&Told::new(vec![], History::Last(1), false)).is_empty());
    }
}
