//! HTTP/2, by clients that know beforehand.

use super::{endless, hello, input};
use crate::support::agents::{DropSignal, soon};
use crate::support::frames;
use crate::support::http::Serving;
use crate::support::http2::{connect, events, post};
use agui::{Result, RunContext, Server};
use std::sync::Mutex;
use std::time::{Duration, Instant};

#[tokio::test]
async fn runs_share_a_connection() {
    let serving = Serving::start(Server::new().agent("", hello)).await;
    let client = connect(serving.address).await;
    let runs = (0..50).map(|index| post(client.clone(), "/agui", input(&index.to_string())));
    for response in futures_util::future::join_all(runs).await {
        assert_eq!(response.status(), 200);
        let events = events(response).await;
        assert_eq!(events.last().unwrap()["type"], "RUN_FINISHED");
    }
    let refused = post(client, "/agui", "{".to_owned()).await;
    assert_eq!(refused.status(), 400);
}

#[tokio::test]
async fn a_reset_stream_drops_its_agent_and_no_other() {
    let (guard, dropped) = DropSignal::new();
    let guard = Mutex::new(Some(guard));
    let agent = move |run: RunContext| {
        let guard = guard.lock().unwrap().take();
        async move {
            let _guard = guard;
            endless(run).await
        }
    };
    let finite = async |run: RunContext| -> Result {
        run.text("One").await?;
        tokio::time::sleep(Duration::from_millis(300)).await;
        run.text("Two").await
    };
    let serving = Serving::start(Server::new().agent("/a", agent).agent("/b", finite)).await;
    let client = connect(serving.address).await;
    let other = post(client.clone(), "/b/agui", input("1")).await;
    let mut response = post(client, "/a/agui", input("2")).await;
    soon("the first data", response.body_mut().data()).await.unwrap().unwrap();

    let left = Instant::now();
    drop(response);
    soon("the drop of the agent", dropped).await.unwrap();
    assert!(left.elapsed() < Duration::from_secs(1), "{:?}", left.elapsed());
    assert_eq!(frames::text(&events(other).await), "OneTwo");
}
