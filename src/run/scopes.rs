//! What opens, streams and closes: messages, tool calls, reasoning, steps, subagents.
//!
//! Each is closed by its `finish`, and by being dropped, so that nothing stays open when an agent returns early,
//! fails or is cancelled. Several of a kind may be open at once.

use super::context::RunContext;
use super::pieces::Pieces;
use crate::error::Result;
use agui_types::{
    Event, ReasoningEncryptedValueEvent, ReasoningEncryptedValueSubtype, ReasoningEndEvent,
    ReasoningMessageContentEvent, ReasoningMessageEndEvent, ReasoningMessageStartEvent, ReasoningStartEvent,
    StepFinishedEvent, StepStartedEvent, SubagentErrorEvent, SubagentFinishedEvent, SubagentRunId,
    SubagentStartedEvent, TextMessageContentEvent, TextMessageEndEvent, TextMessageStartEvent,
    ToolCallArgsEvent, ToolCallEndEvent, ToolCallStartEvent,
};
use serde_json::Value;
use std::ops::Deref;

/// Something that is open, until its last event.
#[derive(Debug)]
struct Scope {
    run: RunContext,
    end: Option<Event>,
}

impl Scope {
    async fn open(run: &RunContext, start: impl Into<Event>, end: impl Into<Event>) -> Result<Self> {
        run.emit(start).await?;
        Ok(Self { run: run.clone(), end: Some(end.into()) })
    }

    async fn close(mut self) -> Result {
        // It stays open while this waits: if the wait is given up, dropping closes it.
        self.run.room().await;
        match self.end.take() {
            Some(end) => self.run.push(end).passed().await,
            None => Ok(()),
        }
    }
}

impl Drop for Scope {
    fn drop(&mut self) {
        if let Some(end) = self.end.take() {
            // If the run is over, its end has closed this.
            let _ = self.run.push(end).go();
        }
    }
}

impl RunContext {
    /// Emits a whole text message of the assistant.
    ///
    /// # Errors
    ///
    /// As [`RunContext::emit`].
    pub async fn text(&self, text: impl AsRef<str>) -> Result {
        let mut message = self.start_text().await?;
        message.push(text).await?;
        message.finish().await
    }

    /// Opens a text message of the assistant, to be written piece by piece.
    ///
    /// ```
    /// # async fn agent(run: agui::RunContext) -> agui::Result {
    /// let mut message = run.start_text().await?;
    /// for word in ["One", " after", " the", " other."] {
    ///     message.push(word).await?;
    /// }
    /// message.finish().await
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// As [`RunContext::emit`].
    pub async fn start_text(&self) -> Result<TextMessage> {
        self.start_text_as(self.new_id("message")).await
    }

    /// As [`RunContext::start_text`], for a message whose id is settled.
    pub(crate) async fn start_text_as(&self, id: String) -> Result<TextMessage> {
        let mut start = TextMessageStartEvent::new(&*id);
        start.subagent_run_id = self.subagent_run_id().cloned();
        let scope = Scope::open(self, start, TextMessageEndEvent::new(&*id)).await?;
        let pieces = Pieces::new(TextMessageContentEvent::new(&*id, ""));
        Ok(TextMessage { scope, pieces, id })
    }

    /// Opens a tool call, whose arguments are to be written piece by piece.
    ///
    /// `parent` is the assistant message that the call belongs to, if there is one.
    ///
    /// # Errors
    ///
    /// As [`RunContext::emit`].
    pub async fn start_tool_call(
        &self,
        id: impl Into<String>,
        name: impl Into<String>,
        parent: Option<&str>,
    ) -> Result<ToolCallWriter> {
        let id = id.into();
        let mut start = ToolCallStartEvent::new(&*id, name);
        start.parent_message_id = parent.map(str::to_owned);
        start.subagent_run_id = self.subagent_run_id().cloned();
        let scope = Scope::open(self, start, ToolCallEndEvent::new(&*id)).await?;
        let pieces = Pieces::new(ToolCallArgsEvent::new(&*id, ""));
        Ok(ToolCallWriter { scope, pieces, id })
    }

    /// Opens a span of reasoning with one message in it, to be written piece by piece.
    ///
    /// # Errors
    ///
    /// As [`RunContext::emit`].
    pub async fn start_reasoning(&self) -> Result<Reasoning> {
        let id = self.new_id("reasoning");
        let mut start = ReasoningStartEvent::new(&*id);
        start.subagent_run_id = self.subagent_run_id().cloned();
        let span = Scope::open(self, start, ReasoningEndEvent::new(&*id)).await?;
        let mut start = ReasoningMessageStartEvent::new(&*id);
        start.subagent_run_id = self.subagent_run_id().cloned();
        let message = Scope::open(self, start, ReasoningMessageEndEvent::new(&*id)).await?;
        let pieces = Pieces::new(ReasoningMessageContentEvent::new(&*id, ""));
        Ok(Reasoning { message, span, pieces, id })
    }

    /// Begins a step of the work, by whose name a user interface shows how far it is.
    ///
    /// # Errors
    ///
    /// As [`RunContext::emit`].
    pub async fn start_step(&self, name: impl Into<String>) -> Result<Step> {
        let name = name.into();
        let (mut start, mut end) = (StepStartedEvent::new(&*name), StepFinishedEvent::new(name));
        start.subagent_run_id = self.subagent_run_id().cloned();
        end.subagent_run_id = self.subagent_run_id().cloned();
        Ok(Step { scope: Scope::open(self, start, end).await? })
    }

