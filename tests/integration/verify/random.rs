//! Random events.

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
use serde_json::{Map, json};
use std::hash::{BuildHasher, RandomState};

/// Random numbers, by SplitMix64, and what is made of them.
pub(crate) struct Random {
    seed: u64,
    state: u64,
}

impl Random {
    /// Seeded by `AGUI_SEED`; without it anew, but for CI, where the same change should have the same verdict.
    pub(crate) fn new() -> Self {
        let seed = match std::env::var("AGUI_SEED") {
            Ok(seed) => seed.parse().unwrap_or_else(|_| panic!("AGUI_SEED is {seed}, which is no seed")),
            Err(_) if std::env::var("CI").as_deref() == Ok("true") => 1,
            Err(_) => RandomState::new().hash_one("seed"),
        };
        Self { seed, state: seed }
    }

    /// How to have the same again.
    pub(crate) fn seed(&self) -> String {
        format!("AGUI_SEED={}", self.seed)
    }

    /// How many streams to try: these, times `AGUI_CASES`.
    pub(crate) fn cases(&self, streams: f64) -> usize {
        let factor = std::env::var("AGUI_CASES").map_or(1.0, |factor| factor.parse::<f64>().unwrap());
        ((streams * factor) as usize).max(20)
    }

    /// Fails with the shortest of what is different in some of so many streams.
    #[track_caller]
    pub(crate) fn expect_none(&self, differences: &[String], count: usize) {
        if let Some(shortest) = differences.iter().min_by_key(|difference| difference.len()) {
            let differ = differences.len();
            panic!("{differ} of {count} streams differ, {}, the shortest:\n{shortest}", self.seed());
        }
    }

    pub(crate) fn below(&mut self, bound: usize) -> usize {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % bound as u64) as usize
    }

    pub(crate) fn one_in(&mut self, count: usize) -> bool {
        self.below(count) == 0
    }

    pub(crate) fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.below(from.len())]
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

    pub(crate) fn run_started(&mut self) -> Event {
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

    /// Any event, on ids and tags that meet often.
    pub(crate) fn event(&mut self) -> Event {
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

/// What producers may send, consumers accept; and what is rejected changes nothing.
#[test]
fn producers_are_held_to_more_than_consumers() {
    let mut random = Random::new();
    let mut kept = 0;
    for _ in 0..300 {
        let (mut producer, mut consumer) = (Verifier::producer(), Verifier::consumer());
        let mut events: Vec<Event> = Vec::new();
        for number in 0..80 {
            let mut event = if number == 0 { random.run_started() } else { random.event() };
            let run = events.iter().filter(|event| matches!(event, Event::RunStarted(_))).count();
            match &mut event {
                Event::RunStarted(event) => event.run_id = format!("run{}", run + 1),
                Event::RunFinished(event) => event.run_id = format!("run{run}"),
                _ => {}
            }
            let before = format!("{producer:?}");
            match producer.check(&event) {
                Ok(()) => {
                    events.push(event.clone());
                    consumer.check(&event).unwrap_or_else(|violation| {
                        panic!("{violation}, {}: {}", random.seed(), json!(events));
                    });
                    kept += 1;
                }
                Err(violation) => {
                    let after = format!("{producer:?}");
                    assert_eq!(before, after, "{violation}, {}: {}", random.seed(), json!(event));
                }
            }
        }
    }
    assert!(kept > 300 * 10, "only {kept} events were right");
}
