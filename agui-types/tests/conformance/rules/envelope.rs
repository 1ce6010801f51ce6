//! EVT and META: what all events share, absence, identifiers, metadata.

use super::{accepted, malformed};
use crate::support::rng::Rng;
use crate::support::shape::Shape;
use crate::support::{generate, schema};
use agui_types::{Event, EventType, RawEvent, RunFinishedEvent, TextPart, Tool};
use serde_json::{Value, json};

/// EVT-1
#[test]
fn an_event_is_an_object_with_one_of_31_types() {
    // A later version may have more.
    assert!(EventType::ALL.len() >= 31);
    for kind in EventType::ALL {
        let Shape::Tagged(events) = schema::own().shape("Event") else { panic!("no union") };
        let mut rng = Rng::with_seed(1);
        let document = generate::document(schema::own(), &events.variants[kind.as_str()], &mut rng);
        accepted("Event", &document);
        let event: Event = serde_json::from_value(document).unwrap();
        assert_eq!((event.event_type(), event.tag()), (*kind, kind.as_str()));
    }
    for document in
        [json!({}), json!({ "timestamp": 1 }), json!({ "Type": "CUSTOM", "name": "", "value": 1 })]
    {
        malformed("Event", &document, "");
    }
    for document in [json!(null), json!("CUSTOM"), json!(["CUSTOM"]), json!(1), json!(true)] {
        malformed("Event", &document, "");
    }
    for tag in [json!(null), json!(1), json!(["CUSTOM"]), json!({ "type": "CUSTOM" })] {
        malformed("Event", &json!({ "type": tag, "name": "", "value": 1 }), "/type");
    }
}

