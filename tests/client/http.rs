//! Agents behind HTTP.

use super::support::*;
use agui::client::{
    Exchange, HttpAgent, HttpAgentBuilder, Outcome, Thread, TransportError, TransportErrorKind,
};
use agui::testing::{MockAnswer, MockServer};
use agui::{Result, RunContext, Server};
use axum::Router;
use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::post;
use futures_util::{StreamExt, stream};
use serde_json::json;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tokio::net::{TcpListener, TcpSocket};
use tokio::sync::oneshot;

/// How long something may take that has to happen.
const PATIENCE: Duration = Duration::from_secs(20);

async fn serve(router: Router) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, router).await });
    address
}

/// A port where nobody listens, nor can as long as the socket is held.
fn nobody() -> (TcpSocket, SocketAddr) {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind(SocketAddr::from(([127, 0, 0, 1], 0))).unwrap();
    let address = socket.local_addr().unwrap();
    (socket, address)
}

/// Whatever proxies are set, these are not for us.
fn builder(url: impl AsRef<str>) -> HttpAgentBuilder {
    HttpAgent::builder(url).client(direct())
}

async fn agent(router: Router) -> HttpAgentBuilder {
    builder(format!("http://{}/agui", serve(router).await))
}

fn answering(answer: impl IntoResponse + Clone + Send + Sync + 'static) -> Router {
    Router::new().route("/agui", post(async move || answer.clone()))
}

fn streaming(body: impl Into<Bytes>) -> Response {
    ([(header::CONTENT_TYPE, "text/event-stream; charset=utf-8")], body.into()).into_response()
}

async fn outcome(agent: HttpAgentBuilder) -> Outcome {
    let exchange = Exchange::new(&agent.build().unwrap(), input()).unwrap();
    tokio::time::timeout(PATIENCE, exchange.record()).await.expect("it ends").1.outcome
}

async fn failure(agent: HttpAgentBuilder) -> TransportError {
    match outcome(agent).await {
        Outcome::Transport(error) => error,
        other => panic!("{other}"),
    }
}

#[tokio::test]
async fn a_server_of_ours_is_talked_to() {
    async fn parrot(run: RunContext) -> Result {
        run.text(run.last_user_text().unwrap_or_default()).await
    }
    let router = Server::new().agent("/parrot", parrot).bearer_token("secret").into_router();
    let url = format!("http://{}/parrot/agui", serve(router).await);
    let mut thread = Thread::new(builder(&url).bearer_token("secret").build().unwrap());
    let report = thread.send("Hello, 世界!").await.unwrap();
    assert_eq!(report.text(), "Hello, 世界!");
    assert_eq!(report.warnings.total(), 0);

    let error = failure(builder(&url).bearer_token("other")).await;
    assert_eq!(error.status(), Some(StatusCode::UNAUTHORIZED));
    assert_eq!(error.problem().unwrap().code, "unauthorized");
}

#[tokio::test]
async fn sse_1_2_pb_2_the_request_says_what_it_is_and_wants() {
    let (sender, receiver) = oneshot::channel();
    let sender = Arc::new(std::sync::Mutex::new(Some(sender)));
    let answer = async move |headers: HeaderMap, body: Bytes| {
        sender.lock().unwrap().take().unwrap().send((headers, body)).unwrap();
        streaming(run_of([]))
    };
    let agent = agent(Router::new().route("/agui", post(answer))).await;
    let agent = agent.header("x-tenant", "acme").header("accept", "*/*").bearer_token("secret");
    assert!(!format!("{agent:?}").contains("secret"));
    assert!(outcome(agent).await.is_success());
    let (headers, body) = receiver.await.unwrap();
    assert_eq!(headers[header::CONTENT_TYPE], "application/json");
    assert_eq!(headers[header::ACCEPT], "text/event-stream");
    assert_eq!(headers.get_all(header::ACCEPT).iter().count(), 1);
    assert_eq!(headers[header::AUTHORIZATION], "Bearer secret");
    assert_eq!(headers["x-tenant"], "acme");
    let body: serde_json::Value = serde_json::from_slice(&body).unwrap();
    assert_eq!(body, json!({ "threadId": "thread-1", "runId": "run-1", "messages": [] }));
}

/// One input and one answer (INPUT-1), in the format that every agent over HTTP has (TRN-5, PB-4).
#[tokio::test]
async fn sse_12_a_status_of_200_says_nothing_about_the_run() {
    let failed = event("RUN_ERROR", json!({ "message": "no" }));
    let answers = [
        MockAnswer::bytes(""),
        MockAnswer::bytes(": nothing\n\n"),
        MockAnswer::events([started()]),
        MockAnswer::events([started(), failed.clone()]),
        MockAnswer::events([failed]),
        MockAnswer::events([started(), started()]),
        MockAnswer::events([started(), finished_with(json!({ "type": "cancelled" }))]),
        MockAnswer::run([]),
    ];
    let count = answers.len();
    let server = MockServer::start(answers).await.unwrap();
    let mut successes = Vec::new();
    for _ in 0..count {
        successes.push(outcome(builder(server.url())).await.is_success());
    }
    assert_eq!(successes, [false, false, false, false, false, false, false, true]);
    assert_eq!(server.requests().len(), count);
}

