//! Streams for clients.

use agui::client::{Finished, Pipeline};
use agui::{Event, RunAgentInput};
use serde_json::{Value, json};

/// A client for HTTP that asks no proxies, whatever is set.
pub(crate) fn direct() -> reqwest::Client {
    // Without one, reqwest panics; whoever installs one first has chosen.
    #[cfg(feature = "rustls")]
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder().no_proxy().build().unwrap()
}

/// The bytes of a stream of these events.
pub(crate) fn sse(events: &[Value]) -> Vec<u8> {
    events.iter().flat_map(|event| format!("data: {event}\n\n").into_bytes()).collect()
}

/// An event of the run that [`input`] asks for: its type, and other members.
pub(crate) fn event(kind: &str, members: Value) -> Value {
    let mut event = json!({ "type": kind });
    event.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
    event
}

pub(crate) fn started() -> Value {
    event("RUN_STARTED", json!({ "threadId": "thread-1", "runId": "run-1" }))
}

pub(crate) fn finished() -> Value {
    event("RUN_FINISHED", json!({ "threadId": "thread-1", "runId": "run-1" }))
}

pub(crate) fn finished_with(outcome: Value) -> Value {
    let mut event = finished();
    event["outcome"] = outcome;
    event
}

/// A whole message.
pub(crate) fn text(id: &str, text: &str) -> [Value; 3] {
    [
        event("TEXT_MESSAGE_START", json!({ "messageId": id, "role": "assistant" })),
        event("TEXT_MESSAGE_CONTENT", json!({ "messageId": id, "delta": text })),
        event("TEXT_MESSAGE_END", json!({ "messageId": id })),
    ]
}

/// A whole call.
pub(crate) fn call(id: &str, tool: &str, arguments: &str) -> [Value; 3] {
    [
        event("TOOL_CALL_START", json!({ "toolCallId": id, "toolCallName": tool })),
        event("TOOL_CALL_ARGS", json!({ "toolCallId": id, "delta": arguments })),
        event("TOOL_CALL_END", json!({ "toolCallId": id })),
    ]
}

/// A run of these events.
pub(crate) fn run_of(events: impl IntoIterator<Item = Value>) -> Vec<u8> {
    let events: Vec<_> = [started()].into_iter().chain(events).chain([finished()]).collect();
    sse(&events)
}

pub(crate) fn input() -> RunAgentInput {
    RunAgentInput::new("thread-1", "run-1", vec![])
}

/// Has a pipeline read pieces of a stream.
pub(crate) fn read<'b>(pieces: impl IntoIterator<Item = &'b [u8]>) -> (Vec<Event>, Finished) {
    let mut pipeline = Pipeline::new(&input());
    let mut events = Vec::new();
    for piece in pieces {
        pipeline.push(piece);
        events.extend(std::iter::from_fn(|| pipeline.next_event()));
    }
    pipeline.end();
    events.extend(std::iter::from_fn(|| pipeline.next_event()));
    (events, pipeline.finish())
}

/// Has a pipeline read a stream of these events.
pub(crate) fn read_events(events: &[Value]) -> (Vec<Event>, Finished) {
    read([&*sse(events)])
}

pub(crate) fn types(events: &[Event]) -> Vec<&'static str> {
    events.iter().map(|event| event.event_type().as_str()).collect()
}
