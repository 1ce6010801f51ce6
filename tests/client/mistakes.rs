//! A mock server that makes a mistake: of each rule of the conformance suite, and of what it notes.

use super::support::{call, event, sse, text};
use agui::testing::{MockAnswer, MockRequest};
use agui::{Message, RunAgentInput};
use serde_json::{Value, json};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

/// What a mock server without mistakes is about to answer.
pub(super) struct Run {
    input: RunAgentInput,
    pub(super) events: Vec<Value>,
    head: (u16, Vec<(&'static str, &'static str)>),
}

impl Run {
    /// After `RUN_STARTED`.
    fn say(&mut self, events: impl IntoIterator<Item = Value>) {
        self.events.splice(1..1, events);
    }

    fn last(&mut self) -> &mut Value {
        self.events.last_mut().unwrap()
    }

    fn answer(self) -> MockAnswer {
        self.answer_bytes(|bytes| bytes)
    }

    fn answer_bytes(self, change: impl Fn(Vec<u8>) -> Vec<u8>) -> MockAnswer {
        let answer = MockAnswer::bytes(change(sse(&self.events)));
        self.head.1.iter().fold(answer, |answer, (name, value)| answer.header(name, value))
    }
}

/// The run that is asked for; `None` for what has to be refused.
pub(super) fn run_for(request: &MockRequest) -> Option<Run> {
    let is_json = request.header("content-type") == Some("application/json");
    is_json.then(|| any_run_for(request)).flatten()
}

/// Whatever the type of the request's content is.
pub(super) fn any_run_for(request: &MockRequest) -> Option<Run> {
    let input = request.input().ok()?;
    let ids = json!({ "threadId": input.thread_id, "runId": input.run_id });
    let mut started = event("RUN_STARTED", ids.clone());
    started["protocolVersion"] = json!("1.0");
    let events =
        [vec![started], text(&format!("m-{}", input.run_id), "Hi!").into(), vec![event("RUN_FINISHED", ids)]];
    let headers = vec![("cache-control", "no-cache"), ("x-accel-buffering", "no")];
    Some(Run { input, events: events.concat(), head: (200, headers) })
}

pub(super) fn refused() -> MockAnswer {
    MockAnswer::status(422, "malformed")
}

pub(super) fn serve(request: &MockRequest, change: impl Fn(&mut Run)) -> MockAnswer {
    match run_for(request) {
        Some(mut run) => {
            change(&mut run);
            run.answer()
        }
        None => refused(),
    }
}

pub(super) type Mistake = Box<dyn Fn(&MockRequest) -> MockAnswer + Send + Sync>;

/// A mistake in the events.
pub(super) fn says(change: impl Fn(&mut Run) + Send + Sync + 'static) -> Mistake {
    Box::new(move |request| serve(request, &change))
}

/// A mistake in the bytes.
pub(super) fn writes(change: impl Fn(Vec<u8>) -> Vec<u8> + Send + Sync + 'static) -> Mistake {
    Box::new(move |request| run_for(request).map_or_else(refused, |run| run.answer_bytes(&change)))
}

/// A mistake in how a run is answered.
pub(super) fn answers(change: impl Fn(MockAnswer) -> MockAnswer + Send + Sync + 'static) -> Mistake {
    Box::new(move |request| run_for(request).map_or_else(refused, |run| change(run.answer())))
}

/// Input that is refused though it should not be.
pub(super) fn refuses(what: impl Fn(&Value) -> bool + Send + Sync + 'static) -> Mistake {
    Box::new(move |request| {
        let body = serde_json::from_slice(&request.body).unwrap_or_default();
        if what(&body) { refused() } else { serve(request, |_| {}) }
    })
}

/// Input that the server fails about.
pub(super) fn fails(what: impl Fn(&Value) -> bool + Send + Sync + 'static) -> Mistake {
    Box::new(move |request| {
        let body = serde_json::from_slice(&request.body).unwrap_or_default();
        if what(&body) { MockAnswer::status(500, "oh no") } else { serve(request, |_| {}) }
    })
}

