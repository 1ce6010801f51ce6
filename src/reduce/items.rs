//! Text, reasoning, tool calls and their results.

use super::index::Held;
use super::{Conversation, ReduceError, merge};
use agui_types::{
    AssistantMessage, Content, DeveloperMessage, FunctionCall, Message, Metadata,
    ReasoningEncryptedValueEvent, ReasoningEncryptedValueSubtype, ReasoningMessage,
    ReasoningMessageStartEvent, SystemMessage, TextMessageRole, TextMessageStartEvent, ToolCall,
    ToolCallArgsEvent, ToolCallEndEvent, ToolCallResultEvent, ToolCallStartEvent, ToolMessage, UserMessage,
};

impl Conversation {
    /// A new message, or more of one that is held: then role, name and owner stand (TXT-4, TXT-5).
    pub(super) fn text_started(&mut self, event: &TextMessageStartEvent) -> Result<(), ReduceError> {
        match self.message_mut(&event.message_id) {
            Some(Message::Activity(_)) => Err(no_text("TXT-3", &event.message_id)),
            Some(message) => {
                merge(message.metadata_mut(), event.metadata.as_ref());
                Ok(())
            }
            None => {
                let mut message = empty_message(event);
                merge(message.metadata_mut(), event.metadata.as_ref());
                message.subagent_run_id_mut().clone_from(&event.subagent_run_id);
                self.append(message);
                Ok(())
            }
        }
    }

    pub(super) fn reasoning_started(
        &mut self,
        event: &ReasoningMessageStartEvent,
    ) -> Result<(), ReduceError> {
        match self.message_mut(&event.message_id) {
            Some(Message::Activity(_)) => Err(no_text("REAS-5", &event.message_id)),
            Some(message) => {
                merge(message.metadata_mut(), event.metadata.as_ref());
                Ok(())
            }
            None => {
                let mut message = ReasoningMessage::new(&*event.message_id, "");
                merge(&mut message.metadata, event.metadata.as_ref());
                message.subagent_run_id.clone_from(&event.subagent_run_id);
                self.append(message.into());
                Ok(())
            }
        }
    }

    /// Text of a text or reasoning message (CHK-5).
    pub(super) fn text_content(
        &mut self,
        rule: &'static str,
        id: &str,
        delta: &str,
        metadata: Option<&Metadata>,
    ) -> Result<(), ReduceError> {
        let Some(message) = self.message_mut(id) else { return Err(no_text(rule, id)) };
        match message {
            Message::Assistant(message) => message.content.get_or_insert_default().push_str(delta),
            Message::User(message) => append_content(&mut message.content, delta),
            Message::Tool(message) => append_content(&mut message.content, delta),
            Message::System(message) => message.content.push_str(delta),
            Message::Developer(message) => message.content.push_str(delta),
            Message::Reasoning(message) => message.content.push_str(delta),
            _ => return Err(no_text(rule, id)),
        }
        merge(message.metadata_mut(), metadata);
        Ok(())
    }

    /// The end of a text or reasoning message, which may be gone by now, or have become an activity.
    pub(super) fn text_ended(
        &mut self,
        rule: &'static str,
        id: &str,
        metadata: Option<&Metadata>,
    ) -> Result<(), ReduceError> {
        if matches!(self.message(id), None | Some(Message::Activity(_))) {
            let what = format!("`{id}`, which is no message that could hold text");
            return Err(no_end(rule, metadata, what));
        }
        if metadata.is_some()
            && let Some(message) = self.message_mut(id)
        {
            merge(message.metadata_mut(), metadata);
        }
        Ok(())
    }

    /// Kept with what it is about (REAS-8); an activity cannot have one (REAS-9).
    pub(super) fn encrypted_value(
        &mut self,
        event: &ReasoningEncryptedValueEvent,
    ) -> Result<(), ReduceError> {
        let id = &*event.entity_id;
        let slot = match event.subtype {
            ReasoningEncryptedValueSubtype::ToolCall => {
                self.call_mut(id).map(|call| &mut call.encrypted_value)
            }
            ReasoningEncryptedValueSubtype::Message => self.message_mut(id).and_then(encrypted_value_mut),
            _ => None,
        };
        let Some(slot) = slot else {
            let text = format!("REASONING_ENCRYPTED_VALUE for `{id}`, which cannot hold one");
            return Err(ReduceError::skipped("REAS-10", text));
        };
        *slot = Some(event.encrypted_value.clone());
        Ok(())
    }

