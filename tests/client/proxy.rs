//! Agents that are other agents, asked in this process.

use super::support::*;
use agui::client::{
    Exchange, HttpAgent, InProcess, Outcome, Proxy, Replay, Request, Transport, TransportError,
    TransportErrorKind,
};
use agui::session::{MemoryStore, Sessions};
use agui::testing::{MockAnswer, MockServer};
use agui::verify::Verifier;
use agui::{Agent, Event, Hooks, Refusal, Result, RunContext, RunRequest};
use axum::body::Bytes;
use futures_util::{Stream, StreamExt, stream};
use serde_json::{Value, json};
use std::future::{Ready, ready};
use std::sync::Arc;
use std::task::Poll;

fn run(kind: &str, id: &str) -> Value {
    event(kind, json!({ "threadId": "thread-1", "runId": id }))
}

fn failed() -> Value {
    event("RUN_ERROR", json!({ "message": "no more tokens", "code": "quota" }))
}

async fn outcome<T>(upstream: T) -> Outcome
where
    T: Transport + Send + Sync + 'static,
    T::Body: Send,
    T::Opening: Send,
{
    let proxy = InProcess::new(Proxy::new(upstream));
    Exchange::new(&proxy, input()).unwrap().record().await.1.outcome
}

/// What an agent says, to the byte but for what nobody knows beforehand.
async fn said(agent: impl Agent) -> Vec<Value> {
    let events = agui::run(agent, RunRequest::new(input()).repeatable()).events();
    events.map(|event| json!(event)).collect().await
}

/// A proxy before an upstream that says this.
fn before(events: &[Value]) -> Proxy<Replay> {
    Proxy::new(Replay::new(sse(events)))
}

/// With a time, so that nothing is added to it.
fn at(mut event: Value) -> Value {
    event["timestamp"] = json!(1);
    event
}

/// What is rejected by nobody.
fn in_order(events: &[Value]) {
    let mut verifier = Verifier::producer_for(&input());
    for event in events {
        verifier.check(&serde_json::from_value::<Event>(event.clone()).unwrap()).unwrap();
    }
    verifier.finish().unwrap();
}

/// A stream as one that restates a thread sends it: its first run left a call to the application, the second failed in
/// the middle of everything, the third is the one that was asked for.
fn restating() -> Vec<Value> {
    let subagent = |kind: &str| event(kind, json!({ "subagentRunId": "s", "name": "n" }));
    let with = |mut event: Value, members: Value| {
        event.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
        event
    };
    let echo = json!({
        "input": { "threadId": "thread-1", "runId": "run-0", "messages": [{ "id": "u", "role": "user", "content": "Hi" }] },
        "metadata": { "acme.a": { "n": null } },
        "rawEvent": { "x": 1 },
        "parentRunId": "run-00",
        "protocolVersion": "1.0",
    });
    let interrupted = json!({ "runId": "run-0", "result": [1], "metadata": { "acme.b": 2 }, "usage": [{ "inputTokens": 3 }] });
    let mut events = vec![
        with(run("RUN_STARTED", "run-0"), echo),
        subagent("SUBAGENT_STARTED"),
        subagent("SUBAGENT_FINISHED"),
    ];
    events.extend(call("c", "ask", "{}"));
    events.push(with(run("RUN_FINISHED", "run-0"), interrupted));
    events.push(with(run("RUN_STARTED", "run-00"), json!({ "protocolVersion": "1.0" })));
    events.extend([subagent("SUBAGENT_STARTED"), event("STEP_STARTED", json!({ "stepName": "plan" }))]);
    events.push(event("TOOL_CALL_CHUNK", json!({ "toolCallId": "d", "toolCallName": "f", "delta": "{" })));
    events.extend(text("m", "Wait")[..2].iter().cloned());
    events.push(with(failed(), json!({ "metadata": { "acme.c": 3 }, "usage": [{ "inputTokens": 4 }] })));
    events.push(with(
        started(),
        json!({ "metadata": { "acme.d": 4 }, "rawEvent": [2], "protocolVersion": "1.0" }),
    ));
    events.extend([subagent("SUBAGENT_STARTED"), event("STEP_STARTED", json!({ "stepName": "plan" }))]);
    events.extend([event("STEP_FINISHED", json!({ "stepName": "plan" })), subagent("SUBAGENT_FINISHED")]);
    events.extend(text("n", "Done"));
    events.push(with(
        finished(),
        json!({ "metadata": { "acme.e": 5 }, "rawEvent": [3], "usage": [{ "inputTokens": 5 }] }),
    ));
    events.into_iter().map(at).map(without_names).collect()
}

