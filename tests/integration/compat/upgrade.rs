//! What older peers send, before and after; and that the reference client makes the same of it.

use crate::support::peers::Peer;
use agui::codec::DecodeError;
use agui::compat::{Upgraded, Upgrader, decode_input, is_suspect, upgrade_input};
use agui::reduce::Conversation;
use agui::verify::Verifier;
use agui::{Event, codec};
use serde_json::{Value, json};

fn decode(upgrader: &mut Upgrader, event: &Value) -> Result<Upgraded<Event>, DecodeError> {
    upgrader.decode(event.to_string().as_bytes())
}

/// Events before, events after, what was done. Decoding and upgrading in place have to agree.
#[track_caller]
fn upgraded(before: Value, after: Value, done: &[&str]) {
    let (mut decoding, mut in_place) = (Upgrader::repeatable(), Upgrader::repeatable());
    let (mut events, mut conversions) = (Vec::new(), Vec::new());
    for event in before.as_array().unwrap() {
        let upgraded = decode(&mut decoding, event).unwrap_or_else(|error| panic!("{error}: {event}"));
        let mut document = event.clone();
        assert_eq!(in_place.upgrade(&mut document), upgraded.conversions);
        assert_eq!(document, json!(upgraded.decoded.value));
        assert_eq!(upgraded.decoded.unrecognised, []);
        events.push(document);
        conversions.extend(upgraded.conversions.iter().map(ToString::to_string));
    }
    assert_eq!(Value::Array(events), after);
    assert_eq!(conversions, done);
}

#[track_caller]
fn refused(event: Value, pointer: &str) {
    let before = event.clone();
    let error = decode(&mut Upgrader::new(), &event).unwrap_err();
    assert_eq!(error.pointer(), pointer);
    assert_eq!(before, event);
}

#[test]
fn ver_30_and_31_thinking_is_reasoning() {
    upgraded(
        json!([
            {"type": "THINKING_START", "title": "Working", "timestamp": 1, "rawEvent": {"a": null}},
            {"type": "THINKING_TEXT_MESSAGE_START"},
            {"type": "THINKING_TEXT_MESSAGE_CONTENT", "delta": "Let me ", "metadata": {"a": 1}},
            {"type": "THINKING_TEXT_MESSAGE_CONTENT", "delta": "check."},
            {"type": "THINKING_TEXT_MESSAGE_END"},
            {"type": "THINKING_END"},
            {"type": "THINKING_START", "title": null},
            {"type": "THINKING_END", "rawEvent": null},
        ]),
        json!([
            {"type": "REASONING_START", "messageId": "thinking-1", "timestamp": 1, "rawEvent": {"a": null}},
            {"type": "REASONING_MESSAGE_START", "messageId": "thinking-2", "role": "reasoning"},
            {"type": "REASONING_MESSAGE_CONTENT", "messageId": "thinking-2", "delta": "Let me ", "metadata": {"a": 1}},
            {"type": "REASONING_MESSAGE_CONTENT", "messageId": "thinking-2", "delta": "check."},
            {"type": "REASONING_MESSAGE_END", "messageId": "thinking-2"},
            {"type": "REASONING_END", "messageId": "thinking-1"},
            {"type": "REASONING_START", "messageId": "thinking-3"},
            {"type": "REASONING_END", "messageId": "thinking-3"},
        ]),
        &[
            "THINKING_START read as REASONING_START; lost: its title (VER-30)",
            "THINKING_TEXT_MESSAGE_START read as REASONING_MESSAGE_START (VER-31)",
            "THINKING_TEXT_MESSAGE_CONTENT read as REASONING_MESSAGE_CONTENT (VER-31)",
            "THINKING_TEXT_MESSAGE_CONTENT read as REASONING_MESSAGE_CONTENT (VER-31)",
            "THINKING_TEXT_MESSAGE_END read as REASONING_MESSAGE_END (VER-31)",
            "THINKING_END read as REASONING_END (VER-30)",
            "THINKING_START read as REASONING_START (VER-30)",
            "/rawEvent: `null` read as absent (VER-33)",
            "THINKING_END read as REASONING_END (VER-30)",
        ],
    );
}

