//! What a producer may say at the end of a run.

use super::history::History;
use super::state::RunState;
use super::violation::OrderViolation;
use agui_types::{EventType, Interrupt, RunFinishedEvent, RunFinishedOutcome};
use std::collections::HashSet;

type Result<T = ()> = std::result::Result<T, OrderViolation>;

impl History {
    pub(super) fn judge_outcome(&self, event: &RunFinishedEvent, run: &RunState) -> Result {
        match &event.outcome {
            Some(RunFinishedOutcome::Success(success)) => {
                success.pending_tool_call_ids.as_ref().map_or(Ok(()), |listed| judge_pending(listed, run))
            }
            Some(RunFinishedOutcome::Interrupt(outcome)) => self.judge_interrupts(&outcome.interrupts, run),
            _ => Ok(()),
        }
    }

    fn judge_interrupts(&self, interrupts: &[Interrupt], run: &RunState) -> Result {
        let mut ids = HashSet::new();
        for interrupt in interrupts {
            if !ids.insert(interrupt.id.as_str()) {
                let text = format!("RUN_FINISHED with two interrupts `{}`", interrupt.id);
                return Err(broken("INT-2", &interrupt.id, text));
            }
            // Other interrupts may wait beside an unanswered call, but the call itself is no interrupt.
            if let Some(call) = &interrupt.tool_call_id
                && run.is_pending(call)
                && let Some(tool) = self.frontend_tool(call)
            {
                let text = format!(
                    "RUN_FINISHED with an interrupt for call `{call}` of `{tool}`, which the application executes"
                );
                return Err(broken("TOOL-21", call, text));
            }
        }
        Ok(())
    }
}

/// The list is that of the unanswered calls; their order is only a recommendation (TOOL-23).
fn judge_pending(listed: &[String], run: &RunState) -> Result {
    let mut ids = HashSet::new();
    for id in listed {
        if !run.is_pending(id) || !ids.insert(id.as_str()) {
            let why =
                if ids.contains(id.as_str()) { "twice" } else { "which is no unanswered call of this run" };
            return Err(broken("TOOL-24", id, format!("RUN_FINISHED lists pending call `{id}`, {why}")));
        }
    }
    match run.pending().into_iter().find(|id| !ids.contains(id)) {
        Some(id) => {
            let text = format!("RUN_FINISHED lists pending calls without `{id}`, which is unanswered");
            Err(broken("TOOL-24", id, text))
        }
        None => Ok(()),
    }
}

fn broken(rule: &'static str, id: &str, text: String) -> OrderViolation {
    OrderViolation::new(rule, EventType::RunFinished, Some(id), text)
}
