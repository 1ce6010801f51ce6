//! Conversations over several runs.

use super::support::*;
use agui::client::{
    Answerable, Building, Change, Exchange, InProcess, Middleware, Outcome, Replay, Request, Thread,
    TurnError, WarningKind,
};
use agui::reduce::Conversation;
use agui::{Message, Result, RunContext};
use serde_json::{Value, json};
use std::collections::HashSet;

#[tokio::test]
async fn what_is_sent_is_what_the_reference_client_sends() {
    let answer = || run_of([event("STATE_SNAPSHOT", json!({ "snapshot": { "count": 1 } }))]);
    let replay = Replay::new(answer()).then(run_of(text("m1", "Hi"))).then(answer());
    let mut thread = Thread::new(replay).id("thread-1");
    for text in ["Hello!", "And?", "Bye."] {
        thread.send(text).await.unwrap();
    }
    let requests: Vec<_> = thread
        .transport()
        .requests()
        .iter()
        .map(|request| serde_json::to_value(&request.input).unwrap())
        .collect();
    let mut first = requests[0].clone();
    let (run, message) = (first["runId"].take(), first["messages"][0]["id"].take());
    assert!(run.as_str().unwrap().len() == 36 && message.as_str().unwrap().len() == 36);
    assert_eq!(
        first,
        json!({
            "threadId": "thread-1", "runId": null, "protocolVersion": "1.0", "state": {}, "tools": [], "context": [],
            "forwardedProps": {}, "messages": [{ "id": null, "role": "user", "content": "Hello!" }],
        })
    );
    // STATE-13, INPUT-2, EVT-8
    assert_eq!(requests[1]["state"], json!({ "count": 1 }));
    assert_eq!(requests[2]["messages"].as_array().unwrap().len(), 4);
    assert_eq!(requests.iter().map(|request| &request["runId"]).collect::<HashSet<_>>().len(), 3);
    assert!(requests.iter().all(|request| request["threadId"] == "thread-1"));
}

#[tokio::test]
async fn settings_are_sent_and_null_and_activities_are_not() {
    let activity = json!({ "messageId": "a1", "activityType": "plan", "content": {} });
    let null = event("STATE_SNAPSHOT", json!({ "snapshot": null }));
    let replay = Replay::new(run_of([event("ACTIVITY_SNAPSHOT", activity), null])).then(run_of([]));
    let mut thread = Thread::new(replay)
        .context("Time zone", "Europe/Lisbon")
        .forwarded_props(json!({ "seed": null }))
        .advertise([agui::Tool::new("show", "Shows")]);
    thread.send("Hello!").await.unwrap();
    assert_eq!(thread.messages().len(), 2);
    assert_eq!(thread.conversation().state(), &Value::Null);
    thread.proceed().await.unwrap();
    let input = serde_json::to_value(&thread.transport().requests()[1].input).unwrap();
    assert_eq!(input["messages"].as_array().unwrap().len(), 1, "ACT-13");
    assert_eq!(input.get("state"), None, "EVT-4");
    assert_eq!(input["forwardedProps"], json!({ "seed": null }), "INPUT-12");
    assert_eq!(input["context"][0]["value"], "Europe/Lisbon");
    assert_eq!(input["tools"][0]["name"], "show");
}

#[tokio::test]
async fn updates_show_what_changed_and_what_it_is_now() {
    let reasoning = [
        event("REASONING_MESSAGE_START", json!({ "messageId": "r1", "role": "reasoning" })),
        event("REASONING_MESSAGE_CONTENT", json!({ "messageId": "r1", "delta": "Hm." })),
        event("REASONING_MESSAGE_END", json!({ "messageId": "r1" })),
    ];
    let mut long = text("m1", "Hel").to_vec();
    long.insert(2, event("TEXT_MESSAGE_CONTENT", json!({ "messageId": "m1", "delta": "lo" })));
    let others = [
        event("STATE_DELTA", json!({ "delta": [{ "op": "add", "path": "/n", "value": 1 }] })),
        event("CUSTOM", json!({ "name": "acme.x", "value": 1 })),
        event(
            "ACTIVITY_SNAPSHOT",
            json!({ "messageId": "a1", "activityType": "plan", "content": { "x": 1 } }),
        ),
        event("TOOL_CALL_RESULT", json!({ "messageId": "t1", "toolCallId": "c1", "content": "21" })),
        event("STEP_STARTED", json!({ "stepName": "s" })),
        event("STEP_FINISHED", json!({ "stepName": "s" })),
    ];
    let events = reasoning.into_iter().chain(long).chain(call("c1", "add", "{}")).chain(others);
    let mut thread = Thread::new(Replay::new(run_of(events))).id("thread-1");
    let mut turn = thread.send("Hello!");
    let mut seen = Vec::new();
    while let Some(update) = turn.next().await {
        assert!(update.event.is_some());
        seen.push(match update.change {
            Change::Started(event) => format!("started {}", event.run_id),
            Change::Text { message: Message::Assistant(message), delta } => {
                format!("text {delta}: {}", message.content.as_deref().unwrap())
            }
            Change::Reasoning { message: Message::Reasoning(message), delta } => {
                format!("reasoning {delta}: {}", message.content)
            }
            Change::ToolCall { call, building } => match building {
                Building::Complete => format!("{}({})", call.function.name, call.function.arguments),
                building => format!("{building:?}"),
            },
            Change::ToolResult(answer) => format!("result of {}", answer.tool_call_id),
            Change::State(state) => format!("state {state}"),
            Change::Activity(activity) => format!("activity {}", activity.activity_type),
            Change::Custom(custom) => format!("custom {}", custom.name),
            Change::Finished(event) => format!("finished {}", event.run_id),
            Change::Other => continue,
            other => panic!("{other:?}"),
        });
    }
    assert_eq!(
        seen,
        [
            "started run-1",
            "reasoning Hm.: Hm.",
            "text Hel: Hel",
            "text lo: Hello",
            "Began",
            "More(\"{}\")",
            "add({})",
            "state {\"n\":1}",
            "custom acme.x",
            "activity plan",
            "result of c1",
            "finished run-1",
        ]
    );
    let report = turn.await.unwrap();
    assert_eq!(report.text(), "Hello");
    assert_eq!(report.tool_results().collect::<Vec<_>>(), [("c1", "21".to_owned())]);
    assert_eq!(report.messages.len(), 6, "{:?}", report.messages);
}

