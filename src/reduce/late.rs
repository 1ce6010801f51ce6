//! Answers to calls, which stand behind the message that holds the call, whatever came since.

use super::Conversation;
use super::index::Held;
use agui_types::{Message, ToolMessage};

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
    number: usize,
    pub(super) message: Message,
}

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
            self.late.push(Late { before: place, number, message });
            return;
        }
        self.forget_places();
        self.messages.insert(place, message);
        self.index.insert(place, Held { messages: &self.messages, late: &self.late });
    }

    /// The place behind a message and the answers that follow it. They are counted from where they ended the last time.
    fn behind_answers(&mut self, holder: usize) -> usize {
        let number = self.index.numbers().get(holder).copied().unwrap_or(holder);
        let known = self.answered.entry(number).or_default();
        let later = self.messages.get(holder + 1 + *known..).unwrap_or_default();
        *known += later.iter().take_while(|message| matches!(message, Message::Tool(_))).count();
        holder + 1 + *known
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
        late.sort_by_key(|late| late.before);
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
