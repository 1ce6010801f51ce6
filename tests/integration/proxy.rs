//! An agent that forwards to another server, over real connections on both sides.

use crate::support::agents::{DropSignal, PATIENCE, input, input_of, soon};
use crate::support::catalogue;
use crate::support::frames::{self, types};
use crate::support::http::{Answer, Exchange, Serving, serve};
use crate::support::log::Log;
use agui::client::{HttpAgent, InProcess, Proxy, Replay};
use agui::verify::Verifier;
use agui::{
    Agent, Error, Event, Finished, Interrupt, Refusal, Result, RunContext, RunFinishedInterruptOutcome,
    RunRequest, Server, TokenUsage,
};
use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use futures_util::{StreamExt, stream};
use serde_json::{Value, json};
use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::sync::mpsc;

/// The way to an upstream, whatever HTTP proxies are set.
fn to(upstream: SocketAddr) -> HttpAgent {
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    HttpAgent::builder(format!("http://{upstream}/agui")).client(client).build().unwrap()
}

/// A server that forwards to an upstream.
async fn before(upstream: SocketAddr) -> SocketAddr {
    serve(agui::router(Proxy::new(to(upstream)))).await
}

async fn asked(server: SocketAddr) -> Answer {
    Exchange::post(server, "/agui", &input_of("run-1")).await.answer().await
}

/// An upstream that answers with these bytes.
async fn answering(bytes: impl Into<Vec<u8>>) -> SocketAddr {
    let bytes = bytes.into();
    let answer = async move || ([(header::CONTENT_TYPE, "text/event-stream")], bytes.clone());
    serve(Router::new().route("/agui", post(answer))).await
}

fn sse(events: &[Value]) -> Vec<u8> {
    events.iter().flat_map(|event| format!("data: {event}\n\n").into_bytes()).collect()
}

fn started() -> Value {
    json!({ "type": "RUN_STARTED", "threadId": "thread-1", "runId": "run-1" })
}

fn finished() -> Value {
    json!({ "type": "RUN_FINISHED", "threadId": "thread-1", "runId": "run-1" })
}

#[tokio::test]
async fn proxy_1_every_event_passes_as_it_was_sent() {
    async fn emit_all(run: RunContext) -> Result {
        for event in catalogue::inner_events() {
            run.emit(event).await?;
        }
        Ok(())
    }
    let upstream = serve(agui::router(emit_all)).await;
    let direct = asked(upstream).await.events();
    let proxied = asked(before(upstream).await).await.events();

    let [first, inner @ .., last] = &*proxied else { panic!("{proxied:?}") };
    let expected: Vec<_> =
        catalogue::inner_events().iter().map(|event| serde_json::to_value(event).unwrap()).collect();
    assert_eq!(inner, expected);
    // VER-9: it is the proxy that speaks, and what it speaks.
    assert_eq!(frames::timeless(first), frames::timeless(&direct[0]));
    assert_eq!(first["protocolVersion"], agui::PROTOCOL_VERSION);
    assert_eq!(frames::timeless(last), frames::timeless(direct.last().unwrap()));
    // PROXY-6.
    let mut verifier = Verifier::producer();
    for event in &proxied {
        verifier.check(&serde_json::from_value::<Event>(event.clone()).unwrap()).unwrap();
    }
    verifier.finish().unwrap();
}

