//! RUN, USE, CHK, TOOL, REAS, STATE, INPUT, CAP: what single members may hold.

use super::{accepted, malformed, unrecognised, value};
use crate::support::definitions::RemovedKind::Member;
use agui_types::{
    AgentCapabilities, Event, JsonPatch, JsonPatchOperation, JsonPointer, RunAgentInput, RunFinishedEvent,
    RunFinishedInterruptOutcome, StateDeltaEvent, StepStartedEvent, TextMessageContentEvent, TokenUsage,
};
use serde_json::{Value, json};

/// RUN-13
#[test]
fn an_absent_outcome_stays_absent() {
    let absent = json!({ "type": "RUN_FINISHED", "threadId": "t", "runId": "r" });
    accepted("Event", &absent);
    let event: RunFinishedEvent = serde_json::from_value(absent.clone()).unwrap();
    assert_eq!(event.outcome, None);
    let mut success = absent;
    success["outcome"] = json!({ "type": "success" });
    accepted("Event", &success);
    success["outcome"]["pendingToolCallIds"] = json!([]);
    accepted("Event", &success);
}

/// USE-5
#[test]
fn absent_counts_stay_absent_and_zero_stays_zero() {
    accepted("TokenUsage", &json!({}));
    accepted("TokenUsage", &json!({ "inputTokens": 0 }));
    accepted("TokenUsage", &json!({ "outputTokens": 9_007_199_254_740_991_i64 }));
    let usage: TokenUsage = serde_json::from_str(r#"{"inputTokens":0}"#).unwrap();
    assert_eq!((usage.input_tokens, usage.output_tokens), (Some(0), None));
    assert_eq!(serde_json::to_string(&TokenUsage::new()).unwrap(), "{}");
    for count in [
        "inputTokens",
        "outputTokens",
        "totalTokens",
        "reasoningTokens",
        "cachedInputTokens",
        "cacheWriteInputTokens",
    ] {
        for wrong in [json!(-1), json!(0.5), json!("1"), json!(9_007_199_254_740_992_i64), json!(null)] {
            let mut usage = json!({});
            usage[count] = wrong;
            malformed("TokenUsage", &usage, &format!("/{count}"));
        }
    }
}

/// CHK-5
#[test]
fn an_empty_delta_is_legal() {
    for kind in ["TEXT_MESSAGE_CONTENT", "REASONING_MESSAGE_CONTENT"] {
        accepted("Event", &json!({ "type": kind, "messageId": "m", "delta": "" }));
        malformed("Event", &json!({ "type": kind, "messageId": "m" }), "");
    }
    accepted("Event", &json!({ "type": "TOOL_CALL_ARGS", "toolCallId": "c", "delta": "" }));
    for kind in ["TEXT_MESSAGE_CHUNK", "REASONING_MESSAGE_CHUNK", "TOOL_CALL_CHUNK"] {
        accepted("Event", &json!({ "type": kind, "delta": "" }));
        accepted("Event", &json!({ "type": kind }));
    }
    let event: Event = TextMessageContentEvent::new("m", "").into();
    let text = r#"{"type":"TEXT_MESSAGE_CONTENT","messageId":"m","delta":""}"#;
    assert_eq!(serde_json::to_string(&event).unwrap(), text);
}

/// TOOL-3
#[test]
fn arguments_are_any_text() {
    for text in ["", "{}", "{\"a\":", "not JSON", "null", "\u{0}\u{1f}", "\"\\\n😀"] {
        accepted("FunctionCall", &json!({ "name": "n", "arguments": text }));
        accepted("Event", &json!({ "type": "TOOL_CALL_ARGS", "toolCallId": "c", "delta": text }));
    }
    // Text it has to be.
    for wrong in [json!({}), json!(null), json!(1)] {
        malformed("FunctionCall", &json!({ "name": "n", "arguments": wrong }), "/arguments");
    }
}

/// REAS-14
#[test]
fn an_unknown_subtype_takes_the_event_and_another_type_is_an_error() {
    let event = |subtype: Value| json!({ "type": "REASONING_ENCRYPTED_VALUE", "subtype": subtype, "entityId": "e", "encryptedValue": "v" });
    accepted("Event", &event(json!("message")));
    accepted("Event", &event(json!("tool-call")));
    unrecognised("Event", &event(json!("activity")), None, &[("/subtype", value("activity"))]);
    for wrong in [json!(null), json!(1), json!(["message"]), json!({})] {
        malformed("Event", &event(wrong), "/subtype");
    }
}

/// STATE-6
#[test]
fn a_malformed_patch_is_an_error() {
    let event = |delta: Value| json!({ "type": "STATE_DELTA", "delta": delta });
    for wrong in [json!({}), json!(null), json!("[]"), json!({ "op": "remove", "path": "" })] {
        malformed("Event", &event(wrong), "/delta");
    }
    for (operation, pointer) in [
        (json!({ "op": "add", "path": "/a" }), "/delta/0"),
        (json!({ "op": "replace", "value": 1 }), "/delta/0"),
        (json!({ "op": "test", "path": "/a" }), "/delta/0"),
        (json!({ "op": "remove" }), "/delta/0"),
        (json!({ "op": "move", "path": "/a" }), "/delta/0"),
        (json!({ "op": "copy", "from": "/a" }), "/delta/0"),
        (json!({ "path": "/a" }), "/delta/0"),
        (json!({ "op": "remove", "path": null }), "/delta/0/path"),
        (json!({ "op": "remove", "path": ["a"] }), "/delta/0/path"),
        (json!({ "op": "remove", "path": "a" }), "/delta/0/path"),
        (json!({ "op": "remove", "path": "/~2" }), "/delta/0/path"),
        (json!({ "op": "remove", "path": "/a~" }), "/delta/0/path"),
        (json!({ "op": "remove", "path": "#/a" }), "/delta/0/path"),
        (json!({ "op": "copy", "from": "a/b", "path": "" }), "/delta/0/from"),
    ] {
        malformed("Event", &event(json!([operation])), pointer);
    }
    for path in ["", "/", "//", "/a~0b~1c", "/-", "/\n", "/😀", "/ "] {
        accepted("Event", &event(json!([{ "op": "remove", "path": path }])));
        assert_eq!(JsonPointer::try_from(path).unwrap().as_str(), path);
    }
    assert!(JsonPointer::try_from("a").is_err());
    accepted("Event", &event(json!([])));
}

/// STATE-8
#[test]
fn members_that_an_operation_does_not_define_are_kept() {
    for operation in [
        json!({ "op": "add", "path": "", "value": 1, "from": 7, "note": null }),
        json!({ "op": "remove", "path": "/a", "value": { "old": [1, 2] } }),
        json!({ "op": "replace", "path": "/a", "value": null, "": "", "a/b~c": 1.5 }),
        json!({ "op": "move", "path": "/a", "from": "/b", "type": "RUN_ERROR" }),
        json!({ "op": "copy", "path": "/a", "from": "/b", "extra": {} }),
        json!({ "op": "test", "path": "/a", "value": 0, "x-order": 2 }),
    ] {
        accepted("JsonPatchOperation", &operation);
        accepted("Event", &json!({ "type": "STATE_DELTA", "delta": [operation] }));
    }
    let patch: JsonPatch =
        serde_json::from_value(json!([{ "op": "remove", "path": "/a", "note": "why" }])).unwrap();
    let JsonPatchOperation::Remove(remove) = &patch[0] else { panic!("{patch:?}") };
    assert_eq!(remove.extra["note"], "why");
    assert_eq!(
        serde_json::to_string(&StateDeltaEvent::new(patch)).unwrap(),
        r#"{"type":"STATE_DELTA","delta":[{"op":"remove","path":"/a","note":"why"}]}"#
    );
}

/// INPUT-9, INPUT-11
#[test]
fn what_an_input_leaves_out_stays_out() {
    let input = json!({ "threadId": "t", "runId": "r", "messages": [] });
    accepted("RunAgentInput", &input);
    let decoded: RunAgentInput = serde_json::from_value(input.clone()).unwrap();
    assert_eq!((&decoded.tools, &decoded.context, &decoded.state), (&None, &None, &None));
    assert_eq!(decoded, RunAgentInput::new("t", "r", vec![]));
    for (name, empty) in
        [("tools", json!([])), ("context", json!([])), ("resume", json!([])), ("state", json!({}))]
    {
        let mut input = input.clone();
        input[name] = empty;
        accepted("RunAgentInput", &input);
    }
    for falsy in [json!(0), json!(false), json!(""), json!([])] {
        let mut input = input.clone();
        input["state"] = falsy.clone();
        input["forwardedProps"] = falsy;
        accepted("RunAgentInput", &input);
    }
}

/// GEN-1, PROC-19: what is no valid document is not written either.
#[test]
fn invalid_values_are_not_encoded() {
    for (timestamp, valid) in
        [(i64::MIN, false), (-(1 << 53), false), (-(1 << 53) + 1, true), (1 << 53, false)]
    {
        let encoded = serde_json::to_string(&StepStartedEvent::new("s").timestamp(timestamp));
        assert_eq!(encoded.is_ok(), valid, "{timestamp}: {encoded:?}");
    }
    let mut usage = TokenUsage::new();
    usage.total_tokens = Some(1 << 53);
    let error = serde_json::to_string(&RunFinishedEvent::new("t", "r").usage(vec![usage])).unwrap_err();
    assert!(error.to_string().contains("/totalTokens: "), "{error}");
    let error = serde_json::to_string(&RunFinishedInterruptOutcome::new(vec![])).unwrap_err();
    assert!(error.to_string().contains("/interrupts: "), "{error}");
}

/// CAP-2
#[test]
fn what_a_declaration_leaves_out_is_not_what_it_denies() {
    accepted("AgentCapabilities", &json!({}));
    let declared: AgentCapabilities =
        serde_json::from_value(json!({ "tools": { "supported": false }, "state": {} })).unwrap();
    let tools = declared.tools.unwrap();
    assert_eq!((tools.supported, tools.parallel_calls), (Some(false), None));
    assert_eq!((declared.state.unwrap().deltas, declared.reasoning), (None, None));
}

/// CAP-6, CAP-7
#[test]
fn a_declaration_is_taken_without_what_is_unknown_and_not_at_all_if_it_is_malformed() {
    let known = json!({ "custom": { "x": null }, "identity": { "metadata": { "y": 1 } }, "tools": { "supported": true } });
    accepted("AgentCapabilities", &known);
    let mut more = known.clone();
    more["future"] = json!({ "supported": true });
    unrecognised("AgentCapabilities", &more, Some(&known), &[("/future", Member)]);
    let mut more = known.clone();
    more["tools"]["voice"] = json!(true);
    unrecognised("AgentCapabilities", &more, Some(&known), &[("/tools/voice", Member)]);
    malformed("AgentCapabilities", &json!({ "tools": { "supported": "yes" } }), "/tools/supported");
    malformed("AgentCapabilities", &json!({ "custom": [] }), "/custom");
    malformed(
        "AgentCapabilities",
        &json!({ "execution": { "maxIterations": -1 } }),
        "/execution/maxIterations",
    );
}
