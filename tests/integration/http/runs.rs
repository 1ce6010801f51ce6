//! The server: what it refuses and how, and what a run looks like from the other end of the socket.

use crate::support::agents::{Counter, DropSignal, PATIENCE, input, soon};
use crate::support::frames::{self, text, types};
use crate::support::http::{Exchange, serve, serve_with_small_buffers};
use agui::{Agent, BODY_LIMIT, CustomEvent, Message, Result, RunContext};
use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Method, Request, StatusCode, header};
use http_body_util::BodyExt;
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tokio::sync::Notify;
use tower::ServiceExt;

// Refusals, before a run starts (SSE-10, INPUT-13).

#[tokio::test]
async fn a_body_that_is_not_json_is_refused_with_line_and_column() {
    for (body, place) in [
        ("{\n  \"threadId\": oops}", "line 2 column 15"),
        ("{\"threadId\": \"t\"", "line 1 column 16"),
        ("", "line 1 column 0"),
        ("{} {}", "line 1 column 4"),
    ] {
        let refusal = post_json(body).await;
        assert_eq!(refusal.status, StatusCode::BAD_REQUEST, "{body:?}");
        assert_eq!(refusal.json["code"], "invalid_json", "{body:?}");
        assert!(refusal.message().contains(place), "{body:?}: {}", refusal.message());
        assert_eq!(refusal.json.get("path"), None, "{body:?}");
    }
}

#[tokio::test]
async fn a_body_that_is_not_utf_8_is_refused_as_bad_json() {
    let refusal = post_json(&b"{\"threadId\":\"t\xff\",\"runId\":\"r\",\"messages\":[]}"[..]).await;
    assert_eq!(refusal.status, StatusCode::BAD_REQUEST);
    assert_eq!(refusal.json["code"], "invalid_json");
}

#[tokio::test]
async fn a_malformed_member_is_refused_with_a_pointer_to_it() {
    for (member, path) in [
        (json!({ "threadId": 7 }), "/threadId"),
        (json!({ "messages": [{ "role": "user", "id": "m", "content": 7 }] }), "/messages/0/content"),
        (json!({ "messages": {} }), "/messages"),
        (json!({ "resume": [{ "interruptId": "i", "status": 7 }] }), "/resume/0/status"),
        (json!({ "tools": [{ "name": "t/~", "description": "" }, 7] }), "/tools/1"),
        // VER-34.
        (json!({ "parentRunId": null }), "/parentRunId"),
    ] {
        let refusal = post_json(input_with(member)).await;
        assert_eq!(refusal.status, StatusCode::UNPROCESSABLE_ENTITY, "{path}");
        assert_eq!(refusal.json["code"], "invalid_input", "{path}");
        assert_eq!(refusal.json["path"], path);
        assert!(!refusal.message().is_empty(), "{path}");
    }
}

#[tokio::test]
async fn a_document_that_is_no_object_is_refused_as_a_whole() {
    for document in ["[]", "7", "null", "\"{}\""] {
        let refusal = post_json(document).await;
        assert_eq!(refusal.status, StatusCode::UNPROCESSABLE_ENTITY, "{document}");
        assert_eq!(refusal.json["path"], "", "{document}");
    }
}

