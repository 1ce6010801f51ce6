//! Agno 3.1.10.

use super::{ask, shop_of_ann};
use crate::support::frames::{text, types};
use crate::support::http::{KeptAlive, Serving};
use agui::{Result, RunContext, Server};
use serde_json::{Value, json};

async fn hello(run: RunContext) -> Result {
    run.text("Hello!").await
}

#[tokio::test]
async fn agno_20_state_is_what_the_agent_put_there_and_is_told_to_clients_that_sent_none() {
    let events = ask(shop_of_ann(), json!({})).await.events();
    assert_eq!(types(&events)[1..3], ["STATE_SNAPSHOT", "STATE_DELTA"]);
    let mut members: Vec<_> = events[1]["snapshot"].as_object().unwrap().keys().collect();
    // In which order they come, serde_json's features say.
    members.sort();
    assert_eq!(members, ["items", "owner"]);
    assert_eq!(events[2]["delta"], json!([{ "op": "add", "path": "/items/1", "value": "tea" }]));
}

#[tokio::test]
async fn agno_21_preflight_and_answer_say_the_same_of_origins() {
    for (server, allowed) in [
        (Server::new().agent("", hello), Some("*")),
        (Server::new().agent("", hello).allow_origins(["https://a.example"]), Some("https://a.example")),
        (Server::new().agent("", hello).allow_origins(["https://b.example"]), None),
        (Server::new().agent("", hello).bearer_token("secret"), None),
    ] {
        let serving = Serving::start(server).await;
        let mut connection = KeptAlive::open(serving.address).await;
        let page = "Origin: https://a.example\r\nContent-Type: application/json";
        let preflight = format!("OPTIONS /agui HTTP/1.1\r\n{page}\r\nAccess-Control-Request-Method: POST");
        let input = r#"{"threadId":"t","runId":"r","messages":[]}"#;
        for (head, body) in [(preflight, ""), (format!("POST /agui HTTP/1.1\r\n{page}"), input)] {
            let answer = connection.ask(&head, body.as_bytes()).await.unwrap();
            assert_eq!(answer.header("access-control-allow-origin"), allowed, "{head}");
            assert_eq!(answer.header("access-control-allow-credentials"), None, "{head}");
        }
    }
}

#[tokio::test]
async fn agno_24_an_answer_needs_no_database_and_no_messages_are_no_crash() {
    async fn agent(run: RunContext) -> Result {
        let answers = run.input().resume.as_deref().unwrap_or_default();
        let payloads: Vec<_> =
            answers.iter().map(|answer| answer.payload.clone().unwrap_or_default()).collect();
        run.text(Value::from(payloads).to_string()).await
    }
    let resume = json!([{ "interruptId": "i", "status": "resolved", "payload": { "approved": true } }]);
    let answer = ask(agent, json!({ "messages": [], "resume": resume })).await;
    assert_eq!((answer.status(), &*text(&answer.events())), (200, r#"[{"approved":true}]"#));

    let answer = ask(hello, json!({ "messages": [] })).await;
    assert_eq!((answer.status(), &*text(&answer.events())), (200, "Hello!"));
}

#[cfg(feature = "macros")]
#[tokio::test]
async fn agno_24_nor_with_a_model() {
    use agui::model::{LlmAgent, Reply, ScriptedModel};
    let agent = LlmAgent::new(ScriptedModel::new([Reply::text("Fine.")]));
    let answer = ask(agent, json!({ "messages": [] })).await;
    assert_eq!((answer.status(), types(&answer.events()).last()), (200, Some(&"RUN_FINISHED")));
}
