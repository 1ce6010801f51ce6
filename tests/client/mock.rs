//! The mock server itself, and recordings of agents elsewhere.

use super::support::*;
use agui::client::{Exchange, HttpAgent, InProcess, Outcome, Replay, TransportErrorKind};
use agui::testing::{MockAnswer, MockServer, ask, record, record_from, record_from_unchecked};
use agui::{Result, RunContext};
use serde_json::json;
use std::time::Duration;

/// Whatever proxies are set, these are not for us.
pub(crate) fn agent(url: impl AsRef<str>) -> HttpAgent {
    HttpAgent::builder(url).client(direct()).idle_timeout(Duration::from_secs(20)).build().unwrap()
}

async fn outcome(server: &MockServer) -> Outcome {
    Exchange::new(&agent(server.url()), input()).unwrap().record().await.1.outcome
}

#[tokio::test]
async fn answers_come_in_turn_and_requests_are_remembered() {
    let server = MockServer::start([
        MockAnswer::run(text("m1", "Hi!")),
        MockAnswer::events([started()]).pause(Duration::from_millis(5)).then_events([finished()]),
        MockAnswer::bytes(": alive\r\n\r\n").then_bytes(run_of([])),
        MockAnswer::status(418, "a teapot").header("x-kind", "pot"),
    ])
    .await
    .unwrap();
    for _ in 0..3 {
        assert!(outcome(&server).await.is_success());
    }
    let Outcome::Transport(error) = outcome(&server).await else { panic!() };
    assert_eq!((error.status().unwrap().as_u16(), error.body()), (418, "a teapot"));
    let Outcome::Transport(error) = outcome(&server).await else { panic!() };
    assert_eq!(error.body(), "no answer is left");

    let requests = server.requests();
    assert_eq!(requests.len(), 5);
    assert_eq!((requests[0].method.as_str(), &*requests[0].path), ("POST", "/agui"));
    assert_eq!(requests[0].header("accept"), Some("text/event-stream"));
    assert_eq!(requests[0].input().unwrap(), input());
}

#[tokio::test]
async fn a_cut_answer_breaks_off_where_it_says() {
    let whole = run_of(text("m1", "Hi!"));
    let answers = [
        MockAnswer::bytes(whole.clone()).cut_at(whole.len() - 5),
        MockAnswer::events([started()]).cut(),
        // The cut comes later than the end.
        MockAnswer::bytes(whole.clone()).cut_at(whole.len() + 1),
    ];
    let server = MockServer::start(answers).await.unwrap();
    for _ in 0..2 {
        let exchange = Exchange::new(&agent(server.url()), input()).unwrap();
        let (events, finished) = exchange.record().await;
        assert_eq!(events.first().unwrap().event_type().as_str(), "RUN_STARTED");
        let Outcome::Transport(error) = finished.outcome else { panic!("{}", finished.outcome) };
        assert_eq!(error.kind(), TransportErrorKind::Broken);
    }
    assert!(outcome(&server).await.is_success());
}

#[tokio::test]
async fn an_answer_that_is_cut_at_once_has_a_head_alone() {
    for answer in [MockAnswer::bytes("").cut_at(0), MockAnswer::bytes(run_of([])).cut_at(0)] {
        let server = MockServer::start([answer]).await.unwrap();
        let Outcome::Transport(error) = outcome(&server).await else { panic!("it ended in order") };
        assert_eq!(error.kind(), TransportErrorKind::Broken);
    }
}

#[tokio::test]
async fn an_answer_that_is_late_does_not_outlive_its_server() {
    let late = MockAnswer::run([]).after(Duration::from_secs(3600));
    let server = MockServer::start([late]).await.unwrap();
    let agent = agent(server.url());
    let asked = async {
        while server.requests().is_empty() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        drop(server);
    };
    let ended = async { tokio::join!(Exchange::new(&agent, input()).unwrap().record(), asked).0.1 };
    let finished = tokio::time::timeout(Duration::from_secs(60), ended).await.expect("the client waits");
    assert!(matches!(finished.outcome, Outcome::Transport(_)), "{}", finished.outcome);
}