#[tokio::test]
async fn a_document_that_is_nested_too_deeply_is_refused() {
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    let refusal = post_json(format!(r#"{{"threadId":"t","runId":"r","messages":[],"state":{deep}}}"#)).await;
    assert!(refusal.status.is_client_error(), "{}", refusal.status);
    assert!(refusal.message().contains("recursion limit"), "{}", refusal.message());
}

#[tokio::test]
async fn a_missing_member_is_refused_by_its_name() {
    let refusal = post_json(json!({ "threadId": "t", "messages": [] }).to_string()).await;
    assert_eq!(refusal.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(refusal.json["path"], "");
    assert!(refusal.message().contains("`runId`"), "{}", refusal.message());
}

#[tokio::test]
async fn any_content_type_but_json_is_refused() {
    for content_type in
        [None, Some("text/plain"), Some("application/x-www-form-urlencoded"), Some("application/jsonp")]
    {
        let refusal = post(content_type, input_json()).await;
        assert_eq!(refusal.status, StatusCode::UNSUPPORTED_MEDIA_TYPE, "{content_type:?}");
        assert_eq!(refusal.json["code"], "unsupported_media_type", "{content_type:?}");
        assert!(refusal.message().contains("application/json"), "{content_type:?}");
    }
}

#[tokio::test]
async fn the_content_type_may_have_parameters_and_any_case() {
    for content_type in ["application/json", "application/json; charset=utf-8", "Application/JSON"] {
        assert_eq!(post(Some(content_type), input_json()).await.status, StatusCode::OK, "{content_type}");
    }
}

#[tokio::test]
async fn a_body_beyond_the_limit_is_refused_and_one_at_the_limit_is_not() {
    let mut body = input_json().into_bytes();
    body.resize(BODY_LIMIT, b' ');
    assert_eq!(post_json(body.clone()).await.status, StatusCode::OK);

    body.push(b' ');
    let refusal = post_json(body).await;
    assert_eq!(refusal.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(refusal.json["code"], "too_large");
}

#[tokio::test]
async fn other_methods_and_paths_are_refused() {
    for (method, path, status) in [
        (Method::GET, "/agui", StatusCode::METHOD_NOT_ALLOWED),
        (Method::PUT, "/agui", StatusCode::METHOD_NOT_ALLOWED),
        (Method::POST, "/status", StatusCode::METHOD_NOT_ALLOWED),
        (Method::POST, "/", StatusCode::NOT_FOUND),
        (Method::POST, "/agui/more", StatusCode::NOT_FOUND),
    ] {
        let request = Request::builder().method(&method).uri(path).body(Body::empty()).unwrap();
        let response = agui::router(hello).oneshot(request).await.unwrap();
        assert_eq!(response.status(), status, "{method} {path}");
    }
}

#[tokio::test]
async fn the_status_is_available() {
    let request = Request::get("/status").body(Body::empty()).unwrap();
    let response = Response::of(agui::router(hello).oneshot(request).await.unwrap()).await;
    assert_eq!((response.status, response.json), (StatusCode::OK, json!({ "status": "available" })));
}

// What is accepted.

#[tokio::test]
async fn unknown_members_are_removed_and_the_run_starts() {
    // INPUT-14, PROC-18.
    let (router, inputs) = recording();
    let unknown = json!({
        "later": true,
        "tools": [{ "name": "t", "description": "", "later": 1 }],
        "messages": [{ "role": "user", "id": "m", "content": [{ "type": "text", "text": "Hi", "later": 1 }] }],
    });

    let response = answer(router, Some("application/json"), input_with(unknown)).await;

    assert_eq!(response.status, StatusCode::OK);
    assert_eq!(types(&response.events()), ["RUN_STARTED", "RUN_FINISHED"]);
    let expected = json!({
        "threadId": "t",
        "runId": "r",
        "tools": [{ "name": "t", "description": "" }],
        "messages": [{ "role": "user", "id": "m", "content": [{ "type": "text", "text": "Hi" }] }],
    });
    assert_eq!(*inputs.lock().unwrap(), [expected]);
}

#[tokio::test]
async fn a_message_of_an_unknown_role_is_dropped_and_the_run_starts() {
    // PROC-3, PROC-7.
    let (router, inputs) = recording();
    let text = json!({ "type": "text", "text": "three" });
    let smell = json!({ "type": "smell", "source": {} });
    let unknown = json!({ "messages": [
        { "role": "user", "id": "m1", "content": "one" },
        { "role": "narrator", "id": "m2", "content": "two" },
        { "role": "user", "id": "m3", "content": [smell, text] },
    ] });

    let response = answer(router, Some("application/json"), input_with(unknown)).await;

    assert_eq!(types(&response.events()), ["RUN_STARTED", "RUN_FINISHED"]);
    let expected = json!([
        { "role": "user", "id": "m1", "content": "one" },
        { "role": "user", "id": "m3", "content": [text] },
    ]);
    assert_eq!(inputs.lock().unwrap()[0]["messages"], expected);
}

#[tokio::test]
async fn the_smallest_input_starts_a_run() {
    // Without state, tools and the rest, which then are empty (INPUT-9, INPUT-11).
    let response = post_json(input_with(json!({}))).await;
    assert_eq!(response.status, StatusCode::OK);
    assert_eq!(types(&response.events()).last(), Some(&"RUN_FINISHED"));
}

#[tokio::test]
async fn a_run_is_answered_with_an_event_stream_that_nobody_may_hold_back() {
    // SSE-3.
    let response = post_json(input_json()).await;
    assert_eq!(response.status, StatusCode::OK);
    assert_eq!(response.headers[header::CONTENT_TYPE], "text/event-stream");
    assert_eq!(response.headers[header::CACHE_CONTROL], "no-cache, no-transform");
    assert_eq!(response.headers["x-accel-buffering"], "no");
}

#[tokio::test]
async fn routers_can_be_nested_so_that_one_server_has_several_agents() {
    let app = Router::new()
        .nest("/one", agui::router(async |run: RunContext| run.text("I am one").await))
        .nest("/two", agui::router(async |run: RunContext| run.text("I am two").await));
    let server = serve(app).await;

    for (path, said) in [("/one/agui", "I am one"), ("/two/agui", "I am two")] {
        let answer = Exchange::post(server, path, &input_json()).await.answer().await;
        assert_eq!(text(&answer.events()), said);
    }
    let answer = Exchange::post(server, "/agui", &input_json()).await.answer().await;
    assert!(answer.head.starts_with("http/1.1 404"), "{}", answer.head);
}

// Runs over a real socket.

#[tokio::test]
async fn the_body_ends_after_the_terminal_event() {
    // SSE-9. `answer` insists on a complete body.
    let server = serve(agui::router(hello)).await;
    let answer = Exchange::post(server, "/agui", &input_json()).await.answer().await;

    assert!(answer.head.starts_with("http/1.1 200"), "{}", answer.head);
    let expected =
        ["RUN_STARTED", "TEXT_MESSAGE_START", "TEXT_MESSAGE_CONTENT", "TEXT_MESSAGE_END", "RUN_FINISHED"];
    assert_eq!(types(&answer.events()), expected);
}

#[tokio::test]
async fn deltas_are_sent_one_by_one_as_they_are_emitted() {
    let read = Arc::new(Notify::new());
    let go_on = Arc::clone(&read);
    let agent = move |run: RunContext| {
        let go_on = Arc::clone(&go_on);
        async move {
            let mut message = run.start_text().await?;
            for delta in ["first delta", "second delta", "third delta"] {
                message.push(delta).await?;
                go_on.notified().await;
            }
            message.finish().await
        }
    };
    let server = serve(agui::router(agent)).await;

    let mut exchange = Exchange::post(server, "/agui", &input_json()).await;

    // The agent goes on only when the client has seen what was emitted before.
    exchange.until("first delta").await;
    assert!(!exchange.received().contains("second delta"));
    read.notify_one();
    exchange.until("second delta").await;
    assert!(!exchange.received().contains("third delta"));
    read.notify_one();
    exchange.until("third delta").await;
    read.notify_one();
    assert_eq!(types(&exchange.answer().await.events()).last(), Some(&"RUN_FINISHED"));
}

#[tokio::test]
async fn a_client_that_leaves_in_mid_run_drops_the_agent() {
    let (guard, dropped) = DropSignal::new();
    let guard = Mutex::new(Some(guard));
    let agent = move |run: RunContext| {
        let guard = guard.lock().unwrap().take();
        async move {
            let _guard = guard;
            run.text("Stay a while").await?;
            std::future::pending::<Result>().await
        }
    };
    let server = serve(agui::router(agent)).await;
    let mut exchange = Exchange::post(server, "/agui", &input_json()).await;
    exchange.until("TEXT_MESSAGE_END").await;

    let left = Instant::now();
    drop(exchange);

    soon("the drop of the agent", dropped).await.unwrap();
    // Without delay, that is; it takes a millisecond.
    assert!(left.elapsed() < Duration::from_secs(2), "after {:?}", left.elapsed());
}

#[tokio::test]
async fn a_panic_ends_its_own_run_and_the_server_goes_on() {
    // SSE-11: the status was sent already, the failure is in the stream.
    let go_on = Arc::new(Notify::new());
    let waiting = Arc::clone(&go_on);
    let agent = move |run: RunContext| {
        let go_on = Arc::clone(&waiting);
        async move {
            let said = run.last_user_text().unwrap();
            assert_ne!(said, "Panic!", "a secret");
            run.text("Still here").await?;
            go_on.notified().await;
            Ok(())
        }
    };
    let server = serve(agui::router(agent)).await;
    let mut bystander = Exchange::post(server, "/agui", &input_json()).await;
    bystander.until("Still here").await;

    let message = json!({ "role": "user", "id": "m", "content": "Panic!" });
    let panic = input_with(json!({ "runId": "run-2", "messages": [message] }));
    let failed = Exchange::post(server, "/agui", &panic).await.answer().await;
    assert!(failed.head.starts_with("http/1.1 200"), "{}", failed.head);
    assert_eq!(types(&failed.events()), ["RUN_STARTED", "RUN_ERROR"]);
    assert!(!format!("{:?}", failed.events()).contains("secret"));

    let message = json!({ "role": "user", "id": "m", "content": "And you?" });
    let next = input_with(json!({ "runId": "run-3", "messages": [message] }));
    let mut next = Exchange::post(server, "/agui", &next).await;
    next.until("Still here").await;
    for exchange in [bystander, next] {
        go_on.notify_one();
        assert_eq!(types(&exchange.answer().await.events()).last(), Some(&"RUN_FINISHED"));
    }
}

#[tokio::test]
async fn a_client_that_does_not_read_stalls_the_agent_and_loses_nothing() {
    const EVENTS: usize = 10_000;
    let emitted = Counter::default();
    let server = serve_with_small_buffers(agui::router(flood(EVENTS, &emitted, None))).await;
    let mut exchange = Exchange::post(server, "/agui", &input_json()).await;
    exchange.until("CUSTOM").await;

    let stalled = stalled(&emitted).await;
    assert!(stalled < EVENTS / 5, "{stalled} events were emitted for nobody");

    let events = exchange.answer().await.events();
    let names: Vec<_> = events[1..=EVENTS].iter().map(|event| event["name"].as_str().unwrap()).collect();
    assert_eq!(names, (0..EVENTS).map(|index| index.to_string()).collect::<Vec<_>>());
    assert_eq!(events[EVENTS + 1]["type"], "RUN_FINISHED");
}

#[tokio::test]
async fn a_client_that_leaves_without_having_read_drops_a_stalled_agent() {
    let (guard, dropped) = DropSignal::new();
    let emitted = Counter::default();
    let server = serve_with_small_buffers(agui::router(flood(usize::MAX, &emitted, Some(guard)))).await;
    let mut exchange = Exchange::post(server, "/agui", &input_json()).await;
    exchange.until("CUSTOM").await;
    stalled(&emitted).await;

    drop(exchange);

    soon("the drop of the agent", dropped).await.unwrap();
}

/// An agent that emits so many events of 1 KiB, and drops a guard when it is dropped.
fn flood(events: usize, emitted: &Counter, guard: Option<DropSignal>) -> impl Agent + use<> {
    let emitted = emitted.clone();
    let guard = Mutex::new(guard);
    move |run: RunContext| {
        let emitted = emitted.clone();
        let guard = guard.lock().unwrap().take();
        async move {
            let _guard = guard;
            let kibibyte = "x".repeat(1024);
            for index in 0..events {
                run.emit(CustomEvent::new(index.to_string(), kibibyte.as_str())).await?;
                emitted.increment();
            }
            Ok(())
        }
    }
}

/// Waits until a number does not grow any more.
async fn stalled(counter: &Counter) -> usize {
    let started = Instant::now();
    loop {
        let before = counter.get();
        // Nothing can be waited for here: that nothing happens takes time.
        tokio::time::sleep(Duration::from_millis(200)).await;
        if counter.get() == before {
            return before;
        }
        assert!(started.elapsed() < PATIENCE, "still growing: {before}");
    }
}

async fn hello(run: RunContext) -> Result {
    run.text("Hello!").await
}

/// A router, and the inputs that reach its agent.
fn recording() -> (Router, Arc<Mutex<Vec<Value>>>) {
    let inputs = Arc::new(Mutex::new(Vec::new()));
    let record = Arc::clone(&inputs);
    let agent = move |run: RunContext| {
        assert!(run.input().messages.iter().all(|message| matches!(message, Message::User(_))));
        record.lock().unwrap().push(serde_json::to_value(run.input()).unwrap());
        async { Ok(()) }
    };
    (agui::router(agent), inputs)
}

fn input_json() -> String {
    serde_json::to_string(&input()).unwrap()
}

/// The smallest input with some members more, or other ones.
fn input_with(members: Value) -> String {
    let mut input = json!({ "threadId": "t", "runId": "r", "messages": [] });
    input.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
    input.to_string()
}

async fn post_json(body: impl Into<Body>) -> Response {
    post(Some("application/json"), body).await
}

async fn post(content_type: Option<&str>, body: impl Into<Body>) -> Response {
    answer(agui::router(hello), content_type, body).await
}

async fn answer(router: Router, content_type: Option<&str>, body: impl Into<Body>) -> Response {
    let mut request = Request::post("/agui");
    if let Some(content_type) = content_type {
        request = request.header(header::CONTENT_TYPE, content_type);
    }
    Response::of(router.oneshot(request.body(body.into()).unwrap()).await.unwrap()).await
}

/// A complete response, with its body as JSON if that is what it is.
struct Response {
    status: StatusCode,
    headers: HeaderMap,
    body: Vec<u8>,
    json: Value,
}

impl Response {
    async fn of(response: axum::response::Response) -> Self {
        let (head, body) = response.into_parts();
        let body = body.collect().await.unwrap().to_bytes().to_vec();
        let json = match head.headers.get(header::CONTENT_TYPE) {
            Some(json) if json == "application/json" => serde_json::from_slice(&body).unwrap(),
            _ => Value::Null,
        };
        Self { status: head.status, headers: head.headers, body, json }
    }

    fn message(&self) -> &str {
        self.json["message"].as_str().expect("a message")
    }

    #[track_caller]
    fn events(&self) -> Vec<Value> {
        frames::events(&self.body)
    }
}
