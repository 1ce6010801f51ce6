//! What the application answered.

use super::arguments::Reader;
use super::spec::FrontendTool;
use agui_types::{Content, Message, ToolMessage};
use serde::de::value::StringDeserializer;
use std::fmt;

/// A call of a tool that the application ran.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Answered<T: FrontendTool> {
    /// The call.
    pub tool_call_id: String,
    /// What the tool was called with.
    pub arguments: T,
    /// What it answered, or why it failed (`ToolMessage.error`).
    pub output: Result<T::Output, String>,
}

/// Why a call and its result do not fit a tool.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Misfit {
    call: String,
    what: &'static str,
    reason: String,
}

impl fmt::Display for Misfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the {} of call `{}` does not fit: {}", self.what, self.call, self.reason)
    }
}

impl std::error::Error for Misfit {}

/// The answers to all calls of a tool in a conversation, oldest first. Calls without an answer are left out
/// (TOOL-9).
///
/// Results are JSON where they are; a tool that answers with a `String` may have been answered in plain text.
///
/// ```
/// use agui::{AssistantMessage, Message, ToolMessage, ToolSpec, agui_tool, tool};
///
/// /// Asks how many there are.
/// #[agui_tool]
/// fn count(things: String) -> u32;
///
/// let call = Count { things: "apples".into() }.call("call-1")?;
/// let messages: [Message; 2] = [
///     AssistantMessage::new("m1").tool_calls(vec![call]).into(),
///     ToolMessage::new("m2", "7", "call-1").into(),
/// ];
/// let answers = tool::results::<Count>(&messages);
/// assert_eq!(answers[0].as_ref().unwrap().output, Ok(7));
/// # Ok::<(), agui::Error>(())
/// ```
#[must_use]
pub fn results<T: FrontendTool>(messages: &[Message]) -> Vec<Result<Answered<T>, Misfit>> {
    let (mut answers, reader) = (Vec::new(), Reader::new());
    for message in messages {
        let Message::Assistant(assistant) = message else { continue };
        let calls = assistant.tool_calls.iter().flatten().filter(|call| call.function.name == T::NAME);
        for call in calls {
            let answer = messages.iter().find_map(|message| match message {
                Message::Tool(message) if message.tool_call_id == call.id => Some(message),
                _ => None,
            });
            if let Some(answer) = answer {
                answers.push(answered(&reader, &call.id, &call.function.arguments, answer));
            }
        }
    }
    answers
}

fn answered<T: FrontendTool>(
    reader: &Reader<T>,
    call: &str,
    arguments: &str,
    answer: &ToolMessage,
) -> Result<Answered<T>, Misfit> {
    let misfit = |what, reason: String| Misfit { call: call.to_owned(), what, reason };
    let arguments = reader.read(arguments).map_err(|error| misfit("argument text", error.to_string()))?;
    let output = match &answer.error {
        Some(error) => Err(error.clone()),
        None => Ok(read::<T>(&answer.content).map_err(|error| misfit("result", error.to_string()))?),
    };
    Ok(Answered { tool_call_id: call.to_owned(), arguments, output })
}

fn read<T: FrontendTool>(content: &Content) -> Result<T::Output, serde_json::Error> {
    let text = crate::content::text(content, "");
    // Nothing said is what a tool without a result says.
    let json = if text.is_empty() { "null" } else { &text };
    serde_json::from_str(json).or_else(|error| {
        let plain = StringDeserializer::<serde_json::Error>::new(text.clone());
        serde::Deserialize::deserialize(plain).map_err(|_| error)
    })
}
