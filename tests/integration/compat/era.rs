//! What servers of an era are sent, before and after.

use agui::compat::Era;
use agui::{Event, RunAgentInput};
use serde_json::{Value, json};

fn request() -> Value {
    json!({
        "threadId": "t", "runId": "r", "protocolVersion": "1.0", "parentRunId": "p",
        "messages": [
            {"id": "u", "role": "user", "content": [
                {"type": "text", "text": "What is "},
                {"type": "image", "source": {"type": "url", "value": "x"}},
                {"type": "text", "text": "this?"},
                {"type": "document", "source": {"type": "file", "value": "handle"}},
            ]},
            {"id": "a", "role": "assistant", "subagentRunId": "s", "toolCalls": [
                {"id": "c", "type": "function", "function": {"name": "f", "arguments": ""}},
            ]},
            {"id": "t", "role": "tool", "toolCallId": "c", "content": [
                {"type": "text", "text": "a cat"}, {"type": "audio", "source": {"type": "url", "value": "x"}},
            ]},
        ],
    })
}

#[track_caller]
fn becomes(era: &str, change: impl FnOnce(&mut Value), lost: &[&str]) {
    let mut input: RunAgentInput = serde_json::from_value(request()).unwrap();
    let era: Era = era.parse().unwrap();
    let done = era.request(&mut input);
    let mut expected = request();
    change(&mut expected);
    assert_eq!(json!(input), expected);
    assert_eq!(done.iter().map(ToString::to_string).collect::<Vec<_>>(), lost);
    // Once is enough.
    assert_eq!(era.request(&mut input), []);
    assert_eq!(json!(input), expected);
}

fn remove(value: &mut Value, member: &str) {
    value.as_object_mut().unwrap().remove(member).unwrap();
}

#[test]
fn ver_14_a_server_of_today_gets_all() {
    becomes("1.0.0", |_| {}, &[]);
    becomes("1.2", |_| {}, &[]);
}

/// VER-1: and the version is not declared to those who know no such member.
#[test]
fn ver_13_each_era_gets_what_it_knows() {
    let before_1_0 = |input: &mut Value| {
        remove(input, "protocolVersion");
        // VER-15: they were required.
        (input["tools"], input["context"]) = (json!([]), json!([]));
    };
    let before_subagents = move |input: &mut Value| {
        before_1_0(input);
        remove(&mut input["messages"][1], "subagentRunId");
    };
    becomes("0.0.59", before_1_0, &[]);
    becomes("0.0.58", before_1_0, &[]);
    becomes("0.0.57", before_subagents, &[]);
    becomes("0.0.40", before_subagents, &[]);
    becomes(
        "0.0.39",
        |input| {
            before_subagents(input);
            remove(input, "parentRunId");
            input["messages"][0]["content"] = "What is this?".into();
            input["messages"][1]["content"] = "".into();
            input["messages"][2]["content"] = "a cat".into();
        },
        &[
            "/parentRunId: parentRunId dropped; lost: which run spawned this one (VER-19)",
            "/messages/0/content: content of a message as text; lost: its parts of the kinds document, image (VER-19)",
            "/messages/2/content: content of a message as text; lost: its parts of the kinds audio (VER-19)",
        ],
    );
}

#[test]
fn ver_19_subagents_of_the_response_are_dropped_and_told() {
    let event = |event: Value| serde_json::from_value::<Event>(event).unwrap();
    let started = event(json!({"type": "SUBAGENT_STARTED", "subagentRunId": "s", "name": "n"}));
    let said = |tag: Value| {
        let mut value = json!({"type": "TEXT_MESSAGE_CONTENT", "messageId": "m", "delta": "x"});
        value.as_object_mut().unwrap().extend(tag.as_object().unwrap().clone());
        event(value)
    };
    let tagged = said(json!({"subagentRunId": "s"}));

    let old: Era = "0.0.57".parse().unwrap();
    let (after, lost) = old.response(started.clone());
    assert_eq!(after, None);
    assert_eq!(
        lost[0].to_string(),
        "SUBAGENT_STARTED dropped; lost: when which subagent is at work (VER-19)"
    );
    assert_eq!(old.response(tagged.clone()), (Some(said(json!({}))), vec![]));

    let newer: Era = "0.0.58".parse().unwrap();
    assert_eq!(newer.response(started.clone()), (Some(started), vec![]));
    assert_eq!(newer.response(tagged.clone()), (Some(tagged), vec![]));
}

#[test]
fn eras_are_releases() {
    assert!("0.0.9".parse::<Era>().unwrap() < "0.0.39".parse().unwrap());
    assert_eq!("1.0".parse::<Era>().unwrap().to_string(), "1.0.0");
    for wrong in ["", "1.0.0.0", "0.0.x", "v1", "0.0.-1", "0..1"] {
        let error = wrong.parse::<Era>().unwrap_err();
        assert!(error.to_string().contains(wrong), "{error}");
    }
}
