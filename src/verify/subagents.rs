//! Subagents: announced, finished or failed.

use super::state::Invocation;
use super::violation::OrderViolation;
use super::{At, Verifier};
use agui_types::SubagentStartedEvent;

type Result<T = ()> = std::result::Result<T, OrderViolation>;

impl Verifier {
    pub(super) fn subagent_started(&mut self, at: At, event: &SubagentStartedEvent) -> Result {
        let id = &*event.subagent_run_id;
        match self.run.subagents.get(id) {
            Some(Invocation::Active { .. }) => {
                return Err(about(at, "SUB-5", id, ", which is active already"));
            }
            Some(Invocation::Finished) => {
                return Err(about(at, "SUB-5", id, ", which was announced and closed in this run"));
            }
            // Recorded for producers alone.
            Some(Invocation::Attributed) => {
                return Err(about(at, "SUB-4", id, " after events that are attributed to it"));
            }
            None => {}
        }
        if let Some(parent) = &event.parent_subagent_run_id
            && !matches!(
                self.run.subagents.get(&**parent),
                Some(Invocation::Active { .. } | Invocation::Finished)
            )
        {
            let why = format!(", whose parent `{parent}` was not announced in this run");
            return Err(about(at, "SUB-17", id, &why));
        }
        let since = self.run.tick();
        self.run.subagents.insert(id.into(), Invocation::Active { since });
        Ok(())
    }

    pub(super) fn subagent_closed(&mut self, at: At, id: &str) -> Result {
        match self.run.subagents.get_mut(id) {
            Some(invocation @ Invocation::Active { .. }) => *invocation = Invocation::Finished,
            Some(Invocation::Finished) => {
                return Err(about(at, "SUB-6", id, ", which is closed already"));
            }
            Some(Invocation::Attributed) | None => {
                return Err(about(at, "SUB-6", id, ", which was not announced"));
            }
        }
        // A chunk stream never outlives its owner (CHK-23); other items may.
        self.run.close_lane(Some(id));
        Ok(())
    }

    /// Remembers whom an event was attributed to; only the rule for producers asks.
    pub(super) fn attributed(&mut self, tag: &str) {
        if self.producer.is_some() && !self.run.subagents.contains_key(tag) {
            self.run.subagents.insert(tag.into(), Invocation::Attributed);
        }
    }
}

fn about(at: At, rule: &'static str, id: &str, why: &str) -> OrderViolation {
    OrderViolation::new(rule, at.event, Some(id), format!("{} for subagent `{id}`{why}", at.event))
}