/// Only the beginning of a subagent has a name.
fn without_names(mut event: Value) -> Value {
    if event["type"] == "SUBAGENT_FINISHED" {
        event.as_object_mut().unwrap().remove("name");
    }
    event
}

#[tokio::test]
async fn proxy_1_run_20_restated_runs_stay_runs_of_their_own() {
    let sent = restating();
    let told = said(before(&sent)).await;
    assert_eq!(told, sent);
    in_order(&told);

    // SUB-5, RUN-23, TOOL-25: each is judged and presented by itself.
    let (_, end) = Exchange::new(&InProcess::new(before(&sent)), input()).unwrap().record().await;
    let outcomes: Vec<_> = end.runs.iter().map(|run| (&*run.run_id, &run.outcome)).collect();
    let [("run-0", Outcome::Pending { calls, .. }), ("run-00", Outcome::Failed(_)), ("run-1", last)] =
        &*outcomes
    else {
        panic!("{outcomes:?}");
    };
    assert_eq!(calls, &["c"]);
    assert!(last.is_success(), "{last}");
    assert_eq!(end.warnings.total(), 0, "{:?}", end.warnings);
    let (_, direct) = Exchange::new(&Replay::new(sse(&sent)), input()).unwrap().record().await;
    assert_eq!(end.conversation.messages(), direct.conversation.messages());
}

#[tokio::test]
async fn run_22_a_session_keeps_what_restated_runs_made() {
    let sent = restating();
    let sessions = Sessions::new(MemoryStore::new(), before(&sent));
    assert_eq!(said(sessions.clone()).await, sent);
    // What a page gets that is loaded again.
    let restored = said(sessions).await;
    let (_, direct) = Exchange::new(&Replay::new(sse(&sent)), input()).unwrap().record().await;
    assert_eq!(restored[1]["messages"], json!(direct.conversation.messages()));
}

#[tokio::test]
async fn ver_9_runs_declare_what_the_proxy_speaks_and_not_what_it_was_asked() {
    let mut events = restating();
    events[0]["protocolVersion"] = json!("1.7");
    let requested = events.iter().position(|event| event["metadata"]["acme.d"] == 4).unwrap();
    events[requested].as_object_mut().unwrap().remove("protocolVersion");
    events[requested]["input"] =
        json!({ "threadId": "thread-1", "runId": "run-1", "messages": [], "forwardedProps": "ours" });
    assert_eq!(said(before(&events)).await, restating());
}

#[tokio::test]
async fn proxy_6_what_a_run_is_given_and_what_ends_it_fit_the_run_that_is_open() {
    // The state that a hook gives the run is told before whatever comes first.
    struct Given;
    impl Hooks for Given {
        async fn before(&self, request: &mut RunRequest) -> Result<(), Refusal> {
            request.set_state(json!({ "given": true }));
            Ok(())
        }
    }
    for sent in [restating(), restating().split_off(14)] {
        let mut told = said(before(&sent).with_hooks(Given)).await;
        assert_eq!(told.remove(1)["snapshot"], json!({ "given": true }));
        assert_eq!(told, sent);
    }

    // RUN-6: the upstream may be asked for a run of another id.
    struct Renamed;
    impl Hooks for Renamed {
        async fn before(&self, request: &mut RunRequest) -> Result<(), Refusal> {
            request.input_mut().run_id = "theirs".to_owned();
            Ok(())
        }
    }
    let sent = [run("RUN_STARTED", "theirs"), run("RUN_FINISHED", "theirs")];
    in_order(&said(before(&sent).with_hooks(Renamed)).await);

    // RUN-4, RUN-31: cancelled while a restated run is told.
    let restated = [run("RUN_STARTED", "run-0"), text("m", "")[0].clone()].map(at);
    let bytes = sse(&restated);
    let endless = move || stream::iter([Ok(Bytes::from(bytes.clone()))]).chain(stream::pending());
    let mut events = agui::run(Proxy::new(Body(endless)), input()).events();
    let mut told = Vec::new();
    while let Some(event) = events.next().await {
        told.push(json!(event));
        if told.len() == 2 {
            events.run().handle().cancel();
        }
    }
    let ends: Vec<_> = told.iter().map(|event| (&event["type"], &event["runId"])).skip(2).collect();
    let expected = [(&json!("TEXT_MESSAGE_END"), &Value::Null), (&json!("RUN_FINISHED"), &json!("run-0"))];
    assert_eq!(ends, expected);
    assert_eq!(told[3]["outcome"], json!({ "type": "cancelled" }));
}

