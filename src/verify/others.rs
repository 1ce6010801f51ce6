//! Events that stand alone or belong to no triad: results, activities, snapshots, steps.

use super::state::{Item, Kind};
use super::told::{Told, What, owned};
use super::violation::OrderViolation;
use super::{At, Verifier, named};
use agui_types::{
    ActivitySnapshotEvent, Message, MessagesSnapshotEvent, ReasoningEncryptedValueEvent,
    ReasoningEncryptedValueSubtype, ToolCallResultEvent,
};
use std::collections::BTreeMap;

type Result<T = ()> = std::result::Result<T, OrderViolation>;

impl Verifier {
    pub(super) fn result(&mut self, at: At, event: &ToolCallResultEvent) -> Result {
        if let Some(history) = &mut self.producer {
            history.judge_result(at, event)?;
            history.answered(at, event);
        }
        self.run.close_lane(at.tag);
        self.run.answered.insert(event.tool_call_id.as_str().into());
        // The result is a message of its own, and its tag says whose.
        learn(self.run.items.of_mut(Kind::Text), &event.message_id, at.tag, true);
        Ok(())
    }

    pub(super) fn activity(&mut self, at: At, event: &ActivitySnapshotEvent) -> Result {
        let id = event.message_id.as_str();
        let replaces = event.replace.unwrap_or(true);
        let recorded = self.run.activities.get(id);
        if let Some(history) = &mut self.producer {
            if let (Some(owner), Some(_), false) = (recorded, at.tag, replaces)
                && owner.as_deref() != at.tag
            {
                return Err(at.disagrees("ACT-7", "activity", id, owner.as_deref()));
            }
            history.judge_activity(at, id)?;
            history.activity(id, at.tag);
        }
        if replaces || recorded.is_none() {
            self.run.activities.insert(id.into(), at.tag.map(Box::from));
        }
        Ok(())
    }

    pub(super) fn activity_delta(&self, at: At, id: &str) -> Result {
        if let Some(owner) = self.run.activities.get(id)
            && at.tag.is_some()
            && owner.as_deref() != at.tag
        {
            return Err(at.disagrees("ACT-14", "activity", id, owner.as_deref()));
        }
        self.producer.as_ref().map_or(Ok(()), |history| history.judge_activity_delta(at, id))
    }

    pub(super) fn encrypted_value(&self, at: At, event: &ReasoningEncryptedValueEvent) -> Result {
        let id = event.entity_id.as_str();
        let (owner, noun) = match event.subtype {
            ReasoningEncryptedValueSubtype::ToolCall => (self.run.owner(Kind::Call, id), "tool call"),
            _ => {
                let text = self.run.owner(Kind::Text, id);
                (text.or_else(|| self.run.owner(Kind::Reasoning, id)), "message")
            }
        };
        match owner {
            Some(owner) if at.tag.is_some() && owner != at.tag => {
                Err(at.disagrees("SUB-11", noun, id, owner))
            }
            _ => Ok(()),
        }
    }

    pub(super) fn messages(&mut self, at: At, event: &MessagesSnapshotEvent) -> Result {
        if let Some(history) = &mut self.producer {
            history.judge_snapshot(at, &event.messages, &self.run)?;
            event.messages.iter().for_each(|message| history.restated(message));
        }
        self.run.close_lanes();
        event.messages.iter().for_each(|message| self.learn(message, true));
        Ok(())
    }

    /// Takes the owner of a message and of its calls from the message itself (SUB-23).
    pub(super) fn learn(&mut self, message: &Message, overwrite: bool) {
        let owner = message.subagent_run_id().map(AsRef::as_ref);
        if let (None, Some(told)) = (owner, &mut self.run.told) {
            told.note(message);
            if told.is_full() {
                self.recall();
                self.run.told = Some(Told::default());
            }
            return;
        }
        self.recall();
        owned(message).for_each(|(what, id)| self.own(what, id, owner, overwrite));
    }

    /// Puts in order what was only noted, since it matters now.
    pub(super) fn recall(&mut self) {
        let told = self.run.told.take().unwrap_or_default();
        // So far nobody but the parent agent has anything, so there is nothing to overwrite.
        told.notes().for_each(|(what, id)| self.own(what, id, None, false));
    }

    fn own(&mut self, what: What, id: &str, owner: Option<&str>, overwrite: bool) {
        match what {
            What::Item(kind) => {
                learn(self.run.items.of_mut(kind), id, owner, overwrite);
                // A span that is on record keeps the same owner as its namesake.
                if kind == Kind::Reasoning
                    && overwrite
                    && let Some(span) = self.run.items.of_mut(Kind::Span).get_mut(id)
                {
                    span.owner = owner.map(Box::from);
                }
            }
            What::Activity if overwrite || !self.run.activities.contains_key(id) => {
                self.run.activities.insert(id.into(), owner.map(Box::from));
            }
            What::Activity => {}
        }
    }

    pub(super) fn step_started(&mut self, at: At, name: &str) -> Result {
        if self.run.steps.get(name).is_some_and(|owners| owners.get(at.tag).is_some()) {
            let text = format!("{} for step `{name}`, which {} has open already", at.event, named(at.tag));
            return Err(OrderViolation::new("STEP-1", at.event, Some(name), text));
        }
        self.run.close_lane(at.tag);
        let now = self.run.tick();
        match self.run.steps.get_mut(name) {
            Some(owners) => owners.insert(at.tag, now),
            None => self.run.steps.entry(name.into()).or_default().insert(at.tag, now),
        }
        Ok(())
    }

    pub(super) fn step_finished(&mut self, at: At, name: &str) -> Result {
        let Some(owners) = self.run.steps.get_mut(name) else {
            let text = format!("{} for step `{name}`, which is not open", at.event);
            return Err(OrderViolation::new("STEP-2", at.event, Some(name), text));
        };
        if owners.remove(at.tag).is_none() {
            let other = owners.iter().next().map_or_else(String::new, |(owner, _)| named(owner));
            let text = format!("{} of {} for step `{name}`, which {other} has open", at.event, named(at.tag));
            return Err(OrderViolation::new("STEP-3", at.event, Some(name), text));
        }
        if owners.is_empty() {
            self.run.steps.remove(name);
        }
        self.run.close_lane(at.tag);
        Ok(())
    }
}

fn learn(items: &mut BTreeMap<Box<str>, Item>, id: &str, owner: Option<&str>, overwrite: bool) {
    match items.get_mut(id) {
        Some(item) if overwrite => item.owner = owner.map(Box::from),
        Some(_) => {}
        None => {
            items.insert(id.into(), Item::told(owner.map(Box::from)));
        }
    }
}