#[tokio::test]
async fn a_dropped_server_breaks_off_and_is_gone() {
    let server = MockServer::start([MockAnswer::events([started()]).stuck()]).await.unwrap();
    let agent = agent(server.url());
    let mut exchange = Exchange::new(&agent, input()).unwrap();
    assert!(exchange.next().await.is_some());
    drop(server);
    assert_eq!(exchange.next().await, None);
    assert!(matches!(exchange.finish().outcome, Outcome::Transport(_)));
    let (_, finished) = Exchange::new(&agent, input()).unwrap().record().await;
    assert!(matches!(finished.outcome, Outcome::Transport(_)));
}

async fn hello(run: RunContext) -> Result {
    run.text("Hello!").await
}

#[tokio::test]
async fn recordings_of_agents_elsewhere_are_those_of_agents_here() {
    let router = agui::router(hello);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/agui", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await });
    let here = record(hello, ask("Hi!")).await;
    for there in
        [record_from(&agent(url), ask("Hi!")).await, record_from(&InProcess::new(hello), ask("Hi!")).await]
    {
        assert_eq!(there.text(), here.text());
        assert_eq!(there.messages().len(), here.messages().len());
        assert!(there.is_success());
    }
}

#[tokio::test]
#[should_panic(expected = "RUN_STARTED for run `run-1` without the producer's protocolVersion (RUN-9)")]
async fn run_9_recordings_are_checked() {
    record_from(&Replay::new(run_of([])), input()).await;
}

#[tokio::test]
async fn recordings_need_not_be_checked() {
    let bytes = [b": comment\r\n\r\n".to_vec(), run_of([event("RAW", json!({ "event": 1 }))])].concat();
    let recording = record_from_unchecked(&Replay::new(bytes), input()).await;
    assert_eq!(types(recording.events()), ["RUN_STARTED", "RAW", "RUN_FINISHED"]);
}

#[tokio::test]
async fn proc_1_2_ver_30_unchecked_recordings_are_read_as_clients_read() {
    let odd = run_of([
        event("FUTURE_EVENT", json!({ "x": 1 })),
        event("THINKING_START", json!({ "title": "Hm" })),
        event("THINKING_END", json!({})),
        event("CUSTOM", json!({ "name": "n", "value": 1, "rawEvent": null, "future": 1 })),
    ]);
    let recording = record_from_unchecked(&Replay::new(odd), input()).await;
    let expected = ["RUN_STARTED", "REASONING_START", "REASONING_END", "CUSTOM", "RUN_FINISHED"];
    assert_eq!(types(recording.events()), expected);
    assert_eq!(recording.events()[1].message_id(), recording.events()[2].message_id());
}

#[tokio::test]
#[should_panic(expected = "no event of the protocol: /delta: ")]
async fn proc_4_what_is_malformed_is_no_event() {
    let wrong = run_of([event("TEXT_MESSAGE_CONTENT", json!({ "messageId": "m1", "delta": 7 }))]);
    record_from_unchecked(&Replay::new(wrong), input()).await;
}

#[tokio::test]
#[should_panic(expected = "no event of the protocol: /future: ")]
async fn proc_19_checked_recordings_have_nothing_unknown() {
    let mut start = started();
    start["protocolVersion"] = json!("1.0");
    let odd = event("CUSTOM", json!({ "name": "n", "value": 1, "future": 1 }));
    record_from(&Replay::new(sse(&[start, odd, finished()])), input()).await;
}

#[tokio::test]
async fn an_answer_may_be_late_or_none() {
    let late = Duration::from_millis(30);
    let server = MockServer::start([MockAnswer::run([]).after(late), MockAnswer::hang_up()]).await.unwrap();
    let asked = std::time::Instant::now();
    assert!(outcome(&server).await.is_success());
    assert!(asked.elapsed() >= late);
    let Outcome::Transport(error) = outcome(&server).await else { panic!() };
    assert_eq!((error.kind(), error.status()), (TransportErrorKind::Broken, None), "{error}");
    assert_eq!(server.requests().len(), 2);
}
