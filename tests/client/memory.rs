//! What a stream takes while it is read does not depend on its length.

use super::support::*;
use agui::client::Pipeline;
use serde_json::{Value, json};

/// Multiplied by `AGUI_CASES`: 50 make a million of it.
const EVENTS: f64 = 20_000.0;

#[test]
fn memory_does_not_grow_with_the_stream_beyond_the_conversation() {
    let factor = std::env::var("AGUI_CASES").map_or(1.0, |factor| factor.parse::<f64>().unwrap());
    // Enough for as many warnings as are kept.
    let few = most_held(6_000);
    let many = most_held(((EVENTS * factor) as usize).max(12_000));
    assert!(many <= few + 1024, "{few} bytes for a few events, {many} for many");
}

/// The most that was allocated while so many events of a run were read that leave the conversation small.
fn most_held(events: usize) -> u64 {
    let message = |id: &str| json!({ "id": id, "role": "assistant", "content": "" });
    let round: Vec<Value> = vec![
        event("TEXT_MESSAGE_CONTENT", json!({ "messageId": "m1", "delta": "Hello, how are you?" })),
        event("TOOL_CALL_ARGS", json!({ "toolCallId": "c1", "delta": "{}" })),
        event("TEXT_MESSAGE_CHUNK", json!({ "messageId": "m2", "delta": "One." })),
        event("TEXT_MESSAGE_CHUNK", json!({ "delta": "Two." })),
        event("STATE_DELTA", json!({ "delta": [{ "op": "add", "path": "/count", "value": 7 }] })),
        event("STEP_STARTED", json!({ "stepName": "plan" })),
        event("STEP_FINISHED", json!({ "stepName": "plan" })),
        event("CUSTOM", json!({ "name": "progress", "value": { "percent": 4 } })),
        event("FUTURE", json!({ "unknown": true })),
        event("MESSAGES_SNAPSHOT", json!({ "messages": [message("m1"), message("m2")] })),
    ];
    let opening = [&[started()][..], &text("m1", "")[..1], &call("c1", "tool", "")[..1]].concat();
    let (opening, round) = (sse(&opening), sse(&round));
    let mut pipeline = Pipeline::new(&input());
    let measured = allocation_counter::measure(|| {
        for bytes in std::iter::once(&opening).chain(std::iter::repeat_n(&round, events / 10)) {
            pipeline.push(bytes);
            while pipeline.next_event().is_some() {}
        }
    });
    assert!(pipeline.rejection().is_none(), "{}", pipeline.outcome());
    assert!(pipeline.warnings().total() >= events / 10);
    measured.bytes_max
}
