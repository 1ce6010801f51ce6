//! Runs of agents with a model, consumed by the reference client.

use super::{GetWeather, kyiv};
use crate::support::http::serve;
use crate::support::peers::Peer;
use agui::model::{LlmAgent, Reply, ScriptedModel, Think};
use agui::{TokenUsage, ToolEntry, agui_tool, tools};
use serde_json::{Value, json};

/// Writes the document anew.
#[agui_tool]
fn write_document(document: String) {
    drop(document);
}

/// REAS-8, SUB-13: reasoning with signatures, a thought, a team and a predicted document, over HTTP.
#[tokio::test(flavor = "multi_thread")]
async fn the_reference_client_follows_reasoning_teams_and_predictions_without_a_complaint() {
    let Some(node) = Peer::node("agents with a model and the reference client") else { return };
    let weather = LlmAgent::new(ScriptedModel::new([
        Reply::reasoning("Look.").and_encrypted_value("sig-m").and_call(&kyiv()),
        Reply::text("Sunny in Kyiv."),
    ]));
    let weather = ToolEntry::agent("weather", "Knows it.", weather.tools(tools![GetWeather].unwrap()));
    let pieces = [r#"{"document":"Once "#, r#"upon"}"#];
    let model = ScriptedModel::new([
        Reply::reasoning("Whom to ask?")
            .and_encrypted_value("sig-l")
            .and_text("I'll ask. ")
            .and_raw_call("weather", [r#"{"task":"Kyiv?"}"#])
            .and_raw_call("weather", [r#"{"task":"#])
            .and_call(&Think { thought: "Both?".into() })
            .and_usage(TokenUsage::new().provider("p").model("m").input_tokens(9u64).output_tokens(3u64)),
        Reply::default().and_raw_call("write_document", pieces).and_encrypted_value("thought-1"),
        Reply::text("Written."),
        Reply::text("Bye."),
    ]);
    let agent = LlmAgent::new(model)
        .tools(tools![WriteDocument, Think].unwrap().with(weather).unwrap())
        .predict("write_document", "document", "document");
    let address = serve(agui::router(agent)).await;
    let url = format!("http://{address}/agui");
    let conversation =
        tokio::task::spawn_blocking(move || node.run("client.mjs", &[&url, "Weather?", "Bye"], ""));
    let conversation = conversation.await.unwrap();

    assert_eq!(conversation["complaints"], json!([]));
    for run in conversation["runs"].as_array().unwrap() {
        assert_eq!(run["failure"], Value::Null, "{run}");
    }
    assert_eq!(conversation["state"], json!({ "document": "Once upon" }));
    let messages = conversation["messages"].as_array().unwrap();
    let sealed: Vec<_> = messages.iter().filter_map(|message| message["encryptedValue"].as_str()).collect();
    assert_eq!(sealed, ["sig-l", "sig-m"]);
    let calls = messages.iter().flat_map(|message| message["toolCalls"].as_array().into_iter().flatten());
    let sealed: Vec<_> = calls.filter_map(|call| call["encryptedValue"].as_str()).collect();
    assert_eq!(sealed, ["thought-1"]);
}
