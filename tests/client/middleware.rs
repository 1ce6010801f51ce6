//! What stands between an agent and the application.

use super::support::*;
use agui::client::{
    EventFilter, Exchange, Frame, Headers, InProcess, Log, Middleware, Outcome, Replay, Request, Thread,
    ToolFilter,
};
use agui::reduce::Conversation;
use agui::{Event, Result, RunAgentInput, RunContext};
use serde_json::json;

/// Keeps what it sees, and changes what it is told to.
#[derive(Debug, Default)]
struct Watching {
    raw: Vec<String>,
    events: Vec<String>,
    ended: Option<Outcome>,
}

impl Middleware for Watching {
    fn request(&mut self, request: &mut Request) {
        request.headers.insert("x-seen", "yes".parse().unwrap());
    }

    fn frame(&mut self, mut frame: Frame, forward: &mut dyn FnMut(Frame)) {
        self.raw.push(frame.event_type().to_owned());
        match frame.event_type() {
            "CUSTOM" => {}
            "RAW" => {
                forward(frame.clone());
                forward(frame);
            }
            "STATE_SNAPSHOT" => {
                frame.value_mut()["snapshot"] = json!({ "by": "middleware" });
                forward(frame);
            }
            _ => forward(frame),
        }
    }

    fn event(&mut self, event: &Event) {
        self.events.push(event.event_type().to_string());
    }

    fn ended(&mut self, outcome: &Outcome) {
        self.ended = Some(outcome.clone());
    }
}

fn exchange<M: Middleware>(replay: &Replay, middleware: M) -> Exchange<Replay, M> {
    let input: RunAgentInput = input();
    let conversation = Conversation::of(&input);
    Exchange::with(replay, input, conversation, middleware).unwrap()
}

#[tokio::test]
async fn proc_11_13_middleware_sees_what_enforcement_removes_and_chunks_as_they_came() {
    let events = [
        event("TEXT_MESSAGE_CHUNK", json!({ "messageId": "m1", "delta": "Hi" })),
        event("FUTURE", json!({})),
        event("CUSTOM", json!({ "name": "n", "value": 1 })),
        event("RAW", json!({ "event": 1 })),
        event("STATE_SNAPSHOT", json!({ "snapshot": {} })),
        event("THINKING_START", json!({})),
        event("THINKING_END", json!({})),
    ];
    let replay = Replay::new(run_of(events));
    let (delivered, finished) = exchange(&replay, Watching::default()).record().await;
    assert!(finished.outcome.is_success(), "{}", finished.outcome);
    let Watching { raw, events, ended } = finished.middleware;
    assert_eq!(
        raw,
        [
            "RUN_STARTED",
            "TEXT_MESSAGE_CHUNK",
            "FUTURE",
            "CUSTOM",
            "RAW",
            "STATE_SNAPSHOT",
            // Retired shapes were translated before (PROC-12).
            "REASONING_START",
            "REASONING_END",
            "RUN_FINISHED",
        ]
    );
    assert_eq!(events, types(&delivered));
    assert_eq!(types(&delivered).iter().filter(|kind| **kind == "RAW").count(), 2);
    assert!(!events.contains(&"CUSTOM".to_owned()) && !events.contains(&"FUTURE".to_owned()));
    assert_eq!(finished.conversation.state(), &json!({ "by": "middleware" }));
    assert_eq!(ended, Some(finished.outcome));
    assert_eq!(replay.requests()[0].headers["x-seen"], "yes");
}

