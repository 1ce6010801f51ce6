//! Of both.

use super::{ask, ask_again};
use crate::support::frames::{self, types};
use crate::support::http::{KeptAlive, Serving};
use agui::session::{MemoryStore, Sessions};
use agui::{Result, RunContext, Server};
use serde_json::json;
use std::time::Duration;

async fn delegates(run: RunContext) -> Result {
    tokio::time::sleep(Duration::from_millis(50)).await;
    run.start_step("plan").await?.finish().await?;
    run.start_subagent("helper").await?.finish().await?;
    run.messages_snapshot(run.input().messages.clone()).await
}

/// The binding of protobuf is optional (TRN-5): what `Accept` admits is read, and answered with events as the content
/// type says, which is all that clients go by (PB-4).
#[tokio::test]
async fn both_25_accept_silence_size_capabilities_reload_and_all_kinds_of_events_are_seen_to() {
    let kept = Sessions::new(MemoryStore::new(), delegates);
    let server = Server::new().agent("", kept).keep_alive(Duration::from_millis(5)).body_limit(10_000);
    let serving = Serving::start(server).await;
    let declared = json!({ "protocolVersion": "1.0" });
    let answer = ask_again(&serving, declared).await;
    assert!(answer.body.windows(3).any(|bytes| bytes == b":\n\n"), "no comment");
    let body: Vec<u8> = String::from_utf8(answer.body).unwrap().replace(":\n\n", "").into();
    assert_eq!(
        types(&frames::events(body)),
        [
            "RUN_STARTED",
            "STEP_STARTED",
            "STEP_FINISHED",
            "SUBAGENT_STARTED",
            "SUBAGENT_FINISHED",
            "MESSAGES_SNAPSHOT",
            "RUN_FINISHED"
        ]
    );

    let mut connection = KeptAlive::open(serving.address).await;
    let declared = connection.ask("GET /capabilities HTTP/1.1", b"").await.unwrap().json();
    assert_eq!(
        (&declared["transport"]["httpBinary"], &declared["state"]["persistentState"]),
        (&json!(false), &json!(true))
    );
    let large = connection.run("/agui", &" ".repeat(10_001)).await.unwrap();
    assert_eq!((large.status(), &large.json()["code"]), (413, &json!("too_large")));

    // Who lost the connection gets the thread back.
    let mut connection = KeptAlive::open(serving.address).await;
    let thread = connection.ask("GET /threads/t HTTP/1.1", b"").await.unwrap().json();
    assert_eq!(
        (&thread["messages"][0]["content"], &thread["lastRun"]["runId"]),
        (&json!("Hello!"), &json!("r"))
    );

    let accept = "Accept: application/vnd.ag-ui.event+proto;q=0.9, text/event-stream;q=0.1";
    let head = format!("POST /agui HTTP/1.1\r\nContent-Type: application/json\r\n{accept}");
    let input = json!({ "threadId": "t", "runId": "r2", "messages": [] }).to_string();
    let answer = connection.ask(&head, input.as_bytes()).await.unwrap();
    assert_eq!((answer.status(), answer.header("content-type")), (200, Some("text/event-stream")));
}

/// Those that declare no version get the kinds that they know.
#[tokio::test]
async fn both_25_who_is_older_gets_what_it_knows() {
    let events = ask(delegates, json!({})).await.events();
    assert_eq!(
        types(&events),
        ["RUN_STARTED", "STEP_STARTED", "STEP_FINISHED", "MESSAGES_SNAPSHOT", "RUN_FINISHED"]
    );
}
