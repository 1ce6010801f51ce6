//! Chunks, from the bytes to what they stand for.

use super::support::*;
use agui::client::{Outcome, RejectionKind, WarningKind};
use serde_json::{Value, json};

fn chunk(kind: &str, members: Value) -> Value {
    event(&format!("{kind}_CHUNK"), members)
}

/// A run that ends in order, which nobody answers the call of.
#[track_caller]
fn is_whole(kind: &str, outcome: &Outcome) {
    let is_as_it_should = match kind {
        "TOOL_CALL" => matches!(outcome, Outcome::Pending { .. }),
        _ => outcome.is_success(),
    };
    assert!(is_as_it_should, "{kind}: {outcome}");
}

#[test]
fn chk_9_a_malformed_chunk_is_fatal_whatever_it_would_have_become() {
    let open = chunk("TEXT_MESSAGE", json!({ "messageId": "m1", "delta": "x" }));
    let call = chunk("TOOL_CALL", json!({ "toolCallId": "c1", "toolCallName": "f" }));
    for (before, broken, pointer) in [
        (None, chunk("TEXT_MESSAGE", json!({ "messageId": "m1", "delta": 7 })), "/delta"),
        (None, chunk("TEXT_MESSAGE", json!({ "messageId": "m1", "role": "narrator" })), "/role"),
        // It has no id, either, which is not the first thing to be judged.
        (None, chunk("TEXT_MESSAGE", json!({ "delta": null })), "/delta"),
        (Some(&open), chunk("TEXT_MESSAGE", json!({ "role": null })), "/role"),
        (Some(&open), chunk("TEXT_MESSAGE", json!({ "messageId": 1 })), "/messageId"),
        (Some(&open), chunk("TEXT_MESSAGE", json!({ "metadata": [] })), "/metadata"),
        (Some(&call), chunk("TOOL_CALL", json!({ "toolCallName": null })), "/toolCallName"),
        // Nothing of it would be left when it is expanded.
        (Some(&call), chunk("TOOL_CALL", json!({ "timestamp": "now" })), "/timestamp"),
        (None, chunk("REASONING_MESSAGE", json!({ "messageId": "m1", "delta": {} })), "/delta"),
    ] {
        let events: Vec<_> = [&started()].into_iter().chain(before).chain([&broken]).cloned().collect();
        let (delivered, end) = read_events(&events);
        let Outcome::Rejected(rejection) = &end.outcome else { panic!("{broken}: {}", end.outcome) };
        assert_eq!((rejection.kind(), rejection.pointer()), (RejectionKind::Malformed, pointer), "{broken}");
        assert_eq!(rejection.event_type(), broken["type"].as_str());
        let count = delivered.len();
        assert!(
            count <= 3
                && delivered[1..].iter().all(|event| event.event_type().as_str() != "TEXT_MESSAGE_END")
        );
    }
}

#[test]
fn chk_32_what_a_chunk_says_is_carried_but_for_its_time() {
    let envelope =
        json!({ "subagentRunId": "s", "metadata": { "k": null }, "rawEvent": [1], "timestamp": 7 });
    let all = |members: Value| {
        let mut all = envelope.clone();
        all.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
        all
    };
    for (kind, id, content, opener, said) in [
        ("TEXT_MESSAGE", "messageId", "CONTENT", json!({ "role": "developer", "name": "Ada" }), "developer"),
        ("TOOL_CALL", "toolCallId", "ARGS", json!({ "toolCallName": "f", "parentMessageId": "p" }), ""),
        ("REASONING_MESSAGE", "messageId", "CONTENT", json!({}), "reasoning"),
    ] {
        let mut members = all(opener.clone());
        (members[id], members["delta"]) = (json!("x"), json!("Hi"));
        let (delivered, end) = read([&*run_of([chunk(kind, members)])]);
        is_whole(kind, &end.outcome);
        assert_eq!(end.warnings.total(), 0, "{:?}", end.warnings);
        let mut start = event(&format!("{kind}_START"), opener);
        (start[id], start["subagentRunId"], start["metadata"]) =
            (json!("x"), json!("s"), envelope["metadata"].clone());
        if !said.is_empty() {
            start["role"] = json!(said);
        }
        let content = json!({
            "type": format!("{kind}_{content}"), id: "x", "delta": "Hi", "subagentRunId": "s",
            "metadata": envelope["metadata"], "rawEvent": envelope["rawEvent"],
        });
        let stop = json!({ "type": format!("{kind}_END"), id: "x", "subagentRunId": "s" });
        assert_eq!(json!(delivered[1..4]), json!([start, content, stop]));
    }
}

#[test]
fn chk_31_metadata_alone_reaches_the_item() {
    let usage = json!({ "metadata": { "finish": "stop" } });
    for (kind, first) in [
        ("TEXT_MESSAGE", json!({ "messageId": "x", "delta": "Hi" })),
        ("REASONING_MESSAGE", json!({ "messageId": "x", "delta": "Hi" })),
        ("TOOL_CALL", json!({ "toolCallId": "x", "toolCallName": "f", "delta": "Hi" })),
    ] {
        let (delivered, end) = read([&*run_of([chunk(kind, first), chunk(kind, usage.clone())])]);
        is_whole(kind, &end.outcome);
        let content = json!(delivered[3]);
        assert_eq!((&content["delta"], &content["metadata"]), (&json!(""), &usage["metadata"]));
        let message = json!(end.conversation.messages()[0]);
        let item = if kind == "TOOL_CALL" { &message["toolCalls"][0] } else { &message };
        assert_eq!(item["metadata"], usage["metadata"]);
    }
}

#[test]
fn proc_14_what_is_verified_is_expanded_and_what_is_delivered_was_enforced() {
    // The chunk opens what is open already, which is seen of its expansion alone.
    let opener = text("m1", "")[0].clone();
    let (delivered, end) =
        read_events(&[started(), opener, chunk("TEXT_MESSAGE", json!({ "messageId": "m1" }))]);
    let Outcome::Rejected(rejection) = &end.outcome else { panic!("{}", end.outcome) };
    assert_eq!((rejection.kind(), rejection.id()), (RejectionKind::Order, Some("m1")));
    assert_eq!(delivered.len(), 2);

    let strange = json!({ "messageId": "m2", "delta": "Hi", "future": { "type": "x" } });
    let part = json!({ "type": "hologram", "source": 1 });
    let message = json!({ "id": "u", "role": "user", "content": [part], "future": 1 });
    let events = [
        chunk("TEXT_MESSAGE", strange),
        event("MESSAGES_SNAPSHOT", json!({ "messages": [message, { "id": "n", "role": "narrator" }] })),
        event("FUTURE", json!({})),
    ];
    let (delivered, end) = read([&*run_of(events)]);
    assert!(end.outcome.is_success(), "{}", end.outcome);
    let said = json!(delivered).to_string();
    for gone in ["future", "FUTURE", "hologram", "narrator"] {
        assert!(!said.contains(gone), "{gone}: {said}");
    }
    assert_eq!(end.warnings.count(WarningKind::Removed), 4, "{:?}", end.warnings);
    assert_eq!(end.warnings.count(WarningKind::UnknownEvent), 1);
}
