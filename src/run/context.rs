//! One run seen from inside the agent.

use super::request::RunRequest;
use super::sink::{Opened, Sink};
use crate::error::{Error, Result};
use crate::typed::{CustomPayload, difference};
use agui_types::runtime::Encode;
use agui_types::{
    Content, ContentPart, Event, Message, RunAgentInput, StateDeltaEvent, StateSnapshotEvent,
    TextMessageContentEvent, TextMessageStartEvent, ToolCallArgsEvent, ToolCallStartEvent,
};
use http::Extensions;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use std::future::poll_fn;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// Where ids come from.
#[derive(Debug)]
enum Ids {
    Random,
    Counted(AtomicU64),
}

/// One run: what was asked, and the way to answer.
///
/// Cheap to clone; parts of an agent that run side by side may each have one. Emitting waits while
/// the client is slower than the agent, so memory stays bounded.
#[derive(Debug, Clone)]
pub struct RunContext(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    input: RunAgentInput,
    dependencies: Extensions,
    /// The shared state, once this run has changed it.
    state: Mutex<Option<Value>>,
    ids: Ids,
    sink: Sink,
}

impl RunContext {
    pub(super) fn new(request: RunRequest) -> Self {
        let RunRequest { input, dependencies, repeatable, agent: _ } = request;
        let ids = if repeatable { Ids::Counted(AtomicU64::new(1)) } else { Ids::Random };
        let sink = Sink::new(repeatable);
        Self(Arc::new(Inner { input, dependencies, state: Mutex::default(), ids, sink }))
    }

    pub(super) fn sink(&self) -> &Sink {
        &self.0.sink
    }

    /// An id that no message or tool call of the thread has yet.
    pub(crate) fn new_id(&self, what: &str) -> String {
        match &self.0.ids {
            Ids::Random => uuid::Uuid::new_v4().to_string(),
            Ids::Counted(next) => {
                format!("{}-{what}-{}", self.run_id(), next.fetch_add(1, Ordering::Relaxed))
            }
        }
    }

    /// A value that this run was given beside its input: what the request carried, such as the principal
    /// that authentication found, or what [`RunRequest::with`] added.
    #[must_use]
    pub fn dependency<T: Send + Sync + 'static>(&self) -> Option<&T> {
        self.0.dependencies.get()
    }

    /// As [`RunContext::dependency`], where the run cannot go on without.
    ///
    /// # Errors
    ///
    /// When the run was given no such value; the error names the type.
    pub fn require<T: Send + Sync + 'static>(&self) -> Result<&T> {
        self.dependency().ok_or_else(|| {
            Error::new(format!("the run was given no `{}` to depend on", std::any::type_name::<T>()))
        })
    }

    /// The shared state as a type of yours: what the client sent, or what this run has set since (STATE-1).
    ///
    /// # Errors
    ///
    /// When the state does not fit the type. Without any state, what the type makes of `{}` counts, then
    /// of `null`.
    pub fn state<S: DeserializeOwned>(&self) -> Result<S> {
        let changed = self.0.state.lock().unwrap_or_else(PoisonError::into_inner);
        let state = changed.as_ref().or(self.0.input.state.as_ref());
        let parsed = match state {
            Some(state) => S::deserialize(state),
            None => S::deserialize(Value::Object(Map::new())).or_else(|_| S::deserialize(Value::Null)),
        };
        parsed
            .map_err(|error| Error::new(format!("the state is no `{}`: {error}", std::any::type_name::<S>())))
    }

    /// Replaces the shared state and tells the client by `STATE_SNAPSHOT`.
    ///
    /// # Errors
    ///
    /// As [`RunContext::emit`], and when the value has no JSON form.
    pub async fn set_state<S: Serialize + Sync>(&self, state: &S) -> Result {
        let state = serde_json::to_value(state)?;
        self.room().await;
        let mut changed = self.0.state.lock().unwrap_or_else(PoisonError::into_inner);
        self.sink().push(StateSnapshotEvent::new(state.clone()).into())?;
        *changed = Some(state);
        Ok(())
    }

    /// Replaces the shared state and tells the client what changed, by `STATE_DELTA` (STATE-3). Emits nothing if
    /// nothing did. Events about the state that were emitted as they are do not count: it compares with what
    /// [`RunContext::state`] has.
    ///
    /// # Errors
    ///
    /// As [`RunContext::set_state`].
    pub async fn update_state<S: Serialize + Sync>(&self, state: &S) -> Result {
        let state = serde_json::to_value(state)?;
        self.room().await;
        let mut changed = self.0.state.lock().unwrap_or_else(PoisonError::into_inner);
        // Without any state, `{}` is what both sides begin with (STATE-2).
        let none = Value::Object(Map::new());
        let before = changed.as_ref().or(self.0.input.state.as_ref()).unwrap_or(&none);
        let delta = difference(before, &state)?;
        if !delta.is_empty() {
            self.sink().push(StateDeltaEvent::new(delta).into())?;
            *changed = Some(state);
        }
        Ok(())
    }

    /// Whether the run is over: its agent has returned, or the client has gone. For work that is not
    /// dropped with the run, such as on a thread of its own.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        self.sink().is_closed()
    }

    /// Waits until the run is over; see [`RunContext::is_closed`].
    pub async fn closed(&self) {
        poll_fn(|cx| self.sink().poll_closed(cx)).await;
    }

    /// What the client sent.
    #[must_use]
    pub fn input(&self) -> &RunAgentInput {
        &self.0.input
    }

    /// The conversation that this run belongs to (EVT-11).
    #[must_use]
    pub fn thread_id(&self) -> &str {
        &self.0.input.thread_id
    }

    /// This run (RUN-6).
    #[must_use]
    pub fn run_id(&self) -> &str {
        &self.0.input.run_id
    }

    /// The text of the newest user message, its text parts joined by line breaks; `None` if no user has
    /// said anything.
    #[must_use]
    pub fn last_user_text(&self) -> Option<String> {
        self.0.input.messages.iter().rev().find_map(|message| match message {
            Message::User(user) => Some(plain_text(&user.content)),
            _ => None,
        })
    }

    /// Emits an event as it is, once there is room for it.
    ///
    /// The runtime emits `RUN_STARTED`, `RUN_FINISHED` and `RUN_ERROR` itself. An event without a
    /// timestamp gets the current time.
    ///
    /// # Errors
    ///
    /// When the event breaks its schema ([`Error::is_invalid_event`]), or the run is over
    /// ([`Error::is_closed`]).
    pub async fn emit(&self, event: impl Into<Event>) -> Result {
        let event = event.into();
        self.room().await;
        self.sink().push(event)
    }

    /// Emits an event of an extended protocol: any type generated from a schema of yours.
    ///
    /// The type has to encode as an object with a `type`; clients that do not know it drop the event
    /// (PROC-1). Nothing is added to it, no timestamp either.
    ///
    /// # Errors
    ///
    /// As [`RunContext::emit`].
    pub async fn emit_extension<E: Encode + Sync>(&self, event: &E) -> Result {
        self.room().await;
        self.sink().push_extension(event)
    }

    async fn room(&self) {
        poll_fn(|cx| self.sink().poll_room(cx)).await;
    }

    /// Emits a whole text message of the assistant.
    ///
    /// # Errors
    ///
    /// As [`RunContext::emit`].
    pub async fn text(&self, text: impl Into<String>) -> Result {
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
        self.room().await;
        self.sink().open(Opened::Text(id.clone()), TextMessageStartEvent::new(&*id))?;
        Ok(TextMessage { run: self.clone(), id, open: true })
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
        let mut event = ToolCallStartEvent::new(&*id, name);
        event.parent_message_id = parent.map(str::to_owned);
        self.room().await;
        self.sink().open(Opened::Call(id.clone()), event)?;
        Ok(ToolCallWriter { run: self.clone(), id, open: true })
    }

    /// Emits a custom event, of a type with `#[derive(CustomEvent)]`.
    ///
    /// # Errors
    ///
    /// As [`RunContext::emit`], and when the payload has no JSON form.
    pub async fn custom(&self, payload: &(impl CustomPayload + Sync)) -> Result {
        let event = payload.to_event().map_err(Error::from)?;
        self.emit(event).await
    }
}