    /// Announces a subagent and gives it a context of its own: what is emitted with that is attributed to it
    /// (SUB-1, SUB-4). Subagents may work side by side, and have subagents themselves.
    ///
    /// # Errors
    ///
    /// As [`RunContext::emit`].
    pub async fn start_subagent(&self, name: impl Into<String>) -> Result<Subagent> {
        let id = SubagentRunId::from(self.new_id("subagent"));
        self.announce(SubagentStartedEvent::new(id, name)).await
    }

    pub(super) async fn announce(&self, mut start: SubagentStartedEvent) -> Result<Subagent> {
        let id = start.subagent_run_id.clone();
        start.parent_subagent_run_id = self.subagent_run_id().cloned();
        let end = SubagentErrorEvent::new(id.clone(), "The subagent did not finish.");
        let scope = Scope::open(self, start, end).await?;
        Ok(Subagent { context: self.of_subagent(id.clone()), scope, id })
    }
}

/// A text message being written.
#[derive(Debug)]
pub struct TextMessage {
    scope: Scope,
    pieces: Pieces,
    id: String,
}

impl TextMessage {
    /// The message's id.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Appends text.
    ///
    /// # Errors
    ///
    /// As [`RunContext::emit`].
    pub async fn push(&mut self, delta: impl AsRef<str>) -> Result {
        self.pieces.push(&self.scope.run, delta).await
    }

    /// Closes the message.
    ///
    /// # Errors
    ///
    /// As [`RunContext::emit`].
    pub async fn finish(self) -> Result {
        self.scope.close().await
    }
}

/// A tool call whose arguments are being written.
#[derive(Debug)]
pub struct ToolCallWriter {
    scope: Scope,
    pieces: Pieces,
    id: String,
}

impl ToolCallWriter {
    /// The call's id.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Appends a piece of the arguments' JSON text.
    ///
    /// # Errors
    ///
    /// As [`RunContext::emit`].
    pub async fn push(&mut self, delta: impl AsRef<str>) -> Result {
        self.pieces.push(&self.scope.run, delta).await
    }

    /// Closes the call: its arguments are complete.
    ///
    /// # Errors
    ///
    /// As [`RunContext::emit`].
    pub async fn finish(self) -> Result {
        self.scope.close().await
    }
}

/// Reasoning being written.
#[derive(Debug)]
pub struct Reasoning {
    // Dropped in this order.
    message: Scope,
    span: Scope,
    pieces: Pieces,
    id: String,
}

impl Reasoning {
    /// The message's id.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Appends text that the user may see.
    ///
    /// # Errors
    ///
    /// As [`RunContext::emit`].
    pub async fn push(&mut self, delta: impl AsRef<str>) -> Result {
        self.pieces.push(&self.message.run, delta).await
    }

    /// Adds what the provider wants back with the next request and nobody else can read (REAS-8).
    ///
    /// # Errors
    ///
    /// As [`RunContext::emit`].
    pub async fn encrypted_value(&mut self, value: impl Into<String>) -> Result {
        let subtype = ReasoningEncryptedValueSubtype::Message;
        self.message.run.emit(ReasoningEncryptedValueEvent::new(subtype, &*self.id, value)).await
    }

    /// Closes the message and the span around it.
    ///
    /// # Errors
    ///
    /// As [`RunContext::emit`].
    pub async fn finish(self) -> Result {
        self.message.close().await?;
        self.span.close().await
    }
}

/// A step that is under way.
#[derive(Debug)]
pub struct Step {
    scope: Scope,
}

impl Step {
    /// Ends the step.
    ///
    /// # Errors
    ///
    /// As [`RunContext::emit`].
    pub async fn finish(self) -> Result {
        self.scope.close().await
    }
}

/// A subagent at work: the run's context, with everything attributed to it. If it is dropped before it
/// finishes, it counts as failed; the run may go on all the same (SUB-8).
#[derive(Debug)]
pub struct Subagent {
    context: RunContext,
    scope: Scope,
    id: SubagentRunId,
}

impl Subagent {
    /// The id of this invocation.
    #[must_use]
    pub fn id(&self) -> &SubagentRunId {
        &self.id
    }

    /// Ends the invocation with success.
    ///
    /// # Errors
    ///
    /// As [`RunContext::emit`].
    pub async fn finish(self) -> Result {
        let end = SubagentFinishedEvent::new(self.id.clone());
        self.end(end.into()).await
    }

    /// Ends the invocation with success and a return value.
    ///
    /// # Errors
    ///
    /// As [`RunContext::emit`].
    pub async fn finish_with(self, result: impl Into<Value>) -> Result {
        let end = SubagentFinishedEvent::new(self.id.clone()).result(result);
        self.end(end.into()).await
    }

    /// Ends the invocation with a failure, of which the client is told this.
    ///
    /// # Errors
    ///
    /// As [`RunContext::emit`].
    pub async fn fail(self, message: impl Into<String>) -> Result {
        let end = SubagentErrorEvent::new(self.id.clone(), message);
        self.end(end.into()).await
    }

    pub(super) async fn end(mut self, end: Event) -> Result {
        self.scope.end = Some(end);
        self.scope.close().await
    }
}

impl Deref for Subagent {
    type Target = RunContext;

    fn deref(&self) -> &RunContext {
        &self.context
    }
}
