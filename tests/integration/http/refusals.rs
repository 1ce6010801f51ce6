//! Requests that are refused before a run starts (SSE-10, INPUT-13): status, JSON, and a connection that can
//! still be used.

use super::{hello, input};
use crate::support::http::{KeptAlive, Serving};
use agui::session::{MemoryStore, Sessions};
use agui::{Agent, Server};
use axum::body::Body;
use axum::http::Request;
use futures_util::StreamExt;
use http_body_util::BodyExt;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tower::ServiceExt;

#[derive(Serialize, Deserialize)]
struct Recipe {
    title: String,
    servings: u32,
    #[serde(default)]
    steps: Vec<String>,
}

/// A request, and what is wrong with it.
struct Bad {
    head: String,
    body: Vec<u8>,
    status: u16,
    code: &'static str,
    /// The paths of all problems, sorted, where the input is what is wrong.
    paths: Vec<&'static str>,
    allow: Option<&'static str>,
}

fn bad(head: impl Into<String>, body: impl Into<Vec<u8>>, status: u16, code: &'static str) -> Bad {
    Bad { head: head.into(), body: body.into(), status, code, paths: vec![], allow: None }
}

fn post(body: impl Into<Vec<u8>>, status: u16, code: &'static str) -> Bad {
    bad("POST /chat/agui HTTP/1.1\r\nContent-Type: application/json", body, status, code)
}

