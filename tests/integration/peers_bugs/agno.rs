//! Agno 3.1.10.

use super::{ask, shop_of_ann};
use crate::support::agents::input_of;
use crate::support::frames::{text, types};
use crate::support::http::{Exchange, KeptAlive, Serving};
use agui::{Result, RunContext, Server, TokenUsage};
use serde_json::{Value, json};

async fn hello(run: RunContext) -> Result {
    run.text("Hello!").await
}

#[tokio::test]
async fn agno_18_version_times_and_usage_are_told_and_a_cancelled_run_is_no_success() {
    async fn agent(run: RunContext) -> Result {
        run.add_usage(TokenUsage::new().input_tokens(3u64).output_tokens(5u64));
        run.text("Once upon a time").await?;
        if run.run_id() == "long" { std::future::pending().await } else { Ok(()) }
    }
    let serving = Serving::start(Server::new().agent("", agent).cancel_endpoint()).await;
    let mut connection = KeptAlive::open(serving.address).await;
    let events = connection.run("/agui", &input_of("short")).await.unwrap().events();
    assert_eq!(events[0]["protocolVersion"], "1.0");
    assert!(events.iter().all(|event| event["timestamp"].is_i64()), "{events:?}");
    let end = events.last().unwrap();
    assert_eq!(end["usage"], json!([{ "inputTokens": 3, "outputTokens": 5, "totalTokens": 8 }]));
    // Absent means success (RUN-13).
    assert_eq!((&end["type"], end.get("outcome")), (&json!("RUN_FINISHED"), None));

    // Nor is it to those who do not know the outcome.
    let undeclared = json!({ "threadId": "t", "runId": "long", "messages": [] }).to_string();
    for (input, kind, told) in [
        (input_of("long"), "RUN_FINISHED", json!({ "type": "cancelled" })),
        (undeclared, "RUN_ERROR", json!("cancelled")),
    ] {
        let mut exchange = Exchange::post(serving.address, "/agui", &input).await;
        exchange.until("TEXT_MESSAGE_END").await;
        let answer = connection.ask("POST /runs/long/cancel HTTP/1.1", b"").await.unwrap();
        assert_eq!(answer.status(), 202);
        let events = exchange.answer().await.events();
        let end = events.last().unwrap();
        assert_eq!(end["type"], kind);
        assert_eq!(end.get("outcome").unwrap_or(&end["code"]), &told);
    }
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
async fn agno_23_unknown_roles_and_parts_older_parts_and_odd_props_are_no_failure() {
    async fn echo(run: RunContext) -> Result {
        let input = run.input();
        run.text(json!([input.messages, input.forwarded_props]).to_string()).await
    }
    let hi = json!({ "type": "text", "text": "Hi" });
    let binary = json!({ "type": "binary", "mimeType": "image/png", "data": "AAAA" });
    let members = json!({
        "forwardedProps": "a string",
        "messages": [
            { "role": "narrator", "id": "m1", "content": "It was a dark night." },
            { "role": "user", "id": "m2", "content": [{ "type": "smell" }, binary, hi] },
        ],
    });
    let answer = ask(echo, members).await;
    assert_eq!(answer.status(), 200);
    let image =
        json!({ "type": "image", "source": { "type": "data", "value": "AAAA", "mimeType": "image/png" } });
    let seen: Value = serde_json::from_str(&text(&answer.events())).unwrap();
    assert_eq!(seen, json!([[{ "role": "user", "id": "m2", "content": [image, hi] }], "a string"]));
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