#[test]
fn ver_31_ids_of_thinking_are_fresh() {
    let start = json!({"type": "THINKING_TEXT_MESSAGE_START"});
    let mut upgrader = Upgrader::new();
    let ids: Vec<_> = [&start, &start]
        .map(|event| json!(decode(&mut upgrader, event).unwrap().decoded.value)["messageId"].clone())
        .into();
    assert_ne!(ids[0], ids[1]);
}

#[test]
fn reas_5_thinking_that_nothing_opened_belongs_to_nothing() {
    let mut upgrader = Upgrader::new();
    for event in [
        json!({"type": "THINKING_TEXT_MESSAGE_CONTENT", "delta": "x"}),
        json!({"type": "THINKING_TEXT_MESSAGE_END"}),
        json!({"type": "THINKING_END"}),
    ] {
        let mut verifier = Verifier::consumer();
        verifier.check(&agui::RunStartedEvent::new("t", "r").into()).unwrap();
        let event = decode(&mut upgrader, &event).unwrap().decoded.value.unwrap();
        let violation = verifier.check(&event).unwrap_err();
        assert!(violation.to_string().contains("REAS-"), "{violation}");
    }
}

#[test]
fn ver_32_binary_parts_are_of_a_kind() {
    let parts = |parts: Value| {
        json!([{"type": "MESSAGES_SNAPSHOT", "messages": [
            {"id": "u", "role": "user", "content": parts},
            {"id": "t", "role": "tool", "toolCallId": "c", "content": parts},
        ]}])
    };
    let read = |count: usize| {
        let at = |message: usize, part: usize| {
            format!(
                "/messages/{message}/content/{part}: a `binary` part read as one of its kind of media (VER-32)"
            )
        };
        (0..2).flat_map(move |message| (0..count).map(move |part| at(message, part))).collect::<Vec<_>>()
    };
    let done = read(6);
    upgraded(
        parts(json!([
            {"type": "binary", "mimeType": "image/png", "data": "AAAA", "url": "https://a.example", "id": "f", "filename": "a.png"},
            {"type": "binary", "mimeType": "AUDIO/mp3", "data": null, "url": "https://a.example", "id": null, "filename": null},
            {"type": "binary", "mimeType": "video/mp4", "data": "", "url": "https://a.example"},
            {"type": "binary", "mimeType": "application/pdf", "url": "https://a.example", "metadata": null},
            {"type": "binary", "mimeType": "imagery", "url": "https://a.example", "filename": "b", "metadata": {"a": null}},
            {"type": "binary", "mimeType": "text/csv", "data": "MQ=="},
        ])),
        parts(json!([
            {"type": "image", "source": {"type": "data", "value": "AAAA", "mimeType": "image/png"}, "metadata": {"filename": "a.png"}},
            {"type": "audio", "source": {"type": "url", "value": "https://a.example", "mimeType": "AUDIO/mp3"}},
            {"type": "video", "source": {"type": "url", "value": "https://a.example", "mimeType": "video/mp4"}},
            {"type": "document", "source": {"type": "url", "value": "https://a.example", "mimeType": "application/pdf"}},
            {"type": "document", "source": {"type": "url", "value": "https://a.example", "mimeType": "imagery"},
             "metadata": {"a": null, "filename": "b"}},
            {"type": "document", "source": {"type": "data", "value": "MQ==", "mimeType": "text/csv"}},
        ])),
        &done.iter().map(String::as_str).collect::<Vec<_>>(),
    );
}

