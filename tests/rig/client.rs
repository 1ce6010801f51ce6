//! Runs with a provider, as the official client has them.

use crate::answers::{Person, agent};
use crate::peers::Peer;
use crate::provider::Provider;
use agui::Server;
use agui::model::LlmAgent;
use serde_json::{Value, json};
use tokio::net::TcpListener;

/// What came of some messages to an agent, one after the other.
async fn conversation(node: &'static Peer, url: &str, said: &[&str]) -> Value {
    let arguments: Vec<_> = [url].iter().chain(said).map(|argument| (*argument).to_owned()).collect();
    let conversation = tokio::task::spawn_blocking(move || {
        let arguments: Vec<_> = arguments.iter().map(String::as_str).collect();
        node.run("client.mjs", &arguments, "")
    });
    conversation.await.unwrap()
}

/// It follows each of them without a complaint, also to where the provider fails.
#[tokio::test(flavor = "multi_thread")]
async fn the_reference_client_follows_a_provider() {
    let Some(provider) = Provider::start("a provider and the reference client") else { return };
    let node = Peer::node("a provider and the reference client").unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let typed = LlmAgent::new(provider.openai()).output::<Person>().unwrap();
    let server = Server::new()
        .agent("/plain", agent(provider.openai()).retries(1))
        .agent("/typed", typed)
        .agent("/thinking", agent(provider.anthropic()).max_tokens(1000));
    tokio::spawn(server.serve_on(listener));

    let good = [
        "Say hello",
        "Please think",
        "The weather?",
        "In two cities?",
        "Are you busy?",
        "Did you stumble?",
        "Something slow",
        "A haiku!",
    ];
    for (path, said) in
        [("plain", &good[..]), ("typed", &["A person?"]), ("thinking", &["Please think", "And so?"])]
    {
        let conversation = conversation(node, &format!("http://{address}/{path}/agui"), said).await;
        assert_eq!(conversation["complaints"], json!([]), "{path}");
        let runs = conversation["runs"].as_array().unwrap();
        assert_eq!(runs.len(), said.len());
        for run in runs {
            assert_eq!(run["failure"], Value::Null);
            let events = run["events"].as_array().unwrap();
            assert_eq!(events.last().unwrap()["event"]["type"], "RUN_FINISHED", "{events:#?}");
        }
    }

    for (said, text) in [
        ("Please break off", "This is neve"),
        ("Please fall over", "So far so good"),
        ("Something garbled", "So far so good"),
        ("Something malformed", ""),
    ] {
        let conversation = conversation(node, &format!("http://{address}/plain/agui"), &[said]).await;
        assert_eq!(conversation["complaints"], json!([]), "{said}");
        let run = &conversation["runs"][0];
        assert_eq!(run["failure"], Value::Null, "{said}");
        assert_eq!(run["events"].as_array().unwrap().last().unwrap()["event"]["type"], "RUN_ERROR", "{said}");
        // What was said so far stands.
        let messages = conversation["messages"].as_array().unwrap();
        let said_so_far = messages.iter().filter(|message| message["role"] == "assistant");
        let said_so_far: String = said_so_far.filter_map(|message| message["content"].as_str()).collect();
        assert_eq!(said_so_far, text, "{said}");
    }
}
