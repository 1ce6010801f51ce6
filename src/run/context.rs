//! One run seen from inside the agent.

use super::sink::Sink;
use crate::custom::CustomPayload;
use crate::error::{Error, Result};
use agui_types::runtime::Encode;
use agui_types::{Content, ContentPart, Event, Message, RunAgentInput, TextMessageContentEvent};
use std::future::poll_fn;
use std::sync::Arc;

/// One run: what was asked, and the way to answer.
///
/// Cheap to clone; parts of an agent that run side by side may each have one. Emitting waits while
/// the client is slower than the agent, so memory stays bounded.
#[derive(Debug, Clone)]
pub struct RunContext(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    input: RunAgentInput,
    sink: Sink,
}

impl RunContext {
    pub(super) fn new(input: RunAgentInput) -> Self {
        Self(Arc::new(Inner { input, sink: Sink::default() }))
    }

    pub(super) fn sink(&self) -> &Sink {
        &self.0.sink
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
        let id = uuid::Uuid::new_v4().to_string();
        self.room().await;
        self.sink().open_text(&id)?;
        Ok(TextMessage { run: self.clone(), id, open: true })
    }

    /// Emits a custom event.
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
        self.run.sink().close_text(&self.id)
    }
}

impl Drop for TextMessage {
    fn drop(&mut self) {
        if self.open {
            // If the run is over, its end has closed the message.
            let _ = self.run.sink().close_text(&self.id);
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
