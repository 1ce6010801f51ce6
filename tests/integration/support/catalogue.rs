//! One run in which every event of the protocol occurs, with every member it may have.
//!
//! [`complete`] and [`every_variant`] hold this list against the definitions: a member or a variant that a
//! later version of the schema adds makes the tests fail until it occurs here.

use agui::codec::{Object, Tagged};
use agui::*;
use serde::Serialize;
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;

/// Sets what every event may have.
macro_rules! enveloped {
    ($event:expr) => {
        complete(
            $event
                .timestamp(TIME)
                .raw_event(json!({ "provider": "acme", "chunk": [1, 2.5, null] }))
                .metadata(object(json!({ "acme.trace": { "span": "7f" }, "acme.cleared": null }))),
        )
    };
}

/// As [`enveloped`], for events that may be attributed to a subagent.
macro_rules! tagged {
    ($event:expr) => {
        enveloped!($event.subagent_run_id(RESEARCHER))
    };
}

const PLANNER: &str = "planner-1";
const RESEARCHER: &str = "researcher-1";
const WRITER: &str = "writer-1";

/// The first moment of 2026.
const TIME: i64 = 1_767_225_600_000;

/// The largest integer that every implementation holds exactly.
const MAX_SAFE: u64 = (1 << 53) - 1;

/// Nothing in here may confuse a frame or a parser.
const HARD_TEXT: &str = "Grüße, \"世界\" 👋\n\ndata: {}\r\n\t\u{0}\u{2028}\u{2029}\\ </script>";

/// The whole run, with all three ways to end it.
pub(crate) fn events() -> Vec<Event> {
    let mut events = vec![run_started()];
    events.extend(inner_events());
    events.extend(run_ends());
    every_variant(events)
}

/// What an agent may emit between the boundaries, in an order that the protocol allows.
pub(crate) fn inner_events() -> Vec<Event> {
    [subagents_started(), text(), tool_calls(), reasoning(), state(), activity(), passthrough(), snapshot()]
        .into_iter()
        .chain([subagents_ended()])
        .flatten()
        .collect()
}

fn run_started() -> Event {
    enveloped!(
        RunStartedEvent::new("thread-1", "run-2")
            .protocol_version(PROTOCOL_VERSION)
            .parent_run_id("run-0")
            .input(run_input())
    )
    .into()
}

fn run_input() -> RunAgentInput {
    let statuses = ResumeEntryStatus::ALL.iter().enumerate();
    let resume = statuses.map(|(index, status)| {
        let entry =
            ResumeEntry::new(format!("interrupt-{index}"), *status).payload(json!({ "approved": true }));
        complete(entry.metadata(object(json!({ "acme.by": "user" }))))
    });
    let tool = Tool::new("show_map", "Shows a map")
        .parameters(json!({ "type": "object", "properties": { "city": { "type": "string" } } }))
        .metadata(object(json!({ "acme.icon": "map" })));
    complete(
        RunAgentInput::new("thread-1", "run-2", messages())
            .protocol_version("1.0")
            .parent_run_id("run-0")
            .state(json!({ "draft": HARD_TEXT, "count": 0 }))
            .tools(vec![complete(tool)])
            .context(vec![complete(agui::Context::new("Time zone", "Europe/Lisbon"))])
            .forwarded_props(json!({ "temperature": 0.2, "seed": null }))
            .resume(resume.collect()),
    )
}

fn run_ends() -> Vec<Event> {
    let interrupt = Interrupt::new("interrupt-2", "tool_call")
        .message("Send the mail?")
        .tool_call_id("call-1")
        .response_schema(object(json!({ "type": "object", "required": ["approved"] })))
        .expires_at("2099-01-01T00:00:00Z")
        .metadata(object(json!({ "acme.risk": "low" })))
        .subagent_run_id(RESEARCHER);
    let outcomes = every_variant::<RunFinishedOutcome>(vec![
        complete(RunFinishedSuccessOutcome::new().pending_tool_call_ids(vec!["call-2".into()])).into(),
        complete(RunFinishedInterruptOutcome::new(vec![complete(interrupt)])).into(),
        complete(RunFinishedCancelledOutcome::new()).into(),
    ]);
    let finished = |outcome| {
        let event = RunFinishedEvent::new("thread-1", "run-2").outcome(outcome);
        Event::from(enveloped!(event.result(json!([HARD_TEXT])).usage(usage())))
    };
    let error = RunErrorEvent::new(HARD_TEXT).code("rate_limited").usage(usage());
    outcomes.into_iter().map(finished).chain([enveloped!(error).into()]).collect()
}

fn usage() -> Vec<TokenUsage> {
    let usage = TokenUsage::new()
        .provider("acme")
        .model("large-1")
        .input_tokens(MAX_SAFE - 20)
        .output_tokens(20)
        .total_tokens(MAX_SAFE)
        .reasoning_tokens(8)
        .cached_input_tokens(0)
        .cache_write_input_tokens(4);
    vec![complete(usage), TokenUsage::new()]
}