pub(super) fn advertised(run: &Run) -> bool {
    run.input.tools.as_ref().is_some_and(|tools| !tools.is_empty())
        && !matches!(run.input.messages.last(), Some(Message::Tool(_)))
}

/// Calls the tool of the application, once.
pub(super) fn calling(more: impl Fn(&mut Run) + Send + Sync + 'static) -> Mistake {
    says(move |run| {
        if advertised(run) {
            run.say(call("c1", "conformance_echo", "{}"));
            run.last()["outcome"] = json!({ "type": "success", "pendingToolCallIds": ["c1"] });
            more(run);
        }
    })
}

pub(super) fn question(id: &str, call: &str) -> Value {
    json!({ "id": id, "reason": "approval", "toolCallId": call })
}

/// Asks twice, before it calls tools of its own.
pub(super) fn asking(more: impl Fn(&mut Run) + Send + Sync + 'static) -> Mistake {
    says(move |run| {
        let asked = run.input.messages.len() > 1;
        if !asked {
            run.say([call("c1", "delete", "{}"), call("c2", "delete", "{}")].concat());
            run.last()["outcome"] =
                json!({ "type": "interrupt", "interrupts": [question("i1", "c1"), question("i2", "c2")] });
        } else if run.input.resume.as_ref().is_none_or(|resume| resume.len() < 2) {
            run.last()["outcome"] = json!({ "type": "interrupt", "interrupts": [question("i3", "c2")] });
        }
        more(run);
    })
}

pub(super) fn insert(at: usize, event: Value) -> Mistake {
    says(move |run| run.events.insert(at, event.clone()))
}