/// Writes its name to an open place of each frame.
struct Signing(&'static str);

impl Middleware for Signing {
    fn frame(&mut self, mut frame: Frame, forward: &mut dyn FnMut(Frame)) {
        if frame.event_type() == "CUSTOM" {
            let before = frame.value()["value"].as_str().unwrap_or_default().to_owned();
            frame.value_mut()["value"] = json!(before + self.0);
        }
        forward(frame);
    }
}

#[tokio::test]
async fn the_first_of_several_is_nearest_to_the_agent() {
    let replay = Replay::new(run_of([event("CUSTOM", json!({ "name": "n", "value": "" }))]));
    let boxed: Box<dyn Middleware> = Box::new(Signing("c"));
    let (events, _) = exchange(&replay, ((Signing("a"), Signing("b")), boxed)).record().await;
    let Event::Custom(custom) = &events[1] else { panic!("{events:?}") };
    assert_eq!(custom.value, json!("abc"));
}

#[tokio::test]
async fn what_middleware_makes_is_judged_like_everything_else() {
    struct Spoiling;
    impl Middleware for Spoiling {
        fn frame(&mut self, mut frame: Frame, forward: &mut dyn FnMut(Frame)) {
            frame.value_mut()["timestamp"] = json!("now");
            forward(frame);
        }
    }
    let replay = Replay::new(run_of([]));
    let (events, finished) = exchange(&replay, Spoiling).record().await;
    assert_eq!(events, []);
    assert!(matches!(finished.outcome, Outcome::Rejected(rejection) if rejection.pointer() == "/timestamp"));
}

/// What is seen of a stream with middleware, and how it ended.
async fn seen<M: Middleware>(
    events: impl IntoIterator<Item = serde_json::Value>,
    middleware: M,
) -> (Vec<Event>, Outcome) {
    let (events, finished) = exchange(&Replay::new(run_of(events)), middleware).record().await;
    (events, finished.outcome)
}

#[tokio::test]
async fn events_are_filtered_but_not_the_bounds_of_the_run() {
    let events = [event("RAW", json!({ "event": 1 }))].into_iter().chain(text("m", "Hi"));
    let (events, outcome) = seen(events, EventFilter::new(|frame| frame.event_type() == "RAW")).await;
    assert_eq!(types(&events), ["RUN_STARTED", "RAW", "RUN_FINISHED"]);
    assert!(outcome.is_success());
}

/// CHK-33: whether they come as chunks or not.
#[tokio::test]
async fn calls_are_filtered_by_the_names_of_tools() {
    let result = |id: &str| {
        event("TOOL_CALL_RESULT", json!({ "messageId": format!("r-{id}"), "toolCallId": id, "content": "" }))
    };
    let chunk = |members| event("TOOL_CALL_CHUNK", members);
    let events = || {
        let calls = call("a", "secret", "{}").into_iter().chain(call("b", "open", "{}"));
        calls.chain([
            result("a"),
            result("b"),
            chunk(json!({ "toolCallId": "c", "toolCallName": "secret", "delta": "{" })),
            chunk(json!({ "delta": "}" })),
            chunk(json!({ "toolCallId": "d", "toolCallName": "open", "delta": "{" })),
            chunk(json!({ "delta": "}" })),
        ])
    };
    let ids = |events: &[Event]| -> Vec<String> {
        events.iter().filter_map(|event| event.tool_call_id().map(str::to_owned)).collect()
    };
    let (denied, outcome) = seen(events(), ToolFilter::deny(["secret"])).await;
    assert_eq!(ids(&denied), ["b", "b", "b", "b", "d", "d", "d", "d"]);
    // Nobody waits for a call that nobody saw.
    assert!(matches!(&outcome, Outcome::Pending { calls, .. } if calls == &["d"]), "{outcome}");
    let (allowed, _) = seen(events(), ToolFilter::allow(["secret"])).await;
    assert_eq!(ids(&allowed), ["a", "a", "a", "a", "c", "c", "c", "c"]);

    let stream = sse(&[
        [started()].as_slice(),
        &call("a", "secret", "{}"),
        &[finished_with(json!({ "type": "success", "pendingToolCallIds": ["a"] }))],
    ]
    .concat());
    let (_, finished) = exchange(&Replay::new(stream), ToolFilter::deny(["secret"])).record().await;
    assert!(finished.outcome.is_success(), "{}", finished.outcome);
    assert_eq!(finished.warnings.total(), 0);
}

/// What a run of these events is where `secret` is a tool that nobody sees.
async fn without_secret(events: impl IntoIterator<Item = serde_json::Value>) -> (Vec<String>, Outcome) {
    let (events, outcome) = seen(events, ToolFilter::deny(["secret"])).await;
    let starts = events.iter().filter_map(|event| match event {
        Event::ToolCallStart(start) => Some(start.tool_call_id.clone()),
        _ => None,
    });
    (starts.collect(), outcome)
}

#[tokio::test]
async fn chunks_without_id_belong_to_what_is_assembled_when_calls_are_filtered() {
    let chunk = |members| event("TOOL_CALL_CHUNK", members);
    let secret = |tag: &str| {
        chunk(json!({ "toolCallId": "a", "toolCallName": "secret", "delta": "{", "subagentRunId": tag }))
    };
    let open = |tag: &str| {
        chunk(json!({ "toolCallId": "b", "toolCallName": "open", "delta": "{", "subagentRunId": tag }))
    };
    let rest = || chunk(json!({ "delta": "}" }));
    let subagent = |kind: &str, id: &str| event(kind, json!({ "subagentRunId": id, "name": "n" }));

    // CHK-23, CHK-28: what a subagent that has ended began is no candidate any more.
    let ended = [
        subagent("SUBAGENT_STARTED", "s"),
        open("s"),
        subagent("SUBAGENT_FINISHED", "s"),
        secret("t"),
        rest(),
    ];
    let (calls, outcome) = without_secret(ended).await;
    assert_eq!(calls, ["b"]);
    assert!(matches!(&outcome, Outcome::Pending { calls, .. } if calls == &["b"]), "{outcome}");

    // CHK-19, CHK-28: text took the place of the agent's own call, so the chunk is the subagent's.
    let mut own = secret("");
    own.as_object_mut().unwrap().remove("subagentRunId");
    let text = event("TEXT_MESSAGE_CHUNK", json!({ "messageId": "m", "delta": "Hi" }));
    let (events, _) = seen([own.clone(), text, open("s"), rest()], ToolFilter::deny(["secret"])).await;
    let arguments: String = events
        .iter()
        .filter_map(|event| match event {
            Event::ToolCallArgs(arguments) => Some(&*arguments.delta),
            _ => None,
        })
        .collect();
    assert_eq!(arguments, "{}");

    // CHK-20, CHK-22: these end the call, and what goes on with it is in nobody's name (CHK-13).
    let custom = event("CUSTOM", json!({ "name": "n", "value": 1 }));
    let snapshot = event("MESSAGES_SNAPSHOT", json!({ "messages": [] }));
    for end in [custom, snapshot] {
        let (_, outcome) = without_secret([own.clone(), end, rest()]).await;
        assert!(
            matches!(&outcome, Outcome::Rejected(rejection) if rejection.rule() == "CHK-13"),
            "{outcome}"
        );
    }
    // CHK-21: this does not. One that says nothing goes on with it, too.
    let raw = event("RAW", json!({ "event": 1 }));
    let (calls, outcome) = without_secret([own, raw, rest(), chunk(json!({}))]).await;
    assert_eq!(calls, [""; 0]);
    assert!(outcome.is_success(), "{outcome}");
}

#[tokio::test]
async fn what_a_later_run_tells_of_a_hidden_call_is_hidden_too() {
    let result = event("TOOL_CALL_RESULT", json!({ "messageId": "r", "toolCallId": "a", "content": "" }));
    let restated = |run: &str, kind: &str| event(kind, json!({ "threadId": "thread-1", "runId": run }));
    let events = [restated("run-0", "RUN_STARTED")].into_iter().chain(call("a", "secret", "{}")).chain([
        restated("run-0", "RUN_FINISHED"),
        started(),
        result,
        finished(),
    ]);
    let replay = Replay::new(sse(&events.collect::<Vec<_>>()));
    let (_, finished) = exchange(&replay, ToolFilter::deny(["secret"])).record().await;
    assert_eq!(finished.conversation.messages(), []);
    assert!(finished.outcome.is_success(), "{}", finished.outcome);
}

#[tokio::test]
async fn an_id_that_is_used_again_is_filtered_by_its_newest_tool() {
    let result = event("TOOL_CALL_RESULT", json!({ "messageId": "r", "toolCallId": "a", "content": "" }));
    let encrypted = event(
        "REASONING_ENCRYPTED_VALUE",
        json!({ "subtype": "tool-call", "entityId": "a", "encryptedValue": "x" }),
    );
    let events = || {
        let secret = call("a", "secret", "{}").into_iter().chain([encrypted.clone(), result.clone()]);
        secret.chain(call("a", "open", "{}"))
    };
    let replay = Replay::new(run_of(events()));
    let (seen, finished) = exchange(&replay, ToolFilter::deny(["secret"])).record().await;
    assert_eq!(
        types(&seen),
        ["RUN_STARTED", "TOOL_CALL_START", "TOOL_CALL_ARGS", "TOOL_CALL_END", "RUN_FINISHED"]
    );
    assert_eq!(finished.warnings.total(), 0, "{:?}", finished.warnings);
}

#[test]
fn a_filter_remembers_no_more_than_the_calls_that_it_hides() {
    let mut filter = ToolFilter::deny(["secret"]);
    let mut subagent = |number: usize| {
        let tag = format!("s{number}");
        let chunk = json!({ "toolCallId": tag, "toolCallName": "open", "delta": "{}", "subagentRunId": tag });
        let end = json!({ "subagentRunId": tag });
        for (kind, members) in [("TOOL_CALL_CHUNK", chunk), ("SUBAGENT_FINISHED", end)] {
            filter.frame(Frame::new(event(kind, members)), &mut drop);
        }
    };
    subagent(0);
    let measured = allocation_counter::measure(|| (1..1000).for_each(subagent));
    assert!(measured.bytes_current < 1024, "{measured:?}");
}

#[tokio::test]
async fn headers_are_made_for_each_request_and_reach_the_agent() {
    async fn told(run: RunContext) -> Result {
        let headers = run.require::<axum::http::HeaderMap>()?;
        run.text(headers["x-request"].to_str()?).await
    }
    let mut number = 0;
    let counted = Headers::new(move |headers| {
        number += 1;
        headers.insert("x-request", number.into());
    });
    let mut thread = Thread::new(InProcess::new(told)).with(Log).with(counted);
    assert_eq!(thread.send("Hi").await.unwrap().text(), "1");
    assert_eq!(thread.send("Hi").await.unwrap().text(), "2");
}