#[tokio::test]
async fn sse_10_refusals_come_with_status_and_body() {
    let body =
        json!({ "code": "invalid_input", "message": "expected a string", "path": "/threadId" }).to_string();
    let answer = (StatusCode::UNPROCESSABLE_ENTITY, [(header::RETRY_AFTER, "7")], body);
    let error = failure(agent(answering(answer)).await).await;
    assert_eq!(
        (error.kind(), error.status()),
        (TransportErrorKind::Refused, Some(StatusCode::UNPROCESSABLE_ENTITY))
    );
    assert_eq!(error.retry_after(), Some(Duration::from_secs(7)));
    assert_eq!(error.problem().unwrap().path.as_deref(), Some("/threadId"));
    assert_eq!(error.to_string(), "HTTP 422 Unprocessable Entity: /threadId: expected a string");

    let error = failure(agent(answering((StatusCode::BAD_GATEWAY, "<h1>Oh no</h1>"))).await).await;
    assert_eq!(error.body(), "<h1>Oh no</h1>");
    assert_eq!(error.to_string(), "HTTP 502 Bad Gateway: <h1>Oh no</h1>");
    assert_eq!(error.problem(), None);
}

/// However much an error page has to say, only its beginning is kept.
#[tokio::test]
async fn the_body_of_a_refusal_is_bounded() {
    let endless = async || {
        let chunk = || Ok::<_, std::io::Error>(Bytes::from_static(&[b'x'; 1024]));
        let body = stream::iter(std::iter::repeat_with(chunk));
        Response::builder().status(500).body(Body::from_stream(body)).unwrap()
    };
    let error = failure(agent(Router::new().route("/agui", post(endless))).await).await;
    assert_eq!(error.body().len(), 64 * 1024);
}

#[tokio::test]
async fn sse_3_what_is_no_event_stream_is_no_run() {
    let page = ([(header::CONTENT_TYPE, "text/html")], "<h1>Log in</h1>");
    let error = failure(agent(answering(page)).await).await;
    assert_eq!(error.kind(), TransportErrorKind::Refused);
    assert!(error.to_string().contains("`text/html`"), "{error}");
    assert_eq!(error.body(), "<h1>Log in</h1>");

    let upper = ([(header::CONTENT_TYPE, "Text/Event-Stream;charset=UTF-8")], run_of([]));
    assert!(outcome(agent(answering(upper)).await).await.is_success());
}

fn proxies_are_set() -> bool {
    let names = ["http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"];
    names.iter().any(|name| std::env::var_os(name).is_some())
}

#[tokio::test]
async fn redirects_are_followed_where_the_request_stays_the_same() {
    let router = |redirect: fn(&str) -> Redirect| {
        let there = post(async || streaming(run_of([])));
        let here = post(async move || redirect("/there"));
        Router::new().route("/agui", here).route("/there", there)
    };
    // With the client that is made here, which says what to follow.
    let own = async |router| {
        let url = format!("http://{}/agui", serve(router).await);
        HttpAgent::builder(url).connect_timeout(PATIENCE)
    };
    if proxies_are_set() {
        return;
    }
    assert!(outcome(own(router(Redirect::temporary)).await).await.is_success());
    assert!(outcome(own(router(Redirect::permanent)).await).await.is_success());
    let error = failure(own(router(Redirect::to)).await).await;
    assert_eq!(error.status(), Some(StatusCode::SEE_OTHER));
    assert!(error.to_string().ends_with("/there`"), "{error}");
}

