//! Text messages, tool calls, reasoning messages and reasoning spans: opened, continued, closed.

use super::state::{Item, Kind, Opening, Owner};
use super::violation::OrderViolation;
use super::{At, Verifier, named};
use agui_types::TextMessageRole;

/// What an opening event says of its item besides the id.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Traits<'a> {
    /// The role of a text message; absent means assistant (TXT-1).
    pub(super) role: Option<TextMessageRole>,
    /// The name of a text message's speaker, or of the tool.
    pub(super) name: Option<&'a str>,
    /// The message that carries a tool call.
    pub(super) parent: Option<&'a str>,
}

impl Traits<'_> {
    pub(super) fn role(&self) -> TextMessageRole {
        self.role.unwrap_or(TextMessageRole::Assistant)
    }
}

type Result<T = ()> = std::result::Result<T, OrderViolation>;

impl Verifier {
    /// An event that opens an item.
    pub(super) fn start(&mut self, at: At, kind: Kind, id: &str, traits: Traits) -> Result {
        let open_in = match self.run.items.of(kind).get(id).map(|item| &item.opening) {
            Some(Opening::Explicit) => return Err(at.breaks(kind, id, ", which is open already")),
            // For consumers this ends the chunk stream and reopens the item (CHK-11).
            Some(Opening::Chunks(_)) if self.producer.is_some() => {
                let why = ", which chunks are assembling: what a chunk opened, only chunks continue";
                return Err(at.breaks_rule("CHK-10", kind, id, why));
            }
            Some(Opening::Chunks(lane)) => Some(lane.clone()),
            Some(Opening::Closed) | None => None,
        };
        let owner = self.judge_opening(at, kind, id, traits)?;
        if let Some(lane) = open_in {
            self.run.close_lane(lane.as_deref());
        }
        self.run.close_lane(at.tag);
        self.open(kind, id, traits, owner, Opening::Explicit);
        Ok(())
    }

    /// An event that continues an item, and with `end` closes it. No allocation while all is well.
    pub(super) fn go_on(&mut self, at: At, kind: Kind, id: &str, end: bool) -> Result {
        match self.run.items.of_mut(kind).get_mut(id) {
            Some(item) if item.opening == Opening::Explicit => {
                if at.tag.is_some() && at.tag != item.owner.as_deref() {
                    return Err(at.disagrees("SUB-11", kind.noun(), id, item.owner.as_deref()));
                }
                if end {
                    item.opening = Opening::Closed;
                }
            }
            Some(Item { opening: Opening::Chunks(_), .. }) => {
                let why = ", which a chunk opened: only chunks continue and close it";
                return Err(at.breaks_rule("CHK-10", kind, id, why));
            }
            Some(item) if item.started.is_some() => {
                return Err(at.breaks(kind, id, " after its end"));
            }
            _ => return Err(at.breaks(kind, id, ", which was not opened")),
        }
        self.run.close_lane(at.tag);
        Ok(())
    }

    /// Whether an item may be opened, and by that whose it is.
    pub(super) fn judge_opening(&self, at: At, kind: Kind, id: &str, traits: Traits) -> Result<Owner> {
        let recorded = self.run.owner(kind, id);
        if let Some(owner) = recorded
            && at.tag.is_some()
            && owner != at.tag
        {
            return Err(at.disagrees("SUB-14", kind.noun(), id, owner));
        }
        let carrier = match (kind, traits.parent) {
            (Kind::Call, Some(parent)) => self.run.owner(Kind::Text, parent).map(|owner| (parent, owner)),
            _ => None,
        };
        if let Some((parent, of_parent)) = carrier {
            // Without a tag the call is its message's (TOOL-2), unless it is on record already.
            let of_call = if at.tag.is_some() { at.tag } else { recorded.unwrap_or(of_parent) };
            if of_call != of_parent {
                let why = format!(
                    " of {}, but message `{parent}`, which carries it, is of {}",
                    named(of_call),
                    named(of_parent)
                );
                return Err(at.breaks_rule("SUB-15", kind, id, &why));
            }
        }
        if let Some(history) = &self.producer {
            history.judge_opening(at, kind, id, traits)?;
        }
        let owner = recorded.or(carrier.map(|(_, owner)| owner)).unwrap_or(at.tag);
        Ok(owner.map(Box::from))
    }

    /// Opens an item that may be opened.
    pub(super) fn open(&mut self, kind: Kind, id: &str, traits: Traits, owner: Owner, opening: Opening) {
        if let Some(history) = &mut self.producer {
            history.opened(kind, id, traits, owner.as_deref());
        }
        let opened = self.run.tick();
        let items = self.run.items.of_mut(kind);
        match items.get_mut(id) {
            Some(item) => {
                item.opening = opening;
                item.opened = opened;
                item.started.get_or_insert(opened);
            }
            None => {
                items.insert(id.into(), Item { owner, opening, opened, started: Some(opened) });
            }
        }
    }
}