#[tokio::test]
async fn run_5_what_the_upstream_was_asked_for_comes_back_under_the_ids_of_the_client() {
    struct Renamed;
    impl Hooks for Renamed {
        async fn before(&self, request: &mut RunRequest) -> Result<(), Refusal> {
            (request.input_mut().thread_id, request.input_mut().run_id) =
                ("theirs".into(), "their-run".into());
            Ok(())
        }
    }
    let of = |kind: &str, thread: &str, run: &str| event(kind, json!({ "threadId": thread, "runId": run }));
    let mut restated = of("RUN_STARTED", "theirs", "run-0");
    restated["input"] = json!({ "threadId": "theirs", "runId": "run-0", "messages": [] });
    let sent = [
        restated,
        of("RUN_FINISHED", "theirs", "run-0"),
        of("RUN_STARTED", "theirs", "their-run"),
        of("RUN_FINISHED", "theirs", "their-run"),
    ];
    let told = said(before(&sent).with_hooks(Renamed)).await;
    in_order(&told);
    let ids: Vec<_> = told.iter().map(|event| (&event["threadId"], &event["runId"])).collect();
    let (thread, zero, one) = (json!("thread-1"), json!("run-0"), json!("run-1"));
    assert_eq!(ids, [(&thread, &zero), (&thread, &zero), (&thread, &one), (&thread, &one)]);
    assert_eq!(told[0]["input"]["threadId"], "thread-1");

    // PROXY-2: one that nobody asked for is the upstream's to explain.
    let sent = [of("RUN_STARTED", "odd", "run-0"), of("RUN_FINISHED", "odd", "run-0"), started(), finished()];
    let told = said(before(&sent)).await;
    assert_eq!((&told[0]["threadId"], &told[1]["threadId"]), (&json!("odd"), &json!("odd")));
}

/// EVT-2: time orders nothing, and yet what ends is not before what it ends with.
#[tokio::test]
async fn an_end_is_not_told_with_a_time_before_that_of_what_was_added_here() {
    struct Adds;
    impl Hooks for Adds {
        async fn event(&self, run: &RunContext, event: Event) -> Result<Vec<Event>> {
            if let Event::TextMessageEnd(_) = event {
                run.emit(agui::CustomEvent::new("added", 0)).await?;
            }
            Ok(vec![event])
        }
    }
    let texts = |id: &str| text(id, "Hi").map(at);
    let restated = [at(run("RUN_STARTED", "run-0")), at(run("RUN_FINISHED", "run-0"))];
    let asked = [at(started()), at(finished())];
    let sent = [&restated[..1], &texts("m"), &restated[1..], &asked[..1], &texts("n"), &asked[1..]].concat();
    let times = async |agent: agui::DynAgent| -> Vec<(String, i64)> {
        let events = agui::run(agent, input()).events().map(|event| json!(event));
        let of = |event: Value| (event["type"].to_string(), event["timestamp"].as_i64().unwrap());
        events.map(of).collect().await
    };
    let told = times(agui::DynAgent::new(before(&sent).with_hooks(Adds))).await;
    let ends: Vec<_> = told.iter().filter(|(kind, _)| kind.contains("RUN_FINISHED")).collect();
    let added: Vec<_> = told.iter().filter(|(kind, _)| kind.contains("CUSTOM")).collect();
    assert_eq!((ends.len(), added.len()), (2, 2));
    assert!(added[0].1 > 1 && ends[0].1 >= added[0].1 && ends[1].1 >= added[1].1, "{told:?}");
    // What the upstream says between them is told as it was sent (PROXY-1).
    assert!(told.iter().filter(|(kind, _)| kind.contains("TEXT")).all(|(_, time)| *time == 1), "{told:?}");
    // And where nothing was added, the end is.
    assert!(times(agui::DynAgent::new(before(&sent))).await.iter().all(|(_, time)| *time == 1));
}

