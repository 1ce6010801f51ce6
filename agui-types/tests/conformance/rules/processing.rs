//! PROC: unrecognised material is removed, malformed material is an error.

use super::{accepted, malformed, unrecognised, value, variant};
use crate::support::definitions::Definition;
use crate::support::definitions::RemovedKind::Member;
use serde_json::{Value, json};

/// PROC-1
#[test]
fn an_unknown_event_type_takes_the_event() {
    let event = json!({ "type": "TEXT_MESSAGE_PAUSE", "messageId": 7, "anything": null });
    unrecognised("Event", &event, None, &[("", variant("TEXT_MESSAGE_PAUSE"))]);
    unrecognised("Event", &json!({ "type": "" }), None, &[("", variant(""))]);
    unrecognised("Event", &json!({ "type": "custom" }), None, &[("", variant("custom"))]);
}

/// PROC-2
#[test]
fn an_unknown_member_of_a_closed_object_goes() {
    let known = json!({ "type": "RUN_ERROR", "message": "m" });
    for name in ["severity", "Message", "", "threadId"] {
        let mut event = known.clone();
        event[name] = json!({ "type": "RUN_ERROR" });
        unrecognised("Event", &event, Some(&known), &[(&format!("/{name}"), Member)]);
    }
    let input = |call: Value, part: Value| {
        json!({ "threadId": "t", "runId": "r", "messages": [
            { "id": "1", "role": "assistant", "toolCalls": [call] },
            { "id": "2", "role": "user", "content": [part] },
        ] })
    };
    unrecognised(
        "RunAgentInput",
        &input(
            json!({ "id": "c", "type": "function", "function": { "name": "n", "arguments": "", "a/b~c": null } }),
            json!({ "type": "image", "source": { "type": "url", "value": "v", "width": 1 }, "alt": "" }),
        ),
        Some(&input(
            json!({ "id": "c", "type": "function", "function": { "name": "n", "arguments": "" } }),
            json!({ "type": "image", "source": { "type": "url", "value": "v" } }),
        )),
        &[
            ("/messages/0/toolCalls/0/function/a~1b~0c", Member),
            ("/messages/1/content/0/alt", Member),
            ("/messages/1/content/0/source/width", Member),
        ],
    );
}

/// PROC-3, PROC-5
#[test]
fn something_unrecognised_in_an_optional_position_goes_alone() {
    let mut event = json!({ "type": "RUN_FINISHED", "threadId": "t", "runId": "r", "result": 1 });
    let left = event.clone();
    event["outcome"] = json!({ "type": "paused", "until": "tomorrow" });
    unrecognised("Event", &event, Some(&left), &[("/outcome", variant("paused"))]);

    let mut event = json!({ "type": "SUBAGENT_FINISHED", "subagentRunId": "s" });
    let left = event.clone();
    event["outcome"] = json!({ "type": "cancelled" });
    unrecognised("Event", &event, Some(&left), &[("/outcome", variant("cancelled"))]);

    for kind in ["TEXT_MESSAGE_START", "TEXT_MESSAGE_CHUNK"] {
        let mut event = json!({ "type": kind, "messageId": "m" });
        let left = event.clone();
        event["role"] = json!("narrator");
        unrecognised("Event", &event, Some(&left), &[("/role", value("narrator"))]);
    }
}

/// PROC-3, PROC-6
#[test]
fn something_unrecognised_in_a_required_position_takes_its_container() {
    let part = json!({ "type": "image", "source": { "type": "blob", "value": "v" } });
    unrecognised("ContentPart", &part, None, &[("/source", variant("blob"))]);
    let entry = json!({ "interruptId": "i", "status": "postponed" });
    unrecognised("ResumeEntry", &entry, None, &[("/status", value("postponed"))]);
    unrecognised("BaseEvent", &json!({ "type": "FUTURE" }), None, &[("/type", value("FUTURE"))]);
    // From the source to the part, and from there out of the list.
    let message = |parts| json!({ "id": "m", "role": "user", "content": parts });
    unrecognised(
        "Message",
        &message(json!([{ "type": "text", "text": "t" }, part])),
        Some(&message(json!([{ "type": "text", "text": "t" }]))),
        &[("/content/1/source", variant("blob"))],
    );
}