fn subagents_started() -> Vec<Event> {
    let researcher = SubagentStartedEvent::new(RESEARCHER, "researcher")
        .description("Reads what others wrote")
        .parent_subagent_run_id(PLANNER)
        .parent_tool_call_id("call-0")
        .parent_message_id("message-0");
    vec![
        SubagentStartedEvent::new(PLANNER, "planner").timestamp(TIME).into(),
        enveloped!(researcher).into(),
        SubagentStartedEvent::new(WRITER, "writer").timestamp(TIME).into(),
        tagged!(StepStartedEvent::new("research")).into(),
    ]
}

fn subagents_ended() -> Vec<Event> {
    let outcomes = every_variant::<SubagentFinishedOutcome>(vec![
        complete(SubagentFinishedSuccessOutcome::new()).into(),
        complete(SubagentFinishedSuspendedOutcome::new().interrupt_ids(vec!["interrupt-2".into()])).into(),
    ]);
    let finished = [RESEARCHER, PLANNER].into_iter().zip(outcomes).map(|(subagent, outcome)| {
        enveloped!(SubagentFinishedEvent::new(subagent).result(json!(0)).outcome(outcome)).into()
    });
    [tagged!(StepFinishedEvent::new("research")).into()]
        .into_iter()
        .chain(finished)
        .chain([enveloped!(SubagentErrorEvent::new(WRITER, "out of ink").code("no_ink")).into()])
        .collect()
}

fn text() -> Vec<Event> {
    let mut events = Vec::new();
    for role in TextMessageRole::ALL {
        let id = format!("text-{role}");
        events.extend::<[Event; 3]>([
            tagged!(TextMessageStartEvent::new(&*id).role(*role).name("Ada")).into(),
            tagged!(TextMessageContentEvent::new(&*id, HARD_TEXT)).into(),
            tagged!(TextMessageEndEvent::new(id)).into(),
        ]);
        let chunk = TextMessageChunkEvent::new().message_id(format!("chunk-{role}")).role(*role).name("Ada");
        events.push(tagged!(chunk.delta("")).into());
    }
    events
}

