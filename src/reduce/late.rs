//! Answers to calls, which stand behind the message that holds the call, whatever came since.

use super::Conversation;
use super::index::{Held, Place};
use agui_types::{Message, ToolMessage};
use std::cmp::Reverse;

/// So many messages at most are moved to make room for an answer.
const FEW: usize = 64;

/// An answer that is not in the list yet.
///
/// Streams may answer any number of calls long after them, and if each answer moved all messages behind it, that would take
/// time by the square of their number. So those for which there are many to be moved wait, to be put into the list
/// together.
#[derive(Debug, Clone)]
pub(super) struct Late {
    /// The message of the list before which it belongs; of several there, the first to come is first.
    pub(super) before: usize,
    /// Which cut of those several it is behind: what comes after a cut is before it.
    cut: usize,
    number: usize,
    pub(super) message: Message,
}

/// What is known of the answers behind a message.
#[derive(Debug, Clone, Default)]
pub(super) struct Answers {
    /// How many follow it in the list.
    count: usize,
    /// Which of those that are late follow these.
    late: Vec<usize>,
    /// How often one of those became something else.
    cuts: usize,
}

/// What no cut is before.
const UNCUT: usize = usize::MAX;

impl Conversation {
    /// The messages, oldest first.
    #[must_use]
    pub fn messages(&self) -> &[Message] {
        if self.late.is_empty() {
            return &self.messages;
        }
        self.seen.get_or_init(|| {
            let mut copy = self.clone();
            copy.settle();
            copy.messages
        })
    }

    /// Puts an answer behind the message that holds the call, and behind the answers that are there already.
    pub(crate) fn answer(&mut self, answer: ToolMessage) {
        self.settle_if_seen();
        let Some((holder, _)) = self.call_position(&answer.tool_call_id) else {
            self.append(answer.into());
            return;
        };
        let place = self.behind_answers(holder);
        self.touched(place);
        let message = Message::from(answer);
        if self.messages.len() - place > FEW {
            let number =
                self.index.insert_late(message.id(), Held { messages: &self.messages, late: &self.late });
            self.answered.entry(holder).or_default().late.push(self.late.len());
            self.late.push(Late { before: place, cut: UNCUT, number, message });
            return;
        }
        self.forget_places();
        // Those behind it move, and are few.
        self.answered.split_off(&place);
        self.messages.insert(place, message);
        self.index.insert(place, Held { messages: &self.messages, late: &self.late });
    }

    /// The place behind a message and the answers that follow it. They are counted from where they ended the last time.
    fn behind_answers(&mut self, holder: usize) -> usize {
        let known = &mut self.answered.entry(holder).or_default().count;
        let later = self.messages.get(holder + 1 + *known..).unwrap_or_default();
        *known += later.iter().take_while(|message| matches!(message, Message::Tool(_))).count();
        holder + 1 + *known
    }

    /// Takes that something was an answer and is none any more, so that further answers come before it.
    pub(super) fn no_answer(&mut self, place: Place) {
        let before = match place {
            Place::At(place) => place,
            Place::Late(nth) => self.late.get(nth).map_or(0, |late| late.before),
        };
        let Some((holder, answers)) = self.answered.range_mut(..before).next_back() else { return };
        match place {
            Place::At(place) if place <= holder + answers.count => {
                answers.count = place - holder - 1;
                answers.late.clear();
            }
            Place::At(_) => {}
            Place::Late(nth) => {
                let Ok(first) = answers.late.binary_search(&nth) else { return };
                for nth in answers.late.drain(first..) {
                    if let Some(late) = self.late.get_mut(nth) {
                        late.cut = answers.cuts;
                    }
                }
                answers.cuts += 1;
            }
        }
    }

    /// Somebody looks at the list as it goes on, so it had better be in order.
    pub(super) fn settle_if_seen(&mut self) {
        if !self.late.is_empty() && self.seen.get().is_some() {
            self.settle();
        }
    }

    /// Puts what came late into the list.
    pub(super) fn settle(&mut self) {
        if self.late.is_empty() {
            return;
        }
        let mut late = std::mem::take(&mut self.late);
        late.sort_by_key(|late| (late.before, Reverse(late.cut)));
        let settled = std::mem::take(&mut self.messages);
        let count = settled.len() + late.len();
        let (mut messages, mut numbers) = (Vec::with_capacity(count), Vec::with_capacity(count));
        let mut late = late.into_iter().peekable();
        for (place, (message, number)) in settled.into_iter().zip(self.index.numbers()).enumerate() {
            while let Some(late) = late.next_if(|late| late.before <= place) {
                messages.push(late.message);
                numbers.push(late.number);
            }
            messages.push(message);
            numbers.push(*number);
        }
        self.messages = messages;
        self.index.reorder(numbers);
        if self.index.is_ambiguous() {
            self.index.rebuild(&self.messages);
        }
        self.seen.take();
        self.forget_places();
        self.answered.clear();
    }
}
