//! What is said in one event, and chunks, for those who see no bounds.

use super::context::RunContext;
use crate::error::Result;
use agui_types::{
    Message, MessagesSnapshotEvent, RawEvent, ReasoningMessageChunkEvent, TextMessageChunkEvent,
    ToolCallChunkEvent,
};
use serde::Serialize;

impl RunContext {
    /// States all messages that the agent knows of, in order, by `MESSAGES_SNAPSHOT`: the client replaces those that it
    /// has, and drops what is missing (STATE-20). This is how history is restated that the client may hold already
    /// (RUN-24).
    ///
    /// ```
    /// # async fn agent(run: agui::RunContext) -> agui::Result {
    /// let mut messages = run.input().messages.clone();
    /// messages.retain(|message| message.name() != Some("scratch"));
    /// run.messages_snapshot(messages).await
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// As [`RunContext::emit`].
    pub async fn messages_snapshot(&self, messages: Vec<Message>) -> Result {
        self.emit(MessagesSnapshotEvent::new(messages)).await
    }

    /// Passes an event of a provider on as it is, by `RAW`, beside what it was translated into (PASS-2).
    ///
    /// # Errors
    ///
    /// As [`RunContext::emit`], and when the event has no JSON form.
    pub async fn raw(&self, source: impl Into<String>, event: &(impl Serialize + Sync)) -> Result {
        let event = RawEvent::new(serde_json::to_value(event)?).source(source);
        self.emit(event).await
    }

    /// Emits a piece of a text message of the assistant, for agents that do not see where messages begin and end: the
    /// first piece opens it, and what comes next closes it (CHK-12, CHK-20). [`RunContext::start_text`] is for all
    /// others.
    ///
    /// # Errors
    ///
    /// As [`RunContext::emit`].
    pub async fn text_chunk(&self, message_id: impl Into<String>, delta: impl Into<String>) -> Result {
        self.emit(TextMessageChunkEvent::new().message_id(message_id).delta(delta)).await
    }

    /// As [`RunContext::text_chunk`], for the arguments of a tool call. A call has the same name in all its pieces.
    ///
    /// # Errors
    ///
    /// As [`RunContext::emit`].
    pub async fn tool_call_chunk(
        &self,
        id: impl Into<String>,
        name: impl Into<String>,
        delta: impl Into<String>,
    ) -> Result {
        self.emit(ToolCallChunkEvent::new().tool_call_id(id).tool_call_name(name).delta(delta)).await
    }

    /// As [`RunContext::text_chunk`], for reasoning.
    ///
    /// # Errors
    ///
    /// As [`RunContext::emit`].
    pub async fn reasoning_chunk(&self, message_id: impl Into<String>, delta: impl Into<String>) -> Result {
        self.emit(ReasoningMessageChunkEvent::new().message_id(message_id).delta(delta)).await
    }
}
