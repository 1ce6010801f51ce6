//! The end of a server.

use super::{endless, hello, input};
use crate::support::agents::soon;
use crate::support::frames::{text, types};
use crate::support::http::{Exchange, KeptAlive, Serving};
use agui::{CustomEvent, Result, RunContext, Server};
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpStream;
use tokio::sync::Notify;

#[tokio::test]
async fn runs_under_way_may_finish_and_no_others_begin() {
    let go_on = Arc::new(Notify::new());
    let waiting = Arc::clone(&go_on);
    let agent = move |run: RunContext| {
        let go_on = Arc::clone(&waiting);
        async move {
            run.text("One").await?;
            go_on.notified().await;
            run.text(", two").await
        }
    };
    let serving = Serving::start(Server::new().agent("/slow", agent).agent("/quick", hello)).await;
    let address = serving.address;
    let mut idle = KeptAlive::open(address).await;
    assert_eq!(idle.run("/quick/agui", &input("0")).await.unwrap().status(), 200);
    let mut exchange = Exchange::post(address, "/slow/agui", &input("r")).await;
    exchange.until("One").await;

    let ended = serving.stop();
    // Connections that have nothing to do are closed, new ones not taken.
    assert!(idle.answer().await.is_none());
    assert!(TcpStream::connect(address).await.is_err());
    assert!(!ended.is_finished());

    go_on.notify_one();
    let events = exchange.answer().await.events();
    assert_eq!(text(&events), "One, two");
    assert_eq!(events.last().unwrap().get("outcome"), None, "a success");
    soon("the end of the server", ended).await.unwrap().unwrap();
}

#[tokio::test]
async fn what_is_not_over_by_the_deadline_ends_in_order() {
    let server = Server::new().agent("", endless).shutdown_deadline(Duration::from_millis(100));
    let serving = Serving::start(server).await;
    let mut exchanges = Vec::new();
    for index in 0..10 {
        let mut exchange = Exchange::post(serving.address, "/agui", &input(&index.to_string())).await;
        exchange.until("Once upon a time").await;
        exchanges.push(exchange);
    }

    let ended = serving.stop();

    for exchange in exchanges {
        let events = exchange.answer().await.events();
        assert_eq!(types(&events)[3..], ["TEXT_MESSAGE_END", "RUN_FINISHED"]);
        assert_eq!(events[4]["outcome"]["type"], "cancelled");
    }
    soon("the end of the server", ended).await.unwrap().unwrap();
}

#[tokio::test]
async fn a_client_that_does_not_read_cannot_hold_up_the_end() {
    let flood = async |run: RunContext| -> Result {
        loop {
            run.emit(CustomEvent::new("flood", "x".repeat(1024))).await?;
        }
    };
    let server = Server::new().agent("", flood).shutdown_deadline(Duration::from_millis(10));
    let serving = Serving::start_with_small_buffers(server);
    let mut exchange = Exchange::post(serving.address, "/agui", &input("r")).await;
    exchange.until("flood").await;

    soon("the end of the server", serving.stop()).await.unwrap().unwrap();
    drop(exchange);
}
