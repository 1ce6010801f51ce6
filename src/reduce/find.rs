//! Messages and calls by their ids.

use super::Conversation;
use super::index::{Held, Place};
use agui_types::{Message, ToolCall};

impl Conversation {
    /// The message with an id.
    #[must_use]
    pub fn message(&self, id: &str) -> Option<&Message> {
        match self.find(id)? {
            Place::At(place) => self.messages.get(place),
            Place::Late(nth) => self.late.get(nth).map(|late| &late.message),
        }
    }

    /// The tool call with an id, in the message that holds it.
    #[must_use]
    pub fn tool_call(&self, id: &str) -> Option<&ToolCall> {
        let (place, nth) = self.call_position(id)?;
        call_at(self.messages.get(place)?, nth)
    }

    pub(super) fn find(&self, id: &str) -> Option<Place> {
        // Inserting and restating forget the place, so nothing before it has come to have the id since.
        match self.messages.get(self.last_found) {
            Some(message) if message.id() == id => Some(Place::At(self.last_found)),
            _ => self.index.message(id, self.held()),
        }
    }

    /// Where the message is that holds a call, and which of its calls it is.
    pub(super) fn call_position(&self, id: &str) -> Option<(usize, usize)> {
        let (place, nth) = self.last_called;
        match self.messages.get(place).and_then(|message| call_at(message, nth)) {
            Some(call) if call.id == id => Some(self.last_called),
            _ => self.index.call(id, self.held()),
        }
    }

    pub(super) fn held(&self) -> Held<'_> {
        Held { messages: &self.messages, late: &self.late }
    }

    /// Messages have moved: what was found is somewhere else.
    pub(super) fn forget_places(&mut self) {
        (self.last_found, self.last_called) = (0, (0, 0));
    }

    /// Everything from this message on may have changed.
    pub(super) fn touched(&mut self, index: usize) {
        self.changed_from = Some(self.changed_from.map_or(index, |from| from.min(index)));
        if !self.late.is_empty() {
            self.seen.take();
        }
    }

    /// The message with an id, to be changed.
    pub(super) fn message_mut(&mut self, id: &str) -> Option<&mut Message> {
        match self.find(id)? {
            Place::At(place) => {
                self.last_found = place;
                self.touched(place);
                self.messages.get_mut(place)
            }
            Place::Late(nth) => {
                self.touched(self.late.get(nth)?.before);
                Some(&mut self.late.get_mut(nth)?.message)
            }
        }
    }

    pub(super) fn call_mut(&mut self, id: &str) -> Option<&mut ToolCall> {
        let (place, nth) = self.call_position(id)?;
        self.last_called = (place, nth);
        self.touched(place);
        let Some(Message::Assistant(message)) = self.messages.get_mut(place) else { return None };
        message.tool_calls.as_mut()?.get_mut(nth)
    }
}

/// One of the calls that a message holds.
fn call_at(message: &Message, nth: usize) -> Option<&ToolCall> {
    let Message::Assistant(message) = message else { return None };
    message.tool_calls.as_ref()?.get(nth)
}
