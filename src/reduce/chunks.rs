//! Chunks as the events that they stand for.

use super::ReduceError;
use super::assembled::{Chunk, Ids, Kind, Opener, Stream};
use crate::per_owner::PerOwner;
use agui_types::{
    Event, ReasoningMessageChunkEvent, SubagentRunId, TextMessageChunkEvent, TextMessageRole,
    ToolCallChunkEvent,
};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// Expands chunks into start, content and end (CHK-8), and closes what they opened where other events end it.
///
/// One item is assembled at a time by each owner (CHK-18): the parent agent or an invocation of a subagent.
#[derive(Debug, Clone, Default)]
pub struct Expander {
    /// By when they were opened.
    streams: BTreeMap<u64, Stream>,
    /// Which is in the lane of an owner, and which has an id.
    lanes: PerOwner<u64>,
    ids: Ids,
    /// How many were opened so far.
    opened: u64,
}

impl Expander {
    /// The events that take the place of one: itself, what it closes before it, or what a chunk stands for.
    ///
    /// # Errors
    ///
    /// When a chunk cannot be told what it belongs to, or contradicts what its item began with. The stream
    /// is broken then.
    pub fn expand<'e>(&mut self, event: &'e Event) -> Result<Vec<Cow<'e, Event>>, ReduceError> {
        let mut events = Vec::new();
        match event {
            Event::TextMessageChunk(chunk) => self.text(chunk, &mut events)?,
            Event::ToolCallChunk(chunk) => self.call(chunk, &mut events)?,
            Event::ReasoningMessageChunk(chunk) => self.reasoning(chunk, &mut events)?,
            _ => {
                self.close_before(event, &mut events);
                events.push(Cow::Borrowed(event));
            }
        }
        Ok(events)
    }

    /// Whether expanding this event could give anything but the event.
    pub(crate) fn concerns(&self, event: &Event) -> bool {
        !self.streams.is_empty()
            || matches!(
                event,
                Event::TextMessageChunk(_) | Event::ToolCallChunk(_) | Event::ReasoningMessageChunk(_)
            )
    }

    fn text<'e>(
        &mut self,
        chunk: &'e TextMessageChunkEvent,
        events: &mut Vec<Cow<'e, Event>>,
    ) -> Result<(), ReduceError> {
        let common = Chunk {
            kind: Kind::Text,
            id: chunk.message_id.as_deref(),
            tag: chunk.subagent_run_id.as_ref(),
            delta: chunk.delta.as_deref(),
            metadata: &chunk.metadata,
            raw_event: &chunk.raw_event,
        };
        self.chunk(
            &common,
            |opener| {
                let Opener::Text { role, name, .. } = opener else { return None };
                let role = chunk.role.is_some_and(|repeated| repeated != *role);
                let name = chunk.name.as_ref().is_some_and(|repeated| Some(repeated) != name.as_ref());
                (role || name).then_some("role or name")
            },
            |id| {
                // Absent means the assistant (CHK-14).
                let role = chunk.role.unwrap_or(TextMessageRole::Assistant);
                Ok(Opener::Text { id, role, name: chunk.name.clone() })
            },
            events,
        )
    }

    fn call<'e>(
        &mut self,
        chunk: &'e ToolCallChunkEvent,
        events: &mut Vec<Cow<'e, Event>>,
    ) -> Result<(), ReduceError> {
        let common = Chunk {
            kind: Kind::Call,
            id: chunk.tool_call_id.as_deref(),
            tag: chunk.subagent_run_id.as_ref(),
            delta: chunk.delta.as_deref(),
            metadata: &chunk.metadata,
            raw_event: &chunk.raw_event,
        };
        self.chunk(
            &common,
            |opener| {
                let Opener::Call { name, parent, .. } = opener else { return None };
                let renamed = chunk.tool_call_name.as_ref().is_some_and(|repeated| repeated != name);
                let moved = chunk
                    .parent_message_id
                    .as_ref()
                    .is_some_and(|repeated| Some(repeated) != parent.as_ref());
                (renamed || moved).then_some("tool or parent message")
            },
            |id| {
                let Some(name) = chunk.tool_call_name.clone() else {
                    let text = format!("the first TOOL_CALL_CHUNK of `{id}` has no toolCallName");
                    return Err(ReduceError::fatal("CHK-13", text));
                };
                Ok(Opener::Call { id, name, parent: chunk.parent_message_id.clone() })
            },
            events,
        )
    }

    fn reasoning<'e>(
        &mut self,
        chunk: &'e ReasoningMessageChunkEvent,
        events: &mut Vec<Cow<'e, Event>>,
    ) -> Result<(), ReduceError> {
        let common = Chunk {
            kind: Kind::Reasoning,
            id: chunk.message_id.as_deref(),
            tag: chunk.subagent_run_id.as_ref(),
            delta: chunk.delta.as_deref(),
            metadata: &chunk.metadata,
            raw_event: &chunk.raw_event,
        };
        self.chunk(&common, |_| None, |id| Ok(Opener::Reasoning { id }), events)
    }

    /// `conflict` names what a continuation contradicts; `open` makes a new item.
    fn chunk(
        &mut self,
        chunk: &Chunk<'_>,
        conflict: impl Fn(&Opener) -> Option<&'static str>,
        open: impl FnOnce(String) -> Result<Opener, ReduceError>,
        events: &mut Vec<Cow<'_, Event>>,
    ) -> Result<(), ReduceError> {
        if let Some(stream) = self.continued(chunk)? {
            if let Some(what) = conflict(&stream.opener) {
                let text = format!("a chunk of `{}` contradicts its {what}", stream.opener.id());
                return Err(ReduceError::fatal("CHK-17", text));
            }
            // One that has metadata alone reaches the item, too (CHK-31).
            if chunk.delta.is_some() || chunk.metadata.is_some() || chunk.raw_event.is_some() {
                events.push(Cow::Owned(stream.content(chunk)));
            }
            return Ok(());
        }
        let Some(id) = chunk.id else {
            return Err(ReduceError::fatal("CHK-13", "the first chunk of an item has no id"));
        };
        let stream = Stream { lane: chunk.tag.cloned(), opener: open(id.to_owned())? };
        self.close_lane(chunk.tag, events);
        events.push(Cow::Owned(stream.start(chunk)));
        if chunk.delta.is_some() || chunk.raw_event.is_some() {
            events.push(Cow::Owned(stream.content(chunk)));
        }
        self.opened += 1;
        self.lanes.insert(owner(chunk.tag), self.opened);
        self.ids.of_mut(chunk.kind).insert(id.into(), self.opened);
        self.streams.insert(self.opened, stream);
        Ok(())
    }

    /// Which of the streams a chunk continues; `None` if it opens one.
    fn continued(&self, chunk: &Chunk<'_>) -> Result<Option<&Stream>, ReduceError> {
        let opened = |opened: &u64| self.streams.get(opened);
        if let Some(id) = chunk.id {
            let Some(stream) = self.ids.of(chunk.kind).get(id).and_then(opened) else { return Ok(None) };
            if chunk.tag.is_some() && chunk.tag != stream.lane.as_ref() {
                let text = format!("a chunk of `{id}` is tagged with another subagent than its first");
                return Err(ReduceError::fatal("CHK-25", text));
            }
            return Ok(Some(stream));
        }
        let in_lane = self.lanes.get(owner(chunk.tag)).and_then(opened);
        let in_lane = in_lane.filter(|stream| stream.opener.kind() == chunk.kind);
        if chunk.tag.is_some() || in_lane.is_some() {
            return Ok(in_lane);
        }
        // The parent has none, so it is the only one (CHK-28).
        let mut candidates = self.ids.of(chunk.kind).values();
        let first = candidates.next();
        if candidates.next().is_some() {
            let text = "a chunk without id and tag could belong to several subagents";
            return Err(ReduceError::fatal("CHK-29", text));
        }
        Ok(first.and_then(opened))
    }

    fn close_before(&mut self, event: &Event, events: &mut Vec<Cow<'_, Event>>) {
        match event {
            // CHK-21
            Event::Raw(_)
            | Event::ActivitySnapshot(_)
            | Event::ActivityDelta(_)
            | Event::ReasoningEncryptedValue(_)
            | Event::SubagentStarted(_) => {}
            // CHK-22
            Event::RunStarted(_)
            | Event::RunFinished(_)
            | Event::RunError(_)
            | Event::MessagesSnapshot(_) => {
                self.close_all(events);
            }
            // CHK-23 is this for the events that end a subagent, whose tag is the subagent's.
            _ => {
                self.close_lane(event.subagent_run_id(), events);
                // Explicit events take over what chunks assembled, in whatever lane (CHK-11).
                let (kind, id) = match event {
                    Event::TextMessageStart(_) | Event::TextMessageContent(_) | Event::TextMessageEnd(_) => {
                        (Kind::Text, event.message_id())
                    }
                    Event::ToolCallStart(_) | Event::ToolCallArgs(_) | Event::ToolCallEnd(_) => {
                        (Kind::Call, event.tool_call_id())
                    }
                    Event::ReasoningMessageStart(_)
                    | Event::ReasoningMessageContent(_)
                    | Event::ReasoningMessageEnd(_) => (Kind::Reasoning, event.message_id()),
                    _ => return,
                };
                let taken = id.and_then(|id| self.ids.of(kind).get(id).copied());
                self.close(taken, events);
            }
        }
    }

    fn close_lane(&mut self, lane: Option<&SubagentRunId>, events: &mut Vec<Cow<'_, Event>>) {
        self.close(self.lanes.get(owner(lane)).copied(), events);
    }

    fn close(&mut self, opened: Option<u64>, events: &mut Vec<Cow<'_, Event>>) {
        let Some(stream) = opened.and_then(|opened| self.streams.remove(&opened)) else { return };
        self.lanes.remove(owner(stream.lane.as_ref()));
        self.ids.of_mut(stream.opener.kind()).remove(stream.opener.id());
        events.push(Cow::Owned(stream.end()));
    }

    /// In the order of their opening.
    fn close_all(&mut self, events: &mut Vec<Cow<'_, Event>>) {
        let Self { streams, .. } = std::mem::take(self);
        events.extend(streams.values().map(|stream| Cow::Owned(stream.end())));
    }
}

fn owner(tag: Option<&SubagentRunId>) -> Option<&str> {
    tag.map(AsRef::as_ref)
}