#[tokio::test]
async fn proxy_2_the_input_and_the_allowed_headers_go_on() {
    let (sender, mut seen) = mpsc::unbounded_channel();
    let upstream = async move |headers: HeaderMap, body: String| {
        sender.send((headers, serde_json::from_str::<Value>(&body).unwrap())).unwrap();
        ([(header::CONTENT_TYPE, "text/event-stream")], sse(&[started(), finished()]))
    };
    let upstream = serve(Router::new().route("/agui", post(upstream))).await;
    let proxy = Proxy::new(to(upstream)).forward_headers([
        "X-Tenant",
        "host",
        "content-length",
        "Proxy-Authorization",
    ]);
    let server = serve(agui::router(proxy)).await;

    let mut sent: Value = serde_json::from_str(&input_of("run-1")).unwrap();
    sent["forwardedProps"] = json!({ "temperature": 0.2, "seed": null, "nested": [{ "a/b": 1.0 }] });
    sent["state"] = json!({ "open": { "": null } });
    sent["parentRunId"] = json!("run-0");
    sent["tools"] = json!([{ "name": "show", "description": "", "metadata": { "acme.x": null } }]);
    sent["resume"] = json!([{ "interruptId": "i-1", "status": "resolved", "payload": { "approved": true } }]);
    let headers = "X-Tenant: acme\r\nX-Secret: no\r\nAuthorization: Bearer client\r\nProxy-Authorization: Basic hop\r\n";
    let answer = Exchange::post_with(server, "/agui", headers, &sent.to_string()).await.answer().await;
    assert_eq!(answer.status(), 200, "{}", answer.head);

    let (headers, received) = seen.recv().await.unwrap();
    assert_eq!(received, sent);
    assert_eq!(headers["x-tenant"], "acme");
    assert_eq!(headers["host"], upstream.to_string());
    for kept in ["x-secret", "authorization", "proxy-authorization"] {
        assert!(!headers.contains_key(kept), "{headers:?}");
    }
    assert_eq!(headers["accept"], "text/event-stream");
    assert_eq!(headers["content-length"], sent.to_string().len().to_string());
}

/// The transport's credentials are for everybody who has none that are forwarded.
#[tokio::test]
async fn a_client_without_credentials_borrows_those_of_the_transport() {
    let (sender, mut seen) = mpsc::unbounded_channel();
    let upstream = async move |headers: HeaderMap| {
        let sent = headers.get("authorization").map(|value| value.to_str().unwrap().to_owned());
        sender.send(sent).unwrap();
        ([(header::CONTENT_TYPE, "text/event-stream")], sse(&[started(), finished()]))
    };
    let upstream = serve(Router::new().route("/agui", post(upstream))).await;
    let client = || reqwest::Client::builder().no_proxy().build().unwrap();
    let agent = || HttpAgent::builder(format!("http://{upstream}/agui")).client(client());
    let closed = || Proxy::new(agent().bearer_token("ours").build().unwrap());
    let open = Proxy::new(agent().build().unwrap()).forward_headers(["authorization"]);
    let (mine, none) = ("Authorization: Bearer mine\r\n", "");
    for (proxy, headers, expected) in [
        (closed(), mine, Some("Bearer ours")),
        (closed(), none, Some("Bearer ours")),
        (closed().forward_headers(["authorization"]), mine, Some("Bearer mine")),
        (closed().forward_headers(["authorization"]), none, Some("Bearer ours")),
        (open, none, None),
    ] {
        let server = serve(agui::router(proxy)).await;
        let answer = Exchange::post_with(server, "/agui", headers, &input_of("run-1")).await.answer().await;
        assert_eq!(answer.status(), 200);
        assert_eq!(seen.recv().await.unwrap().as_deref(), expected);
    }
}

#[tokio::test]
async fn ver_9_older_clients_and_servers_meet_at_the_proxy() {
    // The upstream is from before 1.0, and so is the client, which declares nothing.
    let retired = [json!({ "type": "THINKING_START", "title": "Hm" }), json!({ "type": "THINKING_END" })];
    let unknown = json!({ "type": "FUTURE", "x": 1 });
    let stream = [&[started()], &retired[..], &[unknown, finished()]].concat();
    let server = before(answering(sse(&stream)).await).await;
    let events = asked(server).await.events();
    assert_eq!(types(&events), ["RUN_STARTED", "REASONING_START", "REASONING_END", "RUN_FINISHED"]);
}

#[tokio::test]
async fn ver_5_8_versions_that_are_not_ours_are_warned_of() {
    for (declared, rule) in
        [("1.7", Some("VER-8")), ("2.0", Some("VER-8")), ("soon", Some("VER-5")), ("1.0", None)]
    {
        let mut newer = started();
        newer["protocolVersion"] = json!(declared);
        let (log, _guard) = Log::collect();
        let events =
            frames::all(agui::run(Proxy::new(Replay::new(sse(&[newer, finished()]))), input())).await;
        assert_eq!(types(&events), ["RUN_STARTED", "RUN_FINISHED"]);
        assert_eq!(events[0]["protocolVersion"], agui::PROTOCOL_VERSION);
        let logged = log.everything();
        let warned = ["VER-5", "VER-8"].into_iter().find(|rule| logged.contains(rule));
        assert_eq!(warned, rule, "{declared}: {logged}");
    }
}

