//! What a stream of events makes of a conversation: its messages and the shared state.
//!
//! ```
//! use agui::reduce::Conversation;
//! use agui::{Event, Message, TextMessageContentEvent, TextMessageEndEvent, TextMessageStartEvent};
//!
//! let mut conversation = Conversation::default();
//! conversation.apply(&TextMessageStartEvent::new("m1").into())?;
//! conversation.apply(&TextMessageContentEvent::new("m1", "Hello").into())?;
//! conversation.apply(&TextMessageContentEvent::new("m1", " there!").into())?;
//! conversation.apply(&TextMessageEndEvent::new("m1").into())?;
//!
//! let Message::Assistant(message) = &conversation.messages()[0] else { unreachable!() };
//! assert_eq!(message.content.as_deref(), Some("Hello there!"));
//! # Ok::<(), agui::reduce::ReduceError>(())
//! ```
//!
//! Whether events come in an order that the protocol allows is the affair of
//! [`Verifier`](crate::verify::Verifier): here an event that has nothing to go to leaves everything as it is.

mod activities;
mod assembled;
mod chunks;
mod error;
mod find;
mod index;
mod items;
mod late;
mod snapshot;

pub use chunks::Expander;
pub use error::ReduceError;

use crate::typed::apply_patch;
use agui_types::{Event, Message, Metadata, RunAgentInput, State, StateDeltaEvent};
use index::{Held, Index};
use late::{Answers, Late};
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::sync::OnceLock;

pub(crate) use items::called;

/// Messages and state, as events change them.
///
/// Of messages with the same id, which there should not be (EVT-9), the first counts.
#[derive(Debug, Clone)]
pub struct Conversation {
    messages: Vec<Message>,
    /// Those that are not among them yet, and all of them if somebody has looked since.
    late: Vec<Late>,
    seen: OnceLock<Vec<Message>>,
    index: Index,
    state: State,
    chunks: Expander,
    /// Where the messages begin that changed since somebody last asked.
    changed_from: Option<usize>,
    state_changed: bool,
    /// Where the message is that was last looked for: what is streamed goes to one message for a while.
    last_found: usize,
    /// Where the message is that holds the call that was last looked for, and which of its calls it is.
    last_called: (usize, usize),
    /// The answers behind a message in the list, by its place: for those that may have many.
    answered: BTreeMap<usize, Answers>,
}

impl Conversation {
    /// A conversation with these messages and this state.
    #[must_use]
    pub fn new(messages: Vec<Message>, state: State) -> Self {
        Self {
            index: Index::of(&messages),
            messages,
            late: Vec::new(),
            seen: OnceLock::new(),
            state,
            chunks: Expander::default(),
            changed_from: None,
            state_changed: false,
            last_found: 0,
            last_called: (0, 0),
            answered: BTreeMap::new(),
        }
    }

    /// What a run begins with: the messages and the state of its input; without a state, `{}` (STATE-2).
    #[must_use]
    pub fn of(input: &RunAgentInput) -> Self {
        let none = || Value::Object(Map::new());
        Self::new(input.messages.clone(), input.state.clone().unwrap_or_else(none))
    }

    /// The shared state.
    #[must_use]
    pub fn state(&self) -> &State {
        &self.state
    }

    /// Messages and state, to keep.
    #[must_use]
    pub fn into_parts(mut self) -> (Vec<Message>, State) {
        self.settle();
        (self.messages, self.state)
    }

    /// Takes the next event of a stream; chunks are expanded (CHK-8).
    ///
    /// # Errors
    ///
    /// What keeps the event, or a part of it, from having its effect, with the rule that says so. If it
    /// [`is_fatal`](ReduceError::is_fatal), the stream is broken; otherwise it may go on, and applications
    /// should be warned. Either way the conversation stays usable.
    pub fn apply(&mut self, event: &Event) -> Result<(), ReduceError> {
        if !self.chunks.concerns(event) {
            return self.reduce(event);
        }
        let mut result = Ok(());
        for event in self.chunks.expand(event)? {
            result = result.and(self.reduce(&event));
        }
        result
    }

