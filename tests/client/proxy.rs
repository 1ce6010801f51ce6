//! Agents that are other agents, asked in this process.

use super::support::*;
use agui::client::{Exchange, HttpAgent, InProcess, Outcome, Proxy, Replay, Transport};
use agui::testing::{MockAnswer, MockServer};
use serde_json::{Value, json};

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
    let (_, finished) = Exchange::new(&InProcess::new(Proxy::new(upstream)), input()).unwrap().record().await;
    assert!(finished.runs.len() == 1, "{:?}", finished.runs);
    finished.outcome
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
    // Its end was told before.
    assert!(outcome(upstream.clone()).await.is_success());
    let told = outcome(upstream).await;
    assert!(matches!(&told, Outcome::Failed(error) if error.code.as_deref() == Some("quota")), "{told}");
}