fn tool_calls() -> Vec<Event> {
    let start = ToolCallStartEvent::new("call-1", "send_mail").parent_message_id("text-assistant");
    let chunk = ToolCallChunkEvent::new()
        .tool_call_id("call-2")
        .tool_call_name("show_map")
        .parent_message_id("text-assistant")
        .delta(r#"{"city":"Lisbon"}"#);
    let result = ToolCallResultEvent::new("result-1", "call-1", parts()).role(ToolCallResultEventRole::Tool);
    vec![
        tagged!(start).into(),
        tagged!(ToolCallArgsEvent::new("call-1", r#"{"to":"Ada"#)).into(),
        tagged!(ToolCallEndEvent::new("call-1")).into(),
        tagged!(result).into(),
        tagged!(chunk).into(),
    ]
}

fn reasoning() -> Vec<Event> {
    use ReasoningEncryptedValueSubtype as Subtype;
    let encrypted =
        |(subtype, entity)| tagged!(ReasoningEncryptedValueEvent::new(subtype, entity, "b3BhcXVl")).into();
    let known = [(Subtype::Message, "thought-1"), (Subtype::ToolCall, "call-1")];
    let found = known.iter().map(|(subtype, _)| subtype.as_str()).collect();
    let all: Vec<_> = Subtype::ALL.iter().map(|subtype| subtype.as_str()).collect();
    assert_complete(&found, &all, "values", "ReasoningEncryptedValueSubtype");
    [
        tagged!(ReasoningStartEvent::new("span-1")).into(),
        tagged!(ReasoningMessageStartEvent::new("thought-1")).into(),
        tagged!(ReasoningMessageContentEvent::new("thought-1", HARD_TEXT)).into(),
        tagged!(ReasoningMessageEndEvent::new("thought-1")).into(),
        tagged!(ReasoningMessageChunkEvent::new().message_id("thought-2").delta("Hm.")).into(),
        tagged!(ReasoningEndEvent::new("span-1")).into(),
    ]
    .into_iter()
    .chain(known.map(encrypted))
    .collect()
}

fn state() -> Vec<Event> {
    let snapshot = json!({ "draft": "Dear", "notes": [], "old": { "a/b": 1, "~": null } });
    let mut remove = complete(RemoveOperation::new(at("/new")));
    // Patch operations are open objects.
    remove.extra.insert("value".into(), json!("left over"));
    let delta = every_variant::<JsonPatchOperation>(vec![
        complete(TestOperation::new(at("/old/a~1b"), json!(1))).into(),
        complete(AddOperation::new(at("/notes/-"), Value::Null)).into(),
        complete(ReplaceOperation::new(at("/draft"), json!(HARD_TEXT))).into(),
        complete(MoveOperation::new(at("/old"), at("/new"))).into(),
        complete(CopyOperation::new(at("/draft"), at("/copy"))).into(),
        remove.into(),
    ]);
    vec![tagged!(StateSnapshotEvent::new(snapshot)).into(), tagged!(StateDeltaEvent::new(delta)).into()]
}

fn activity() -> Vec<Event> {
    let content = object(json!({ "steps": ["search"], "title": null }));
    let patch = vec![AddOperation::new(at("/steps/-"), json!("read")).into()];
    vec![
        tagged!(ActivitySnapshotEvent::new("activity-1", "plan", content).replace(false)).into(),
        tagged!(ActivityDeltaEvent::new("activity-1", "plan", patch)).into(),
    ]
}

fn passthrough() -> Vec<Event> {
    vec![
        tagged!(RawEvent::new(json!({ "choices": [] })).source("acme")).into(),
        tagged!(CustomEvent::new("acme.ping", Value::Null)).into(),
    ]
}

fn snapshot() -> Vec<Event> {
    vec![enveloped!(MessagesSnapshotEvent::new(messages())).into()]
}

fn messages() -> Vec<Message> {
    let metadata = || object(json!({ "acme.rank": 1 }));
    let call = ToolCall::new("call-3", complete(FunctionCall::new("send_mail", "{\"to\":")))
        .encrypted_value("b3BhcXVl")
        .metadata(metadata());
    macro_rules! message {
        ($message:expr) => {
            complete($message.metadata(metadata()).subagent_run_id(RESEARCHER)).into()
        };
    }
    every_variant(vec![
        message!(DeveloperMessage::new("m1", "Be brief.").name("Dev").encrypted_value("ZGV2")),
        message!(SystemMessage::new("m2", "You are kind.").name("Sys").encrypted_value("c3lz")),
        message!(UserMessage::new("m3", parts()).name("Ada").encrypted_value("dXNlcg==")),
        message!(
            AssistantMessage::new("m4")
                .content(HARD_TEXT)
                .tool_calls(vec![complete(call)])
                .name("Bot")
                .encrypted_value("Ym90")
        ),
        message!(
            ToolMessage::new("m5", "no such mailbox", "call-3").error("bounced").encrypted_value("dG9vbA==")
        ),
        message!(ActivityMessage::new("m6", "plan", object(json!({ "steps": [] })))),
        message!(ReasoningMessage::new("m7", "Hm.").encrypted_value("dGhvdWdodA==")),
    ])
}

/// Every kind of part, with every kind of source.
fn parts() -> Vec<ContentPart> {
    let mut parts = vec![complete(TextPart::new(HARD_TEXT).id("p0").metadata(json!("a caption"))).into()];
    let sources = every_variant::<PartSource>(vec![
        complete(DataSource::new("aGVsbG8=", "image/png")).into(),
        complete(UrlSource::new("https://example.org/a?b#c").mime_type("image/png")).into(),
        complete(FileSource::new("file-1").provider("acme").mime_type("image/png")).into(),
    ]);
    for (index, source) in sources.into_iter().enumerate() {
        let id = || format!("p{index}");
        // Any JSON value but `null`.
        let metadata = json!({ "alt": null });
        parts.push(complete(ImagePart::new(source.clone()).id(id()).metadata(metadata)).into());
        parts.push(complete(AudioPart::new(source.clone()).id(id()).metadata(json!(false))).into());
        parts.push(complete(VideoPart::new(source.clone()).id(id()).metadata(json!([0]))).into());
        parts.push(complete(DocumentPart::new(source).id(id()).metadata(json!(0))).into());
    }
    every_variant(parts)
}

/// Passes on a value that has all members of its definition, and fails for any other.
#[track_caller]
fn complete<T: Object<'static> + Serialize>(value: T) -> T {
    let encoded = serde_json::to_value(&value).unwrap();
    let members: BTreeSet<_> = encoded.as_object().unwrap().keys().map(String::as_str).collect();
    assert_complete(&members, T::FIELDS, "members", T::NAME);
    value
}

/// Passes on a list in which all variants of a union occur, and fails for any other.
#[track_caller]
fn every_variant<T: Tagged<'static> + Serialize>(values: Vec<T>) -> Vec<T> {
    let encoded = serde_json::to_value(&values).unwrap();
    let tags: BTreeSet<_> =
        encoded.as_array().unwrap().iter().map(|value| value[T::TAG].as_str().unwrap()).collect();
    assert_complete(&tags, T::TAGS, "variants", T::NAME);
    values
}

fn object(value: Value) -> Map<String, Value> {
    serde_json::from_value(value).unwrap()
}

fn at(pointer: &str) -> JsonPointer {
    pointer.parse().unwrap()
}

/// Nothing may be missing, unless the types are built from another schema for an experiment.
#[track_caller]
pub(crate) fn assert_complete(found: &BTreeSet<&str>, known: &[&str], what: &str, of: &str) {
    let missing: Vec<_> = known.iter().filter(|known| !found.contains(*known)).collect();
    let experiment = std::env::var_os("AGUI_SCHEMA").is_some_and(|path| !path.is_empty());
    assert!(missing.is_empty() || experiment, "{what} of {of} that the catalogue lacks: {missing:?}");
}