    pub(super) fn call_started(&mut self, event: &ToolCallStartEvent) -> Result<(), ReduceError> {
        // A reopened call keeps its arguments (TOOL-6); of two names the newer counts (TOOL-7).
        let (id, name) = (&*event.tool_call_id, &*event.tool_call_name);
        if let Some(call) = self.call_mut(id) {
            merge(&mut call.metadata, event.metadata.as_ref());
            if call.function.name == name {
                return Ok(());
            }
            let before = std::mem::replace(&mut call.function.name, name.to_owned());
            let text = format!("TOOL_CALL_START reopens call `{id}` of `{before}` as one of `{name}`");
            return Err(ReduceError::odd("TOOL-7", text));
        }
        let mut call = ToolCall::new(id, FunctionCall::new(name, ""));
        merge(&mut call.metadata, event.metadata.as_ref());
        let mut message_id = event.parent_message_id.as_deref().unwrap_or(id);
        let mut result = Ok(());
        match event.parent_message_id.as_deref().and_then(|parent| self.message_mut(parent)) {
            Some(Message::Assistant(parent)) => {
                let calls = parent.tool_calls.get_or_insert_default();
                calls.push(call);
                let nth = calls.len() - 1;
                // It is the one that was looked for last.
                let held = Held { messages: &self.messages, late: &self.late };
                self.index.insert_call(self.last_found, nth, held);
                return Ok(());
            }
            // Only messages of the assistant carry calls; it gets one of its own.
            Some(parent) => {
                let (parent, role) = (parent.id(), parent.tag());
                let text = format!("TOOL_CALL_START attaches call `{id}` to the {role} message `{parent}`");
                result = Err(ReduceError::odd("TOOL-1", text));
                message_id = id;
            }
            None => {}
        }
        let mut message = assistant_with(message_id, call);
        message.subagent_run_id.clone_from(&event.subagent_run_id);
        self.append(message.into());
        result
    }

    pub(super) fn call_arguments(&mut self, event: &ToolCallArgsEvent) -> Result<(), ReduceError> {
        let Some(call) = self.call_mut(&event.tool_call_id) else {
            let text = format!("TOOL_CALL_ARGS for `{}`, which no message holds", event.tool_call_id);
            return Err(ReduceError::skipped("TOOL-15", text));
        };
        call.function.arguments.push_str(&event.delta);
        merge(&mut call.metadata, event.metadata.as_ref());
        Ok(())
    }

    pub(super) fn call_ended(&mut self, event: &ToolCallEndEvent) -> Result<(), ReduceError> {
        let id = &*event.tool_call_id;
        if self.tool_call(id).is_none() {
            return Err(no_end(
                "TOOL-15",
                event.metadata.as_ref(),
                format!("call `{id}`, which no message holds"),
            ));
        }
        if event.metadata.is_some()
            && let Some(call) = self.call_mut(id)
        {
            merge(&mut call.metadata, event.metadata.as_ref());
        }
        Ok(())
    }

    pub(super) fn call_answered(&mut self, event: &ToolCallResultEvent) {
        let mut message = ToolMessage::new(&*event.message_id, event.content.clone(), &*event.tool_call_id);
        merge(&mut message.metadata, event.metadata.as_ref());
        message.subagent_run_id.clone_from(&event.subagent_run_id);
        self.answer(message);
    }
}

/// The call with an id, if this message holds it.
pub(crate) fn called<'m>(message: &'m Message, id: &str) -> Option<&'m ToolCall> {
    let Message::Assistant(message) = message else { return None };
    message.tool_calls.iter().flatten().find(|call| call.id == id)
}

/// A message that consists of a call.
fn assistant_with(id: &str, call: ToolCall) -> AssistantMessage {
    let mut message = AssistantMessage::new(id);
    message.tool_calls = Some(vec![call]);
    message
}

fn empty_message(event: &TextMessageStartEvent) -> Message {
    let id = &*event.message_id;
    let name = event.name.clone();
    match event.role {
        Some(TextMessageRole::User) => {
            let mut message = UserMessage::new(id, "");
            message.name = name;
            message.into()
        }
        Some(TextMessageRole::System) => {
            let mut message = SystemMessage::new(id, "");
            message.name = name;
            message.into()
        }
        Some(TextMessageRole::Developer) => {
            let mut message = DeveloperMessage::new(id, "");
            message.name = name;
            message.into()
        }
        // Absent means the assistant (TXT-1).
        _ => {
            let mut message = AssistantMessage::new(id);
            message.content = Some(String::new());
            message.name = name;
            message.into()
        }
    }
}

/// Parts are replaced by the text, as the reference client does.
fn append_content(content: &mut Content, delta: &str) {
    match content {
        Content::Text(text) => text.push_str(delta),
        _ => *content = Content::Text(delta.to_owned()),
    }
}

fn encrypted_value_mut(message: &mut Message) -> Option<&mut Option<String>> {
    match message {
        Message::Assistant(message) => Some(&mut message.encrypted_value),
        Message::User(message) => Some(&mut message.encrypted_value),
        Message::Tool(message) => Some(&mut message.encrypted_value),
        Message::System(message) => Some(&mut message.encrypted_value),
        Message::Developer(message) => Some(&mut message.encrypted_value),
        Message::Reasoning(message) => Some(&mut message.encrypted_value),
        _ => None,
    }
}

fn no_text(rule: &'static str, id: &str) -> ReduceError {
    ReduceError::skipped(rule, format!("text for `{id}`, which is no message that could hold it"))
}

/// An end loses nothing where there is nothing to end, unless it has more to say.
fn no_end(rule: &'static str, metadata: Option<&Metadata>, what: String) -> ReduceError {
    let text = format!("the end of {what}");
    if metadata.is_none_or(Metadata::is_empty) {
        ReduceError::odd(rule, text)
    } else {
        ReduceError::skipped(rule, text)
    }
}