#[test]
fn ver_32_a_binary_part_that_cannot_be_read_is_removed_and_told() {
    for part in [
        json!({"type": "binary", "mimeType": "image/png", "id": "f"}),
        json!({"type": "binary", "url": "https://a.example"}),
        json!({"type": "binary", "mimeType": "image/png", "data": 7}),
    ] {
        let message = json!({"id": "u", "role": "user", "content": [{"type": "text", "text": "a"}, part]});
        let upgraded =
            decode(&mut Upgrader::new(), &json!({"type": "MESSAGES_SNAPSHOT", "messages": [message]}))
                .unwrap();
        assert_eq!(
            json!(upgraded.decoded.value)["messages"][0]["content"],
            json!([{"type": "text", "text": "a"}])
        );
        assert_eq!(
            upgraded.decoded.unrecognised[0].to_string(),
            "/messages/0/content/1: unknown variant `binary`"
        );
        assert!(upgraded.conversions[0].is_lossy());
    }
}

#[test]
fn ver_33_legacy_nulls_are_absent() {
    let input = json!({
        "threadId": "t", "runId": "r",
        "messages": [{"id": "u", "role": "user", "content": [
            {"type": "image", "source": {"type": "url", "value": "x"}, "metadata": null},
        ]}],
        "tools": [{"name": "n", "description": ""}, {"name": "n", "description": "", "parameters": null}],
        "resume": [{"interruptId": "i", "status": "resolved", "payload": null}],
        "forwardedProps": null, "state": null,
    });
    upgraded(
        json!([
            {"type": "RUN_STARTED", "threadId": "t", "runId": "r", "input": input, "rawEvent": null},
            {"type": "TOOL_CALL_START", "toolCallId": "c", "toolCallName": "n", "parentMessageId": null},
            {"type": "TOOL_CALL_CHUNK", "toolCallId": "d", "toolCallName": "n", "parentMessageId": null},
            {"type": "SUBAGENT_FINISHED", "subagentRunId": "s", "result": null},
            {"type": "CUSTOM", "name": "n", "value": null, "rawEvent": null},
            {"type": "RUN_FINISHED", "threadId": "t", "runId": "r", "outcome": null, "result": null},
        ]),
        json!([
            {"type": "RUN_STARTED", "threadId": "t", "runId": "r", "input": {
                "threadId": "t", "runId": "r",
                "messages": [{"id": "u", "role": "user", "content": [
                    {"type": "image", "source": {"type": "url", "value": "x"}},
                ]}],
                "tools": [{"name": "n", "description": ""}, {"name": "n", "description": ""}],
                "resume": [{"interruptId": "i", "status": "resolved"}],
            }},
            {"type": "TOOL_CALL_START", "toolCallId": "c", "toolCallName": "n"},
            {"type": "TOOL_CALL_CHUNK", "toolCallId": "d", "toolCallName": "n"},
            {"type": "SUBAGENT_FINISHED", "subagentRunId": "s"},
            {"type": "CUSTOM", "name": "n", "value": null},
            {"type": "RUN_FINISHED", "threadId": "t", "runId": "r"},
        ]),
        &[
            "/rawEvent: `null` read as absent (VER-33)",
            "/input/forwardedProps: `null` read as absent (VER-33)",
            "/input/state: `null` read as absent (VER-33)",
            "/input/tools/1/parameters: `null` read as absent (VER-33)",
            "/input/resume/0/payload: `null` read as absent (VER-33)",
            "/input/messages/0/content/0/metadata: `null` read as absent (VER-33)",
            "/parentMessageId: `null` read as absent (VER-33)",
            "/parentMessageId: `null` read as absent (VER-33)",
            "/result: `null` read as absent (VER-33)",
            "/rawEvent: `null` read as absent (VER-33)",
            "/outcome: `null` read as absent (VER-33)",
            "/result: `null` read as absent (VER-33)",
        ],
    );
}