#[tokio::test]
async fn the_end_of_the_upstream_is_the_end() {
    async fn upstream(run: RunContext) -> Result<Finished> {
        run.text("Wait.").await?;
        let asks = RunFinishedInterruptOutcome::new(vec![Interrupt::new("i-1", "approval")]);
        let usage = TokenUsage::new().provider("acme").model("m").input_tokens(7_u64).output_tokens(2_u64);
        Ok(Finished::from(agui::RunFinishedOutcome::from(asks)).result(json!({ "a": 1 })).usage(vec![usage]))
    }
    let upstream = serve(agui::router(upstream)).await;
    let direct = asked(upstream).await.events();
    let proxied = asked(before(upstream).await).await.events();
    assert_eq!(frames::timeless(&proxied[4]), frames::timeless(&direct[4]));
    assert_eq!(proxied[4]["outcome"]["interrupts"][0]["id"], "i-1");
    assert_eq!(proxied[4]["usage"][0]["inputTokens"], 7);

    async fn failing(run: RunContext) -> Result {
        run.add_usage(TokenUsage::new().model("m").input_tokens(3_u64));
        Err(Error::public("Too many requests.").code("rate_limited"))
    }
    let upstream = serve(agui::router(failing)).await;
    let events = asked(before(upstream).await).await.events();
    assert_eq!(
        (&events[1]["message"], &events[1]["code"]),
        (&json!("Too many requests."), &json!("rate_limited"))
    );
    assert_eq!(events[1]["usage"][0]["inputTokens"], 3);
}

#[tokio::test]
async fn run_19_20_the_last_end_counts() {
    let earlier = |kind: &str| json!({ "type": kind, "threadId": "thread-1", "runId": "run-0" });
    let restated = [earlier("RUN_STARTED"), earlier("RUN_FINISHED"), started(), finished()];
    let events = asked(before(answering(sse(&restated)).await).await).await.events();
    assert_eq!(types(&events), ["RUN_STARTED", "RUN_FINISHED", "RUN_STARTED", "RUN_FINISHED"]);
    let ids: Vec<_> = events.iter().map(|event| &event["runId"]).collect();
    assert_eq!(ids, ["run-0", "run-0", "run-1", "run-1"]);

    let failed = [started(), finished(), json!({ "type": "RUN_ERROR", "message": "after all" })];
    let events = asked(before(answering(sse(&failed)).await).await).await.events();
    assert_eq!(types(&events), ["RUN_STARTED", "RUN_ERROR"]);

    // The second run has not ended.
    let cut = [earlier("RUN_STARTED"), earlier("RUN_FINISHED"), started()];
    let events = asked(before(answering(sse(&cut)).await).await).await.events();
    assert_eq!(events[3]["code"], "upstream_broken");
}

#[tokio::test]
async fn proxy_3_a_cut_answer_is_never_a_success() {
    let text = json!({ "type": "TEXT_MESSAGE_START", "messageId": "m", "role": "assistant" });
    let whole = sse(&[started(), text, json!({ "type": "TEXT_MESSAGE_END", "messageId": "m" }), finished()]);
    let last = whole.len() - 3; // before the end of the last event's JSON
    for cut in [0, 10, sse(&[started()]).len(), last / 2, last] {
        let events = asked(before(answering(&whole[..cut]).await).await).await.events();
        assert_eq!(events[0]["type"], "RUN_STARTED");
        let end = events.last().unwrap();
        assert_eq!((&end["type"], &end["code"]), (&json!("RUN_ERROR"), &json!("upstream_broken")), "{cut}");
        assert!(!types(&events).contains(&"RUN_FINISHED"));
    }
    // Without the empty line at the end it is whole all the same (SSE-5).
    let events = asked(before(answering(&whole[..last + 1]).await).await).await.events();
    assert_eq!(events.last().unwrap()["type"], "RUN_FINISHED");
}

