//! One turn: a model's answer, shown to the client as it arrives.

use super::{ModelEvent, ModelStream};
use crate::error::{Error, Result};
use crate::run::{RunContext, TextMessage, ToolCallWriter};
use agui_types::{AssistantMessage, FunctionCall, ToolCall};
use futures_util::StreamExt;
use std::collections::{HashMap, HashSet};
use std::future::poll_fn;
use std::task::Poll;

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
pub(crate) struct Call {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) arguments: String,
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

/// Calls that a model may make in one turn.
const MAX_CALLS: usize = 128;

/// Bytes that a model may say in one turn.
const MAX_BYTES: usize = 8 * 1024 * 1024;

/// Passes on what a model says. `taken` are the ids of the calls that the conversation has already.
pub(super) async fn show(
    run: &RunContext,
    mut stream: ModelStream,
    taken: &mut HashSet<String>,
) -> Result<Turn> {
    let mut turn = Turn { id: run.new_id("message"), text: String::new(), calls: Vec::new() };
    let mut text: Option<TextMessage> = None;
    let mut open: Vec<ToolCallWriter> = Vec::new();
    // The position of the newest call under each id that the model gave.
    let mut given_ids: HashMap<String, usize> = HashMap::new();
    let mut said = Said::default();
    while let Some(event) = stream.next().await {
        said.count(&event).await?;
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
                if open.len() == MAX_CALLS {
                    return Err(Error::new(format!(
                        "the model made more than {MAX_CALLS} calls in one turn"
                    )));
                }
                // A client takes a known id for more arguments of the same call (TOOL-6).
                let mut id = given.clone();
                while id.is_empty() || !taken.insert(id.clone()) {
                    id = run.new_id("call");
                }
                given_ids.insert(given, open.len());
                open.push(run.start_tool_call(&*id, &*name, Some(&turn.id)).await?);
                turn.calls.push(Call { id, name, arguments: String::new() });
            }
            ModelEvent::Arguments { id: given, delta } => {
                let position = given_ids.get(&given).copied();
                let (Some(writer), Some(call)) = (
                    position.and_then(|position| open.get_mut(position)),
                    position.and_then(|position| turn.calls.get_mut(position)),
                ) else {
                    return Err(Error::new(format!(
                        "the model gave arguments for `{given}`, a call it did not begin"
                    )));
                };
                call.arguments.push_str(&delta);
                if !delta.is_empty() {
                    writer.push(delta).await?;
                }
            }
        }
    }
    if let Some(message) = text {
        message.finish().await?;
    }
    for writer in open {
        writer.finish().await?;
    }
    Ok(turn)
}

/// How much a model has said.
#[derive(Default)]
struct Said {
    events: usize,
    bytes: usize,
}

impl Said {
    async fn count(&mut self, event: &Result<ModelEvent>) -> Result {
        self.events += 1;
        self.bytes += match event {
            Ok(ModelEvent::Text(delta) | ModelEvent::Arguments { delta, .. }) => delta.len(),
            Ok(ModelEvent::ToolCall { id, name }) => id.len() + name.len(),
            Err(_) => 0,
        };
        if self.bytes > MAX_BYTES {
            return Err(Error::new(format!("the model said more than {MAX_BYTES} bytes in one turn")));
        }
        if self.events.is_multiple_of(64) {
            // A stream that never waits would keep others from being polled.
            let mut waited = false;
            poll_fn(|cx| {
                if std::mem::replace(&mut waited, true) {
                    return Poll::Ready(());
                }
                cx.waker().wake_by_ref();
                Poll::Pending
            })
            .await;
        }
        Ok(())
    }
}