#[tokio::test]
async fn nobody_there_is_tried_again_and_then_told() {
    let (_taken, address) = nobody();
    let error = failure(builder(format!("http://{address}/")).connect_retries(1)).await;
    assert_eq!((error.kind(), error.status()), (TransportErrorKind::Connect, None));

    // Once a request was there, it is not sent again: the run may have begun.
    let server = MockServer::start([MockAnswer::hang_up()]).await.unwrap();
    let error = failure(builder(server.url()).connect_retries(5)).await;
    assert_eq!(error.kind(), TransportErrorKind::Broken, "{error}");
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test]
async fn silence_has_a_limit_before_and_within_the_answer() {
    let late = MockServer::start([MockAnswer::run([]).after(PATIENCE)]).await.unwrap();
    let error = failure(builder(late.url()).first_byte_timeout(Duration::from_millis(50))).await;
    assert_eq!(error.kind(), TransportErrorKind::Timeout);
    assert_eq!(error.to_string(), "the first byte of the answer did not come within 0.05 seconds");

    let server = MockServer::start([MockAnswer::events([started()]).stuck()]).await.unwrap();
    let agent = builder(server.url()).idle_timeout(Duration::from_millis(100));
    let exchange = Exchange::new(&agent.build().unwrap(), input()).unwrap();
    let (events, finished) = tokio::time::timeout(PATIENCE, exchange.record()).await.expect("it ends");
    assert_eq!(types(&events), ["RUN_STARTED"]);
    assert!(
        matches!(&finished.outcome, Outcome::Transport(error) if error.kind() == TransportErrorKind::Timeout),
        "{}",
        finished.outcome
    );
    assert_eq!(finished.runs[0].outcome, finished.outcome);
}

/// However often connecting is tried: the limit is for all of it.
#[tokio::test]
async fn the_limit_for_the_first_byte_holds_across_retries() {
    let (_taken, address) = nobody();
    // Each attempt is refused at once, and the pauses between them would take days.
    let limit = Duration::from_millis(300);
    let agent = builder(format!("http://{address}/")).connect_retries(30).first_byte_timeout(limit);
    let error = failure(agent).await;
    assert_eq!(error.kind(), TransportErrorKind::Timeout, "{error}");
    assert_eq!(error.to_string(), "the first byte of the answer did not come within 0.3 seconds");
}

#[tokio::test]
async fn a_connection_that_breaks_is_no_end() {
    let answers = [MockAnswer::events([started()]).cut(), MockAnswer::bytes(run_of([])).cut()];
    let server = MockServer::start(answers).await.unwrap();
    let error = failure(builder(server.url())).await;
    assert_eq!(error.kind(), TransportErrorKind::Broken);
    // The run had ended, so its outcome is known.
    let exchange = Exchange::new(&builder(server.url()).build().unwrap(), input()).unwrap();
    let (_, finished) = exchange.record().await;
    assert!(finished.outcome.is_success(), "{}", finished.outcome);
    assert_eq!(finished.warnings.count(agui::client::WarningKind::Connection), 1);
}

/// Says when the body of the answer was dropped.
struct Gone(Option<oneshot::Sender<()>>);

impl Drop for Gone {
    fn drop(&mut self) {
        let _ = self.0.take().unwrap().send(());
    }
}

#[tokio::test]
async fn the_connection_is_closed_when_nobody_reads_on() {
    enum How {
        Dropped,
        Aborted,
        Rejected,
    }
    for how in [How::Dropped, How::Aborted, How::Rejected] {
        let (sender, gone) = oneshot::channel();
        let sender = Arc::new(std::sync::Mutex::new(Some(sender)));
        let first = match how {
            How::Rejected => sse(&[started(), started()]),
            _ => sse(&[started()]),
        };
        let answer = async move || {
            let guard = Gone(sender.lock().unwrap().take());
            // Something has to be written for a closed connection to be noticed.
            let later = stream::unfold(guard, async |guard| {
                tokio::time::sleep(Duration::from_millis(10)).await;
                Some((Ok::<_, std::io::Error>(b": alive\n\n".to_vec()), guard))
            });
            let body = stream::iter([Ok(first)]).chain(later);
            ([(header::CONTENT_TYPE, "text/event-stream")], Body::from_stream(body))
        };
        let agent = agent(Router::new().route("/agui", post(answer))).await.build().unwrap();
        let mut exchange = Exchange::new(&agent, input()).unwrap();
        assert!(exchange.next().await.is_some());
        match how {
            How::Dropped => drop(exchange),
            How::Aborted => {
                exchange.abort_handle().abort();
                assert_eq!(exchange.next().await, None);
            }
            How::Rejected => assert_eq!(exchange.next().await, None),
        }
        tokio::time::timeout(PATIENCE, gone).await.expect("the server notices").unwrap();
    }
}

#[test]
fn what_cannot_be_reached_is_told_at_once() {
    let said = |url: &str| HttpAgent::new(url).unwrap_err().to_string();
    assert_eq!(said("nowhere"), "the URL is none: relative URL without a base");
    assert_eq!(said("ftp://example.com"), "the scheme of the URL is none for an agent, `http` is");
    if cfg!(not(feature = "rustls")) {
        assert_eq!(said("https://example.com"), "`https` takes the feature `rustls` of agui");
    }
    let header = |name, value| {
        HttpAgent::builder("http://localhost").header(name, value).build().unwrap_err().to_string()
    };
    assert_eq!(header("no name", "x"), "the name of a header is none");
    assert_eq!(header("x-key", "no\nvalue"), "the value of `x-key` is none for a header");
    let error = HttpAgent::new("nowhere").unwrap_err();
    assert_eq!(error.kind(), TransportErrorKind::Request);
}