/// EVT-4: we send no `null` for what we have no value for, even if the program has one there.
#[test]
fn absent_members_are_left_out_of_the_text() {
    let finished = RunFinishedEvent::new("t", "r");
    let text = r#"{"type":"RUN_FINISHED","threadId":"t","runId":"r"}"#;
    assert_eq!(serde_json::to_string(&finished).unwrap(), text);
    assert_eq!(serde_json::to_string(&finished.clone().result(Value::Null)).unwrap(), text);
    let mut assigned = finished.clone();
    assigned.result = Some(Value::Null);
    assigned.raw_event = Some(Value::Null);
    assert_eq!(serde_json::to_string(&assigned).unwrap(), text);
    assert_eq!(serde_json::from_str::<RunFinishedEvent>(text).unwrap(), finished);

    let mut part = TextPart::new("x");
    part.metadata = Some(Value::Null);
    assert_eq!(serde_json::to_string(&part).unwrap(), r#"{"type":"text","text":"x"}"#);
    let mut tool = Tool::new("n", "d");
    tool.parameters = Some(Value::Null);
    assert_eq!(serde_json::to_string(&tool).unwrap(), r#"{"name":"n","description":"d"}"#);
}

/// EVT-6
#[test]
fn required_members_of_any_json_may_be_null() {
    accepted("Event", &json!({ "type": "CUSTOM", "name": "n", "value": null }));
    accepted("Event", &json!({ "type": "RAW", "event": null }));
    accepted("Event", &json!({ "type": "STATE_SNAPSHOT", "snapshot": null }));
    for op in ["add", "replace", "test"] {
        let operation = json!({ "op": op, "path": "/a", "value": null });
        accepted("JsonPatchOperation", &operation);
        accepted("Event", &json!({ "type": "STATE_DELTA", "delta": [operation] }));
    }
    let raw = serde_json::to_string(&RawEvent::new(Value::Null)).unwrap();
    assert_eq!(raw, r#"{"type":"RAW","event":null}"#);
    // Null is a value and not the lack of one.
    malformed("Event", &json!({ "type": "CUSTOM", "name": "n" }), "");
    malformed("Event", &json!({ "type": "RAW" }), "");
    malformed("Event", &json!({ "type": "STATE_SNAPSHOT" }), "");
    malformed("JsonPatchOperation", &json!({ "op": "add", "path": "/a" }), "");
}

/// EVT-7
#[test]
fn null_under_a_key_of_an_open_object_is_data() {
    let data = json!({ "a": null, "b": { "c": [null] }, "": null });
    accepted("Event", &json!({ "type": "STEP_STARTED", "stepName": "s", "metadata": data }));
    accepted("Event", &json!({ "type": "STEP_STARTED", "stepName": "s", "rawEvent": data }));
    accepted("Event", &json!({ "type": "STATE_SNAPSHOT", "snapshot": data }));
    accepted(
        "Event",
        &json!({ "type": "ACTIVITY_SNAPSHOT", "messageId": "m", "activityType": "a", "content": data }),
    );
    accepted("Event", &json!({ "type": "RUN_FINISHED", "threadId": "t", "runId": "r", "result": data }));
    accepted("Interrupt", &json!({ "id": "i", "reason": "r", "responseSchema": data }));
    accepted("ResumeEntry", &json!({ "interruptId": "i", "status": "resolved", "payload": data }));
    accepted("AgentCapabilities", &json!({ "custom": data }));
    accepted("JsonPatchOperation", &json!({ "op": "remove", "path": "", "note": null }));
    let input = json!({ "threadId": "t", "runId": "r", "messages": [], "forwardedProps": data, "state": { "x": null } });
    accepted("RunAgentInput", &input);
}

/// EVT-10
#[test]
fn ids_are_opaque_and_may_be_empty() {
    for id in ["", " ", "null", "0", "\u{0}", "thread/1#a?b=c", "😀"] {
        accepted("Event", &json!({ "type": "RUN_STARTED", "threadId": id, "runId": id, "parentRunId": id }));
        accepted("Event", &json!({ "type": "TOOL_CALL_START", "toolCallId": id, "toolCallName": id }));
        accepted("Event", &json!({ "type": "TEXT_MESSAGE_END", "messageId": id, "subagentRunId": id }));
        accepted("Message", &json!({ "id": id, "role": "tool", "content": "", "toolCallId": id }));
        accepted("Interrupt", &json!({ "id": id, "reason": "" }));
    }
}

/// META-1
#[test]
fn metadata_is_absent_or_an_object() {
    accepted("Event", &json!({ "type": "STEP_STARTED", "stepName": "s" }));
    accepted("Event", &json!({ "type": "STEP_STARTED", "stepName": "s", "metadata": {} }));
    for wrong in [json!(null), json!([]), json!("{}"), json!(0), json!(false)] {
        let carriers = [
            ("Event", json!({ "type": "STEP_STARTED", "stepName": "s" })),
            ("Message", json!({ "id": "m", "role": "assistant" })),
            (
                "ToolCall",
                json!({ "id": "c", "type": "function", "function": { "name": "n", "arguments": "" } }),
            ),
            ("Tool", json!({ "name": "n", "description": "d" })),
            ("Interrupt", json!({ "id": "i", "reason": "r" })),
            ("ResumeEntry", json!({ "interruptId": "i", "status": "cancelled" })),
            ("IdentityCapabilities", json!({})),
        ];
        for (definition, mut carrier) in carriers {
            carrier["metadata"] = wrong.clone();
            malformed(definition, &carrier, "/metadata");
        }
    }
}

/// META-2
#[test]
fn metadata_keys_are_kept_whatever_they_are() {
    let metadata = json!({
        "": 0, "ag-ui": { "x": null }, "type": "RUN_ERROR", "messageId": [], "metadata": { "metadata": {} },
        "a/b~c": true, "__proto__": null, "ключ": "значение", "\u{0}\n\"": 1.5, "acme.trace": "00-1",
    });
    accepted("Metadata", &metadata);
    accepted("Event", &json!({ "type": "TEXT_MESSAGE_END", "messageId": "m", "metadata": metadata }));
    accepted("Message", &json!({ "id": "m", "role": "user", "content": "", "metadata": metadata }));
    // The metadata of a content part is any JSON.
    for metadata in [metadata, json!(0), json!(""), json!([null]), json!(false)] {
        accepted("ContentPart", &json!({ "type": "text", "text": "", "metadata": metadata }));
    }
}
