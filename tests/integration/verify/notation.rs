//! Streams in few words.
//!
//! `TEXT_MESSAGE_START m=m1 @s; TOOL_CALL_CHUNK toolCallId=c1`: events are separated by semicolons, members
//! are strings, or JSON if they look like it; `m=`, `c=` and `p=` are the ids of message, call and parent
//! message, `@s` the tag. What an event requires and is not given has some value.

use agui::Event;
use serde_json::{Value, json};

pub(super) fn events(stream: &str) -> Vec<Event> {
    stream.split(';').map(str::trim).filter(|event| !event.is_empty()).map(event).collect()
}

fn event(text: &str) -> Event {
    let mut words = text.split_whitespace();
    let kind = words.next().unwrap();
    let mut event = required(kind);
    event["type"] = kind.into();
    for word in words {
        let (key, value) = match word.strip_prefix('@') {
            Some(tag) => ("subagentRunId", tag),
            None => word.split_once('=').unwrap_or_else(|| panic!("{word} in {text}")),
        };
        let key = match key {
            "m" => "messageId",
            "c" => "toolCallId",
            "p" => "parentMessageId",
            key => key,
        };
        event[key] = match value {
            "null" => {
                event.as_object_mut().unwrap().remove(key);
                continue;
            }
            value => serde_json::from_str(value).unwrap_or_else(|_| value.into()),
        };
    }
    serde_json::from_value(event.clone()).unwrap_or_else(|error| panic!("{text}: {error}: {event}"))
}

/// Members that events cannot be without.
fn required(kind: &str) -> Value {
    match kind {
        "RUN_STARTED" => json!({ "threadId": "t", "runId": "r", "protocolVersion": "1.0" }),
        "RUN_FINISHED" => json!({ "threadId": "t", "runId": "r" }),
        "RUN_ERROR" | "SUBAGENT_ERROR" => json!({ "message": "no" }),
        "TEXT_MESSAGE_CONTENT" | "TOOL_CALL_ARGS" | "REASONING_MESSAGE_CONTENT" => json!({ "delta": "x" }),
        "TOOL_CALL_START" => json!({ "toolCallName": "search" }),
        "TOOL_CALL_RESULT" => json!({ "messageId": "answer", "content": "" }),
        "REASONING_MESSAGE_START" => json!({ "role": "reasoning" }),
        "REASONING_ENCRYPTED_VALUE" => json!({ "subtype": "message", "encryptedValue": "x" }),
        "STEP_STARTED" | "STEP_FINISHED" => json!({ "stepName": "plan" }),
        "SUBAGENT_STARTED" => json!({ "name": "helper" }),
        "ACTIVITY_SNAPSHOT" => json!({ "activityType": "PLAN", "content": {} }),
        "ACTIVITY_DELTA" => json!({ "activityType": "PLAN", "patch": [] }),
        "STATE_SNAPSHOT" => json!({ "snapshot": {} }),
        "STATE_DELTA" => json!({ "delta": [] }),
        "CUSTOM" => json!({ "name": "x", "value": 1 }),
        "RAW" => json!({ "event": 1 }),
        _ => json!({}),
    }
}
