//! What a provider is asked, and what it is not.

use crate::answers::agent;
use crate::provider::Provider;
use agui::ToolMessage;
use agui::rig::core::completion::{Effort, GenerationOptions};
use agui::testing::{ask, record};
use serde_json::json;

#[tokio::test]
async fn settings_reach_the_provider() {
    let Some(mut provider) = Provider::start("settings for a provider") else { return };
    let model = provider.openai().options(GenerationOptions::new().reasoning(Effort::High));
    record(agent(model).temperature(0.5).max_tokens(99), ask("Say hello")).await;
    let request = &provider.requests()[0];
    assert_eq!(request["reasoning_effort"], "high");
    assert_eq!((&request["temperature"], &request["max_tokens"]), (&json!(0.5), &json!(99)));
    assert_eq!((&request["model"], &request["stream"]), (&json!("a-model"), &json!(true)));
}

/// SEC-1: a provider is told to fetch what the application lets clients name, and nothing else.
#[tokio::test]
async fn clients_refer_to_what_the_application_lets_them() {
    let Some(mut provider) = Provider::start("URLs for a provider") else { return };
    let image = |url: &str| json!({ "type": "image", "source": { "type": "url", "value": url } });
    let content = json!([{ "type": "text", "text": "Say hello" }, image("gs://b/a.png"), image("https://example.com/a.png")]);
    let message = json!([{ "id": "m", "role": "user", "content": content }]);
    let (careful, special) = (provider.openai(), provider.openai().url_schemes(["gs"]));
    for (model, wanted) in [(careful, "https://example.com/a.png"), (special, "gs://b/a.png")] {
        let mut request = ask("");
        request.input_mut().messages = serde_json::from_value(message.clone()).unwrap();
        record(agent(model), request).await;
        let requests = provider.requests();
        let told =
            requests.last().unwrap()["messages"].as_array().unwrap().last().unwrap()["content"].clone();
        let told = told.as_array().unwrap();
        let urls: Vec<_> = told.iter().filter_map(|part| part["image_url"]["url"].as_str()).collect();
        assert_eq!(urls, [wanted]);
        assert!(
            told.iter()
                .any(|part| part["text"].as_str().is_some_and(|text| text.starts_with("(image left out: ")))
        );
    }
}

/// TOOL-26: a tool of the page that failed says so, if only there.
#[tokio::test]
async fn why_a_tool_of_the_page_failed_reaches_the_model() {
    let Some(mut provider) = Provider::start("a failure of the page and a provider") else { return };
    let agent = agent(provider.openai());
    let first = record(agent.clone(), ask("A haiku!")).await;
    let call = first.tool_calls()[0].id.clone();
    let mut next = first.answer("").unwrap();
    next.input_mut().messages.pop();
    next.input_mut()
        .messages
        .push(ToolMessage::new("result-1", "", call).error("The page is closed.").into());
    record(agent, next).await;
    let requests = provider.requests();
    let result = requests.last().unwrap()["messages"].as_array().unwrap().last().unwrap();
    assert_eq!(result["role"], "tool");
    assert!(result["content"].to_string().contains("The page is closed."), "{result}");
}

/// INPUT-5, INPUT-7: whatever the user sends along is for the provider to see, as far as it can; a file that another one
/// has is left out, and the run goes on.
#[tokio::test]
async fn pictures_sound_and_documents_reach_the_provider() {
    let Some(mut provider) = Provider::start("pictures for a provider") else { return };
    let data = |kind: &str, value: &str, mime: &str| json!({ "type": kind, "source": { "type": "data", "value": value, "mimeType": mime } });
    let file = |value: &str, owner: &str| json!({ "type": "document", "source": { "type": "file", "value": value, "provider": owner } });
    let mut request = ask("");
    request.input_mut().messages = serde_json::from_value(json!([{ "id": "m", "role": "user", "content": [
        { "type": "text", "text": "Say hello" },
        data("image", "iVBORw0KGgo=", "image/png"),
        data("audio", "UklGRg==", "audio/wav"),
        data("document", "JVBERi0=", "application/pdf"),
        data("document", "YSxi", "text/csv"),
        file("file-1", "openai"),
        file("file-2", "anthropic"),
    ] }]))
    .unwrap();
    assert!(record(agent(provider.openai()), request).await.is_success());
    let requests = provider.requests();
    let sent =
        requests[0]["messages"].as_array().unwrap().last().unwrap()["content"].as_array().unwrap().clone();
    assert_eq!(sent[1]["image_url"]["url"], "data:image/png;base64,iVBORw0KGgo=");
    assert_eq!(sent[2]["input_audio"], json!({ "data": "UklGRg==", "format": "wav" }));
    assert_eq!(sent[3]["file"]["file_data"], "data:application/pdf;base64,JVBERi0=");
    assert_eq!(sent[4]["text"], "a,b");
    assert_eq!(sent[5]["file"]["file_id"], "file-1");
    assert_eq!(sent[6]["text"], "(document left out: its file is at `anthropic`)");
}