#[test]
fn ver_34_every_other_null_stays_malformed() {
    let finished = |member: &str| {
        let mut event = json!({"type": "RUN_FINISHED", "threadId": "t", "runId": "r", "rawEvent": null});
        event[member] = Value::Null;
        event
    };
    for member in ["metadata", "timestamp", "usage"] {
        refused(finished(member), &format!("/{member}"));
    }
    refused(json!({"type": "TEXT_MESSAGE_START", "messageId": "m", "name": null}), "/name");
    refused(json!({"type": "TEXT_MESSAGE_START", "messageId": "m", "subagentRunId": null}), "/subagentRunId");
    refused(
        json!({"type": "RUN_STARTED", "threadId": "t", "runId": "r", "parentRunId": null}),
        "/parentRunId",
    );
    refused(json!({"type": "SUBAGENT_FINISHED", "subagentRunId": "s", "outcome": null}), "/outcome");
    refused(
        json!({"type": "TOOL_CALL_RESULT", "messageId": "m", "toolCallId": "c", "content": [
            {"type": "image", "source": {"type": "url", "value": "x"}, "metadata": null},
        ]}),
        "/content/0/metadata",
    );
    refused(
        json!({"type": "MESSAGES_SNAPSHOT", "messages": [
            {"id": "u", "role": "user", "content": [{"type": "text", "text": "a", "metadata": null}]},
        ]}),
        "/messages/0/content/0/metadata",
    );
    refused(
        json!({"type": "RUN_STARTED", "threadId": "t", "runId": "r", "input": {
            "threadId": "t", "runId": "r", "messages": [], "tools": [{"name": "n", "description": "", "metadata": null}],
        }}),
        "/input/tools/0/metadata",
    );
}

#[test]
fn ver_35_run_inputs_of_older_clients_are_read() {
    let before = json!({
        "threadId": "t", "runId": "r", "forwardedProps": null, "state": null,
        "messages": [{"id": "u", "role": "user", "content": [
            {"type": "binary", "mimeType": "image/png", "url": "https://a.example"},
            {"type": "video", "source": {"type": "url", "value": "x"}, "metadata": null},
        ]}],
        "tools": [{"name": "n", "description": "", "parameters": null}],
        "resume": [{"interruptId": "i", "status": "cancelled", "payload": null}],
        "notOfTheProtocol": 1,
    });
    let upgraded = decode_input(before.to_string().as_bytes()).unwrap();
    let after = json!({
        "threadId": "t", "runId": "r",
        "messages": [{"id": "u", "role": "user", "content": [
            {"type": "image", "source": {"type": "url", "value": "https://a.example", "mimeType": "image/png"}},
            {"type": "video", "source": {"type": "url", "value": "x"}},
        ]}],
        "tools": [{"name": "n", "description": ""}],
        "resume": [{"interruptId": "i", "status": "cancelled"}],
    });
    assert_eq!(json!(upgraded.decoded.value), after);
    assert_eq!(upgraded.decoded.unrecognised[0].pointer, "/notOfTheProtocol");
    let rules: Vec<_> =
        upgraded.conversions.iter().map(|one| (one.pointer.as_str(), one.rule, one.is_lossy())).collect();
    assert_eq!(
        rules,
        [
            ("/forwardedProps", "VER-35", false),
            ("/state", "VER-35", false),
            ("/tools/0/parameters", "VER-35", false),
            ("/resume/0/payload", "VER-35", false),
            ("/messages/0/content/0", "VER-32", false),
            ("/messages/0/content/1/metadata", "VER-35", false),
        ]
    );
    let mut document = before;
    assert_eq!(upgrade_input(&mut document), upgraded.conversions);
    // The parts of it that are malformed still are.
    document["state"] = Value::Null;
    document["runId"] = Value::Null;
    assert_eq!(decode_input(document.to_string().as_bytes()).unwrap_err().pointer(), "/runId");
}

