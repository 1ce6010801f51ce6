//! What the families of providers have in common, and what each wants back.

use crate::answers::{GetWeather, agent, count, usage};
use crate::provider::Provider;
use agui::rig::RigModel;
use agui::rig::core::completion::{Effort, GenerationOptions};
use agui::testing::{Recording, ask, record};
use agui::{Event, Message, RunRequest, UserMessage};
use serde_json::{Value, json};

/// USE-2, USE-11: text, a call, its result on the way back, and tokens by the provider's name.
#[tokio::test]
async fn each_family_talks_calls_and_goes_on_with_the_result() {
    let Some(mut provider) = Provider::start("families of providers") else { return };
    for (name, model) in [
        ("openai", provider.openai()),
        ("openai", provider.responses()),
        ("anthropic", provider.anthropic()),
        ("gcp.gemini", provider.gemini()),
        ("ollama", provider.ollama()),
    ] {
        let before = provider.requests().len();
        let agent = agent(model).max_tokens(1000);
        let recording = record(agent.clone(), ask("The weather?")).await;
        assert_eq!(
            recording.calls_of::<GetWeather>(),
            [GetWeather { city: "Lisbon".into() }],
            "{name}: {recording:?}"
        );
        assert_eq!(recording.text(), "That is what I found.", "{name}: {recording:?}");
        let requests = provider.requests();
        assert_eq!(requests.len(), before + 2, "{name}");
        assert!(requests.last().unwrap().to_string().contains("sunny in Lisbon"), "{name}");

        let recording = record(agent, ask("Say hello")).await;
        assert_eq!(recording.text(), "Hello from the provider.", "{name}");
        assert!(count(&recording, |event| matches!(event, Event::TextMessageContent(_))) > 1, "{name}");
        let usage = &usage(&recording)[0];
        // The mock has no tokens for Ollama.
        let tokens = if name == "ollama" { 0 } else { 150 };
        assert_eq!((&usage["provider"], &usage["totalTokens"]), (&json!(name), &json!(tokens)), "{usage}");
    }
}

/// REAS-1: whoever reasons in sight is seen.
#[tokio::test]
async fn each_family_reasons() {
    let Some(provider) = Provider::start("reasoning of families of providers") else { return };
    for (name, model) in [
        ("responses", provider.responses()),
        ("anthropic", provider.anthropic()),
        ("gemini", provider.gemini()),
    ] {
        let recording = record(agent(model).max_tokens(1000), ask("Please think")).await;
        let reasoned: String = recording
            .messages()
            .iter()
            .filter_map(|message| match message {
                Message::Reasoning(message) => Some(&*message.content),
                _ => None,
            })
            .collect();
        assert_eq!(reasoned, "Is 91 prime? Seven times thirteen.", "{name}: {recording:?}");
        assert_eq!(recording.text(), "No.", "{name}");
    }
}

/// The blocks of reasoning that a request to Anthropic has.
fn thinking(request: &Value) -> Vec<Value> {
    let messages = request["messages"].as_array().unwrap();
    let blocks = messages.iter().filter_map(|message| message["content"].as_array()).flatten();
    blocks.filter(|block| block["type"] == "thinking").cloned().collect()
}

/// The request that goes on after a recording.
fn and_so(first: &Recording) -> RunRequest {
    let mut next = first.answer(()).unwrap();
    next.input_mut().messages.push(UserMessage::new("message-2", "And so?").into());
    next
}

/// REAS-8: what a provider wants back goes through the client and comes back; forged values do not.
#[tokio::test]
async fn signatures_come_back_to_the_provider_that_gave_them() {
    let Some(mut provider) = Provider::start("signatures of a provider") else { return };
    let agent = agent(provider.anthropic()).max_tokens(1000);
    let first = record(agent.clone(), ask("Please think")).await;
    assert!(count(&first, |event| matches!(event, Event::ReasoningEncryptedValue(_))) > 0, "{first:?}");

    let next = and_so(&first);
    let mut forged = next.clone();
    assert_eq!(record(agent.clone(), next).await.text(), "So it is not.");
    for message in &mut forged.input_mut().messages {
        if let Message::Reasoning(reasoning) = message {
            let value = reasoning.encrypted_value.as_mut().unwrap();
            *value = value.replace("Seven", "Eight");
        }
    }
    assert_eq!(record(agent, forged).await.text(), "So it is not.");

    let requests = provider.requests();
    let thought = "Is 91 prime? Seven times thirteen.";
    let wanted = json!([{ "type": "thinking", "thinking": thought, "signature": "c2lnbmVk" }]);
    assert_eq!(json!(thinking(&requests[1])), wanted);
    assert_eq!(thinking(&requests[2]), Vec::<Value>::new());
}

/// Servers that share a key go on with what another began; others have the words alone.
#[tokio::test]
async fn whoever_has_the_key_reads_the_signatures() {
    let Some(mut provider) = Provider::start("keys for signatures") else { return };
    // Each has a key of its own unless it is given one.
    let (one, other) = (provider.anthropic(), provider.anthropic());
    let server = |model: &RigModel, key: Option<&str>| {
        let model = key.map_or(model.clone(), |key| model.clone().key(key));
        agent(model).max_tokens(1000)
    };
    let first = record(server(&one, Some("k")), ask("Please think")).await;
    for (key, wanted) in [(Some("k"), 1), (Some("other"), 0), (None, 0)] {
        assert_eq!(record(server(&other, key), and_so(&first)).await.text(), "So it is not.");
        assert_eq!(thinking(provider.requests().last().unwrap()).len(), wanted, "{key:?}");
    }
}

/// REAS-8: what OpenAI encrypts comes back to it.
#[tokio::test]
async fn encrypted_reasoning_comes_back_to_the_provider_that_gave_it() {
    let Some(mut provider) = Provider::start("encrypted reasoning of a provider") else { return };
    let options = GenerationOptions::new().reasoning(Effort::Low);
    let agent = agent(provider.responses().options(options));
    let first = record(agent.clone(), ask("Please think")).await;
    assert!(count(&first, |event| matches!(event, Event::ReasoningEncryptedValue(_))) > 0, "{first:?}");
    assert_eq!(record(agent, and_so(&first)).await.text(), "So it is not.");
    let requests = provider.requests();
    let reasoning =
        requests[1]["input"].as_array().unwrap().iter().filter(|item| item["type"] == "reasoning");
    let sealed: Vec<_> = reasoning.filter(|item| item["encrypted_content"].is_string()).collect();
    assert_eq!(sealed.len(), 1, "{:#}", requests[1]);
}
