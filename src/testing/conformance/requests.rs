//! What the suite asks for, and what has to come of it.
#![allow(clippy::indexing_slicing, reason = "the inputs are the suite's own")]

use super::report::Level;
use serde_json::{Value, json};

/// One request with an expectation.
pub(super) struct Case {
    pub(super) rule: &'static str,
    pub(super) level: Level,
    /// What is asked.
    pub(super) asked: &'static str,
    pub(super) expected: Expected,
    /// Changes the smallest input: thread, run, version, and a message of the user.
    pub(super) change: fn(&mut Value),
    /// What is sent in its place.
    pub(super) raw: Option<&'static str>,
    pub(super) content_type: &'static str,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Expected {
    /// A run starts.
    Run,
    /// A run starts and does not fail, unless the plain one failed, too.
    Success,
    /// An HTTP error and no stream.
    Refusal,
    /// A run or a refusal, but no failure of the server.
    Answer,
}
use Expected::{Answer, Refusal, Run, Success};

/// The version of the input that is newer than any.
pub(super) const NEWER: &str = "1.9999";

/// The first is what others are compared with.
#[rustfmt::skip]
pub(super) const CASES: &[Case] = &[
    must("INPUT-9",  "an input without tools and context", Run, |_| {}),
    must("INPUT-11", "an input without state", Run, |input| {
        input["tools"] = json!([]);
        input["context"] = json!([]);
    }),
    must("SSE-3",    "an input with everything", Run, everything),
    must("VER-3",    "an input of an older client, without a version", Run, |input| without(input, "protocolVersion")),
    must("VER-6",    "an input of a newer minor version", Run, |input| input["protocolVersion"] = json!(NEWER)),
    must("INPUT-14", "unknown members", Run, |input| {
        input["xUnknown"] = json!({ "a": 1 });
        input["messages"][0]["xUnknown"] = json!(true);
    }),
    must("PROC-18",  "a content part of an unknown type", Success, |input| part(input, json!({ "type": "x-hologram", "x": 1 }))),
    must("INPUT-3",  "an image", Success, |input| part(input, json!({
        "type": "image",
        "source": { "type": "data", "value": PIXEL, "mimeType": "image/png" },
    }))),
    must("INPUT-7",  "a file of a provider that nobody knows", Success, |input| part(input, json!({
        "type": "document",
        "source": { "type": "file", "value": "file-1", "provider": "x-nobody", "mimeType": "application/pdf" },
    }))),
    note("VER-35",   "nulls of older clients", Run, |input| {
        without(input, "protocolVersion");
        input["state"] = Value::Null;
        input["forwardedProps"] = Value::Null;
    }),
    note("INPUT-2",  "no messages", Answer, |input| input["messages"] = json!([])),
    note("TOOL-26",  "a tool message without a call", Answer, |input| {
        let orphan = json!({ "id": "orphan", "role": "tool", "toolCallId": "nobody's", "content": "42" });
        input["messages"] = json!([input["messages"][0], orphan]);
    }),
    raw("INPUT-13",  "a body that is no JSON", "{\"threadId\": "),
    raw("INPUT-13",  "an empty body", ""),
    raw("INPUT-13",  "a list in place of an input", "[]"),
    must("INPUT-13", "a number as `threadId`", Refusal, |input| input["threadId"] = json!(7)),
    must("INPUT-13", "no `runId`", Refusal, |input| without(input, "runId")),
    must("INPUT-13", "no `messages`", Refusal, |input| without(input, "messages")),
    must("INPUT-13", "a text as `messages`", Refusal, |input| input["messages"] = json!("Hello!")),
    must("INPUT-13", "a message without id", Refusal, |input| without(&mut input["messages"][0], "id")),
    must("INPUT-13", "a number as the content of a message", Refusal, |input| input["messages"][0]["content"] = json!(7)),
    must("INPUT-13", "a text as `tools`", Refusal, |input| input["tools"] = json!("none")),
    must("INPUT-13", "a tool without name", Refusal, |input| input["tools"] = json!([{ "description": "?" }])),
    must("INPUT-13", "a number as `protocolVersion`", Refusal, |input| input["protocolVersion"] = json!(1)),
    Case { content_type: "text/plain", ..note("SSE-1", "another content type than `application/json`", Refusal, |_| {}) },
];

/// The smallest input of a client of today (VER-1).
pub(super) fn plain(thread: &str, run: &str) -> Value {
    let message = json!({ "id": format!("{run}-message"), "role": "user", "content": "Hello!" });
    let version = agui_types::PROTOCOL_VERSION;
    json!({ "threadId": thread, "runId": run, "protocolVersion": version, "messages": [message] })
}

/// The tool that the suite has, to be called by agents that like to.
pub(super) const TOOL: &str = "conformance_echo";

/// Asks for a call of [`TOOL`].
pub(super) fn asks_for_a_call(input: &mut Value) {
    let text = json!({ "text": { "type": "string" } });
    let parameters = json!({ "type": "object", "properties": text, "required": ["text"] });
    input["tools"] = json!([{ "name": TOOL, "description": "Echoes a text.", "parameters": parameters }]);
    input["messages"][0]["content"] = json!(format!("Call the tool `{TOOL}` with the text \"hello\"."));
}

const PIXEL: &str =
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

fn everything(input: &mut Value) {
    input["state"] = json!({});
    input["tools"] = json!([]);
    input["context"] = json!([{ "description": "The time of day", "value": "noon" }]);
    input["forwardedProps"] = json!({ "a": null });
}

fn part(input: &mut Value, part: Value) {
    input["messages"][0]["content"] = json!([{ "type": "text", "text": "Hello!" }, part]);
}

fn without(value: &mut Value, member: &str) {
    value.as_object_mut().map(|members| members.remove(member));
}

const fn must(rule: &'static str, asked: &'static str, expected: Expected, change: fn(&mut Value)) -> Case {
    Case { rule, level: Level::Must, asked, expected, change, raw: None, content_type: "application/json" }
}

const fn note(rule: &'static str, asked: &'static str, expected: Expected, change: fn(&mut Value)) -> Case {
    Case { level: Level::Should, ..must(rule, asked, expected, change) }
}

const fn raw(rule: &'static str, asked: &'static str, body: &'static str) -> Case {
    Case { raw: Some(body), ..must(rule, asked, Refusal, |_| {}) }
}
