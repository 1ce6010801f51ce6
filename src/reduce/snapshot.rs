//! `MESSAGES_SNAPSHOT`: what is held is reconciled with what the producer states.

use super::Conversation;
use super::index::Index;
use agui_types::{Message, Metadata};
use serde_json::Value;
use std::collections::{HashMap, HashSet};

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
        let same = self.messages.iter().zip(stated).take_while(|(held, new)| held == new).count();
        let (settled, stated) = if same == stated.len() { (same, &[][..]) } else { (0, stated) };
        let mut news: HashMap<&str, &Message> =
            stated.iter().map(|message| (message.id(), message)).collect();
        // Where the message was and where it is now.
        let (mut was, mut place) = (0, 0);
        let mut first_change = None;
        let mut dropped = false;
        let index = &mut self.index;
        self.messages.retain_mut(|message| {
            let new = if news.is_empty() { None } else { news.remove(message.id()) };
            let (stays, changed) = match new {
                Some(new) if message != new => {
                    index.remove_calls(was, message);
                    message.clone_from(new);
                    index.insert_calls(was, message);
                    (true, true)
                }
                Some(_) => (true, false),
                None => {
                    let stays = place < settled || kept(message);
                    (stays, !stays)
                }
            };
            if changed {
                first_change.get_or_insert(place);
            }
            if !stays {
                index.remove(was, message);
                dropped = true;
            }
            was += 1;
            place += usize::from(stays);
            stays
        });
        self.forget_places();
        self.answered.clear();
        if let Some(first) = first_change {
            self.touched(first);
            match self.index.is_ambiguous() {
                true => self.index = Index::of(&self.messages),
                false if dropped => self.index.sweep(first),
                false => {}
            }
        }
        // In the order of the snapshot, each id once.
        for message in stated {
            if news.remove(message.id()).is_some() {
                self.append(message.clone());
            }
        }
    }
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
