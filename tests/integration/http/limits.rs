//! How many runs there may be.

use super::{endless, input};
use crate::support::frames::types;
use crate::support::http::{Exchange, KeptAlive, Serving};
use agui::{Agent, AgentCapabilities, ExecutionCapabilities, Principal, Refusal, Server};
use axum::http::request::Parts;
use std::time::Duration;

async fn by_user(request: Parts) -> Result<Principal, Refusal> {
    Ok(Principal::new(request.headers["x-user"].to_str().unwrap()))
}

#[tokio::test]
async fn a_full_server_says_when_to_come_back_and_has_room_again_later() {
    let server =
        Server::new().agent("/a", endless).agent("/b", endless).max_concurrent_runs(2).cancel_endpoint();
    let serving = Serving::start(server).await;
    let mut first = Exchange::post(serving.address, "/a/agui", &input("1")).await;
    let mut second = Exchange::post(serving.address, "/b/agui", &input("2")).await;
    first.until("Once upon a time").await;
    second.until("Once upon a time").await;

    let mut connection = KeptAlive::open(serving.address).await;
    let refused = connection.run("/a/agui", &input("3")).await.unwrap();
    assert_eq!((refused.status(), refused.header("retry-after")), (503, Some("1")));
    assert_eq!(refused.json()["code"], "too_many_runs");

    connection.ask("POST /a/runs/1/cancel HTTP/1.1", b"").await.unwrap();
    first.answer().await;
    let mut third = Exchange::post(serving.address, "/a/agui", &input("3")).await;
    third.until("Once upon a time").await;
    assert_eq!(connection.run("/a/agui", &input("4")).await.unwrap().status(), 503);
}

#[tokio::test]
async fn a_principal_with_too_many_runs_does_not_keep_others_out() {
    let server = Server::new().agent("", endless).authenticate(by_user).max_concurrent_runs_of_one(1);
    let serving = Serving::start(server.cancel_endpoint()).await;
    let mut of_ann = Exchange::post_with(serving.address, "/agui", "X-User: ann\r\n", &input("1")).await;
    of_ann.until("Once upon a time").await;
    let mut of_bob = Exchange::post_with(serving.address, "/agui", "X-User: bob\r\n", &input("2")).await;
    of_bob.until("Once upon a time").await;

    let mut connection = KeptAlive::open(serving.address).await;
    let head = "POST /agui HTTP/1.1\r\nContent-Type: application/json\r\nX-User: ann";
    let refused = connection.ask(head, input("3").as_bytes()).await.unwrap();
    assert_eq!((refused.status(), refused.header("retry-after")), (429, Some("1")));

    connection.ask("POST /runs/1/cancel HTTP/1.1\r\nX-User: ann", b"").await.unwrap();
    of_ann.answer().await;
    let mut of_ann = Exchange::post_with(serving.address, "/agui", "X-User: ann\r\n", &input("3")).await;
    of_ann.until("Once upon a time").await;
}

#[tokio::test]
async fn a_run_that_takes_too_long_is_cancelled_in_order() {
    let server = Server::new().agent("", endless).max_run_time(Duration::from_millis(50));
    let serving = Serving::start(server).await;
    let mut connection = KeptAlive::open(serving.address).await;
    let events = connection.run("/agui", &input("1")).await.unwrap().events();
    assert_eq!(types(&events)[3..], ["TEXT_MESSAGE_END", "RUN_FINISHED"]);
    assert_eq!(events[4]["outcome"]["type"], "cancelled");

    // It is declared, too: the shorter one, if the agent has a limit of its own.
    let declared = connection.ask("GET /capabilities HTTP/1.1", b"").await.unwrap().json();
    assert_eq!(declared["execution"]["maxExecutionTime"], 50);
    for (own, shorter) in [(40_u64, 40), (60, 50)] {
        let execution = ExecutionCapabilities::new().max_execution_time(own);
        let agent = endless.with_capabilities(AgentCapabilities::new().execution(execution));
        let server = Server::new().agent("", agent).max_run_time(Duration::from_millis(50));
        let serving = Serving::start(server).await;
        let mut connection = KeptAlive::open(serving.address).await;
        let declared = connection.ask("GET /capabilities HTTP/1.1", b"").await.unwrap().json();
        assert_eq!(declared["execution"]["maxExecutionTime"], shorter);
    }
}