#[tokio::test]
async fn run_27_what_came_before_a_failure_stays() {
    let cut = sse(&[&[started()][..], &text("m1", "Half")].concat());
    let mut thread = Thread::new(Replay::new(cut).then(run_of(text("m2", "Whole"))));
    let error = thread.send("Hello!").await.unwrap_err();
    let TurnError::Failed(report) = &error else { panic!("{error}") };
    assert!(matches!(report.outcome, Outcome::Truncated(_)));
    assert_eq!(error.to_string(), "the stream ended while run `run-1` was open (TRN-2)");
    assert_eq!(report.text(), "Half");
    assert_eq!(thread.messages().len(), 2);
    // TRN-4: going on is a new run.
    thread.send("And now?").await.unwrap();
    assert_eq!(thread.messages().len(), 4);
}

#[tokio::test]
async fn a_turn_that_is_dropped_leaves_what_came() {
    let replay = Replay::new(run_of(text("m1", "Hello"))).then(run_of(text("m2", "again")));
    let mut thread = Thread::new(replay);
    let mut turn = thread.send("Hi");
    for _ in 0..3 {
        turn.next().await.unwrap();
    }
    assert_eq!(turn.conversation().messages().len(), 2);
    drop(turn);
    assert_eq!(thread.messages().len(), 2);
    assert_eq!(thread.send("Hi").await.unwrap().text(), "again");
}

#[tokio::test]
async fn a_turn_can_be_given_up_from_elsewhere() {
    let waits = async |run: RunContext| -> Result {
        run.closed().await;
        Ok(())
    };
    let mut thread = Thread::new(InProcess::new(waits));
    let turn = thread.send("Hi");
    let abort = turn.abort_handle();
    let (ended, ()) = tokio::join!(turn, async { abort.abort() });
    let error = ended.unwrap_err();
    assert!(matches!(error.outcome(), Some(Outcome::Truncated(truncation)) if truncation.aborted), "{error}");
    assert_eq!(thread.messages().len(), 1);
}

#[tokio::test]
async fn state_as_a_type_says_where_it_does_not_fit() {
    #[derive(Debug, serde::Deserialize)]
    #[allow(dead_code, reason = "read for its shape")]
    struct List {
        items: Vec<u32>,
    }
    let snapshot = event("STATE_SNAPSHOT", json!({ "snapshot": { "items": [1, "two"] } }));
    let mut thread = Thread::new(Replay::new(run_of([snapshot])));
    thread.send("Hi").await.unwrap();
    let error = thread.state::<List>().unwrap_err();
    assert_eq!(error.pointer(), "/state/items/1");
    assert_eq!(thread.state::<Value>().unwrap()["items"][0], 1);
}

#[tokio::test]
async fn warnings_are_those_of_all_runs_and_can_be_silenced() {
    let strange = || run_of([event("FUTURE", json!({}))]);
    let mut thread = Thread::new(Replay::new(strange()).then(strange())).silence(WarningKind::Inconsistent);
    let report = thread.send("Hi").await.unwrap();
    assert_eq!(report.warnings.all().len(), 1);
    assert_eq!(report.warnings.count(WarningKind::UnknownEvent), 1);
    assert!(report.warnings.count(WarningKind::Inconsistent) > 0, "the stream is of another run");
    let mut quiet = thread.silence(WarningKind::UnknownEvent);
    let report = quiet.send("Hi").await.unwrap();
    assert_eq!((report.warnings.all().len(), report.warnings.count(WarningKind::UnknownEvent)), (0, 1));
}

