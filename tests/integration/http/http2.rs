//! HTTP/2, by clients that know beforehand.

use super::disconnect::{BOUND, EVENT, SYSTEM, flood, stalled};
use super::{endless, hello, input};
use crate::support::agents::{DropSignal, soon};
use crate::support::frames;
use crate::support::http::Serving;
use crate::support::http2::{connect, connect_with, connect_without_reading, events, post, send};
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

/// What a client takes of a stream without having read, by its default settings; and of all streams of a connection.
const WINDOW: usize = 64 * 1024;

const STREAMS: usize = 40;

#[tokio::test]
async fn what_is_kept_for_many_streams_that_nobody_reads_is_bounded() {
    let (agent, emitted) = flood();
    let serving = Serving::start_with_small_buffers(Server::new().agent("", agent));
    let client = connect(serving.address).await;
    let runs = (0..STREAMS).map(|index| post(client.clone(), "/agui", input(&index.to_string())));
    let responses = futures_util::future::join_all(runs).await;

    let said = soon("the agents to stall", stalled(&emitted)).await;
    assert!(said > STREAMS * EVENT, "they began: {said} bytes");
    assert!(said <= WINDOW + STREAMS * (BOUND + EVENT), "{said} bytes");
    drop(responses);
}

/// Whatever windows a client grants, it may not take what it was granted.
#[tokio::test]
async fn what_is_kept_for_many_streams_of_a_connection_that_nobody_reads_is_bounded() {
    let (agent, emitted) = flood();
    let serving = Serving::start_with_small_buffers(Server::new().agent("", agent));
    let (client, unread) = connect_without_reading(serving.address).await;
    let runs = (0..STREAMS).map(|index| send(client.clone(), "/agui", input(&index.to_string())));
    let responses = futures_util::future::join_all(runs).await;

    let said = soon("the agents to stall", stalled(&emitted)).await;
    assert!(said > STREAMS * EVENT, "they began: {said} bytes");
    assert!(said <= SYSTEM + STREAMS * (BOUND + EVENT), "{said} bytes");
    drop((responses, unread));
}

#[tokio::test]
async fn streams_that_are_read_go_on_beside_those_that_nobody_reads() {
    const UNREAD: usize = 20;
    const EVENTS: usize = 1000;
    let (agent, emitted) = flood();
    let long = async |run: RunContext| -> Result {
        let mut message = run.start_text().await?;
        for _ in 0..EVENTS {
            message.push("x".repeat(EVENT)).await?;
        }
        message.finish().await
    };
    let server = Server::new().agent("/flood", agent).agent("/long", long);
    let serving = Serving::start_with_small_buffers(server);
    // As browsers do: a connection has room for more than its streams.
    let mut settings = h2::client::Builder::new();
    settings.initial_connection_window_size(16 * 1024 * 1024);
    let client = connect_with(serving.address, &settings).await;
    let runs = (0..UNREAD).map(|index| post(client.clone(), "/flood/agui", input(&index.to_string())));
    let unread = futures_util::future::join_all(runs).await;
    soon("the agents to stall", stalled(&emitted)).await;

    let read = (0..4).map(|index| {
        let run = post(client.clone(), "/long/agui", input(&index.to_string()));
        async { events(run.await).await }
    });
    for events in soon("those that are read", futures_util::future::join_all(read)).await {
        assert_eq!(frames::text(&events).len(), EVENTS * EVENT);
        assert_eq!(events.last().unwrap()["type"], "RUN_FINISHED");
    }
    let said = emitted.get() * EVENT;
    assert!(said <= UNREAD * (WINDOW + BOUND + EVENT), "{said} bytes");
    drop(unread);
}
