//! What a verifier knows of the run at hand, for those who use it.

use super::state::{Kind, Opening};
use super::{Phase, Verifier};

/// Something that is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct OpenItem<'a> {
    /// Its id; of a step its name.
    pub id: &'a str,
    /// The subagent's invocation that it belongs to; `None` for the parent agent.
    pub owner: Option<&'a str>,
    /// Whether chunks assemble it: no explicit event may close it, and none has to (CHK-10, CHK-19).
    pub by_chunks: bool,
}

impl Verifier {
    /// Whether a run is open.
    #[must_use]
    pub fn is_running(&self) -> bool {
        self.phase == Phase::Running
    }

    /// Whether the last run ended with `RUN_ERROR`.
    #[must_use]
    pub fn has_failed(&self) -> bool {
        self.phase == Phase::Failed
    }

    /// The run that is open.
    #[must_use]
    pub fn run_id(&self) -> Option<&str> {
        self.is_running().then_some(self.run.run_id.as_str())
    }

    /// The open text messages, in the order of their opening.
    #[must_use]
    pub fn open_text_messages(&self) -> Vec<OpenItem<'_>> {
        self.open_items(Kind::Text)
    }

    /// The open tool calls, in the order of their opening.
    #[must_use]
    pub fn open_tool_calls(&self) -> Vec<OpenItem<'_>> {
        self.open_items(Kind::Call)
    }

    /// The open reasoning messages, in the order of their opening.
    #[must_use]
    pub fn open_reasoning_messages(&self) -> Vec<OpenItem<'_>> {
        self.open_items(Kind::Reasoning)
    }

    /// The open reasoning spans, in the order of their opening.
    #[must_use]
    pub fn open_reasoning_spans(&self) -> Vec<OpenItem<'_>> {
        self.open_items(Kind::Span)
    }

    /// The open steps, in the order of their opening. `STEP_FINISHED` has to carry their owner (STEP-3).
    #[must_use]
    pub fn open_steps(&self) -> Vec<OpenItem<'_>> {
        let steps = self.run.open_steps().into_iter();
        steps.map(|(id, owner)| OpenItem { id, owner, by_chunks: false }).collect()
    }

    /// The subagents that were announced and not closed, in the order of their announcement.
    #[must_use]
    pub fn open_subagents(&self) -> Vec<&str> {
        self.run.open_subagents()
    }

    /// The tool calls that were started in this run, or the last one if none is open, and not answered in
    /// it, in the order of their start (TOOL-25). Whether they are still open makes no difference.
    #[must_use]
    pub fn pending_tool_calls(&self) -> Vec<&str> {
        self.run.pending()
    }

    fn open_items(&self, kind: Kind) -> Vec<OpenItem<'_>> {
        let open = self.run.open(kind).into_iter();
        open.map(|(id, item)| OpenItem {
            id,
            owner: item.owner.as_deref(),
            by_chunks: matches!(item.opening, Opening::Chunks(_)),
        })
        .collect()
    }
}