    /// Takes an event that is no chunk.
    pub(crate) fn reduce(&mut self, event: &Event) -> Result<(), ReduceError> {
        self.settle_if_seen();
        match event {
            Event::RunStarted(event) => {
                let echoed = event.input.iter().flat_map(|input| &input.messages);
                self.append_missing(echoed.cloned());
                Ok(())
            }
            Event::TextMessageStart(event) => self.text_started(event),
            Event::TextMessageContent(event) => {
                self.text_content("TXT-3", &event.message_id, &event.delta, event.metadata.as_ref())
            }
            Event::TextMessageEnd(event) => {
                self.text_ended("TXT-3", &event.message_id, event.metadata.as_ref())
            }
            Event::ReasoningMessageStart(event) => self.reasoning_started(event),
            Event::ReasoningMessageContent(event) => {
                self.text_content("REAS-5", &event.message_id, &event.delta, event.metadata.as_ref())
            }
            Event::ReasoningMessageEnd(event) => {
                self.text_ended("REAS-5", &event.message_id, event.metadata.as_ref())
            }
            Event::ReasoningEncryptedValue(event) => self.encrypted_value(event),
            Event::ToolCallStart(event) => self.call_started(event),
            Event::ToolCallArgs(event) => self.call_arguments(event),
            Event::ToolCallEnd(event) => self.call_ended(event),
            Event::ToolCallResult(event) => {
                self.call_answered(event);
                Ok(())
            }
            Event::StateSnapshot(event) => {
                self.set_state(event.snapshot.clone());
                Ok(())
            }
            Event::StateDelta(event) => self.state_delta(event),
            Event::MessagesSnapshot(event) => {
                self.restate(&event.messages, event.metadata.as_ref());
                Ok(())
            }
            Event::ActivitySnapshot(event) => self.activity(event),
            Event::ActivityDelta(event) => self.activity_delta(event),
            // Bounds of runs, spans, steps and subagents, RAW, CUSTOM, and what is to come.
            _ => Ok(()),
        }
    }

    pub(crate) fn set_state(&mut self, state: State) {
        self.state = state;
        self.state_changed = true;
    }

    fn state_delta(&mut self, event: &StateDeltaEvent) -> Result<(), ReduceError> {
        if event.delta.is_empty() {
            return Ok(());
        }
        apply_patch(&mut self.state, &event.delta).map_err(|error| {
            ReduceError::skipped("STATE-9", format!("STATE_DELTA does not apply: {error}"))
        })?;
        self.state_changed = true;
        Ok(())
    }

    /// Where the messages begin that have changed since this was last called, if any have; at the end of the
    /// list if all that happened is that it became shorter.
    pub(crate) fn take_changed_messages(&mut self) -> Option<usize> {
        self.settle();
        self.changed_from.take()
    }

    /// Whether the state has changed since this was last called.
    pub(crate) fn take_changed_state(&mut self) -> bool {
        std::mem::take(&mut self.state_changed)
    }

    pub(crate) fn append(&mut self, message: Message) {
        let hash = self.index.hash(message.id());
        self.append_hashed(message, hash);
    }

    /// As [`Conversation::append`], where the hash of the message's id is known.
    fn append_hashed(&mut self, message: Message, hash: u64) {
        let place = self.messages.len();
        self.touched(place);
        self.messages.push(message);
        self.index.insert_hashed(place, hash, Held { messages: &self.messages, late: &self.late });
    }

    fn append_missing(&mut self, messages: impl Iterator<Item = Message>) {
        for message in messages {
            let hash = self.index.hash(message.id());
            if self.index.message_hashed(hash, message.id(), self.held()).is_none() {
                self.append_hashed(message, hash);
            }
        }
    }
}

impl Default for Conversation {
    fn default() -> Self {
        Self::new(Vec::new(), Value::Object(Map::new()))
    }
}

/// Per key, the newer value in place of the older one (META-4, META-5); an empty object changes nothing
/// (META-9).
fn merge(held: &mut Option<Metadata>, metadata: Option<&Metadata>) {
    let Some(metadata) = metadata.filter(|metadata| !metadata.is_empty()) else { return };
    let held = held.get_or_insert_default();
    held.extend(metadata.iter().map(|(key, value)| (key.clone(), value.clone())));
}
