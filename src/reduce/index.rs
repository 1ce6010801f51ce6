//! Where messages and calls are, by their ids.

use super::late::Late;
use agui_types::{Message, ToolCall};
use hashbrown::HashTable;
use std::collections::{HashMap, VecDeque};
use std::hash::{BuildHasher, RandomState};

/// Where a message is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// In the list.
    At(usize),
    /// Among those that are not in the list yet.
    Late(usize),
}

/// The messages that an index is about, which it reads ids in rather than to have them itself.
#[derive(Debug, Clone, Copy)]
pub(super) struct Held<'m> {
    pub(super) messages: &'m [Message],
    pub(super) late: &'m [Late],
}

impl<'m> Held<'m> {
    /// Whether the message at a place has an id.
    fn is(self, place: Option<&Place>, id: &str) -> bool {
        let message = match place {
            Some(Place::At(place)) => self.messages.get(*place),
            Some(Place::Late(nth)) => self.late.get(*nth).map(|late| &late.message),
            None => None,
        };
        message.is_some_and(|message| message.id() == id)
    }

    /// Whether a call of the message at a place has an id.
    fn is_call(self, place: Option<&Place>, nth: usize, id: &str) -> bool {
        let Some(Place::At(place)) = place else { return false };
        self.call(*place, nth) == Some(id)
    }

    fn call(self, place: usize, nth: usize) -> Option<&'m str> {
        Some(&*calls(self.messages.get(place)?).get(nth)?.id)
    }
}