fn no_json() -> Vec<Bad> {
    let deep = format!(r#"{{"threadId":"t","runId":"r","messages":[],"state":{}1"#, "[".repeat(500));
    let bodies: [&[u8]; 14] = [
        b"",
        b" ",
        b"{",
        b"[1,",
        b"nul",
        b"NaN",
        b"{} {}",
        b"{'threadId':'t'}",
        b"{\"threadId\":}",
        b"{\"threadId\":\"t\",}",
        b"{\"threadId\":\"t}",
        b"// nothing\n{}",
        b"{\"threadId\":\"\xff\"}",
        deep.as_bytes(),
    ];
    bodies.into_iter().map(|body| post(body, 400, "invalid_json")).collect()
}

fn no_input() -> Vec<Bad> {
    let user = json!({ "role": "user", "id": "m", "content": "Hi" });
    let with = |members: Value| {
        let mut input = json!({ "threadId": "t", "runId": "r", "messages": [user] });
        input.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
        input
    };
    let inputs: Vec<(Value, &[&str])> = vec![
        (json!([]), &[""]),
        (json!(7), &[""]),
        (json!(null), &[""]),
        (json!("{}"), &[""]),
        (json!(true), &[""]),
        (json!({}), &["", "", ""]),
        (json!({ "threadId": "t" }), &["", ""]),
        (json!({ "threadId": "t", "runId": "r" }), &[""]),
        (with(json!({ "threadId": 7 })), &["/threadId"]),
        (with(json!({ "threadId": null })), &["/threadId"]),
        (with(json!({ "runId": ["r"] })), &["/runId"]),
        (with(json!({ "threadId": {}, "runId": {} })), &["/runId", "/threadId"]),
        (with(json!({ "messages": {} })), &["/messages"]),
        (with(json!({ "messages": [7, user, "x"] })), &["/messages/0", "/messages/2"]),
        (with(json!({ "messages": [{ "role": "user", "content": "Hi" }] })), &["/messages/0"]),
        (
            with(json!({ "messages": [{ "role": "user", "id": "m", "content": 7 }] })),
            &["/messages/0/content"],
        ),
        (with(json!({ "messages": [{ "role": "tool", "id": "m", "content": "x" }] })), &["/messages/0"]),
        (with(json!({ "tools": [{ "name": "t", "description": "" }, 7] })), &["/tools/1"]),
        (with(json!({ "tools": [{ "description": "" }, { "name": "t" }] })), &["/tools/0", "/tools/1"]),
        (with(json!({ "context": [{ "description": "", "value": 7 }] })), &["/context/0/value"]),
        (with(json!({ "resume": [{ "interruptId": "i", "status": 7 }] })), &["/resume/0/status"]),
        // VER-34.
        (with(json!({ "parentRunId": null })), &["/parentRunId"]),
        (with(json!({ "protocolVersion": 1.0 })), &["/protocolVersion"]),
    ];
    inputs
        .into_iter()
        .map(|(input, paths)| Bad { paths: paths.to_vec(), ..post(input.to_string(), 422, "invalid_input") })
        .collect()
}

/// A state that is none of the agent's, and requests about threads (`GET` and `DELETE` have no body to be wrong).
fn no_state_and_no_thread() -> Vec<Bad> {
    let with = |state: Value| json!({ "threadId": "t", "runId": "r", "messages": [], "state": state });
    let states: [(Value, &[&str]); 6] = [
        (with(json!(7)), &["/state"]),
        (with(json!([])), &["/state"]),
        (with(json!({ "title": "Soup" })), &["/state"]),
        (with(json!({ "title": "Soup", "servings": "two" })), &["/state/servings"]),
        (with(json!({ "title": 7, "servings": -1 })), &["/state/servings", "/state/title"]),
        (
            with(json!({ "title": "", "servings": 1, "steps": ["", 1, {}] })),
            &["/state/steps/1", "/state/steps/2"],
        ),
    ];
    let head = "POST /cook/agui HTTP/1.1\r\nContent-Type: application/json";
    let states = states.into_iter().map(|(input, paths)| Bad {
        paths: paths.to_vec(),
        ..bad(head, input.to_string(), 422, "invalid_input")
    });
    let threads = [
        ("GET /kept/threads/none HTTP/1.1", 404, "thread_not_found"),
        ("GET /kept/threads/%ff%fe HTTP/1.1", 404, "thread_not_found"),
        ("DELETE /kept/threads/none HTTP/1.1", 404, "thread_not_found"),
        ("GET /kept/threads?limit=0 HTTP/1.1", 400, "invalid_request"),
        ("GET /kept/threads?limit=101 HTTP/1.1", 400, "invalid_request"),
        ("GET /kept/threads?limit=many HTTP/1.1", 400, "invalid_request"),
        ("GET /kept/threads?after=here HTTP/1.1", 401, "unauthorized"),
        ("GET /kept/threads/none/more HTTP/1.1", 404, "not_found"),
        ("GET /kept/threads/ HTTP/1.1", 404, "not_found"),
        ("GET /chat/threads HTTP/1.1", 404, "not_found"),
        ("GET /chat/threads/none HTTP/1.1", 404, "not_found"),
    ];
    let threads = threads.map(|(head, status, code)| bad(head, "", status, code));
    states.chain(threads).collect()
}

fn other_media_types() -> Vec<Bad> {
    let types = [
        "X-No-Content-Type: at all",
        "Content-Type: text/plain",
        "Content-Type: text/json",
        "Content-Type: application/x-www-form-urlencoded",
        "Content-Type: multipart/form-data; boundary=x",
        "Content-Type: application/jsonp",
        "Content-Type: application/vnd.api+json",
        "Content-Type: application/vnd.ag-ui.event+proto",
    ];
    types
        .map(|line| {
            bad(format!("POST /chat/agui HTTP/1.1\r\n{line}"), input("r"), 415, "unsupported_media_type")
        })
        .into()
}

fn other_paths() -> Vec<Bad> {
    let heads = [
        "POST / HTTP/1.1",
        "POST /agui HTTP/1.1",
        "GET /chat HTTP/1.1",
        "POST /chat/agui/ HTTP/1.1",
        "POST /chat/agui/more HTTP/1.1",
        "POST /nobody/agui HTTP/1.1",
        "POST /chat/runs/none/cancel HTTP/1.1",
        "POST /chat/runs/%ff%fe/cancel HTTP/1.1",
        "POST /chat/runs/none HTTP/1.1",
    ];
    heads.map(|head| bad(head, "", 404, "not_found")).into()
}

fn other_methods() -> Vec<Bad> {
    let heads = [
        ("GET /chat/agui HTTP/1.1", "post"),
        ("PUT /chat/agui HTTP/1.1", "post"),
        ("DELETE /chat/agui HTTP/1.1", "post"),
        ("PATCH /chat/agui HTTP/1.1", "post"),
        ("BREW /chat/agui HTTP/1.1", "post"),
        ("POST /chat/status HTTP/1.1", "get,head"),
        ("POST /chat/capabilities HTTP/1.1", "get,head"),
        ("GET /chat/runs/none/cancel HTTP/1.1", "post"),
        ("POST /kept/threads HTTP/1.1", "get,head"),
        ("DELETE /kept/threads HTTP/1.1", "get,head"),
        ("PUT /kept/threads/none HTTP/1.1", "get,head,delete"),
    ];
    heads.map(|(head, allow)| Bad { allow: Some(allow), ..bad(head, "", 405, "method_not_allowed") }).into()
}

#[tokio::test]
async fn eighty_bad_requests_are_refused_and_their_connection_goes_on() {
    let cook = hello.with_state(Recipe { title: "Soup".into(), servings: 2, steps: vec![] });
    let kept = Sessions::new(MemoryStore::new(), hello);
    let server = Server::new().agent("/chat", hello).agent("/cook", cook).agent("/kept", kept);
    let serving = Serving::start(server.cancel_endpoint()).await;
    let requests: Vec<_> = [
        no_json(),
        no_input(),
        no_state_and_no_thread(),
        other_media_types(),
        other_paths(),
        other_methods(),
    ]
    .into_iter()
    .flatten()
    .collect();
    assert!(requests.len() >= 80, "{}", requests.len());
    let mut connection = KeptAlive::open(serving.address).await;

    for bad in requests {
        let what = format!("{} {}", bad.head, String::from_utf8_lossy(&bad.body));
        let refused = connection.ask(&bad.head, &bad.body).await.expect(&what);

        assert_eq!(refused.status(), bad.status, "{what}");
        let json = refused.json();
        assert_eq!(json["code"], bad.code, "{what}");
        assert!(json["message"].as_str().is_some_and(|message| !message.is_empty()), "{what}: {json}");
        if bad.code == "invalid_json" {
            let message = json["message"].as_str().unwrap();
            assert!(message.contains("line ") && message.contains(" column "), "{what}: {message}");
        }
        let problems = json.get("problems").and_then(Value::as_array).cloned().unwrap_or_default();
        let mut paths: Vec<_> = problems.iter().map(|problem| problem["path"].as_str().unwrap()).collect();
        // The first one stands by itself as well, for those who look at one alone.
        assert_eq!(json.get("path").and_then(Value::as_str), paths.first().copied(), "{what}");
        paths.sort_unstable();
        assert_eq!(paths, bad.paths, "{what}: {json}");
        assert_eq!(refused.header("allow"), bad.allow, "{what}");

        let good = connection.run("/chat/agui", &input("r")).await.expect(&what);
        assert_eq!(good.status(), 200, "{what}");
        assert_eq!(good.events().last().unwrap()["type"], "RUN_FINISHED", "{what}");
    }
}

#[tokio::test]
async fn a_body_beyond_the_limit_is_refused_without_being_read() {
    let serving = Serving::start(Server::new().agent("", hello).body_limit(1000)).await;
    let mut connection = KeptAlive::open(serving.address).await;
    let mut just = input("r");
    just.push_str(&" ".repeat(1000 - just.len()));
    assert_eq!(connection.run("/agui", &just).await.unwrap().status(), 200);

    // Announced, but never sent.
    let head = "POST /agui HTTP/1.1\r\nHost: test\r\nContent-Type: application/json\r\n";
    connection.send(format!("{head}Content-Length: 1001\r\n\r\n").as_bytes()).await;
    let refused = connection.answer().await.unwrap();
    assert_eq!((refused.status(), &refused.json()["code"]), (413, &json!("too_large")));

    // Not announced.
    let mut connection = KeptAlive::open(serving.address).await;
    let body = format!("3e9\r\n{}\r\n0\r\n\r\n", " ".repeat(1001));
    connection.send(format!("{head}Transfer-Encoding: chunked\r\n\r\n{body}").as_bytes()).await;
    let refused = connection.answer().await.unwrap();
    assert_eq!((refused.status(), &refused.json()["code"]), (413, &json!("too_large")));
}

#[tokio::test(start_paused = true)]
async fn a_body_that_does_not_arrive_is_not_waited_for() {
    let begun = futures_util::stream::iter([Ok::<_, std::io::Error>(r#"{"threadId":"t","#)]);
    let body = Body::from_stream(begun.chain(futures_util::stream::pending()));
    let request = Request::post("/agui").header("content-type", "application/json").body(body).unwrap();
    let start = tokio::time::Instant::now();
    let refused = agui::router(hello).oneshot(request).await.unwrap();
    assert_eq!((refused.status().as_u16(), start.elapsed().as_secs()), (408, 60));
    let refused = refused.into_body().collect().await.unwrap().to_bytes();
    assert_eq!(serde_json::from_slice::<Value>(&refused).unwrap()["code"], "timeout");
}

#[tokio::test]
async fn every_accept_is_answered_with_an_event_stream() {
    // The framing that everybody reads; the protobuf one is optional, and consumers go by what they get.
    let serving = Serving::start(Server::new().agent("", hello)).await;
    let mut connection = KeptAlive::open(serving.address).await;
    for accept in [
        "",
        "Accept: ",
        "Accept: text/event-stream",
        "Accept: */*",
        "Accept: application/json",
        "Accept: text/event-stream, */*;q=0.1",
        "Accept: application/vnd.ag-ui.event+proto;q=0, */*",
        "Accept: application/vnd.ag-ui.event+proto;v=1",
        "Accept: text/event-stream, application/vnd.ag-ui.event+proto",
    ] {
        let line = if accept.is_empty() { String::new() } else { format!("\r\n{accept}") };
        let head = format!("POST /agui HTTP/1.1\r\nContent-Type: application/json{line}");
        let answer = connection.ask(&head, input("r").as_bytes()).await.unwrap();
        assert_eq!(answer.status(), 200, "{accept}");
        assert_eq!(answer.header("content-type"), Some("text/event-stream"), "{accept}");
        assert_eq!(answer.header("content-encoding"), None, "{accept}");
        assert_eq!(answer.events().len(), 5, "{accept}");
    }
}
