//! Where messages and calls are, by their ids.

use agui_types::Message;
use std::collections::HashMap;
use std::collections::hash_map::Entry;

/// Where a message is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// In the list.
    At(usize),
    /// Among those that are not in the list yet.
    Late(usize),
}

/// Knows the messages of a list by numbers that they keep when others come before them, so that a message that is
/// inserted or dropped moves numbers and nothing that is looked up by an id.
#[derive(Debug, Clone, Default)]
pub(super) struct Index {
    /// The first message with an id.
    messages: HashMap<Box<str>, usize>,
    /// The first call with an id: the message that holds it, and which of its calls it is.
    calls: HashMap<Box<str>, (usize, usize)>,
    /// The place of a message by its number, and the other way round for those in the list.
    places: Vec<Place>,
    numbers: Vec<usize>,
    /// Numbers of messages that are gone.
    free: Vec<usize>,
    /// An id came twice, so that it may not be gone with the first that has it.
    ambiguous: bool,
}

impl Index {
    pub(super) fn of(messages: &[Message]) -> Self {
        let mut index = Self::default();
        messages.iter().enumerate().for_each(|(place, message)| index.insert(place, message));
        index
    }

    /// Where the message with an id is.
    pub(super) fn message(&self, id: &str) -> Option<Place> {
        self.places.get(*self.messages.get(id)?).copied()
    }

    /// Where the message is that holds the call with an id, and which of its calls that is.
    pub(super) fn call(&self, id: &str) -> Option<(usize, usize)> {
        let (number, nth) = self.calls.get(id)?;
        match self.places.get(*number)? {
            Place::At(place) => Some((*place, *nth)),
            Place::Late(_) => None,
        }
    }

    /// Whether the first of several with an id may be another when one is gone or changed.
    pub(super) fn is_ambiguous(&self) -> bool {
        self.ambiguous
    }

    /// Takes a message that is now at a place, behind which all others have moved.
    pub(super) fn insert(&mut self, place: usize, message: &Message) {
        let number = self.number(Place::At(place));
        self.numbers.insert(place.min(self.numbers.len()), number);
        self.renumber(place);
        match self.messages.entry(message.id().into()) {
            Entry::Vacant(entry) => drop(entry.insert(number)),
            Entry::Occupied(mut first) => {
                self.ambiguous = true;
                if is_behind(self.places.get(*first.get()), place) {
                    first.insert(number);
                }
            }
        }
        self.insert_calls(place, message);
    }

    /// Takes a message without calls that is not in the list yet; gives its number.
    pub(super) fn insert_late(&mut self, nth: usize, id: &str) -> usize {
        let number = self.number(Place::Late(nth));
        match self.messages.entry(id.into()) {
            Entry::Vacant(entry) => drop(entry.insert(number)),
            Entry::Occupied(_) => self.ambiguous = true,
        }
        number
    }

    /// The numbers of the messages of the list, in order.
    pub(super) fn numbers(&self) -> &[usize] {
        &self.numbers
    }

    /// Takes the order of all messages, none of which are late any more.
    pub(super) fn reorder(&mut self, numbers: Vec<usize>) {
        self.numbers = numbers;
        self.renumber(0);
    }

    fn number(&mut self, place: Place) -> usize {
        if let Some(number) = self.free.pop()
            && let Some(free) = self.places.get_mut(number)
        {
            *free = place;
            return number;
        }
        self.places.push(place);
        self.places.len() - 1
    }

    /// Takes the calls that a message has now.
    pub(super) fn insert_calls(&mut self, place: usize, message: &Message) {
        for (nth, id) in calls(message).enumerate() {
            self.insert_call(place, nth, id);
        }
    }

    /// Takes a call that a message has now.
    pub(super) fn insert_call(&mut self, place: usize, nth: usize, id: &str) {
        let Some(number) = self.numbers.get(place) else { return };
        match self.calls.entry(id.into()) {
            Entry::Vacant(entry) => drop(entry.insert((*number, nth))),
            Entry::Occupied(mut first) => {
                self.ambiguous = true;
                if is_behind(self.places.get(first.get().0), place) {
                    first.insert((*number, nth));
                }
            }
        }
    }

    /// Forgets the calls of a message that is about to change.
    pub(super) fn remove_calls(&mut self, place: usize, message: &Message) {
        let Some(number) = self.numbers.get(place) else { return };
        for id in calls(message) {
            if self.calls.get(id).is_some_and(|(holder, _)| holder == number) {
                self.calls.remove(id);
            }
        }
    }

    /// Forgets a message, which keeps its place until all that go are [swept out](Index::sweep).
    pub(super) fn remove(&mut self, place: usize, message: &Message) {
        self.remove_calls(place, message);
        let Some(number) = self.numbers.get_mut(place) else { return };
        if self.messages.get(message.id()) == Some(number) {
            self.messages.remove(message.id());
        }
        self.free.push(std::mem::replace(number, GONE));
    }

    /// Closes the gaps of those that were removed, the first of which was at a place.
    pub(super) fn sweep(&mut self, first: usize) {
        self.numbers.retain(|number| *number != GONE);
        self.renumber(first);
    }

    fn renumber(&mut self, from: usize) {
        for (place, number) in self.numbers.iter().enumerate().skip(from) {
            if let Some(known) = self.places.get_mut(*number) {
                *known = Place::At(place);
            }
        }
    }
}

/// The number of a message that is no more.
const GONE: usize = usize::MAX;

/// Whether what is at a place comes before another one.
fn is_behind(other: Option<&Place>, place: usize) -> bool {
    matches!(other, Some(Place::At(other)) if *other > place)
}

fn calls(message: &Message) -> impl Iterator<Item = &str> {
    let calls = match message {
        Message::Assistant(message) => message.tool_calls.as_deref(),
        _ => None,
    };
    calls.unwrap_or_default().iter().map(|call| &*call.id)
}