#[tokio::test]
async fn run_6_an_upstream_that_answers_with_another_run_is_told_as_it_is() {
    let sent = [run("RUN_STARTED", "other"), run("RUN_FINISHED", "other")];
    let told = said(before(&sent)).await;
    let ids: Vec<_> = told.iter().map(|event| (&event["type"], &event["runId"])).collect();
    let other = json!("other");
    assert_eq!(ids, [(&json!("RUN_STARTED"), &other), (&json!("RUN_FINISHED"), &other)]);
}

#[tokio::test]
async fn run_3_17_a_failure_before_the_run_is_told_before_it() {
    let sent = [failed(), started(), finished()];
    let told = said(before(&sent)).await;
    let types: Vec<_> = told.iter().map(|event| &event["type"]).collect();
    assert_eq!(types, ["RUN_ERROR", "RUN_STARTED", "RUN_FINISHED"]);
}

#[tokio::test]
async fn ver_1_the_upstream_is_told_the_version_of_the_proxy() {
    for declared in [None, Some("0.9"), Some("1.7"), Some("2.0")] {
        let replay = Arc::new(Replay::new(run_of([])));
        let mut input = input();
        input.protocol_version = declared.map(str::to_owned);
        agui::run(Proxy::new(Arc::clone(&replay)), input).collect::<Vec<_>>().await;
        let sent = &replay.requests()[0].input;
        assert_eq!(sent.protocol_version.as_deref(), Some(agui::PROTOCOL_VERSION), "{declared:?}");
    }
}

#[tokio::test]
async fn ver_13_19_an_upstream_that_is_older_gets_and_gives_what_it_knows() {
    let tagged = json!({ "messageId": "m", "delta": "Hi", "subagentRunId": "s" });
    let events = [
        event("SUBAGENT_STARTED", json!({ "subagentRunId": "s", "name": "n" })),
        event("TEXT_MESSAGE_CHUNK", tagged),
        event("SUBAGENT_FINISHED", json!({ "subagentRunId": "s" })),
    ];
    let replay = Arc::new(Replay::new(run_of(events)));
    let proxy = Proxy::new(Arc::clone(&replay)).era("0.0.39".parse().unwrap());
    let parts = vec![agui::TextPart::new("Hello").into(), agui::TextPart::new(" there").into()];
    let mut input = input().protocol_version("1.0").parent_run_id("run-0");
    input.messages = vec![agui::UserMessage::new("u", parts).into()];
    let told: Vec<_> = agui::run(proxy, input).events().map(|event| json!(event)).collect().await;

    let sent = json!(replay.requests()[0].input);
    // VER-1: it predates the member.
    assert!(sent.get("protocolVersion").is_none() && sent.get("parentRunId").is_none(), "{sent}");
    assert_eq!(sent["messages"][0]["content"], "Hello there");
    let types: Vec<_> = told.iter().map(|event| &event["type"]).collect();
    assert_eq!(types, ["RUN_STARTED", "TEXT_MESSAGE_CHUNK", "RUN_FINISHED"]);
    assert_eq!((&told[1]["delta"], told[1].get("subagentRunId")), (&json!("Hi"), None));
    assert_eq!(told[0]["parentRunId"], "run-0");
}

/// A run that has begun is nobody else's to begin.
#[tokio::test]
async fn run_21_a_run_that_is_handed_over_has_the_bounds_that_it_has() {
    let handing = |events: &[Value]| {
        let proxy = Arc::new(before(events));
        move |run: RunContext| {
            let proxy = Arc::clone(&proxy);
            async move {
                run.text("Let me ask.").await?;
                run.hand_over(&*proxy).await
            }
        }
    };
    let whole = [&[at(started())][..], &text("m", "Hi"), &[at(finished())]].concat();
    let mut sent = whole.clone();
    sent[0]["metadata"] = json!({ "acme.a": 1 });
    sent[4]["metadata"] = json!({ "acme.b": 2 });
    let told = said(handing(&sent)).await;
    in_order(&told);
    assert_eq!(told.len(), 8);
    assert!(told[0].get("metadata").is_none() && told[7].get("metadata").is_none(), "{told:?}");

    let told = said(handing(&restating())).await;
    let end = told.last().unwrap();
    assert_eq!((&end["type"], &end["code"]), (&json!("RUN_ERROR"), &json!("upstream_invalid")));
    in_order(&told);
}

/// Answers with a body of any kind.
struct Body<F>(F);

impl<F, B> Transport for Body<F>
where
    F: Fn() -> B,
    B: Stream<Item = Result<Bytes, TransportError>>,
{
    type Body = B;
    type Opening = Ready<Result<B, TransportError>>;

    fn open(&self, _: Request, _: Bytes) -> Self::Opening {
        ready(Ok((self.0)()))
    }
}