/// PROC-7, STATE-7
#[test]
fn something_unrecognised_in_a_list_goes_and_the_list_stays() {
    let known = json!({ "id": "1", "role": "user", "content": "c" });
    let unknown = json!({ "id": "2", "role": "narrator", "content": "c" });
    let event = |messages: Value| json!({ "type": "MESSAGES_SNAPSHOT", "messages": messages });
    unrecognised(
        "Event",
        &event(json!([unknown, known, unknown])),
        Some(&event(json!([known]))),
        &[("/messages/0", variant("narrator")), ("/messages/2", variant("narrator"))],
    );
    unrecognised(
        "Event",
        &event(json!([unknown])),
        Some(&event(json!([]))),
        &[("/messages/0", variant("narrator"))],
    );

    let known = json!({ "op": "remove", "path": "/a" });
    let event = |operations: Value| json!({ "type": "STATE_DELTA", "delta": operations });
    unrecognised(
        "Event",
        &event(json!([{ "op": "increment", "path": 1 }, known])),
        Some(&event(json!([known]))),
        &[("/delta/0", variant("increment"))],
    );

    let input = |resume: Value| json!({ "threadId": "t", "runId": "r", "messages": [], "resume": resume });
    unrecognised(
        "RunAgentInput",
        &input(json!([{ "interruptId": "i", "status": "postponed" }])),
        Some(&input(json!([]))),
        &[("/resume/0/status", value("postponed"))],
    );
}

/// PROC-4
#[test]
fn a_described_member_with_a_wrong_value_is_an_error() {
    let step = |name: &str, wrong: Value| {
        let mut event = json!({ "type": "STEP_STARTED", "stepName": "s" });
        event[name] = wrong;
        event
    };
    for wrong in
        [json!(1.5), json!("1"), json!(9_007_199_254_740_992_i64), json!(-1e16), json!([1]), json!(true)]
    {
        malformed("Event", &step("timestamp", wrong), "/timestamp");
    }
    for wrong in [json!(1), json!(false), json!({}), json!(["s"])] {
        malformed("Event", &step("stepName", wrong.clone()), "/stepName");
        malformed("Event", &step("subagentRunId", wrong), "/subagentRunId");
    }
    for right in [
        json!(1.0),
        json!(-0.0),
        json!(1e3),
        json!(9_007_199_254_740_991_i64),
        json!(-9_007_199_254_740_991_i64),
    ] {
        accepted("Event", &step("timestamp", right));
    }
    let interrupts = json!({ "type": "interrupt", "interrupts": [] });
    malformed("RunFinishedOutcome", &interrupts, "/interrupts");
}

