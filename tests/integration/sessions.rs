//! Sessions over HTTP, and with the reference client on the other end.

use crate::support::agents::input;
use crate::support::frames::{all, events, text};
use crate::support::http::serve;
use crate::support::peers::Peer;
use agui::session::{MemoryStore, Owner, SessionStore, Sessions};
use agui::{Result, RunContext};
use axum::body::{Body, Bytes};
use axum::http::{Request, header};
use axum::middleware::{Next, from_fn};
use http_body_util::BodyExt;
use serde_json::{Value, json};
use tower::ServiceExt;

async fn counts(run: RunContext) -> Result {
    run.text(format!("I see {}.", run.input().messages.len())).await
}

/// Middleware in place of authentication: it believes what a header says.
fn app(store: MemoryStore) -> axum::Router {
    agui::router(Sessions::new(store, counts)).layer(from_fn(
        async |mut request: Request<Body>, next: Next| {
            if let Some(user) = request.headers().get(header::AUTHORIZATION) {
                let owner = Owner::user(user.to_str().unwrap());
                request.extensions_mut().insert(owner);
            }
            next.run(request).await
        },
    ))
}

async fn ask(store: &MemoryStore, user: &str, run: &str) -> (u16, Bytes) {
    let message = json!({"id": run, "role": "user", "content": "Hello"});
    let input = json!({"threadId": "thread", "runId": run, "messages": [message]});
    let request = Request::post("/agui").header(header::CONTENT_TYPE, "application/json");
    let request = request.header(header::AUTHORIZATION, user).body(Body::from(input.to_string())).unwrap();
    let response = app(store.clone()).oneshot(request).await.unwrap();
    (response.status().as_u16(), response.into_body().collect().await.unwrap().to_bytes())
}

#[tokio::test]
async fn a_thread_belongs_to_whom_middleware_found() {
    let store = MemoryStore::new();
    assert_eq!(text(&events(ask(&store, "ada", "r1").await.1)), "I see 1.");
    assert_eq!(text(&events(ask(&store, "ada", "r2").await.1)), "I see 3.");
    let (status, refused) = ask(&store, "eve", "r3").await;
    let refused: Value = serde_json::from_slice(&refused).unwrap();
    assert_eq!((status, &refused["code"]), (404, &json!("thread_not_found")));
    assert_eq!(store.load(&Owner::user("ada"), "thread").await.unwrap().unwrap().messages.len(), 4);
}

/// GEN-6: what the agent knows of the conversation is what the client was told.
#[tokio::test(flavor = "multi_thread")]
async fn the_reference_client_has_the_messages_that_are_stored() {
    let Some(node) = Peer::node("sessions with the reference client") else { return };
    let store = MemoryStore::new();
    let server = serve(app(store.clone())).await;
    let url = format!("http://{server}/agui");
    let conversation =
        tokio::task::spawn_blocking(move || node.run("client.mjs", &[&url, "One", "Two"], "")).await.unwrap();
    assert_eq!(conversation["complaints"], json!([]));
    let threads = store.list(&Owner::anonymous(), 10, None).await.unwrap().threads;
    let thread = store.load(&Owner::anonymous(), &threads[0].thread_id).await.unwrap().unwrap();
    assert_eq!(json!(thread.messages), conversation["messages"]);
    assert_eq!(thread.messages.len(), 4);
}

/// REAS-12: what the provider wants back is restated with the messages.
#[cfg(feature = "macros")]
#[tokio::test]
async fn a_restated_thread_has_the_encrypted_values() {
    use agui::model::{LlmAgent, Reply, ScriptedModel};
    let reply = Reply::reasoning("Hm.").and_encrypted_value("sealed").and_text("Yes.");
    let sessions = Sessions::new(MemoryStore::new(), LlmAgent::new(ScriptedModel::new([reply])));
    all(agui::run(sessions.clone(), input())).await;
    let mut reload = input();
    (reload.run_id, reload.messages) = ("run-2".into(), vec![]);
    let restated = all(agui::run(sessions, reload)).await;
    let messages = restated[1]["messages"].as_array().unwrap();
    let reasoning = messages.iter().find(|message| message["role"] == "reasoning").unwrap();
    assert_eq!(
        (&restated[1]["type"], &reasoning["encryptedValue"]),
        (&json!("MESSAGES_SNAPSHOT"), &json!("sealed"))
    );
}
