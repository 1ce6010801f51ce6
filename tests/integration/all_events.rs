//! Every event with every member: through the runtime, and past the reference implementations.

use crate::support::agents::input;
use crate::support::catalogue;
use crate::support::frames::{self, types};
use crate::support::http::serve;
use crate::support::peers::Peer;
use agui::codec::decode_strict;
use agui::{Event, EventType, Message, Result, RunContext, sse};
#[cfg(feature = "client")]
use agui::{
    RunAgentInput,
    client::{Outcome, Pipeline, WarningKind},
};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// GEN-3.
#[tokio::test]
async fn an_agent_can_emit_every_event_with_every_member() {
    let received = frames::all(agui::run(emit_all, input())).await;

    let [started, inner @ .., finished] = received.as_slice() else { panic!("{received:?}") };
    assert_eq!((&started["type"], &finished["type"]), (&json!("RUN_STARTED"), &json!("RUN_FINISHED")));
    assert_eq!(inner, encoded(&catalogue::inner_events()));
}

#[test]
fn the_catalogue_has_every_event_of_the_protocol() {
    let wire = on_the_wire();

    assert_eq!(wire, encoded(&catalogue::events()));
    let all: Vec<_> = EventType::ALL.iter().map(|event_type| event_type.as_str()).collect();
    let found: BTreeSet<_> = types(&wire).into_iter().collect();
    catalogue::assert_complete(&found, &all, "types", "Event");
    assert!(found.len() >= 31, "{found:?}");
}

/// GEN-3, GEN-4: and nothing of them is unrecognised.
#[cfg(feature = "client")]
#[test]
fn a_client_takes_every_event_with_every_member() {
    let mut events = catalogue::events();
    // A run ends once, and may fail behind that (RUN-16).
    let mut finished = false;
    events.retain(|event| !matches!(event, Event::RunFinished(_)) || !std::mem::replace(&mut finished, true));
    // All that the catalogue has, which the test above holds against the protocol.
    let sent: BTreeSet<_> = events.iter().map(Event::event_type).collect();
    assert!(sent.len() >= 31, "{sent:?}");

    let mut pipeline = Pipeline::new(&RunAgentInput::new("thread-1", "run-2", vec![]));
    let mut delivered = Vec::new();
    for event in &events {
        pipeline.push_json(json!(event).to_string().as_bytes());
        delivered.extend(std::iter::from_fn(|| pipeline.next_event()));
    }
    pipeline.end();
    let end = pipeline.finish();
    assert!(matches!(end.outcome, Outcome::Failed(_)), "{}", end.outcome);
    let unrecognised = [WarningKind::UnknownEvent, WarningKind::Removed].map(|kind| end.warnings.count(kind));
    assert_eq!(unrecognised, [0, 0], "{:?}", end.warnings);
    // Chunks come as what they stand for (CHK-8).
    let is_chunk = |event: &Event| event.event_type().as_str().ends_with("_CHUNK");
    for event in events.iter().filter(|event| !is_chunk(event)) {
        assert!(delivered.contains(event), "{event:?}");
    }
    assert!(!delivered.iter().any(is_chunk));
}

/// INT-16, SUB-10, TOOL-30: what the schema has no place for cannot be sent, since the types have none either.
#[test]
fn the_types_have_no_place_for_what_the_schema_closes() {
    let finished =
        |outcome: Value| json!({ "type": "RUN_FINISHED", "threadId": "t", "runId": "r", "outcome": outcome });
    let subagent =
        |outcome: Value| json!({ "type": "SUBAGENT_FINISHED", "subagentRunId": "s", "outcome": outcome });
    let interrupts = json!([{ "id": "i", "reason": "r" }]);
    for (event, fits) in [
        (finished(json!({ "type": "success" })), true),
        (finished(json!({ "type": "interrupt", "interrupts": interrupts })), true),
        (finished(json!({ "type": "success", "interrupts": interrupts })), false),
        (finished(json!({ "type": "paused" })), false),
        (subagent(json!({ "type": "success" })), true),
        (subagent(json!({ "type": "suspended", "interruptIds": ["i"] })), true),
        (subagent(json!({ "type": "success", "interruptIds": ["i"] })), false),
    ] {
        assert_eq!(decode_strict::<Event>(event.to_string().as_bytes()).is_ok(), fits, "{event}");
    }
    for kind in ["reasoning", "tool-call", "toolCall", "assistant"] {
        let part = json!({ "type": kind, "text": "x", "toolCallId": "c", "content": "x" });
        let message = json!({ "role": "tool", "id": "m", "toolCallId": "c", "content": [part] });
        assert!(decode_strict::<Message>(message.to_string().as_bytes()).is_err(), "{kind}");
    }
}

