//! What a model has said in a turn, as messages: the same ones that the client makes of the events.

use crate::error::{Error, Result};
use agui_types::{AssistantMessage, FunctionCall, Message, ReasoningMessage, ToolCall};

/// A tool call, complete.
#[derive(Debug)]
pub(crate) struct Call {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) arguments: String,
    /// What the provider wants back with it.
    pub(crate) encrypted_value: Option<String>,
    /// The message that carries it, if there is one.
    pub(crate) message: Option<String>,
}

impl Call {
    pub(crate) fn new(id: impl Into<String>, name: impl Into<String>, arguments: impl Into<String>) -> Self {
        let (id, name, arguments) = (id.into(), name.into(), arguments.into());
        Self { id, name, arguments, encrypted_value: None, message: None }
    }

    /// A call as it stands in a message.
    pub(super) fn of(call: &ToolCall, message: &str) -> Self {
        Self {
            id: call.id.clone(),
            name: call.function.name.clone(),
            arguments: call.function.arguments.clone(),
            encrypted_value: call.encrypted_value.clone(),
            message: Some(message.to_owned()),
        }
    }
}

/// The messages of a turn, in order, and the calls that they hold.
#[derive(Debug, Default)]
pub(super) struct Parts {
    parts: Vec<Part>,
    pub(super) calls: Vec<Call>,
}

#[derive(Debug)]
enum Part {
    Reasoning {
        /// The model's own id of the block.
        given: String,
        message: ReasoningMessage,
    },
    Assistant {
        message: AssistantMessage,
        /// How many of the calls are its own.
        calls: usize,
    },
}

/// Calls that a model may make in one turn.
const MAX_CALLS: usize = 128;

/// Messages that a turn may consist of.
const MAX_PARTS: usize = 256;

impl Parts {
    /// Nothing was said.
    pub(super) fn is_empty(&self) -> bool {
        self.parts.is_empty()
    }

    /// The id of the message that text and calls go to: a new one behind reasoning, so that all stand in order.
    pub(super) fn assistant(&mut self, new_id: impl FnOnce() -> String) -> Result<&str> {
        if !matches!(self.parts.last(), Some(Part::Assistant { .. })) {
            self.push(Part::Assistant { message: AssistantMessage::new(new_id()), calls: 0 })?;
        }
        Ok(self.last_assistant().map_or("", |(message, _)| &message.id))
    }

    /// Whether that message has calls already.
    pub(super) fn called(&self) -> bool {
        matches!(self.parts.last(), Some(Part::Assistant { calls: 1.., .. }))
    }

    pub(super) fn push_text(&mut self, delta: &str) {
        if let Some((message, _)) = self.last_assistant() {
            message.content.get_or_insert_default().push_str(delta);
        }
    }

    pub(super) fn call(&mut self, id: String, name: String) -> Result {
        if self.calls.len() == MAX_CALLS {
            return Err(Error::new(format!("the model made more than {MAX_CALLS} calls in one turn")));
        }
        let mut call = Call::new(id, name, "");
        if let Some((message, calls)) = self.last_assistant() {
            call.message = Some(message.id.clone());
            *calls += 1;
        }
        self.calls.push(call);
        Ok(())
    }

    /// Whether this block of reasoning is the newest part.
    pub(super) fn reasons(&self, block: &str) -> bool {
        matches!(self.parts.last(), Some(Part::Reasoning { given, .. }) if given == block)
    }

    pub(super) fn begin_reasoning(&mut self, given: String, id: &str) -> Result {
        self.push(Part::Reasoning { given, message: ReasoningMessage::new(id, "") })
    }

    pub(super) fn push_reasoning(&mut self, delta: &str) {
        if let Some(Part::Reasoning { message, .. }) = self.parts.last_mut() {
            message.content.push_str(delta);
        }
    }

    /// Gives the newest block of an id its value; the id of its message, if there is such a block.
    pub(super) fn seal_reasoning(&mut self, block: &str, value: &str) -> Option<&str> {
        self.parts.iter_mut().rev().find_map(|part| match part {
            Part::Reasoning { given, message } if given == block => {
                message.encrypted_value = Some(value.to_owned());
                Some(&*message.id)
            }
            _ => None,
        })
    }

    /// Gives the newest message of text or calls its value; its id, if there is one.
    pub(super) fn seal_text(&mut self, value: &str) -> Option<&str> {
        self.parts.iter_mut().rev().find_map(|part| match part {
            Part::Assistant { message, .. } => {
                message.encrypted_value = Some(value.to_owned());
                Some(&*message.id)
            }
            Part::Reasoning { .. } => None,
        })
    }

    /// The messages, and the calls again.
    pub(super) fn into_messages(self) -> (Vec<Message>, Vec<Call>) {
        let mut calls = self.calls.iter();
        let messages = self.parts.into_iter().map(|part| match part {
            Part::Reasoning { message, .. } => message.into(),
            Part::Assistant { mut message, calls: count } => {
                let calls = calls.by_ref().take(count).map(|call| {
                    let mut one = ToolCall::new(&*call.id, FunctionCall::new(&*call.name, &*call.arguments));
                    one.encrypted_value.clone_from(&call.encrypted_value);
                    one
                });
                message.tool_calls = (count > 0).then(|| calls.collect());
                message.into()
            }
        });
        (messages.collect(), self.calls)
    }

    fn last_assistant(&mut self) -> Option<(&mut AssistantMessage, &mut usize)> {
        match self.parts.last_mut() {
            Some(Part::Assistant { message, calls }) => Some((message, calls)),
            _ => None,
        }
    }

    fn push(&mut self, part: Part) -> Result {
        if self.parts.len() == MAX_PARTS {
            return Err(Error::new(format!("the model began more than {MAX_PARTS} messages in one turn")));
        }
        self.parts.push(part);
        Ok(())
    }
}
