//! Clients that leave, and clients that do not read.

use super::input;
use crate::support::agents::{Counter, DropSignal, soon};
use crate::support::http::{Exchange, Serving};
use crate::support::http2::{connect, post};
use agui::{Agent, CustomEvent, OnDisconnect, RunContext, Server};
use std::sync::Mutex;
use std::time::{Duration, Instant};
use tokio::sync::mpsc;

/// What is promised. Here it takes a millisecond.
const PROMPTLY: Duration = Duration::from_millis(100);

#[tokio::test]
async fn an_agent_whose_client_leaves_is_dropped_promptly() {
    let (guards, mut dropped) = mpsc::unbounded_channel();
    let agent = move |run: RunContext| {
        let (guard, signal) = DropSignal::new();
        guards.send(signal).unwrap();
        async move {
            let _guard = guard;
            super::endless(run).await
        }
    };
    let serving = Serving::start(Server::new().agent("", agent)).await;
    let mut best = Duration::MAX;
    for index in 0..10 {
        let mut exchange = Exchange::post(serving.address, "/agui", &input(&index.to_string())).await;
        exchange.until("Once upon a time").await;
        let signal = dropped.recv().await.unwrap();

        let left = Instant::now();
        drop(exchange);
        soon("the drop of the agent", signal).await.unwrap();
        best = best.min(left.elapsed());
    }
    // The best of ten, since others use the machine as well.
    assert!(best < PROMPTLY, "{best:?}");
}

#[tokio::test]
async fn an_agent_may_be_told_instead_and_go_on() {
    let (done, mut finished) = mpsc::unbounded_channel();
    let agent = move |run: RunContext| {
        let done = done.clone();
        async move {
            run.text("Work").await?;
            run.closed().await;
            let told = Instant::now();
            tokio::time::sleep(Duration::from_millis(50)).await;
            let refused = run.text("for nobody").await.unwrap_err();
            done.send((told, refused.is_closed())).unwrap();
            Ok(())
        }
    };
    let tell = OnDisconnect::Tell(Duration::from_secs(60));
    let serving = Serving::start(Server::new().agent("", agent).on_disconnect(tell)).await;
    let mut best = Duration::MAX;
    for index in 0..5 {
        let mut exchange = Exchange::post(serving.address, "/agui", &input(&index.to_string())).await;
        exchange.until("TEXT_MESSAGE_END").await;
        let left = Instant::now();
        drop(exchange);
        let (told, refused) = soon("the end of the agent", finished.recv()).await.unwrap();
        assert!(refused);
        best = best.min(told.saturating_duration_since(left));
    }
    assert!(best < PROMPTLY, "{best:?}");
}

#[tokio::test]
async fn a_told_agent_that_does_not_end_is_dropped() {
    let (guard, dropped) = DropSignal::new();
    let guard = Mutex::new(Some(guard));
    let agent = move |run: RunContext| {
        let guard = guard.lock().unwrap().take();
        async move {
            let _guard = guard;
            super::endless(run).await
        }
    };
    let tell = OnDisconnect::Tell(Duration::from_millis(20));
    let serving = Serving::start(Server::new().agent("", agent).on_disconnect(tell)).await;
    let mut exchange = Exchange::post(serving.address, "/agui", &input("r")).await;
    exchange.until("Once upon a time").await;
    drop(exchange);
    soon("the drop of the agent", dropped).await.unwrap();
}

/// What the operating system may hold: two buffers of 16 KiB, which Linux doubles, and once more for what is on
/// the way.
pub(super) const SYSTEM: usize = 128 * 1024;

/// What may be kept of a run, beside one event.
pub(super) const BOUND: usize = 64 * 1024;

pub(super) const EVENT: usize = 1024;

/// An agent that never stops, and how much it has said.
pub(super) fn flood() -> (impl Agent, Counter) {
    let emitted = Counter::default();
    let counter = emitted.clone();
    let agent = move |run: RunContext| {
        let counter = counter.clone();
        async move {
            let payload = "x".repeat(EVENT - 64);
            while run.emit(CustomEvent::new("flood", payload.as_str())).await.is_ok() {
                counter.increment();
            }
            Ok(())
        }
    };
    (agent, emitted)
}

/// Waits until an agent says nothing more, and tells how many bytes it said.
pub(super) async fn stalled(emitted: &Counter) -> usize {
    let mut before = 0;
    loop {
        // Nothing can be waited for: that nothing happens takes time.
        tokio::time::sleep(Duration::from_millis(200)).await;
        if emitted.get() == before && before > 0 {
            return before * EVENT;
        }
        before = emitted.get();
    }
}

#[tokio::test]
async fn what_is_kept_for_a_client_that_does_not_read_is_bounded() {
    let (agent, emitted) = flood();
    let serving = Serving::start_with_small_buffers(Server::new().agent("", agent));
    let mut exchange = Exchange::post(serving.address, "/agui", &input("r")).await;
    exchange.until("flood").await;

    let said = soon("the agent to stall", stalled(&emitted)).await;
    assert!(said <= exchange.received().len() + SYSTEM + BOUND + EVENT, "{said} bytes");
}

#[tokio::test]
async fn so_it_is_with_http_2() {
    /// What a client takes without having read, by its default settings.
    const WINDOW: usize = 64 * 1024;
    let (agent, emitted) = flood();
    let serving = Serving::start_with_small_buffers(Server::new().agent("", agent));
    let response = post(connect(serving.address).await, "/agui", input("r")).await;

    let said = soon("the agent to stall", stalled(&emitted)).await;
    assert!(said <= WINDOW + BOUND + EVENT, "{said} bytes");
    drop(response);
}