#[tokio::test]
async fn a_limit_that_is_never_reached_is_none() {
    let agent = agent(answering(([(header::CONTENT_TYPE, "text/event-stream")], run_of([])))).await;
    let agent = agent.idle_timeout(Duration::MAX).first_byte_timeout(Duration::MAX);
    assert!(outcome(agent).await.is_success());
}

/// What is no URL may be one with a mistake in it, and a password.
#[test]
fn secrets_of_a_url_that_is_none_are_told_to_nobody() {
    for url in [
        "ada:hidden@example.com/agui?key=hidden",
        "hidden://ada:hidden@example.com",
        "http://ada:hidden@example.com:port/agui",
        "//ada:hidden@example.com?key=hidden",
        "mailto:hidden",
    ] {
        let builder = HttpAgent::builder(url);
        let shown = format!("{builder:?}");
        let error = builder.build().unwrap_err();
        for said in [shown, error.to_string(), format!("{error:?}")] {
            assert!(!said.contains("hidden"), "{url}: {said}");
        }
    }
    let token = HttpAgent::builder("http://localhost").header("Authorization: Bearer hidden", "");
    let error = token.build().unwrap_err();
    assert!(!format!("{error:?}").contains("hidden"), "{error:?}");
}

#[tokio::test]
async fn secrets_of_a_url_are_told_to_nobody() {
    let (_taken, address) = nobody();
    let url = format!("http://ada:hidden@{address}/agui?key=hidden");
    let settings = || builder(&url).header("x-api-key", "hidden").connect_retries(0);
    let shown = format!("{:?} {:?}", settings(), settings().build().unwrap());
    assert_eq!(shown.matches(&format!("http://{address}/agui")).count(), 2, "{shown}");
    let error = failure(settings()).await;
    assert_eq!(error.kind(), TransportErrorKind::Connect);
    for said in [shown, format!("{error} {error:?}")] {
        assert!(!said.contains("hidden"), "{said}");
    }
}

/// The conversation and the credentials are for one server.
#[tokio::test]
async fn redirects_to_elsewhere_are_not_followed() {
    if proxies_are_set() {
        return;
    }
    let asked = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&asked);
    let elsewhere = Router::new().fallback(async move || {
        count.fetch_add(1, Ordering::SeqCst);
        streaming(run_of([]))
    });
    let place = format!("http://{}/agui", serve(elsewhere).await);
    let redirect = Redirect::temporary(&place);
    let url = format!("http://{}/agui", serve(answering(redirect)).await);
    let error = failure(HttpAgent::builder(url)).await;
    assert_eq!(error.status(), Some(StatusCode::TEMPORARY_REDIRECT));
    assert!(error.to_string().contains(&place), "{error}");
    assert_eq!(asked.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn where_a_redirect_leads_is_told_without_secrets() {
    if proxies_are_set() {
        return;
    }
    let said = async |place: &str| {
        let answer = (StatusCode::SEE_OTHER, [(header::LOCATION, place.to_owned())]);
        let elsewhere = Router::new().fallback(async move || answer);
        let url = format!("http://{}/agents/one", serve(elsewhere).await);
        let error = failure(HttpAgent::builder(&url)).await;
        assert!(!format!("{error} {error:?}").contains("hidden"), "{error}");
        error.to_string().replace(&url, "URL")
    };
    let elsewhere = said("https://ada:hidden@example.com/agui?key=hidden#hidden").await;
    assert_eq!(elsewhere, "the agent answered 303 See Other: it is at `https://example.com/agui`");
    assert!(said("../login?next=hidden").await.ends_with("/login`"));
    for nowhere in ["", "http://ada:hidden@", "data:hidden"] {
        assert_eq!(said(nowhere).await, "the agent answered 303 See Other, and not where it is");
    }
}

/// However slowly an error page is told, it is not waited for longer than allowed.
#[tokio::test]
async fn the_time_for_the_body_of_a_refusal_is_bounded() {
    let dripping = async || {
        let body = stream::unfold((), async |()| {
            tokio::time::sleep(Duration::from_millis(20)).await;
            Some((Ok::<_, std::io::Error>(Bytes::from_static(b"x")), ()))
        });
        Response::builder().status(500).body(Body::from_stream(body)).unwrap()
    };
    let agent = agent(Router::new().route("/agui", post(dripping))).await;
    let error = failure(agent.first_byte_timeout(Duration::from_secs(4))).await;
    assert_eq!(error.status(), Some(StatusCode::INTERNAL_SERVER_ERROR));
}
