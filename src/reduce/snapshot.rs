//! `MESSAGES_SNAPSHOT`: what is held is reconciled with what the producer states.

use super::Conversation;
use super::index::{Held, Place};
use agui_types::{Message, Metadata};
use serde_json::Value;
use std::collections::HashSet;

impl Conversation {
    /// Replaces in place what the snapshot has, appends what is new in it, drops what it leaves out
    /// (STATE-20 to STATE-26).
    pub(crate) fn restate(&mut self, stated: &[Message], metadata: Option<&Metadata>) {
        self.settle();
        // A snapshot with a message of the role is complete for it (STATE-24).
        let complete = authoritative(metadata);
        let activities = stated.iter().any(|message| matches!(message, Message::Activity(_)));
        let reasoning = stated.iter().any(|message| matches!(message, Message::Reasoning(_)));
        let kept = |message: &Message| match message {
            Message::Activity(activity) => match &complete {
                Some(complete) => !complete.covers(&activity.activity_type),
                None => !activities,
            },
            Message::Reasoning(_) => !reasoning,
            _ => false,
        };
        // Mostly a snapshot tells what the stream has told already: that stays where it is, and nothing is looked up.
        // Of several with an id the last counts, so one that comes again may be about one of those, too.
        let same = self.messages.iter().zip(stated).take_while(|(held, new)| held == new).count();
        let same = if self.index.is_ambiguous() && same < stated.len() { 0 } else { same };
        let fate = |(place, held)| if place < same || kept(held) { Fate::Stays } else { Fate::Goes };
        let mut fates: Vec<_> = self.messages.iter().enumerate().map(fate).collect();
        let stated = stated.get(same..).unwrap_or_default();
        let mut news = Vec::with_capacity(stated.len());
        for message in stated {
            let hash = self.index.hash(message.id());
            match self.index.message_hashed(hash, message.id(), self.held()) {
                Some(Place::At(place)) => {
                    if let Some(fate) = fates.get_mut(place) {
                        *fate = Fate::Becomes(message);
                    }
                }
                _ => news.push((hash, message)),
            }
        }
        self.carry_out(&fates);
        self.forget_places();
        self.answered.clear();
        // In the order of the snapshot, each id once.
        for (hash, message) in news {
            if self.index.message_hashed(hash, message.id(), self.held()).is_none() {
                self.append_hashed(message.clone(), hash);
            }
        }
    }

    fn carry_out(&mut self, fates: &[Fate]) {
        let going = fates.iter().filter(|fate| matches!(fate, Fate::Goes)).count();
        // Where few stay, these are put in order anew.
        let few_stay = going > fates.len() / 2;
        let mut first_change = None;
        for (place, fate) in fates.iter().enumerate() {
            let Some(held) = self.messages.get_mut(place) else { break };
            match fate {
                Fate::Stays => continue,
                Fate::Becomes(new) if held == *new => continue,
                Fate::Becomes(new) if few_stay => held.clone_from(new),
                Fate::Becomes(new) => {
                    self.index.remove_calls(place, held);
                    held.clone_from(new);
                    self.index.insert_calls(place, Held { messages: &self.messages, late: &self.late });
                }
                Fate::Goes if few_stay => {}
                Fate::Goes => self.index.remove(place, held),
            }
            first_change.get_or_insert(place);
        }
        let Some(first) = first_change else { return };
        self.touched(first);
        if going > 0 {
            let mut fates = fates.iter();
            self.messages.retain(|_| !matches!(fates.next(), Some(Fate::Goes)));
        }
        if few_stay || self.index.is_ambiguous() {
            self.index.rebuild(&self.messages);
        } else if going > 0 {
            self.index.sweep(first);
        }
    }
}

/// What becomes of a message that is held.
enum Fate<'s> {
    Stays,
    Goes,
    Becomes(&'s Message),
}

/// For which types of activity a snapshot says that it is complete.
enum Complete {
    All,
    These(HashSet<String>),
}

impl Complete {
    fn covers(&self, activity_type: &str) -> bool {
        match self {
            Self::All => true,
            Self::These(types) => types.contains(activity_type),
        }
    }
}

/// An extension of the reference client, which says it instead of leaving it to be inferred. What makes no
/// sense covers nothing.
fn authoritative(metadata: Option<&Metadata>) -> Option<Complete> {
    let types = metadata?.get("@ag-ui/client")?.as_object()?.get("authoritativeActivityTypes")?;
    Some(match types {
        Value::Null => Complete::All,
        types => Complete::These(serde_json::from_value(types.clone()).unwrap_or_default()),
    })
}