/// Counts runs, to show that middleware lives as long as the thread.
struct Counting(std::sync::Arc<std::sync::atomic::AtomicUsize>);

impl Middleware for Counting {
    fn request(&mut self, request: &mut Request) {
        let before = self.0.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
        request.input.context.get_or_insert_default().push(agui::Context::new("run", before.to_string()));
    }
}

#[tokio::test]
async fn middleware_stays_with_the_thread() {
    let count = std::sync::Arc::default();
    let replay = Replay::new(run_of([])).then(run_of([]));
    let mut thread = Thread::new(replay).with(Counting(std::sync::Arc::clone(&count)));
    thread.send("Hi").await.unwrap();
    thread.send("Hi").await.unwrap();
    assert_eq!(count.load(std::sync::atomic::Ordering::SeqCst), 2);
    let requests = thread.transport().requests();
    assert_eq!(requests[1].input.context.as_ref().unwrap()[0].value, "1");
}

/// Users spawn turns, and hold threads in structs that they move between threads.
#[test]
fn what_is_send_stays_so() {
    fn is_send<T: Send>(_: &T) {}
    let mut thread = Thread::new(InProcess::new(async |run: RunContext| -> Result { run.text("Hi").await }));
    is_send(&thread);
    is_send(&thread.send("Hi"));
    let exchange = Exchange::new(&Replay::default(), input()).unwrap();
    is_send(&exchange);
    is_send(&exchange.record());
    is_send(&Conversation::default());
}

#[tokio::test]
async fn ver_13_19_what_an_older_agent_does_not_know_is_left_out_with_a_warning() {
    let events = [
        event("SUBAGENT_STARTED", json!({ "subagentRunId": "s1", "name": "researcher" })),
        event("TEXT_MESSAGE_CHUNK", json!({ "messageId": "m1", "delta": "Hi", "subagentRunId": "s1" })),
        event("SUBAGENT_FINISHED", json!({ "subagentRunId": "s1" })),
    ];
    let thread = Thread::new(Replay::new(run_of(events))).era("0.0.39".parse().unwrap());
    let mut thread = thread.silence(WarningKind::Inconsistent);
    let image = agui::ImagePart::new(agui::UrlSource::new("https://example.com/cat.png"));
    let report = thread.send(vec![agui::TextPart::new("What is it?").into(), image.into()]).await.unwrap();
    assert_eq!(report.warnings.count(WarningKind::Downgraded), 3, "{:?}", report.warnings.all());
    let sent = serde_json::to_value(&thread.transport().requests()[0].input).unwrap();
    assert_eq!(sent["messages"][0]["content"], "What is it?");
    assert_eq!(sent.get("protocolVersion"), None, "VER-1");
    // What was said is kept as it was said.
    let kept = serde_json::to_value(thread.messages()).unwrap();
    assert_eq!(kept[0]["content"].as_array().unwrap().len(), 2);
    assert_eq!(kept[1], json!({ "id": "m1", "role": "assistant", "content": "Hi" }));
}

/// They are faults of the agent by which nothing is lost, so they are told and no more.
#[tokio::test]
async fn run_4_5_6_int_2_ids_that_contradict_are_warned_of_and_the_run_counts() {
    let interrupts = json!([{ "id": "i1", "reason": "first" }, { "id": "i1", "reason": "second" }]);
    let outcome = json!({ "type": "interrupt", "interrupts": interrupts });
    let asks = sse(&[
        event("RUN_STARTED", json!({ "threadId": "another", "runId": "run-1" })),
        event("RUN_FINISHED", json!({ "threadId": "another", "runId": "run-2", "outcome": outcome })),
    ]);
    let mut thread = Thread::new(Replay::new(asks).then(run_of([]))).id("thread-1");
    let report = thread.send("Hi").await.unwrap();
    let warnings = report.warnings.all();
    assert!(warnings.iter().all(|warning| warning.kind == WarningKind::Inconsistent), "{warnings:?}");
    let mut rules: Vec<_> = warnings.iter().map(|warning| warning.rule).collect();
    rules.sort_unstable();
    assert_eq!(rules, ["INT-2", "RUN-4", "RUN-5", "RUN-6"]);

    // The run is the one that began, the thread is the application's, and one answer is enough.
    assert_eq!(report.runs[0].run_id, "run-1");
    assert!(matches!(report.outcome, Outcome::Interrupted { .. }), "{}", report.outcome);
    let [question] = thread.interrupts() else { panic!() };
    assert_eq!(question.reason, "first");
    let answer = question.cancel();
    assert!(thread.resume([answer]).await.unwrap().outcome.is_success());
    assert_eq!(thread.transport().requests()[1].input.thread_id, "thread-1");
}
