//! Who asks, which is settled before anything of the body is read.

use super::{hello, input};
use crate::support::frames::text;
use crate::support::http::{KeptAlive, Serving};
use agui::{Principal, Refusal, Result, RunContext, Server};
use axum::http::HeaderMap;
use axum::http::request::Parts;

#[derive(Clone)]
struct Plan(&'static str);

async fn by_user(request: Parts) -> Result<Principal, Refusal> {
    match request.headers.get("x-user").map(|user| user.to_str().unwrap()) {
        Some("mallory") => Err(Refusal::forbidden("not you")),
        Some(user) => Ok(Principal::new(user).with(Plan("free"))),
        None => Err(Refusal::unauthorized("who are you?")),
    }
}

#[tokio::test]
async fn a_request_without_the_token_is_refused_before_its_body_is_sent() {
    let serving = Serving::start(Server::new().agent("", hello).bearer_token("secret")).await;
    for authorization in [
        "X-None: at all",
        "Authorization: secret",
        "Authorization: Basic secret",
        "Authorization: Bearer",
        "Authorization: Bearer ",
        "Authorization: Bearer secre",
        "Authorization: Bearer secret2",
        "Authorization: Bearer Secret",
    ] {
        for expect in ["X-Expect: nothing", "Expect: 100-continue"] {
            let mut connection = KeptAlive::open(serving.address).await;
            let head = format!(
                "POST /agui HTTP/1.1\r\nHost: test\r\nContent-Type: application/json\r\n{authorization}\r\n\
                 {expect}\r\nContent-Length: 1000000\r\n\r\n"
            );
            connection.send(head.as_bytes()).await;
            let refused = connection.answer().await.unwrap();
            assert_eq!(refused.status(), 401, "{authorization}");
            assert_eq!(refused.json()["code"], "unauthorized", "{authorization}");
            assert_eq!(refused.header("www-authenticate"), Some("bearer"), "{authorization}");
        }
    }
}

#[tokio::test]
async fn the_token_opens_everything_and_status_is_open_anyway() {
    let server = Server::new().agent("/a", hello).agent("", hello).bearer_token("secret").cancel_endpoint();
    let serving = Serving::start(server).await;
    let mut connection = KeptAlive::open(serving.address).await;
    for (path, status) in
        [("/a/capabilities", 200), ("/capabilities", 200), ("/status", 200), ("/a/status", 200)]
    {
        let without = connection.ask(&format!("GET {path} HTTP/1.1"), b"").await.unwrap();
        assert_eq!(without.status(), if path.ends_with("status") { 200 } else { 401 }, "{path}");
        let with = connection.ask(&format!("GET {path} HTTP/1.1\r\nAuthorization: bearer secret"), b"").await;
        assert_eq!(with.unwrap().status(), status, "{path}");
    }
    for (path, status) in [("/a/agui", 200), ("/agui", 200), ("/a/runs/none/cancel", 404)] {
        assert_eq!(connection.run(path, &input("r")).await.unwrap().status(), 401, "{path}");
        let head =
            format!("POST {path} HTTP/1.1\r\nContent-Type: application/json\r\nAuthorization: Bearer secret");
        let with = connection.ask(&head, input("r").as_bytes()).await.unwrap();
        assert_eq!(with.status(), status, "{path}");
    }
}

#[tokio::test]
async fn an_empty_token_lets_nobody_in() {
    let serving = Serving::start(Server::new().agent("", hello).bearer_token("")).await;
    let mut connection = KeptAlive::open(serving.address).await;
    let head = "POST /agui HTTP/1.1\r\nContent-Type: application/json\r\nAuthorization: Bearer ";
    assert_eq!(connection.ask(head, input("r").as_bytes()).await.unwrap().status(), 401);
}

#[tokio::test]
async fn the_principal_and_what_it_carries_reach_the_run() {
    let agent = async |run: RunContext| {
        let principal: &Principal = run.require()?;
        let Plan(plan) = run.require()?;
        let agent = run.require::<HeaderMap>()?["user-agent"].to_str().unwrap().to_owned();
        run.text(format!("{} has {plan} and {agent}", principal.id())).await
    };
    let serving = Serving::start(Server::new().authenticate(by_user).agent("", agent)).await;
    let mut connection = KeptAlive::open(serving.address).await;
    let head = "POST /agui HTTP/1.1\r\nContent-Type: application/json\r\nUser-Agent: mosaic";

    let answer = connection.ask(&format!("{head}\r\nX-User: ann"), input("r").as_bytes()).await.unwrap();
    assert_eq!(text(&answer.events()), "ann has free and mosaic");

    let refused = connection.ask(&format!("{head}\r\nX-User: mallory"), input("r").as_bytes()).await.unwrap();
    assert_eq!((refused.status(), refused.json()["message"].as_str()), (403, Some("not you")));
    assert_eq!(refused.header("www-authenticate"), None);
    let refused = connection.ask(head, input("r").as_bytes()).await.unwrap();
    assert_eq!((refused.status(), refused.json()["message"].as_str()), (401, Some("who are you?")));
}
