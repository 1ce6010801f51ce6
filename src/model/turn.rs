//! One turn: a model's answer, shown to the client as it arrives.

use super::{ModelEvent, ModelStream};
use crate::error::{Error, Result};
use crate::run::{RunContext, TextMessage, ToolCallWriter};
use agui_types::{AssistantMessage, FunctionCall, ToolCall};
use futures_util::StreamExt;
use std::collections::HashSet;

/// What a model said in one turn.
#[derive(Debug)]
pub(super) struct Turn {
    /// The assistant message that its calls belong to, and its text, as far as that came first.
    id: String,
    text: String,
    pub(super) calls: Vec<Call>,
}

/// A tool call, complete.
#[derive(Debug)]
pub(super) struct Call {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) arguments: String,
}

impl Turn {
    /// The turn as the model is shown it later.
    pub(super) fn message(&self) -> AssistantMessage {
        let mut message = AssistantMessage::new(&*self.id);
        message.content = (!self.text.is_empty()).then(|| self.text.clone());
        let calls = self
            .calls
            .iter()
            .map(|call| ToolCall::new(&*call.id, FunctionCall::new(&*call.name, &*call.arguments)));
        message.tool_calls = (!self.calls.is_empty()).then(|| calls.collect());
        message
    }
}

/// Passes on what a model says. `taken` are the ids of the calls that the conversation has already.
pub(super) async fn show(
    run: &RunContext,
    mut stream: ModelStream,
    taken: &mut HashSet<String>,
) -> Result<Turn> {
    let mut turn = Turn { id: run.new_id("message"), text: String::new(), calls: Vec::new() };
    let mut text: Option<TextMessage> = None;
    let mut open: Vec<Open> = Vec::new();
    while let Some(event) = stream.next().await {
        match event? {
            ModelEvent::Text(delta) if delta.is_empty() => {}
            ModelEvent::Text(delta) => {
                let message = match &mut text {
                    Some(message) => message,
                    // What comes after a call is a message of its own: closed ones are not opened again.
                    None if open.is_empty() => text.insert(run.start_text_as(turn.id.clone()).await?),
                    None => text.insert(run.start_text().await?),
                };
                turn.text.push_str(&delta);
                message.push(delta).await?;
            }
            ModelEvent::ToolCall { id: given, name } => {
                if let Some(message) = text.take() {
                    message.finish().await?;
                }
                // A client takes a known id for more arguments of the same call (TOOL-6).
                let fresh = !given.is_empty() && taken.insert(given.clone());
                let id = if fresh { given.clone() } else { run.new_id("call") };
                let writer = run.start_tool_call(&*id, &*name, Some(&turn.id)).await?;
                open.push(Open { given, writer });
                turn.calls.push(Call { id, name, arguments: String::new() });
            }
            ModelEvent::Arguments { id: given, delta } => {
                let position = open.iter().rposition(|open| open.given == given);
                let (Some(open), Some(call)) = (
                    position.and_then(|position| open.get_mut(position)),
                    position.and_then(|position| turn.calls.get_mut(position)),
                ) else {
                    return Err(Error::new(format!(
                        "the model gave arguments for `{given}`, a call it did not begin"
                    )));
                };
                call.arguments.push_str(&delta);
                if !delta.is_empty() {
                    open.writer.push(delta).await?;
                }
            }
        }
    }
    if let Some(message) = text {
        message.finish().await?;
    }
    for open in open {
        open.writer.finish().await?;
    }
    Ok(turn)
}

/// A call whose arguments are still coming.
struct Open {
    /// The id that the model gave it.
    given: String,
    writer: ToolCallWriter,
}