#[tokio::test]
async fn proxy_6_what_breaks_the_protocol_is_not_passed_on() {
    for wrong in [
        json!({ "type": "TEXT_MESSAGE_CONTENT", "messageId": "nobody", "delta": "secret" }),
        json!({ "type": "CUSTOM", "name": "secret" }),
        json!("secret"),
    ] {
        let events =
            asked(before(answering(sse(&[started(), wrong, finished()])).await).await).await.events();
        assert_eq!(types(&events), ["RUN_STARTED", "RUN_ERROR"]);
        assert_eq!(events[1]["code"], "upstream_invalid");
        assert!(!events[1].to_string().contains("secret"));
    }
}

/// An answer of an HTTP server that is no run.
async fn refusing(answer: impl IntoResponse + Clone + Send + Sync + 'static) -> SocketAddr {
    serve(Router::new().route("/agui", post(async move || answer.clone()))).await
}

#[tokio::test]
async fn proxy_4_what_is_refused_is_answered_with_a_status() {
    let problem = |code: &str| json!({ "code": code, "message": "No.", "path": "/state" }).to_string();
    // What the client can do something about it is told.
    let busy = (StatusCode::TOO_MANY_REQUESTS, [(header::RETRY_AFTER, "7")], problem("busy"));
    let answer = asked(before(refusing(busy).await).await).await;
    assert_eq!((answer.status(), answer.header("retry-after")), (429, Some("7")));
    assert_eq!(answer.json(), json!({ "code": "busy", "message": "No.", "path": "/state" }));
    // The rest is between the proxy and its upstream.
    for status in [StatusCode::UNAUTHORIZED, StatusCode::NOT_FOUND, StatusCode::INTERNAL_SERVER_ERROR] {
        let answer = asked(before(refusing((status, problem("secret"))).await).await).await;
        assert_eq!((answer.status(), &answer.json()["code"]), (502, &json!("upstream_refused")));
        assert!(!answer.json().to_string().contains("secret"));
    }
    let page = asked(before(refusing("<h1>secret</h1>").await).await).await;
    assert_eq!((page.status(), &page.json()["code"]), (502, &json!("upstream_refused")));

    // With the client's own credentials, they are the client's to know.
    let forbidden = refusing((StatusCode::FORBIDDEN, problem("not_yours"))).await;
    let proxy = Proxy::new(to(forbidden)).forward_headers(["authorization"]);
    let answer = asked(serve(agui::router(proxy)).await).await;
    assert_eq!((answer.status(), &answer.json()["code"]), (403, &json!("not_yours")));
}

#[tokio::test]
async fn proxy_4_nobody_there_is_told_before_the_stream() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let nobody = listener.local_addr().unwrap();
    drop(listener);
    let answer = asked(before(nobody).await).await;
    assert_eq!((answer.status(), &answer.json()["code"]), (502, &json!("upstream_unreachable")));

    // Where there is no HTTP on this side, the stream begins with it (RUN-1).
    let events = frames::all(agui::run(Proxy::new(to(nobody)), input())).await;
    assert_eq!((events.len(), &events[0]["code"]), (1, &json!("upstream_unreachable")));

    let silent = async || std::future::pending::<Response>().await;
    let silent = serve(Router::new().route("/agui", post(silent))).await;
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let agent = HttpAgent::builder(format!("http://{silent}/agui")).client(client);
    let agent = agent.first_byte_timeout(Duration::from_millis(50)).build().unwrap();
    let answer = asked(serve(agui::router(Proxy::new(agent))).await).await;
    assert_eq!((answer.status(), &answer.json()["code"]), (504, &json!("upstream_timeout")));
}

/// Says a word, then waits, and tells when it is dropped.
fn patient() -> (impl Agent, tokio::sync::oneshot::Receiver<()>) {
    let (guard, dropped) = DropSignal::new();
    let guard = Mutex::new(Some(guard));
    let agent = move |run: RunContext| {
        let guard = guard.lock().unwrap().take();
        async move {
            let _guard = guard;
            let mut message = run.start_text().await?;
            message.push("Hm").await?;
            run.closed().await;
            Result::Ok(())
        }
    };
    (agent, dropped)
}