/// Whether something has to be translated or not: of what is there twice nobody can say which counts.
#[test]
fn proc_4_a_repeated_member_is_refused_beside_older_shapes_too() {
    let tail = r#""threadId":"t","threadId":"u","runId":"r""#;
    for event in [
        format!(r#"{{"type":"RUN_FINISHED","outcome":null,{tail}}}"#),
        format!(r#"{{"type":"RUN_FINISHED",{tail},"outcome":null}}"#),
        format!(r#"{{"type":"RUN_FINISHED",{tail}}}"#),
        r#"{"type":"THINKING_START","title":"a","title":"b"}"#.to_owned(),
        r#"{"type":"CUSTOM","name":"n","rawEvent":null,"value":{"a":1,"a":2}}"#.to_owned(),
    ] {
        let error = Upgrader::new().decode(event.as_bytes()).unwrap_err();
        assert!(error.message().starts_with("duplicate"), "{event}: {error}");
    }
    for input in [format!(r#"{{"state":null,"messages":[],{tail}}}"#), format!(r#"{{"messages":[],{tail}}}"#)]
    {
        let error = decode_input(input.as_bytes()).unwrap_err();
        assert!(error.message().starts_with("duplicate"), "{input}: {error}");
    }
}

#[test]
fn clean_traffic_is_not_looked_at_twice() {
    let clean = [
        r#"{"type":"TEXT_MESSAGE_CONTENT","messageId":"m","delta":"x"}"#,
        r#"{"type":"TEXT_MESSAGE_CONTENT","messageId":"m","delta":"x","binary":1}"#,
        r#"{"type":"OF_TOMORROW","rawEvent":null}"#,
        r#"{"type":"TEXT_MESSAGE_CONTENT","messageId":null,"delta":"x"}"#,
        r#"{"type":"CUSTOM","name":"n","value":{"type":"binary","rawEvent":null}}"#,
        r#"{"type":"#,
    ];
    for event in clean {
        assert!(!is_suspect(&codec::decode_lenient::<Event>(event.as_bytes())), "{event}");
    }
    let suspect = [r#"{"type":"THINKING_END"}"#, r#"{"type":"RUN_ERROR","message":"m","rawEvent":null}"#];
    for event in suspect {
        assert!(is_suspect(&codec::decode_lenient::<Event>(event.as_bytes())), "{event}");
    }
}

/// Messages and verdict of our own pipeline: boundary, enforcement, verification, reducer.
fn ours(stream: &[Value]) -> (Value, bool) {
    let (mut upgrader, mut verifier) = (Upgrader::new(), Verifier::consumer());
    let mut conversation = Conversation::default();
    for event in stream {
        let Ok(upgraded) = decode(&mut upgrader, event) else { return (Value::Null, false) };
        let Some(event) = upgraded.decoded.value else { continue };
        if verifier.check(&event).is_err() {
            return (Value::Null, false);
        }
        conversation.apply(&event).unwrap();
    }
    (json!(conversation.messages()), true)
}

/// Ids that a client makes up, told apart by where they are alone.
fn without_fresh_ids(messages: &Value) -> Value {
    let mut messages = messages.clone();
    for message in messages.as_array_mut().unwrap() {
        if message["role"] == "reasoning" {
            message["id"] = "fresh".into();
        }
    }
    messages
}

#[test]
fn the_reference_client_makes_the_same_of_older_streams() {
    let Some(node) = Peer::node("the reference client on older streams") else { return };
    let of = |events: Value| {
        let mut stream = vec![json!({"type": "RUN_STARTED", "threadId": "thread", "runId": "run"})];
        stream.extend(events.as_array().unwrap().iter().cloned());
        stream.push(json!({"type": "RUN_FINISHED", "threadId": "thread", "runId": "run", "outcome": null, "result": null}));
        stream
    };
    let thinking = |events: &[&str]| {
        let event = |name: &&str| match *name {
            "CONTENT" => json!({"type": "THINKING_TEXT_MESSAGE_CONTENT", "delta": "hm "}),
            "START" | "END" => json!({"type": format!("THINKING_TEXT_MESSAGE_{name}")}),
            "OPEN" => json!({"type": "THINKING_START", "title": "t", "rawEvent": null}),
            _ => json!({"type": "THINKING_END"}),
        };
        of(events.iter().map(event).collect())
    };
    let part = |part: Value| {
        of(json!([{"type": "MESSAGES_SNAPSHOT", "messages": [
            {"id": "u", "role": "user", "content": [{"type": "text", "text": "a"}, part]},
        ]}]))
    };
    let echoed = |content: Value| {
        vec![
            json!({"type": "RUN_STARTED", "threadId": "thread", "runId": "run", "input": {
                "threadId": "thread", "runId": "run", "forwardedProps": null, "state": null,
                "messages": [{"id": "u", "role": "user", "content": content}],
                "tools": [{"name": "n", "description": "", "parameters": null}],
                "resume": [{"interruptId": "i", "status": "resolved", "payload": null}],
            }}),
            json!({"type": "RUN_FINISHED", "threadId": "thread", "runId": "run"}),
        ]
    };
    let streams = [
        thinking(&["OPEN", "START", "CONTENT", "CONTENT", "END", "CLOSE"]),
        thinking(&["START", "CONTENT", "END", "START", "CONTENT", "END"]),
        thinking(&["OPEN", "CLOSE", "OPEN", "CLOSE"]),
        thinking(&["OPEN", "OPEN", "CLOSE"]),
        thinking(&["OPEN", "OPEN", "CLOSE", "CLOSE"]),
        thinking(&["START", "START", "END"]),
        thinking(&["CONTENT"]),
        thinking(&["CLOSE"]),
        thinking(&["OPEN"]),
        part(json!({"type": "binary", "mimeType": "image/png", "data": "AAAA", "url": "u", "filename": "f"})),
        part(json!({"type": "binary", "mimeType": "audio/mp3", "url": "u", "data": null, "id": null})),
        part(json!({"type": "binary", "mimeType": "a/b", "url": "u"})),
        part(json!({"type": "binary", "mimeType": "video/mp4", "id": "i"})),
        part(json!({"type": "binary", "url": "u"})),
        part(json!({"type": "binary", "mimeType": "image/png", "url": "u", "other": 1})),
        part(json!({"type": "image", "source": {"type": "url", "value": "x"}, "metadata": null})),
        part(json!({"type": "text", "text": "b", "metadata": null})),
        echoed(json!([{"type": "binary", "mimeType": "image/png", "url": "u"}])),
        echoed(json!("Hi")),
        of(
            json!([{"type": "TOOL_CALL_START", "toolCallId": "c", "toolCallName": "n", "parentMessageId": null},
                  {"type": "TOOL_CALL_END", "toolCallId": "c"}]),
        ),
        of(
            json!([{"type": "TOOL_CALL_CHUNK", "toolCallId": "c", "toolCallName": "n", "parentMessageId": null}]),
        ),
        of(json!([{"type": "TOOL_CALL_CHUNK", "toolCallId": "c", "toolCallName": "n", "delta": null}])),
        of(json!([{"type": "TOOL_CALL_RESULT", "messageId": "m", "toolCallId": "c",
                   "content": [{"type": "binary", "mimeType": "image/png", "url": "u"}]}])),
        of(json!([{"type": "STATE_SNAPSHOT", "snapshot": null, "metadata": null}])),
    ];
    let lines: String = streams.iter().map(|stream| format!("{}\n", json!(stream))).collect();
    let theirs = node.run("reduce.mjs", &[], &lines);
    for (stream, theirs) in streams.iter().zip(theirs.as_array().unwrap()) {
        let (messages, accepted) = ours(stream);
        assert_eq!(accepted, theirs["failure"].is_null(), "{theirs} for {}", json!(stream));
        if accepted {
            let (ours, theirs) = (without_fresh_ids(&messages), without_fresh_ids(&theirs["messages"]));
            assert_eq!(ours, theirs, "for {}", json!(stream));
        }
    }
}
