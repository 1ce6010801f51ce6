//! What snapshots tell of, for as long as it does not matter.

use super::state::Kind;
use agui_types::Message;

/// The parent agent's messages and calls, which are noted down and nothing more: whose something is matters to consumers only
/// once a subagent speaks, and in most runs none does.
#[derive(Debug, Clone, Default)]
pub(super) struct Told {
    ids: String,
    /// What it is, and where its id ends; each begins where the one before ends.
    notes: Vec<(What, usize)>,
}

/// What has an id and an owner.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum What {
    Item(Kind),
    Activity,
}

impl Told {
    /// So many ids are noted, and so many bytes of them. More are to be put in order, so that what is told again takes no
    /// more room.
    const MOST: (usize, usize) = (1024, 64 * 1024);

    pub(super) fn note(&mut self, message: &Message) {
        for (what, id) in owned(message) {
            self.ids.push_str(id);
            self.notes.push((what, self.ids.len()));
        }
    }

    pub(super) fn is_full(&self) -> bool {
        self.notes.len() > Self::MOST.0 || self.ids.len() > Self::MOST.1
    }

    pub(super) fn notes(&self) -> impl Iterator<Item = (What, &str)> {
        let mut begin = 0;
        self.notes.iter().filter_map(move |(what, end)| {
            let id = self.ids.get(begin..*end)?;
            begin = *end;
            Some((*what, id))
        })
    }
}

/// A message and its calls, which have the same owner.
pub(super) fn owned(message: &Message) -> impl Iterator<Item = (What, &str)> {
    let what = match message {
        Message::Activity(_) => What::Activity,
        Message::Reasoning(_) => What::Item(Kind::Reasoning),
        _ => What::Item(Kind::Text),
    };
    let calls = match message {
        Message::Assistant(message) => message.tool_calls.as_deref(),
        _ => None,
    };
    let calls = calls.unwrap_or_default().iter().map(|call| (What::Item(Kind::Call), &*call.id));
    std::iter::once((what, message.id())).chain(calls)
}
