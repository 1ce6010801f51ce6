//! Chunks: lanes, and what a chunk stands for (CHK-8 to CHK-29).

use super::items::Traits;
use super::state::{Kind, Opening, Stream};
use super::violation::OrderViolation;
use super::{At, Verifier, named};

type Result<T = ()> = std::result::Result<T, OrderViolation>;

impl Verifier {
    pub(super) fn chunk(&mut self, at: At, kind: Kind, id: Option<&str>, traits: Traits) -> Result {
        let Some(id) = id else { return self.continuation(at, kind, traits) };
        match self.run.items.of(kind).get(id).map(|item| &item.opening) {
            Some(Opening::Chunks(lane)) => {
                let lane = lane.as_deref();
                if at.tag.is_some() && at.tag != lane {
                    return Err(at.disagrees("CHK-25", kind.noun(), id, lane));
                }
                match self.run.lanes.of(kind).get(lane) {
                    Some(stream) => judge_repeat(at, kind, stream, traits),
                    None => Ok(()),
                }
            }
            Some(Opening::Explicit) => {
                let why = ", which its START opened: only explicit events continue and close it";
                Err(at.breaks_rule("CHK-10", kind, id, why))
            }
            Some(Opening::Closed) | None => self.first(at, kind, id, traits),
        }
    }

    /// A chunk that opens an item.
    fn first(&mut self, at: At, kind: Kind, id: &str, traits: Traits) -> Result {
        if kind == Kind::Call && traits.name.is_none() {
            return Err(at.breaks_rule("CHK-12", kind, id, ", the first one, names no tool"));
        }
        let owner = self.judge_opening(at, kind, id, traits)?;
        self.run.close_lane(at.tag);
        self.open(kind, id, traits, owner, Opening::Chunks(at.tag.map(Box::from)));
        let stream = Stream {
            id: id.into(),
            role: traits.role,
            name: traits.name.map(Box::from),
            parent: traits.parent.map(Box::from),
        };
        self.run.lanes.of_mut(kind).insert(at.tag, stream);
        Ok(())
    }

    /// A chunk that does not say which item it continues.
    fn continuation(&self, at: At, kind: Kind, traits: Traits) -> Result {
        let lanes = self.run.lanes.of(kind);
        let stream = match (lanes.get(at.tag), at.tag) {
            (None, None) => {
                let mut streams = lanes.subagents().values();
                let only = streams.next();
                if streams.next().is_some() {
                    let text = format!(
                        "{} without id and tag, while several subagents have a {} open",
                        at.event,
                        kind.noun()
                    );
                    return Err(OrderViolation::new("CHK-29", at.event, None, text));
                }
                only
            }
            (stream, _) => stream,
        };
        let Some(stream) = stream else {
            let text = format!("{} without id opens no {} for {}", at.event, kind.noun(), named(at.tag));
            return Err(OrderViolation::new("CHK-12", at.event, None, text));
        };
        judge_repeat(at, kind, stream, traits)
    }
}

/// What a continuation repeats has to be what the first chunk said, and what that left out is said too.
fn judge_repeat(at: At, kind: Kind, stream: &Stream, traits: Traits) -> Result {
    let opener = Traits { role: stream.role, name: stream.name.as_deref(), parent: stream.parent.as_deref() };
    let conflict = if traits.role.is_some() && traits.role() != opener.role() {
        ("role", Some(traits.role().as_str()), Some(opener.role().as_str()))
    } else if traits.name.is_some() && traits.name != opener.name {
        (if kind == Kind::Call { "tool" } else { "name" }, traits.name, opener.name)
    } else if traits.parent.is_some() && traits.parent != opener.parent {
        ("parent message", traits.parent, opener.parent)
    } else {
        return Ok(());
    };
    let (what, ours, theirs) = conflict;
    let theirs = theirs.map_or_else(|| "without any".to_owned(), |theirs| format!("with `{theirs}`"));
    let why = format!(" gives its {what} as `{}`, but it was opened {theirs}", ours.unwrap_or_default());
    Err(at.breaks_rule("CHK-17", kind, &stream.id, &why))
}
