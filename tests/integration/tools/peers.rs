//! Runs with tools, consumed by the reference client.

use super::agent::{GenerateHaiku, GetWeather, city};
use crate::support::http::serve;
use crate::support::peers::Peer;
use agui::model::{LlmAgent, Reply, ScriptedModel};
use agui::testing::{ask, record};
use agui::{CustomEvent, Result, ToolContext, agui_tool, tools};
use serde_json::{Value, json};

#[derive(serde::Serialize, CustomEvent)]
#[custom_event(name = "notes.saved")]
struct Saved(usize);

/// Writes a line down.
#[agui_tool]
async fn write_down(line: String, context: ToolContext) -> Result {
    let mut lines: Vec<String> = context.state().unwrap_or_default();
    lines.push(line);
    context.set_state(&lines).await?;
    context.custom(&Saved(lines.len())).await
}

fn agent() -> LlmAgent<ScriptedModel> {
    let model = ScriptedModel::new([
        Reply::text("Let me see.").and_call(&city("Kyiv")).and_call(&WriteDown { line: "Milk".into() }),
        Reply::text("Sunny, and noted."),
        Reply::call(&city("Lviv")).and_call(&GenerateHaiku { topic: "rain".into() }),
    ]);
    LlmAgent::new(model).tools(tools![GetWeather, GenerateHaiku, WriteDown].unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_reference_client_follows_calls_results_events_and_state_without_a_complaint() {
    let Some(node) = Peer::node("runs with tools and the reference client") else { return };
    let address = serve(agui::router(agent())).await;
    let url = format!("http://{address}/agui");
    let said = ["Weather? And note milk.", "A haiku!"];
    let conversation =
        tokio::task::spawn_blocking(move || node.run("client.mjs", &[&url, said[0], said[1]], ""));
    let conversation = conversation.await.unwrap();

    assert_eq!(conversation["complaints"], json!([]));
    for run in conversation["runs"].as_array().unwrap() {
        assert_eq!(run["failure"], Value::Null);
    }
    assert_eq!(conversation["state"], json!(["Milk"]));
    let messages = conversation["messages"].as_array().unwrap();
    let roles: Vec<_> = messages.iter().map(|message| message["role"].as_str().unwrap()).collect();
    assert_eq!(roles, ["user", "assistant", "tool", "tool", "assistant", "user", "assistant", "tool"]);
    // Text and calls of a turn are one message, as in the model's own history.
    let assistant = &messages[1];
    assert_eq!(assistant["content"], "Let me see.");
    let calls = assistant["toolCalls"].as_array().unwrap();
    assert_eq!(calls[0]["function"], json!({ "name": "get_weather", "arguments": r#"{"city":"Kyiv"}"# }));
    assert_eq!(calls[1]["function"]["name"], "write_down");
    assert_eq!(messages[2]["content"], "sunny in Kyiv");
    assert_eq!(messages[2]["toolCallId"], calls[0]["id"]);
    // What the application is to answer is there without a result.
    assert_eq!(messages[6]["toolCalls"][1]["function"]["name"], "generate_haiku");
}

#[tokio::test]
async fn the_official_schemas_accept_every_event() {
    let events = serde_json::to_value(record(agent(), ask("?")).await).unwrap();
    let events = events.as_array().unwrap();
    let judge = |peer: &Peer, validator: &str| {
        for (event, problems) in events.iter().zip(peer.problems(validator, events)) {
            assert!(problems.is_empty(), "{problems:#?} in {event:#}");
        }
    };
    if let Some(node) = Peer::node("events of a run with tools by @ag-ui/core") {
        judge(node, "validate.mjs");
    }
    if let Some(python) = Peer::python("events of a run with tools by ag-ui-protocol") {
        judge(python, "validate.py");
    }
}
