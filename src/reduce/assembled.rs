//! Items that are assembled from chunks.

use agui_types::{
    Event, Metadata, ReasoningMessageContentEvent, ReasoningMessageEndEvent, ReasoningMessageStartEvent,
    SubagentRunId, TextMessageContentEvent, TextMessageEndEvent, TextMessageRole, TextMessageStartEvent,
    ToolCallArgsEvent, ToolCallEndEvent, ToolCallStartEvent,
};
use serde_json::Value;
use std::collections::BTreeMap;

/// An item that chunks assemble.
#[derive(Debug, Clone)]
pub(super) struct Stream {
    pub(super) lane: Option<SubagentRunId>,
    pub(super) opener: Opener,
}

/// What the first chunk of an item said.
#[derive(Debug, Clone)]
pub(super) enum Opener {
    Text { id: String, role: TextMessageRole, name: Option<String> },
    Call { id: String, name: String, parent: Option<String> },
    Reasoning { id: String },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Text,
    Call,
    Reasoning,
}

/// By the ids of the items, which are those of a kind each, when they were opened.
#[derive(Debug, Clone, Default)]
pub(super) struct Ids {
    texts: BTreeMap<Box<str>, u64>,
    calls: BTreeMap<Box<str>, u64>,
    reasoning: BTreeMap<Box<str>, u64>,
}

impl Ids {
    pub(super) fn of(&self, kind: Kind) -> &BTreeMap<Box<str>, u64> {
        match kind {
            Kind::Text => &self.texts,
            Kind::Call => &self.calls,
            Kind::Reasoning => &self.reasoning,
        }
    }

    pub(super) fn of_mut(&mut self, kind: Kind) -> &mut BTreeMap<Box<str>, u64> {
        match kind {
            Kind::Text => &mut self.texts,
            Kind::Call => &mut self.calls,
            Kind::Reasoning => &mut self.reasoning,
        }
    }
}

/// What chunks of all kinds have.
pub(super) struct Chunk<'e> {
    pub(super) kind: Kind,
    pub(super) id: Option<&'e str>,
    pub(super) tag: Option<&'e SubagentRunId>,
    pub(super) delta: Option<&'e str>,
    pub(super) metadata: &'e Option<Metadata>,
    pub(super) raw_event: &'e Option<Value>,
}

impl Opener {
    pub(super) fn kind(&self) -> Kind {
        match self {
            Self::Text { .. } => Kind::Text,
            Self::Call { .. } => Kind::Call,
            Self::Reasoning { .. } => Kind::Reasoning,
        }
    }

    pub(super) fn id(&self) -> &str {
        match self {
            Self::Text { id, .. } | Self::Call { id, .. } | Self::Reasoning { id } => id,
        }
    }
}

/// The events, with everything but the chunk's timestamp (CHK-32).
impl Stream {
    pub(super) fn start(&self, chunk: &Chunk<'_>) -> Event {
        let mut event: Event = match &self.opener {
            Opener::Text { id, role, name } => {
                let mut event = TextMessageStartEvent::new(&**id).role(*role);
                event.name.clone_from(name);
                event.subagent_run_id.clone_from(&self.lane);
                event.into()
            }
            Opener::Call { id, name, parent } => {
                let mut event = ToolCallStartEvent::new(&**id, &**name);
                event.parent_message_id.clone_from(parent);
                event.subagent_run_id.clone_from(&self.lane);
                event.into()
            }
            Opener::Reasoning { id } => {
                let mut event = ReasoningMessageStartEvent::new(&**id);
                event.subagent_run_id.clone_from(&self.lane);
                event.into()
            }
        };
        event.metadata_mut().clone_from(chunk.metadata);
        event
    }

    pub(super) fn content(&self, chunk: &Chunk<'_>) -> Event {
        let delta = chunk.delta.unwrap_or_default();
        let mut event: Event = match &self.opener {
            Opener::Text { id, .. } => {
                let mut event = TextMessageContentEvent::new(&**id, delta);
                event.subagent_run_id.clone_from(&self.lane);
                event.into()
            }
            Opener::Call { id, .. } => {
                let mut event = ToolCallArgsEvent::new(&**id, delta);
                event.subagent_run_id.clone_from(&self.lane);
                event.into()
            }
            Opener::Reasoning { id } => {
                let mut event = ReasoningMessageContentEvent::new(&**id, delta);
                event.subagent_run_id.clone_from(&self.lane);
                event.into()
            }
        };
        event.metadata_mut().clone_from(chunk.metadata);
        event.raw_event_mut().clone_from(chunk.raw_event);
        event
    }

    pub(super) fn end(&self) -> Event {
        match &self.opener {
            Opener::Text { id, .. } => {
                let mut event = TextMessageEndEvent::new(&**id);
                event.subagent_run_id.clone_from(&self.lane);
                event.into()
            }
            Opener::Call { id, .. } => {
                let mut event = ToolCallEndEvent::new(&**id);
                event.subagent_run_id.clone_from(&self.lane);
                event.into()
            }
            Opener::Reasoning { id } => {
                let mut event = ReasoningMessageEndEvent::new(&**id);
                event.subagent_run_id.clone_from(&self.lane);
                event.into()
            }
        }
    }
}