#[test]
fn the_schemas_of_the_reference_implementation_accept_every_event() {
    let Some(node) = Peer::node("the reference schemas on every event") else { return };
    assert_accepted(node, "validate.mjs");
}

#[test]
fn the_models_of_the_python_package_accept_every_event() {
    let Some(python) = Peer::python("the Python models on every event") else { return };
    assert_accepted(python, "validate.py");
}

#[test]
fn the_schemas_of_the_reference_implementation_would_notice_a_mistake() {
    let Some(node) = Peer::node("the reference schemas on mistakes") else { return };
    assert_rejected(node, "validate.mjs");
}

#[test]
fn the_models_of_the_python_package_would_notice_a_mistake() {
    let Some(python) = Peer::python("the Python models on mistakes") else { return };
    assert_rejected(python, "validate.py");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_reference_client_takes_every_event_without_a_complaint() {
    let Some(node) = Peer::node("the reference client on every event") else { return };
    let server = serve(agui::router(emit_all)).await;

    let url = format!("http://{server}/agui");
    let conversation = tokio::task::block_in_place(|| node.run("client.mjs", &[&url, "Everything!"], ""));

    assert_eq!(conversation["complaints"], json!([]));
    let run = &conversation["runs"][0];
    assert_eq!(run["failure"], Value::Null);
    let received: Vec<_> =
        run["events"].as_array().unwrap().iter().map(|received| received["event"].clone()).collect();
    assert_eq!(received.last().unwrap()["type"], "RUN_FINISHED");
    // The client tells its subscribers of chunks in their expanded form, of everything else as it came.
    let expanded = |event_type: &str| event_type.ends_with("_CHUNK");
    let sent = encoded(&catalogue::inner_events());
    for event in sent.iter().filter(|event| !expanded(event["type"].as_str().unwrap())) {
        assert!(received.contains(event), "not received: {event}");
    }
    assert!(!types(&received).into_iter().any(expanded));
    assert_eq!(conversation["state"]["copy"], conversation["state"]["draft"]);
}

async fn emit_all(run: RunContext) -> Result {
    for event in catalogue::inner_events() {
        run.emit(event).await?;
    }
    Ok(())
}

/// All events as frames, read back.
fn on_the_wire() -> Vec<Value> {
    let mut frames = Vec::new();
    for event in catalogue::events() {
        sse::encode(&event, &mut frames).unwrap();
    }
    frames::events(frames)
}

fn encoded(events: &[Event]) -> Vec<Value> {
    events.iter().map(|event| serde_json::to_value(event).unwrap()).collect()
}

fn assert_accepted(peer: &Peer, validator: &str) {
    let events = on_the_wire();
    for (event, problems) in events.iter().zip(peer.problems(validator, &events)) {
        assert!(problems.is_empty(), "{problems:#?} in {event:#}");
    }
}

/// A validator that accepts everything would prove nothing.
fn assert_rejected(peer: &Peer, validator: &str) {
    let message = json!({ "id": "m", "role": "user", "content": "", "at": 1 });
    let outcome = json!({ "type": "interrupt", "interrupts": [] });
    let mistakes = [
        json!({ "type": "RUN_ERROR" }),
        json!({ "type": "RUN_ERROR", "message": 1 }),
        json!({ "type": "RUN_ERROR", "message": "", "code": null }),
        json!({ "type": "RUN_ERROR", "message": "", "timestamp": 1.5 }),
        json!({ "type": "RUN_ERROR", "message": "", "severity": "high" }),
        json!({ "type": "CUSTOM", "name": "acme.ping" }),
        json!({ "type": "CUSTOM", "name": "acme.ping", "value": 0, "metadata": [] }),
        json!({ "type": "STATE_DELTA", "delta": [{ "op": "remove", "path": "a" }] }),
        json!({ "type": "MESSAGES_SNAPSHOT", "messages": [message] }),
        json!({ "type": "RUN_FINISHED", "threadId": "t", "runId": "r", "outcome": outcome }),
        json!({ "type": "RUN_FINISHED", "threadId": "t", "runId": "r", "usage": [{ "inputTokens": -1 }] }),
        json!({ "type": "THINKING_START" }),
    ];
    for (event, problems) in mistakes.iter().zip(peer.problems(validator, &mistakes)) {
        assert!(!problems.is_empty(), "accepted: {event}");
    }
}
