//! What has to be closed before a run ends (RUN-11).

use crate::verify::{OpenItem, Verifier};
use agui_types::{
    Event, ReasoningEndEvent, ReasoningMessageEndEvent, StepFinishedEvent, SubagentErrorEvent,
    TextMessageEndEvent, ToolCallEndEvent,
};

/// The events that close what is open: the inner before the outer. What chunks assemble closes by itself.
pub(super) fn closing(verifier: &Verifier) -> Vec<Event> {
    let mut events = Vec::new();
    let mut close = |items: Vec<OpenItem<'_>>, end: fn(&OpenItem<'_>) -> Event| {
        events.extend(items.iter().filter(|item| !item.by_chunks).map(end));
    };
    close(verifier.open_text_messages(), |item| TextMessageEndEvent::new(item.id).into());
    close(verifier.open_tool_calls(), |item| ToolCallEndEvent::new(item.id).into());
    close(verifier.open_reasoning_messages(), |item| ReasoningMessageEndEvent::new(item.id).into());
    close(verifier.open_reasoning_spans(), |item| ReasoningEndEvent::new(item.id).into());
    close(verifier.open_steps(), |item| {
        let mut end = StepFinishedEvent::new(item.id);
        end.subagent_run_id = item.owner.map(Into::into);
        end.into()
    });
    let subagents = verifier.open_subagents().into_iter().rev();
    events.extend(subagents.map(|id| SubagentErrorEvent::new(id, "The subagent did not finish.").into()));
    events
}
