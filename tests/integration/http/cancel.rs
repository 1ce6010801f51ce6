//! Runs that are stopped from outside.

use super::{endless, hello, input};
use crate::support::agents::{DropSignal, soon};
use crate::support::frames::types;
use crate::support::http::{Exchange, KeptAlive, Serving};
use agui::verify::Verifier;
use agui::{Error, Event, OnDisconnect, Principal, Refusal, Result, RunContext, Server};
use axum::http::request::Parts;
use serde_json::json;
use std::sync::Mutex;
use std::time::Duration;

#[tokio::test]
async fn a_cancelled_run_closes_what_is_open_and_says_so() {
    // RUN-30, RUN-31, RUN-33.
    let (guard, dropped) = DropSignal::new();
    let guard = Mutex::new(Some(guard));
    let agent = move |run: RunContext| {
        let guard = guard.lock().unwrap().take();
        async move {
            let _guard = guard;
            let mut call = run.start_tool_call("call-1", "search", None).await?;
            call.push(r#"{"que"#).await?;
            endless(run).await
        }
    };
    let serving = Serving::start(Server::new().agent("/chat", agent).cancel_endpoint()).await;
    let mut exchange = Exchange::post(serving.address, "/chat/agui", &input("run / 1")).await;
    exchange.until("Once upon a time").await;

    let mut connection = KeptAlive::open(serving.address).await;
    let answer = connection.ask("POST /chat/runs/run%20%2F%201/cancel HTTP/1.1", b"").await.unwrap();
    assert_eq!(
        (answer.status(), answer.json()),
        (202, json!({ "status": "cancelling", "runId": "run / 1" }))
    );

    soon("the drop of the agent", dropped).await.unwrap();
    let events = exchange.answer().await.events();
    let mut ends = types(&events)[5..7].to_vec();
    ends.sort_unstable();
    assert_eq!(ends, ["TEXT_MESSAGE_END", "TOOL_CALL_END"]);
    assert_eq!(events[7]["outcome"], json!({ "type": "cancelled" }));
    assert_eq!(events[7].get("result"), None);
    assert_eq!(events.len(), 8);
    let mut verifier = Verifier::producer();
    for event in &events {
        verifier.check(&serde_json::from_value::<Event>(event.clone()).unwrap()).unwrap();
    }

    // It is over, and its id is free.
    let answer = connection.ask("POST /chat/runs/run%20%2F%201/cancel HTTP/1.1", b"").await.unwrap();
    assert_eq!((answer.status(), &answer.json()["code"]), (404, &json!("not_found")));
}

#[tokio::test]
async fn without_being_enabled_nothing_can_be_cancelled() {
    let serving = Serving::start(Server::new().agent("", endless)).await;
    let mut exchange = Exchange::post(serving.address, "/agui", &input("r")).await;
    exchange.until("Once upon a time").await;
    let mut connection = KeptAlive::open(serving.address).await;
    assert_eq!(connection.ask("POST /runs/r/cancel HTTP/1.1", b"").await.unwrap().status(), 404);
}

#[tokio::test]
async fn a_principal_cancels_its_own_runs_alone() {
    async fn by_user(request: Parts) -> Result<Principal, Refusal> {
        Ok(Principal::new(request.headers["x-user"].to_str().unwrap()))
    }
    let serving =
        Serving::start(Server::new().agent("", endless).authenticate(by_user).cancel_endpoint()).await;
    // The same id twice: ids are the clients'.
    let mut of_ann = Exchange::post_with(serving.address, "/agui", "X-User: ann\r\n", &input("r")).await;
    let mut of_bob = Exchange::post_with(serving.address, "/agui", "X-User: bob\r\n", &input("r")).await;
    of_ann.until("Once upon a time").await;
    of_bob.until("Once upon a time").await;

    let mut connection = KeptAlive::open(serving.address).await;
    for (user, status) in [("eve", 404), ("ann", 202)] {
        let head = format!("POST /runs/r/cancel HTTP/1.1\r\nX-User: {user}");
        assert_eq!(connection.ask(&head, b"").await.unwrap().status(), status, "{user}");
    }
    assert_eq!(of_ann.answer().await.events().last().unwrap()["outcome"]["type"], "cancelled");
    assert!(!of_bob.received().contains("RUN_FINISHED"));
}

#[tokio::test]
async fn an_id_cannot_be_used_while_its_run_is_active() {
    let server = Server::new().agent("/a", endless).agent("/b", hello).cancel_endpoint();
    let serving = Serving::start(server).await;
    let mut exchange = Exchange::post(serving.address, "/a/agui", &input("r")).await;
    exchange.until("Once upon a time").await;

    let mut connection = KeptAlive::open(serving.address).await;
    let refused = connection.run("/a/agui", &input("r")).await.unwrap();
    assert_eq!(refused.status(), 409);
    assert_eq!(
        (&refused.json()["code"], &refused.json()["path"]),
        (&json!("run_is_active"), &json!("/runId"))
    );
    assert_eq!(connection.run("/b/agui", &input("r")).await.unwrap().status(), 200, "another agent's run");

    connection.ask("POST /a/runs/r/cancel HTTP/1.1", b"").await.unwrap();
    exchange.answer().await;
    // As soon as a client has seen the end, the id is free.
    for _ in 0..100 {
        assert_eq!(connection.run("/b/agui", &input("r")).await.unwrap().status(), 200);
    }
}

#[tokio::test]
async fn a_told_agent_that_goes_on_can_still_be_cancelled() {
    let (guard, dropped) = DropSignal::new();
    let guard = Mutex::new(Some(guard));
    let agent = move |run: RunContext| {
        let guard = guard.lock().unwrap().take();
        async move {
            let _guard = guard;
            run.text("Go away").await?;
            run.closed().await;
            std::future::pending::<Result<(), Error>>().await
        }
    };
    let server = Server::new().agent("", agent).cancel_endpoint();
    let serving = Serving::start(server.on_disconnect(OnDisconnect::Tell(Duration::from_secs(600)))).await;
    let mut exchange = Exchange::post(serving.address, "/agui", &input("r")).await;
    exchange.until("TEXT_MESSAGE_END").await;
    drop(exchange);

    let mut connection = KeptAlive::open(serving.address).await;
    assert_eq!(connection.ask("POST /runs/r/cancel HTTP/1.1", b"").await.unwrap().status(), 202);
    soon("the drop of the agent", dropped).await.unwrap();
}
