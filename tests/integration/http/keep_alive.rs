//! Comments on silence, by a clock that the test holds.

use super::input;
use agui::{Result, RunContext, Server};
use axum::http::{Request, header};
use http_body_util::BodyExt;
use std::time::Duration;
use tokio::time::{Instant, sleep};
use tower::ServiceExt;

/// Waits for 10, 40 and 15 seconds, with a word behind each wait.
async fn slow(run: RunContext) -> Result {
    for seconds in [10, 40, 15] {
        sleep(Duration::from_secs(seconds)).await;
        run.text("word").await?;
    }
    Ok(())
}

/// After how many seconds what was sent.
async fn seen(server: Server) -> Vec<(u64, &'static str)> {
    let request = Request::post("/agui").header(header::CONTENT_TYPE, "application/json").body(input("r"));
    let mut body = server.into_router().oneshot(request.unwrap()).await.unwrap().into_body();
    let start = Instant::now();
    let mut seen = Vec::new();
    while let Some(frame) = body.frame().await {
        let frame = frame.unwrap().into_data().unwrap();
        let text = std::str::from_utf8(&frame).unwrap();
        let what = match text {
            ":\n\n" => "comment",
            _ if text.contains("RUN_STARTED") => "start",
            _ if text.contains("RUN_FINISHED") => "end",
            _ => "word",
        };
        seen.push((start.elapsed().as_secs(), what));
    }
    seen
}

#[tokio::test(start_paused = true)]
async fn silence_is_broken_every_fifteen_seconds_and_no_sooner() {
    let expected = [
        (0, "start"),
        (10, "word"),
        (25, "comment"),
        (40, "comment"),
        (50, "word"),
        // At the same moment; the event is as good as a comment.
        (65, "end"),
    ];
    assert_eq!(seen(Server::new().agent("", slow)).await, expected);
}

#[tokio::test(start_paused = true)]
async fn the_interval_can_be_set_and_comments_switched_off() {
    let words = [(0, "start"), (10, "word"), (50, "word"), (65, "end")];
    assert_eq!(seen(Server::new().agent("", slow).keep_alive(None)).await, words);

    let minute = Duration::from_secs(60);
    assert_eq!(seen(Server::new().agent("", slow).keep_alive(minute)).await, words);

    let comments = seen(Server::new().agent("", slow).keep_alive(Duration::from_secs(1))).await;
    assert_eq!(comments.iter().filter(|(_, what)| *what == "comment").count(), 9 + 39 + 14);
}