#[tokio::test]
async fn a_body_that_has_ended_is_not_asked_again() {
    // Without the empty line behind the last event, which is found at the end alone.
    let bytes = run_of(text("m1", "Hi"));
    for cut in [0, 1, 2] {
        let bytes = Bytes::copy_from_slice(&bytes[..bytes.len() - cut]);
        let body = move || {
            let mut items = vec![None, Some(Ok(bytes.clone()))];
            stream::poll_fn(move |_| Poll::Ready(items.pop().expect("it has ended")))
        };
        let outcome = outcome(Body(body)).await;
        assert!(outcome.is_success(), "{outcome}");
    }
}

async fn code(upstream: impl Into<bytes::Bytes>) -> Option<String> {
    match outcome(Replay::new(upstream)).await {
        Outcome::Failed(error) => error.code,
        other => panic!("{other}"),
    }
}

#[tokio::test]
async fn run_17_a_restated_failure_is_not_that_of_the_run() {
    let restated = [run("RUN_STARTED", "run-0"), failed()];
    let whole = sse(&[&restated[..], &[started()], &text("m1", "Hi"), &[finished()]].concat());
    let outcome = outcome(Replay::new(whole)).await;
    assert!(outcome.is_success(), "{outcome}");
    // If nothing comes behind it, it is.
    assert_eq!(code(sse(&restated)).await.as_deref(), Some("quota"));
    assert_eq!(code(sse(&[started(), finished(), failed()])).await.as_deref(), Some("quota"));
    let cut = sse(&[&restated[..], &[started()]].concat());
    assert_eq!(code(cut).await.as_deref(), Some("upstream_broken"));
}

#[tokio::test]
async fn proxy_3_a_connection_that_breaks_behind_a_restated_run_is_no_success() {
    let restated = [run("RUN_STARTED", "run-0"), run("RUN_FINISHED", "run-0")];
    let answers = [
        MockAnswer::events(restated.clone()).cut(),
        MockAnswer::events(restated.clone()).cut(),
        MockAnswer::events([&restated[..], &[started(), finished()]].concat()).cut(),
        MockAnswer::events([started(), failed()]).cut(),
    ];
    let server = MockServer::start(answers).await.unwrap();
    let upstream = HttpAgent::builder(server.url()).client(direct()).build().unwrap();
    let broken = outcome(upstream.clone()).await;
    assert!(
        matches!(&broken, Outcome::Failed(error) if error.code.as_deref() == Some("upstream_broken")),
        "{broken}"
    );
    // The restated run ended all the same, and the one that was asked for did not (RUN-36).
    let told = said(Proxy::new(upstream.clone())).await;
    let ends: Vec<_> = told.iter().map(|event| (&event["type"], &event["runId"])).collect();
    let (zero, one) = (json!("run-0"), json!("run-1"));
    assert_eq!(
        ends,
        [
            (&json!("RUN_STARTED"), &zero),
            (&json!("RUN_FINISHED"), &zero),
            (&json!("RUN_STARTED"), &one),
            (&json!("RUN_ERROR"), &Value::Null)
        ]
    );
    // Its end was told before.
    assert!(outcome(upstream.clone()).await.is_success());
    let told = outcome(upstream).await;
    assert!(matches!(&told, Outcome::Failed(error) if error.code.as_deref() == Some("quota")), "{told}");
}

/// What breaks off behind the end may have said that the run failed (RUN-19).
#[tokio::test]
async fn proxy_3_a_connection_that_breaks_inside_an_event_is_no_success() {
    let whole = sse(&[started(), finished(), failed()]);
    let broken = |cut: usize| {
        let bytes = Bytes::copy_from_slice(&whole[..whole.len() - cut]);
        let error = TransportError::new(TransportErrorKind::Broken, "gone");
        Body(move || stream::iter([Ok(bytes.clone()), Err(error.clone())]))
    };
    for (cut, expected) in
        [(0, "quota"), (1, "quota"), (2, "quota"), (3, "upstream_broken"), (20, "upstream_broken")]
    {
        let outcome = outcome(broken(cut)).await;
        let code = |error: &agui::RunErrorEvent| error.code.as_deref() == Some(expected);
        assert!(matches!(&outcome, Outcome::Failed(error) if code(error)), "{cut}: {outcome}");
    }
}
