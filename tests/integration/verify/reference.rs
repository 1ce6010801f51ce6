//! Random streams get the reference client's verdict.

use crate::support::peers::Peer;
use agui::verify::Verifier;
use agui::{
    ActivityDeltaEvent, ActivitySnapshotEvent, AssistantMessage, CustomEvent, Event, Message,
    MessagesSnapshotEvent, RawEvent, ReasoningEncryptedValueEvent, ReasoningEncryptedValueSubtype,
    ReasoningEndEvent, ReasoningMessage, ReasoningMessageChunkEvent, ReasoningMessageContentEvent,
    ReasoningMessageEndEvent, ReasoningMessageStartEvent, ReasoningStartEvent, RunAgentInput, RunErrorEvent,
    RunFinishedEvent, RunStartedEvent, StateDeltaEvent, StateSnapshotEvent, StepFinishedEvent,
    StepStartedEvent, SubagentErrorEvent, SubagentFinishedEvent, SubagentStartedEvent, TextMessageChunkEvent,
    TextMessageContentEvent, TextMessageEndEvent, TextMessageRole, TextMessageStartEvent, ToolCall,
    ToolCallArgsEvent, ToolCallChunkEvent, ToolCallEndEvent, ToolCallResultEvent, ToolCallStartEvent,
};
use serde_json::{Map, Value, json};
use std::hash::{BuildHasher, RandomState};

/// Multiplied by `AGUI_CASES`.
const STREAMS: f64 = 2000.0;

#[test]
fn random_streams_get_the_verdict_of_the_reference_client() {
    let Some(node) = Peer::node("random_streams_get_the_verdict_of_the_reference_client") else { return };
    let seed = match std::env::var("AGUI_SEED") {
        Ok(seed) => seed.parse().unwrap(),
        Err(_) => RandomState::new().hash_one("seed"),
    };
    println!("AGUI_SEED={seed}");
    let mut random = Random(seed);
    let factor = std::env::var("AGUI_CASES").map_or(1.0, |factor| factor.parse::<f64>().unwrap());
    let count = ((STREAMS * factor) as usize).max(20);
    let streams: Vec<_> = (0..count).map(|_| random.stream()).collect();
    let lines: String = streams.iter().map(|(events, _)| format!("{}\n", json!(events))).collect();
    let theirs = node.run("order.mjs", &[], &lines);
    let mut rejected = 0;
    let mut differences = Vec::new();
    for ((events, ours), theirs) in streams.iter().zip(theirs.as_array().unwrap()) {
        let place = ours.as_ref().map(|(at, _)| *at);
        rejected += usize::from(ours.is_some());
        if place.map(Value::from).unwrap_or_default() != theirs["at"] {
            let shown = theirs["at"].as_u64().map_or(events.len(), |at| at as usize + 1);
            let events = events.iter().take(shown.max(place.map_or(0, |at| at + 1)));
            let lines: String = events.map(|event| format!("\n  {}", json!(event))).collect();
            differences.push((lines.len(), format!("ours: {ours:?}\ntheirs: {theirs}{lines}")));
        }
    }
    differences.sort();
    if let Some((_, shortest)) = differences.first() {
        panic!(
            "{} of {count} streams differ, AGUI_SEED={seed}, the shortest:\n{shortest}",
            differences.len()
        );
    }
    assert!((count / 10..count).contains(&rejected), "{rejected} streams were rejected");
}

/// Whether an explicit event names an item that chunks assemble, maybe in another lane. The rules let it
/// end that chunk stream (CHK-11), the reference client does so only in the event's own lane. And whether
/// a result takes the id of such a message: with its owner the reference client exchanges whose END it
/// awaits.
fn meets_chunks_from_elsewhere(verifier: &Verifier, event: &Event) -> bool {
    let (open, id) = match event.tag() {
        tag if tag.ends_with("CHUNK") => return false,
        tag if tag.starts_with("TEXT_MESSAGE") || tag == "TOOL_CALL_RESULT" => {
            (verifier.open_text_messages(), event.message_id())
        }
        tag if tag.starts_with("TOOL_CALL") => (verifier.open_tool_calls(), event.tool_call_id()),
        _ => (verifier.open_reasoning_messages(), event.message_id()),
    };
    let mut met = open.iter().filter(|item| item.by_chunks && Some(item.id) == id);
    met.any(|item| item.owner.is_some() || event.subagent_run_id().is_some())
}