/// Knows the messages of a list by numbers that they keep when others come before them, so that a message that is
/// inserted or dropped moves numbers and nothing that is looked up by an id.
#[derive(Debug, Clone, Default)]
pub(super) struct Index {
    /// The first message with an id, by its number, and the first call with an id: the message that holds it, and which of
    /// its calls it is. Each beside the hash of its id.
    messages: HashTable<(u64, usize)>,
    calls: HashTable<(u64, (usize, usize))>,
    /// Further calls with an id, by its hash, in the order of the messages that hold them.
    more_calls: HashMap<u64, VecDeque<(usize, usize)>>,
    hasher: RandomState,
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
        index.rebuild(messages);
        index
    }

    /// Knows these messages, none of which are late, and nothing else.
    pub(super) fn rebuild(&mut self, messages: &[Message]) {
        if self.places.capacity() > messages.len().max(MUCH) * 4 {
            // Room that is not needed any more. Hashes that others have remain what they are.
            *self = Self { hasher: self.hasher.clone(), ..Self::default() };
        }
        self.messages.clear();
        self.calls.clear();
        self.more_calls.clear();
        self.places.clear();
        self.numbers.clear();
        self.free.clear();
        self.ambiguous = false;
        for place in 0..messages.len() {
            self.insert(place, Held { messages, late: &[] });
        }
    }

    /// The hash of an id, for those who look for the same one several times.
    pub(super) fn hash(&self, id: &str) -> u64 {
        self.hasher.hash_one(id)
    }

    /// Where the message with an id is.
    pub(super) fn message(&self, id: &str, held: Held) -> Option<Place> {
        self.message_hashed(self.hash(id), id, held)
    }

    /// As [`Index::message`], for an id whose hash is known.
    pub(super) fn message_hashed(&self, hash: u64, id: &str, held: Held) -> Option<Place> {
        let is = |(_, number): &(u64, usize)| held.is(self.places.get(*number), id);
        let (_, number) = self.messages.find(hash, is)?;
        self.places.get(*number).copied()
    }

    /// Where the message is that holds the call with an id, and which of its calls that is.
    pub(super) fn call(&self, id: &str, held: Held) -> Option<(usize, usize)> {
        let is = |(_, (number, nth)): &_| held.is_call(self.places.get::<usize>(*number), *nth, id);
        let (_, (number, nth)) = self.calls.find(self.hash(id), is)?;
        match self.places.get(*number)? {
            Place::At(place) => Some((*place, *nth)),
            Place::Late(_) => None,
        }
    }

    /// Whether the first of several with an id may be another when one is gone or changed.
    pub(super) fn is_ambiguous(&self) -> bool {
        self.ambiguous
    }

    /// Takes a message that has come to a place, so that all others behind it have moved.
    pub(super) fn insert(&mut self, place: usize, held: Held) {
        let Some(message) = held.messages.get(place) else { return };
        self.insert_hashed(place, self.hash(message.id()), held);
    }

    /// As [`Index::insert`], where the hash of its id is known.
    pub(super) fn insert_hashed(&mut self, place: usize, hash: u64, held: Held) {
        let Some(message) = held.messages.get(place) else { return };
        let number = self.number(Place::At(place));
        self.numbers.insert(place.min(self.numbers.len()), number);
        self.renumber(place);
        let places = &self.places;
        match self.messages.find_mut(hash, |(_, number)| held.is(places.get(*number), message.id())) {
            None => drop(self.messages.insert_unique(hash, (hash, number), |(hash, _)| *hash)),
            Some((_, first)) => {
                self.ambiguous = true;
                if is_behind(places.get(*first), place) {
                    *first = number;
                }
            }
        }
        self.insert_calls(place, held);
    }

    /// Takes a message without calls that is going to be the next of those that are not in the list yet; gives its number.
    pub(super) fn insert_late(&mut self, id: &str, held: Held) -> usize {
        let number = self.number(Place::Late(held.late.len()));
        let hash = self.hash(id);
        if self.message_hashed(hash, id, held).is_some() {
            self.ambiguous = true;
        } else {
            self.messages.insert_unique(hash, (hash, number), |(hash, _)| *hash);
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
    pub(super) fn insert_calls(&mut self, place: usize, held: Held) {
        let count = held.messages.get(place).map_or(0, |message| calls(message).len());
        (0..count).for_each(|nth| self.insert_call(place, nth, held));
    }

    /// Takes a call that a message has now.
    pub(super) fn insert_call(&mut self, place: usize, nth: usize, held: Held) {
        let (Some(number), Some(id)) = (self.numbers.get(place), held.call(place, nth)) else {
            return;
        };
        let places = &self.places;
        let hash = self.hash(id);
        match self.calls.find(hash, |(_, (number, nth))| held.is_call(places.get(*number), *nth, id)) {
            None => drop(self.calls.insert_unique(hash, (hash, (*number, nth)), |(hash, _)| *hash)),
            Some(_) => {
                // Calls come in the order of their messages; where they do not, all is put in order anew afterwards.
                self.ambiguous = true;
                self.more_calls.entry(hash).or_default().push_back((*number, nth));
            }
        }
    }

    /// Forgets the calls of a message that is about to change.
    pub(super) fn remove_calls(&mut self, place: usize, message: &Message) {
        let Some(number) = self.numbers.get(place) else { return };
        for (nth, call) in calls(message).iter().enumerate() {
            let hash = self.hash(&call.id);
            if let Ok(known) = self.calls.find_entry(hash, |(_, call)| *call == (*number, nth)) {
                known.remove();
            }
        }
    }

    /// Forgets the calls of a message that has become one without any, so that others with their ids are the first.
    pub(super) fn lost_calls(&mut self, place: usize, before: &Message, held: Held) {
        self.remove_calls(place, before);
        for call in calls(before) {
            let (hash, places) = (self.hash(&call.id), &self.places);
            let is = |(number, nth): &(usize, usize)| held.is_call(places.get(*number), *nth, &call.id);
            let Some(more) = self.more_calls.get_mut(&hash) else { continue };
            if self.calls.find(hash, |(_, call)| is(call)).is_some() {
                continue;
            }
            if let Some(next) = std::iter::from_fn(|| more.pop_front()).find(is) {
                self.calls.insert_unique(hash, (hash, next), |(hash, _)| *hash);
            }
        }
    }

    /// Forgets a message, which keeps its place until all that go are [swept out](Index::sweep).
    pub(super) fn remove(&mut self, place: usize, message: &Message) {
        self.remove_calls(place, message);
        let hash = self.hash(message.id());
        let Some(number) = self.numbers.get_mut(place) else { return };
        if let Ok(known) = self.messages.find_entry(hash, |(_, known)| known == number) {
            known.remove();
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

/// For so many messages room may be kept that is not needed.
const MUCH: usize = 256;

/// The number of a message that is no more.
const GONE: usize = usize::MAX;

/// Whether what is at a place comes before another one.
fn is_behind(other: Option<&Place>, place: usize) -> bool {
    matches!(other, Some(Place::At(other)) if *other > place)
}

fn calls(message: &Message) -> &[ToolCall] {
    match message {
        Message::Assistant(message) => message.tool_calls.as_deref().unwrap_or_default(),
        _ => &[],
    }
}