#[tokio::test]
async fn proxy_7_a_client_that_leaves_ends_the_run_upstream() {
    let (agent, dropped) = patient();
    let server = before(serve(agui::router(agent)).await).await;
    let mut exchange = Exchange::post(server, "/agui", &input_of("run-1")).await;
    exchange.until("Hm").await;
    drop(exchange);
    soon("the drop of the agent upstream", dropped).await.unwrap();
}

#[tokio::test]
async fn a_cancelled_run_ends_the_run_upstream() {
    let (agent, dropped) = patient();
    let upstream = serve(agui::router(agent)).await;
    let serving = Serving::start(Server::new().agent("", Proxy::new(to(upstream))).cancel_endpoint()).await;
    let mut exchange = Exchange::post(serving.address, "/agui", &input_of("run-1")).await;
    exchange.until("Hm").await;
    let mut connection = crate::support::http::KeptAlive::open(serving.address).await;
    let answer = connection.ask("POST /runs/run-1/cancel HTTP/1.1", b"").await.unwrap();
    assert_eq!(answer.status(), 202);
    soon("the drop of the agent upstream", dropped).await.unwrap();
    let events = exchange.answer().await.events();
    // RUN-11: what the upstream left open is closed.
    assert_eq!(types(&events)[3..], ["TEXT_MESSAGE_END", "RUN_FINISHED"]);
    assert_eq!(events[4]["outcome"], json!({ "type": "cancelled" }));
}

/// Memory of the proxy does not grow with what its client does not read.
#[tokio::test]
async fn a_slow_client_slows_the_upstream() {
    let sent = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&sent);
    let answer = async move || {
        let custom = json!({ "type": "CUSTOM", "name": "n", "value": "x".repeat(16 * 1024) });
        let chunk = sse(&[custom]);
        let endless = stream::repeat_with(move || {
            count.fetch_add(chunk.len(), Ordering::SeqCst);
            Ok::<_, std::io::Error>(chunk.clone())
        });
        let body = stream::iter([Ok(sse(&[started()]))]).chain(endless);
        ([(header::CONTENT_TYPE, "text/event-stream")], Body::from_stream(body))
    };
    let upstream = serve(Router::new().route("/agui", post(answer))).await;
    let mut exchange = Exchange::post(before(upstream).await, "/agui", &input_of("run-1")).await;
    exchange.until("CUSTOM").await;
    // What fits into the buffers of two connections is sent; then it stands still.
    let settled = async {
        loop {
            let before = sent.load(Ordering::SeqCst);
            tokio::time::sleep(Duration::from_millis(300)).await;
            if sent.load(Ordering::SeqCst) == before {
                return before;
            }
        }
    };
    let held = tokio::time::timeout(PATIENCE, settled).await.expect("the upstream is slowed");
    assert!(held < 64 << 20, "{held} bytes were taken from the upstream");
}

/// A proxy sees the request once wrappers have changed it, and is asked as often as it is handed the run.
#[tokio::test]
async fn wrappers_and_agents_that_choose_are_served() {
    struct Renamed;
    impl agui::Hooks for Renamed {
        async fn before(&self, request: &mut RunRequest) -> Result<(), Refusal> {
            request.input_mut().forwarded_props = Some(json!({ "by": "hook" }));
            Ok(())
        }
    }
    async fn props(run: RunContext) -> Result {
        run.text(run.input().forwarded_props.as_ref().unwrap().to_string()).await
    }
    let proxy = Arc::new(Proxy::new(InProcess::new(props)).with_hooks(Renamed));
    let twice = move |run: RunContext| {
        let proxy = Arc::clone(&proxy);
        async move {
            run.hand_over(&*proxy).await?;
            run.hand_over(&*proxy).await
        }
    };
    let events = frames::all(agui::run(twice, input())).await;
    assert_eq!(frames::text(&events), r#"{"by":"hook"}{"by":"hook"}"#);

    // One that nobody asked before asks itself.
    let proxy = Arc::new(Proxy::new(Replay::new(sse(&[started(), finished()]))));
    let unasked = move |run: RunContext| {
        let proxy = Arc::clone(&proxy);
        async move { proxy.run(run).await }
    };
    let events = frames::all(agui::run(unasked, input())).await;
    assert_eq!(types(&events), ["RUN_STARTED", "RUN_FINISHED"]);
}