/// SplitMix64.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % bound as u64) as usize
    }

    fn one_in(&mut self, count: usize) -> bool {
        self.below(count) == 0
    }

    fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.below(from.len())]
    }

    /// A stream that is right but for its last event, or altogether, and what is wrong with it.
    fn stream(&mut self) -> (Vec<Event>, Option<(usize, String)>) {
        let mut verifier = Verifier::consumer();
        let mut events = Vec::new();
        if !self.one_in(20) {
            let started = self.run_started();
            verifier.check(&started).unwrap();
            events.push(started);
        }
        for _ in 0..5 + self.below(60) {
            let event = self.event();
            if meets_chunks_from_elsewhere(&verifier, &event) {
                continue;
            }
            match verifier.check(&event) {
                Ok(()) => events.push(event),
                Err(violation) if self.one_in(25) => {
                    events.push(event);
                    return (events.clone(), Some((events.len() - 1, violation.to_string())));
                }
                Err(_) => {}
            }
        }
        (events, None)
    }

    fn id(&mut self) -> &'static str {
        self.pick(&["a", "b", "c"])
    }

    fn tag(&mut self) -> Option<agui::SubagentRunId> {
        let tag = self.pick(&[None, None, None, Some("s"), Some("t")]);
        tag.map(Into::into)
    }

    fn perhaps<T: Copy>(&mut self, from: &[T]) -> Option<T> {
        self.one_in(2).then(|| self.pick(from))
    }

    fn run_started(&mut self) -> Event {
        let mut event = RunStartedEvent::new("thread", "run").protocol_version("1.0");
        if self.one_in(4) {
            let mut input = RunAgentInput::new("thread", "run", vec![]);
            input.messages = self.messages();
            event.input = Some(Box::new(input));
        }
        event.into()
    }

    fn messages(&mut self) -> Vec<Message> {
        let count = self.below(3);
        (0..count)
            .map(|_| {
                let id = self.id();
                let mut message: Message = match self.below(4) {
                    0 => ReasoningMessage::new(id, "").into(),
                    1 => agui::ActivityMessage::new(id, "PLAN", Map::new()).into(),
                    2 => agui::UserMessage::new(id, "").into(),
                    _ => AssistantMessage::new(id).into(),
                };
                *message.subagent_run_id_mut() = self.tag();
                if let Message::Assistant(message) = &mut message
                    && self.one_in(2)
                {
                    let call = ToolCall::new(self.id(), agui::FunctionCall::new("tool", "{}"));
                    message.tool_calls = Some(vec![call]);
                }
                message
            })
            .collect()
    }

    fn event(&mut self) -> Event {
        let id = self.id();
        let tag = self.tag();
        macro_rules! tagged {
            ($event:expr) => {{
                let mut event = $event;
                event.subagent_run_id = tag;
                event.into()
            }};
        }
        match self.below(40) {
            0 => self.run_started(),
            1 => RunFinishedEvent::new("thread", "run").into(),
            2 if self.one_in(4) => RunErrorEvent::new("no").into(),
            3 | 4 => tagged!(TextMessageStartEvent::new(id)),
            5 => tagged!(TextMessageContentEvent::new(id, "x")),
            6 | 7 => tagged!(TextMessageEndEvent::new(id)),
            8..=11 => {
                let mut event = TextMessageChunkEvent::new();
                event.message_id = self.perhaps(&["a", "b", "c"]).map(Into::into);
                event.role = match self.below(6) {
                    0 => Some(TextMessageRole::Assistant),
                    1 => Some(TextMessageRole::User),
                    _ => None,
                };
                event.name = (self.one_in(6)).then(|| "Bob".into());
                event.delta = self.perhaps(&["x"]).map(Into::into);
                tagged!(event)
            }
            12 | 13 => {
                let mut event = ToolCallStartEvent::new(id, "tool");
                event.parent_message_id = self.perhaps(&["a", "b"]).map(Into::into);
                tagged!(event)
            }
            14 => tagged!(ToolCallArgsEvent::new(id, "x")),
            15 | 16 => tagged!(ToolCallEndEvent::new(id)),
            17..=19 => {
                let mut event = ToolCallChunkEvent::new();
                event.tool_call_id = self.perhaps(&["a", "b", "c"]).map(Into::into);
                event.tool_call_name = self.perhaps(&["tool", "tool", "other"]).map(Into::into);
                event.parent_message_id = self.one_in(3).then(|| self.pick(&["a", "b"]).into());
                event.delta = self.perhaps(&["x"]).map(Into::into);
                tagged!(event)
            }
            20 => tagged!(ToolCallResultEvent::new(id, self.id(), "")),
            21 => tagged!(ReasoningStartEvent::new(id)),
            22 => tagged!(ReasoningEndEvent::new(id)),
            23 => tagged!(ReasoningMessageStartEvent::new(id)),
            24 => tagged!(ReasoningMessageContentEvent::new(id, "x")),
            25 => tagged!(ReasoningMessageEndEvent::new(id)),
            26 | 27 => {
                let mut event = ReasoningMessageChunkEvent::new();
                event.message_id = self.perhaps(&["a", "b", "c"]).map(Into::into);
                event.delta = self.perhaps(&["x"]).map(Into::into);
                tagged!(event)
            }
            28 => {
                let subtype = self.pick(&[
                    ReasoningEncryptedValueSubtype::Message,
                    ReasoningEncryptedValueSubtype::ToolCall,
                ]);
                tagged!(ReasoningEncryptedValueEvent::new(subtype, id, "x"))
            }
            29 => tagged!(StepStartedEvent::new(id)),
            30 => tagged!(StepFinishedEvent::new(id)),
            31 => {
                let mut event = ActivitySnapshotEvent::new(id, "PLAN", Map::new());
                event.replace = self.perhaps(&[true, false]);
                tagged!(event)
            }
            32 => tagged!(ActivityDeltaEvent::new(id, "PLAN", vec![])),
            33 => {
                let mut event = SubagentStartedEvent::new(self.pick(&["s", "t"]), "sub");
                event.parent_subagent_run_id = self.one_in(3).then(|| self.pick(&["s", "t", "u"]).into());
                event.into()
            }
            34 => SubagentFinishedEvent::new(self.pick(&["s", "t"])).into(),
            35 => SubagentErrorEvent::new(self.pick(&["s", "t"]), "no").into(),
            36 => MessagesSnapshotEvent::new(self.messages()).into(),
            37 => tagged!(CustomEvent::new("x", json!(null))),
            38 => tagged!(RawEvent::new(json!(null))),
            39 if self.one_in(2) => tagged!(StateSnapshotEvent::new(json!({}))),
            _ => tagged!(StateDeltaEvent::new(vec![])),
        }
    }
}