/// A text message being written. It is closed by [`TextMessage::finish`], and by being dropped, so that
/// no message stays open when an agent returns early (RUN-11).
#[derive(Debug)]
pub struct TextMessage {
    run: RunContext,
    id: String,
    open: bool,
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
    pub async fn push(&mut self, delta: impl Into<String>) -> Result {
        self.run.emit(TextMessageContentEvent::new(&*self.id, delta)).await
    }

    /// Closes the message.
    ///
    /// # Errors
    ///
    /// As [`RunContext::emit`].
    pub async fn finish(mut self) -> Result {
        // The message stays open while this waits: if the wait is given up, dropping closes it.
        self.run.room().await;
        self.open = false;
        self.run.sink().close_open(&Opened::Text(std::mem::take(&mut self.id)))
    }
}

impl Drop for TextMessage {
    fn drop(&mut self) {
        if self.open {
            // If the run is over, its end has closed the message.
            let _ = self.run.sink().close_open(&Opened::Text(std::mem::take(&mut self.id)));
        }
    }
}

/// A tool call whose arguments are being written. It is closed by [`ToolCallWriter::finish`], and by being
/// dropped, so that no call stays open when an agent returns early (RUN-11).
#[derive(Debug)]
pub struct ToolCallWriter {
    run: RunContext,
    id: String,
    open: bool,
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
    pub async fn push(&mut self, delta: impl Into<String>) -> Result {
        self.run.emit(ToolCallArgsEvent::new(&*self.id, delta)).await
    }

    /// Closes the call: its arguments are complete.
    ///
    /// # Errors
    ///
    /// As [`RunContext::emit`].
    pub async fn finish(mut self) -> Result {
        self.run.room().await;
        self.open = false;
        self.run.sink().close_open(&Opened::Call(std::mem::take(&mut self.id)))
    }
}

impl Drop for ToolCallWriter {
    fn drop(&mut self) {
        if self.open {
            // If the run is over, its end has closed the call.
            let _ = self.run.sink().close_open(&Opened::Call(std::mem::take(&mut self.id)));
        }
    }
}

fn plain_text(content: &Content) -> String {
    match content {
        Content::Text(text) => text.clone(),
        Content::Parts(parts) => {
            let texts: Vec<_> = parts
                .iter()
                .filter_map(|part| match part {
                    ContentPart::Text(text) => Some(text.text.as_str()),
                    _ => None,
                })
                .collect();
            texts.join("\n")
        }
        _ => String::new(),
    }
}
