//! What each page gets, in process; `record` checks the order of events.

mod chats;
#[cfg(feature = "rig-http")]
#[allow(dead_code, reason = "other tests need more of it")]
#[path = "../../../tests/integration/support/peers.rs"]
mod peers;
#[cfg(feature = "rig-http")]
mod provider;
mod state;

use crate::options::Options;
use crate::{AnyModel, agents, scripted, server};
use agui::testing::{Recording, ask, record};
use agui::{DynAgent, RunFinishedOutcome, RunRequest, Tool};
use axum::body::Body;
use axum::http::Request;
use http_body_util::BodyExt;
use serde_json::{Value, json};
use std::sync::Arc;
use tower::ServiceExt;

fn agent(feature: &str) -> DynAgent {
    let model: AnyModel = Arc::new(scripted::model());
    agent_of(feature, &model)
}

fn agent_of(feature: &str, model: &AnyModel) -> DynAgent {
    let agent = agents(model).unwrap().into_iter().find(|(prefix, _)| *prefix == format!("/{feature}"));
    agent.unwrap().1
}

/// A page's request, with the tools that it brings.
fn page(said: &str, tools: &[&str]) -> RunRequest {
    let mut request = ask(said);
    let tools =
        tools.iter().map(|name| Tool::new(*name, "of the page").parameters(json!({ "type": "object" })));
    request.input_mut().tools = Some(tools.collect());
    request.input_mut().state = Some(json!({}));
    request
}

async fn run(feature: &str, request: impl Into<RunRequest>) -> Recording {
    let recording = record(agent(feature), request.into()).await;
    assert!(recording.error().is_none(), "{recording:?}");
    recording
}

/// Name and arguments of each call.
fn calls(recording: &Recording) -> Vec<(String, Value)> {
    let calls = recording.tool_calls().into_iter();
    calls.map(|call| (call.name, serde_json::from_str(&call.arguments).unwrap())).collect()
}

fn names(recording: &Recording) -> Vec<String> {
    calls(recording).into_iter().map(|(name, _)| name).collect()
}

fn pending(recording: &Recording) -> usize {
    match recording.outcome() {
        Some(RunFinishedOutcome::Success(outcome)) => {
            outcome.pending_tool_call_ids.as_ref().map(Vec::len).unwrap_or_default()
        }
        _ => 0,
    }
}

/// Front ends ask at either path, from pages of another origin.
#[tokio::test]
async fn each_agent_answers_at_both_of_its_paths_whatever_the_page() {
    let model: AnyModel = Arc::new(scripted::model());
    for sessions in [false, true] {
        let router = server(&model, sessions).unwrap().into_router();
        for (prefix, _) in agents(&model).unwrap() {
            for path in [prefix.to_owned(), format!("{prefix}/agui")] {
                let input = json!({
                    "threadId": path, "runId": "run-1", "state": {}, "tools": [], "context": [],
                    "messages": [{ "id": "message-1", "role": "user", "content": "Hi" }],
                });
                let request = Request::post(&path)
                    .header("content-type", "application/json")
                    .header("origin", "http://localhost:3000")
                    .body(Body::from(input.to_string()))
                    .unwrap();
                let response = router.clone().oneshot(request).await.unwrap();
                assert_eq!((response.status().as_u16(), &*path), (200, &*path));
                assert_eq!(response.headers()["access-control-allow-origin"], "*");
                let body = response.into_body().collect().await.unwrap().to_bytes();
                let body = String::from_utf8_lossy(&body);
                assert!(body.contains("Hello!") && body.contains("RUN_FINISHED"), "{path}: {body}");
            }
        }
    }
}

/// Whoever asks for a provider's model does not get the scripted one.
#[test]
fn a_provider_that_cannot_be_had_is_an_error_that_helps() {
    let how = if cfg!(feature = "rig-http") { "--provider anthropic:MODEL" } else { "--features rig-http" };
    for provider in ["nonsense", "nonsense:1"] {
        let Err(error) = crate::model::choose(Some(provider)) else { panic!("{provider}") };
        assert!(error.to_string().contains(how), "{error}");
    }
}

#[test]
fn the_command_line_is_read() {
    let read = |line: &str| Options::from_arguments(line.split_whitespace().map(str::to_owned));
    let all = Options { port: 8000, provider: Some("anthropic".into()), sessions: true };
    assert_eq!(read("--port 8000 --provider anthropic --sessions").unwrap(), all);
    assert_eq!(read("").unwrap(), Options { port: 9001, provider: None, sessions: false });
    for wrong in ["--port", "--port x", "--nonsense"] {
        assert!(read(wrong).is_err(), "{wrong}");
    }
}