/// PROC-4: not even if something beside it makes its container go.
#[test]
fn a_wrong_value_beside_something_unrecognised_is_an_error() {
    for (document, pointer) in [
        (r#"{"type":"RUN_FINISHED","threadId":"t","outcome":{"type":"paused"},"runId":1}"#, "/runId"),
        (r#"{"type":"RUN_FINISHED","threadId":"t","runId":1,"outcome":{"type":"paused"}}"#, "/runId"),
        (
            r#"{"type":"MESSAGES_SNAPSHOT","messages":[{"role":"narrator"},{"role":"user","id":null}]}"#,
            "/messages/1/id",
        ),
        (
            r#"{"type":"REASONING_ENCRYPTED_VALUE","subtype":"?","entityId":1,"encryptedValue":"v"}"#,
            "/entityId",
        ),
        (
            r#"{"type":"REASONING_ENCRYPTED_VALUE","entityId":1,"encryptedValue":"v","subtype":"?"}"#,
            "/entityId",
        ),
    ] {
        let error = Definition::named("Event").lenient(document).expect_err(document);
        assert_eq!(error.pointer(), pointer, "{document}: {error}");
    }
}

/// PROC-4: nor is one that is missing excused, whichever of the two the schema lists first.
#[test]
fn a_missing_member_beside_something_unrecognised_is_an_error() {
    for (definition, document) in [
        // `subtype` is described before the members that are missing, `status` behind them.
        ("Event", r#"{"type":"REASONING_ENCRYPTED_VALUE","subtype":"?"}"#),
        ("Event", r#"{"type":"REASONING_ENCRYPTED_VALUE","subtype":"?","entityId":"e"}"#),
        ("Event", r#"{"type":"REASONING_ENCRYPTED_VALUE","subtype":"?","encryptedValue":"v"}"#),
        ("ResumeEntry", r#"{"status":"postponed"}"#),
    ] {
        let error = Definition::named(definition).lenient(document).expect_err(document);
        assert!(error.pointer().is_empty(), "{document}: {error}");
        assert!(error.message().contains("missing field"), "{document}: {error}");
    }
}

/// PROC-4: one legal value is no set of values that could have grown, whether required or not.
#[test]
fn a_wrong_constant_is_an_error() {
    let event = json!({ "type": "REASONING_MESSAGE_START", "messageId": "m", "role": "assistant" });
    malformed("Event", &event, "/role");
    let call = json!({ "id": "c", "type": "procedure", "function": { "name": "n", "arguments": "" } });
    malformed("ToolCall", &call, "/type");
    let event = json!({ "type": "TOOL_CALL_RESULT", "messageId": "m", "toolCallId": "c", "content": "", "role": "user" });
    malformed("Event", &event, "/role");
}

/// PROC-8
#[test]
fn unknown_members_of_open_objects_stay() {
    let extra = json!({ "x": null, "y": { "type": "?" }, "a/b~c": [] });
    accepted("Metadata", &extra);
    accepted(
        "Event",
        &json!({ "type": "ACTIVITY_SNAPSHOT", "messageId": "m", "activityType": "a", "content": extra }),
    );
    accepted("Interrupt", &json!({ "id": "i", "reason": "r", "responseSchema": extra }));
    accepted("AgentCapabilities", &json!({ "custom": extra, "identity": { "metadata": extra } }));
    accepted("RunAgentInput", &json!({ "threadId": "t", "runId": "r", "messages": [], "state": extra }));
    accepted("BaseEvent", &json!({ "type": "RAW", "event": extra, "subagentRunId": 1 }));
    accepted("BaseMessage", &json!({ "id": "m", "role": "narrator", "content": null }));
}

/// PROC-20
#[test]
fn a_malformed_union_slot_is_an_error() {
    for wrong in
        [json!(null), json!("success"), json!(1), json!([]), json!([{ "type": "success" }]), json!(true)]
    {
        let event = json!({ "type": "RUN_FINISHED", "threadId": "t", "runId": "r", "outcome": wrong });
        malformed("Event", &event, "/outcome");
        let event = json!({ "type": "MESSAGES_SNAPSHOT", "messages": [wrong] });
        malformed("Event", &event, "/messages/0");
        malformed("ContentPart", &json!({ "type": "audio", "source": wrong }), "/source");
        malformed("Event", &json!({ "type": "STATE_DELTA", "delta": [wrong] }), "/delta/0");
    }
    // No discriminator, or one that is no string.
    malformed("Message", &json!({ "id": "1", "content": "c" }), "");
    malformed("Message", &json!({ "id": "1", "role": null, "content": "c" }), "/role");
    malformed("ContentPart", &json!({ "type": "audio", "source": { "value": "v" } }), "/source");
    malformed(
        "ContentPart",
        &json!({ "type": "audio", "source": { "type": 1, "value": "v" } }),
        "/source/type",
    );
    // Content is text or parts.
    for wrong in [json!(null), json!(1), json!({}), json!({ "type": "text", "text": "" })] {
        malformed("Message", &json!({ "id": "1", "role": "user", "content": wrong }), "/content");
    }
    malformed("Message", &json!({ "id": "1", "role": "user", "content": ["text"] }), "/content/0");
}