pub(super) fn mistakes() -> Vec<(&'static str, Mistake)> {
    let step = |kind: &str| event(kind, json!({ "stepName": "s" }));
    let span = |kind: &str| event(kind, json!({ "messageId": "r" }));
    let agent = |kind: &str| event(kind, json!({ "subagentRunId": "s", "name": "s" }));
    let subagent = |kind: &str, id: &str| event(kind, json!({ "subagentRunId": id, "name": "s" }));
    let activity = |members: Value| {
        let mut activity =
            event("ACTIVITY_SNAPSHOT", json!({ "messageId": "a", "activityType": "x", "content": {} }));
        activity.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
        activity
    };
    let patched = |members: Value| {
        let mut patched =
            event("ACTIVITY_DELTA", json!({ "messageId": "a", "activityType": "x", "patch": [] }));
        patched.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
        patched
    };
    let chunk = |members: Value| event("TEXT_MESSAGE_CHUNK", members);
    let many = |events: Vec<Value>| says(move |run| run.say(events.clone()));
    let used = |usage: Value| says(move |run| run.last()["usage"] = json!([usage]));
    let earlier: Mutex<Option<Value>> = Mutex::new(None);
    let asked = Arc::new(AtomicUsize::new(0));
    vec![
        ("RUN-1", insert(0, event("CUSTOM", json!({ "name": "x", "value": 1 })))),
        ("RUN-4", says(|run| run.last()["runId"] = json!("another"))),
        ("RUN-5", says(|run| run.events[0]["threadId"] = json!("another"))),
        (
            "RUN-6",
            says(|run| {
                run.events[0]["runId"] = json!("another");
                run.last()["runId"] = json!("another");
            }),
        ),
        ("RUN-9", says(|run| drop(run.events[0].as_object_mut().unwrap().remove("protocolVersion")))),
        ("RUN-11", says(|run| drop(run.events.remove(3)))),
        ("RUN-14", says(|run| run.last()["outcome"] = json!({ "type": "x-paused" }))),
        ("RUN-16", says(|run| run.events.push(event("CUSTOM", json!({ "name": "x", "value": 1 }))))),
        (
            "RUN-17",
            says(|run| {
                *run.last() = event("RUN_ERROR", json!({ "message": "no" }));
                run.events.push(event("RUN_ERROR", json!({ "message": "no" })));
            }),
        ),
        ("RUN-21", says(|run| run.events.insert(1, run.events[0].clone()))),
        (
            "RUN-31",
            says(|run| {
                run.events.remove(3);
                run.last()["outcome"] = json!({ "type": "cancelled" });
            }),
        ),
        ("TRN-2", says(|run| drop(run.events.pop()))),
        ("TRN-1", answers(|answer| answer.cut_at(40))),
        (
            "VER-2",
            says(|run| {
                if let Some(version) = &run.input.protocol_version {
                    run.events[0]["protocolVersion"] = json!(version);
                }
            }),
        ),
        ("VER-6", refuses(|input| input["protocolVersion"].as_str().is_some_and(|version| version != "1.0"))),
        ("EVT-1", insert(1, event("X_THOUGHT", json!({})))),
        ("EVT-4", says(|run| run.events[1]["metadata"] = Value::Null)),
        (
            "EVT-9",
            says(move |run| {
                let Some(id) = run.input.messages.first().map(|message| message.id().to_owned()) else {
                    return;
                };
                run.say([
                    event("REASONING_MESSAGE_START", json!({ "messageId": id, "role": "reasoning" })),
                    span("REASONING_MESSAGE_END"),
                ]);
                run.events[2]["messageId"] = json!(id);
            }),
        ),
        ("EVT-13", says(|run| run.events[0]["subagentRunId"] = json!("s"))),
        ("PROC-19", says(|run| run.events[1]["xColour"] = json!("red"))),
        ("PROC-19", says(|run| run.events[2]["delta"] = json!(7))),
        ("TXT-7", says(|run| drop(run.events.remove(1)))),
        ("CHK-12", insert(1, event("TEXT_MESSAGE_CHUNK", json!({ "delta": "?" })))),
        ("TOOL-15", insert(1, event("TOOL_CALL_ARGS", json!({ "toolCallId": "c", "delta": "{}" })))),
        ("REAS-1", insert(1, span("REASONING_END"))),
        ("REAS-4", insert(1, span("REASONING_MESSAGE_END"))),
        (
            "STEP-1",
            says(move |run| run.say([step("STEP_STARTED"), step("STEP_STARTED"), step("STEP_FINISHED")])),
        ),
        ("STEP-2", insert(1, step("STEP_FINISHED"))),
        ("SUB-5", says(move |run| run.say([agent("SUBAGENT_STARTED"), agent("SUBAGENT_STARTED")]))),
        ("STATE-3", insert(1, event("STATE_DELTA", json!({ "delta": [{ "op": "remove", "path": "/x" }] })))),
        (
            "ACT-8",
            insert(1, event("ACTIVITY_DELTA", json!({ "messageId": "a", "activityType": "x", "patch": [] }))),
        ),
        // What cannot be read may have been the state.
        (
            "PROC-19",
            many(vec![
                event("STATE_SNAPSHOT", json!({ "snapshot": { "x": 1 }, "timestamp": "now" })),
                event("STATE_DELTA", json!({ "delta": [{ "op": "remove", "path": "/x" }] })),
            ]),
        ),
        (
            "ACT-7",
            many(vec![activity(json!({})), activity(json!({ "replace": false, "subagentRunId": "s" }))]),
        ),
        (
            "ACT-11",
            many(vec![
                activity(json!({})),
                patched(json!({ "patch": [{ "op": "replace", "path": "", "value": [] }] })),
            ]),
        ),
        ("ACT-14", many(vec![activity(json!({})), patched(json!({ "subagentRunId": "s" }))])),
        (
            "CHK-10",
            many(vec![
                chunk(json!({ "messageId": "k", "delta": "?" })),
                event("TEXT_MESSAGE_END", json!({ "messageId": "k" })),
            ]),
        ),
        (
            "CHK-17",
            many(vec![
                chunk(json!({ "messageId": "k", "delta": "?" })),
                chunk(json!({ "messageId": "k", "role": "user", "delta": "?" })),
            ]),
        ),
        (
            "CHK-25",
            many(vec![
                chunk(json!({ "messageId": "k", "delta": "?", "subagentRunId": "s" })),
                chunk(json!({ "messageId": "k", "delta": "?", "subagentRunId": "t" })),
            ]),
        ),
        (
            "CHK-29",
            many(vec![
                chunk(json!({ "messageId": "k", "delta": "?", "subagentRunId": "s" })),
                chunk(json!({ "messageId": "l", "delta": "?", "subagentRunId": "t" })),
                chunk(json!({ "delta": "?" })),
            ]),
        ),
        (
            "EVT-8",
            says(|run| {
                let again = [run.events[0].clone(), run.events[4].clone()];
                run.events.extend(again);
            }),
        ),
        (
            "STEP-3",
            many(vec![
                step("STEP_STARTED"),
                event("STEP_FINISHED", json!({ "stepName": "s", "subagentRunId": "s" })),
            ]),
        ),
        (
            "SUB-4",
            many(vec![
                event("CUSTOM", json!({ "name": "x.y", "value": 1, "subagentRunId": "s" })),
                subagent("SUBAGENT_STARTED", "s"),
                event("SUBAGENT_FINISHED", json!({ "subagentRunId": "s" })),
            ]),
        ),
        ("SUB-6", insert(1, event("SUBAGENT_FINISHED", json!({ "subagentRunId": "s" })))),
        (
            "SUB-11",
            says(|run| {
                run.events[1]["subagentRunId"] = json!("s");
                run.events[2]["subagentRunId"] = json!("t");
            }),
        ),
        (
            "SUB-14",
            says(|run| {
                run.events[1]["subagentRunId"] = json!("s");
                let mut again = [run.events[1].clone(), run.events[3].clone()];
                again[0]["subagentRunId"] = json!("t");
                run.events.splice(4..4, again);
            }),
        ),
        (
            "SUB-15",
            says(|run| {
                let parent = run.events[1]["messageId"].clone();
                let members = json!({
                    "toolCallId": "c", "toolCallName": "t", "parentMessageId": parent, "subagentRunId": "s",
                });
                run.events.insert(4, event("TOOL_CALL_START", members));
            }),
        ),
        (
            "SUB-17",
            insert(
                1,
                event(
                    "SUBAGENT_STARTED",
                    json!({ "subagentRunId": "s", "name": "s", "parentSubagentRunId": "t" }),
                ),
            ),
        ),
        ("TOOL-7", many([call("c", "one", "{}"), call("c", "two", "{}")].concat())),
        (
            "TXT-5",
            says(|run| {
                let mut again = [run.events[1].clone(), run.events[3].clone()];
                again[0]["name"] = json!("Ada");
                run.events.splice(4..4, again);
            }),
        ),
        ("USE-3", used(json!({ "inputTokens": 3, "cachedInputTokens": 2, "cacheWriteInputTokens": 2 }))),
        ("USE-3", used(json!({ "outputTokens": 3, "reasoningTokens": 4 }))),
        ("USE-4", used(json!({ "inputTokens": 3, "outputTokens": 2, "totalTokens": 6 }))),
        ("VER-3", refuses(|input| input.is_object() && input.get("protocolVersion").is_none())),
        (
            "INT-18",
            Box::new(|request| {
                let body: Value = serde_json::from_slice(&request.body).unwrap_or_default();
                match body["resume"][0]["interruptId"] == "i3" {
                    true => refused(),
                    false => asking(|_| {})(request),
                }
            }),
        ),
        ("SSE-3", answers(|answer| answer.header("content-type", "application/json"))),
        ("PB-3", answers(|answer| answer.header("content-type", "application/vnd.ag-ui.event+proto"))),
        ("SSE-4", writes(|bytes| [&bytes[..], b"data: [DONE]\n\n"].concat())),
        ("SSE-4", writes(|bytes| String::from_utf8(bytes).unwrap().replacen("}\n\ndata: ", "}", 1).into())),
        ("SSE-5", writes(|bytes| String::from_utf8(bytes).unwrap().replace('\n', "\r\n").into())),
        ("SSE-9", answers(MockAnswer::stuck)),
        (
            "SSE-10",
            Box::new(|request| match run_for(request) {
                Some(run) => run.answer(),
                None => refused().header("content-type", "text/event-stream"),
            }),
        ),
        ("INPUT-9", refuses(|input| !input.is_null() && input["tools"].is_null())),
        ("INPUT-11", refuses(|input| input["tools"].is_array() && input["state"].is_null())),
        (
            "INPUT-13",
            Box::new(|request| match run_for(request) {
                None if request.header("content-type") == Some("application/json") => MockAnswer::run([]),
                None => refused(),
                Some(run) => run.answer(),
            }),
        ),
        ("INPUT-14", refuses(|input| !input["xUnknown"].is_null())),
        ("PROC-18", refuses(|input| input["messages"][0]["content"][1]["type"] == "x-hologram")),
        (
            "INPUT-3",
            says(|run| {
                if json!(run.input.messages)[0]["content"][1]["type"] == "image" {
                    *run.last() = event("RUN_ERROR", json!({ "message": "I am blind" }));
                    run.events.drain(1..4);
                }
            }),
        ),
        ("INPUT-7", refuses(|input| input["messages"][0]["content"][1]["type"] == "document")),
        (
            "TOOL-9",
            Box::new(|request| {
                let body: Value = serde_json::from_slice(&request.body).unwrap_or_default();
                let last = body["messages"].as_array().and_then(|messages| messages.last());
                match last.map(|last| &last["toolCallId"]) {
                    Some(id) if *id == "c1" => refused(),
                    _ => calling(|_| {})(request),
                }
            }),
        ),
        (
            "TOOL-20",
            calling(|run| {
                let result = json!({ "messageId": "t", "toolCallId": "c1", "content": "ok" });
                run.events.insert(4, event("TOOL_CALL_RESULT", result));
                run.last()["outcome"] = json!({ "type": "success" });
            }),
        ),
        (
            "TOOL-21",
            calling(|run| {
                run.last()["outcome"] = json!({ "type": "interrupt", "interrupts": [question("i", "c1")] });
            }),
        ),
        ("TOOL-24", calling(|run| run.last()["outcome"]["pendingToolCallIds"] = json!(["c2"]))),
        ("INT-1", says(|run| run.last()["outcome"] = json!({ "type": "interrupt", "interrupts": [] }))),
        (
            "INT-2",
            says(|run| {
                run.last()["outcome"] =
                    json!({ "type": "interrupt", "interrupts": [question("i", "c"), question("i", "c")] });
            }),
        ),
        (
            "INT-14",
            asking(|run| {
                if run.input.resume.is_some() {
                    run.last()["outcome"] = json!({ "type": "success" });
                }
            }),
        ),
        // Answers every request with the run of the one before it, as servers with one place for all do.
        (
            "RUN-5",
            Box::new(move |request| {
                let Some(mut run) = run_for(request) else { return refused() };
                let ids = json!([run.events[0]["threadId"], run.events[0]["runId"]]);
                if asked.fetch_add(1, Ordering::SeqCst) > 0 {
                    let before = earlier.lock().unwrap().replace(ids).unwrap();
                    for at in [0, 4] {
                        run.events[at]["threadId"] = before[0].clone();
                        run.events[at]["runId"] = before[1].clone();
                    }
                } else {
                    *earlier.lock().unwrap() = Some(ids);
                }
                run.answer()
            }),
        ),
    ]
}

pub(super) fn notes() -> Vec<(&'static str, Mistake)> {
    vec![
        ("HTTP", answers(|answer| answer.header("cache-control", "public"))),
        ("TOOL-23", calling(|run| drop(run.last().as_object_mut().unwrap().remove("outcome")))),
        (
            "EVT-2",
            says(|run| {
                run.events[1]["timestamp"] = json!(2000);
                run.events[2]["timestamp"] = json!(1000);
            }),
        ),
        ("VER-35", refuses(|input| input.get("state").is_some_and(Value::is_null))),
        (
            "RUN-33",
            says(|run| {
                run.last()["outcome"] = json!({ "type": "cancelled" });
                run.last()["result"] = json!(1);
            }),
        ),
        ("PASS-4", insert(1, event("CUSTOM", json!({ "name": "done", "value": 1 })))),
        ("INPUT-2", fails(|input| input["messages"] == json!([]))),
        ("TOOL-26", fails(|input| input["messages"][1]["id"] == "orphan")),
        ("SSE-1", Box::new(|request| any_run_for(request).map_or_else(refused, Run::answer))),
    ]
}
