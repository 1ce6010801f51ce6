//! Pydantic AI 2.68.0.

use super::{ask, ask_again, shop_of_ann};
use crate::support::frames::{self, text, types};
use crate::support::http::{KeptAlive, Serving, serve};
use agui::{Error, Format, Message, Result, Run, RunContext, RunRequest, Server};
use axum::Router;
use axum::extract::State;
use axum::routing::post;
use serde_json::json;

#[tokio::test]
async fn pydantic_1_a_state_that_does_not_fit_is_422_with_the_places() {
    let refused = ask(shop_of_ann(), json!({ "state": { "owner": 7, "items": [true] } })).await;
    assert_eq!((refused.status(), &refused.json()["code"]), (422, &json!("invalid_input")));
    let problems = refused.json()["problems"].clone();
    let mut paths: Vec<_> = problems.as_array().unwrap().iter().map(|problem| &problem["path"]).collect();
    paths.sort_by_key(|path| path.to_string());
    assert_eq!(paths, ["/state/items/0", "/state/owner"]);
}

#[tokio::test]
async fn pydantic_2_the_servers_state_is_not_overwritten_by_defaults_and_what_is_required_is_no_500() {
    for members in [json!({}), json!({ "state": {} }), json!({ "state": { "owner": "bob" } })] {
        let answer = ask(shop_of_ann(), members.clone()).await;
        assert_eq!(answer.status(), 200, "{members}");
        let events = answer.events();
        assert_eq!(types(&events)[1..3], ["STATE_SNAPSHOT", "STATE_DELTA"], "{members}");
        let owner = if members["state"]["owner"] == "bob" { "bob" } else { "ann" };
        let expected = json!({ "owner": owner, "items": ["x".repeat(100)] });
        assert_eq!(events[1]["snapshot"], expected, "{members}");
    }
}

#[tokio::test]
async fn pydantic_3_every_request_has_its_own_copy() {
    let serving = Serving::start(Server::new().agent("", shop_of_ann())).await;
    for _ in 0..3 {
        let events = ask_again(&serving, json!({})).await.events();
        assert_eq!(text(&events), format!("{}, tea", "x".repeat(100)));
    }
}

#[tokio::test]
async fn pydantic_4_a_tool_message_without_its_call_is_no_500() {
    async fn agent(run: RunContext) -> Result {
        let tools = run.input().messages.iter().filter(|message| matches!(message, Message::Tool(_))).count();
        run.text(format!("{tools} result")).await
    }
    let orphan = json!([{ "id": "m", "role": "tool", "toolCallId": "nobody's", "content": "42" }]);
    let answer = ask(agent, json!({ "messages": orphan })).await;
    assert_eq!((answer.status(), &*text(&answer.events())), (200, "1 result"));
    // Nor with a memory, where it is no answer to anything.
    let sessions = agui::session::Sessions::new(agui::session::MemoryStore::new(), agent);
    let answer = ask(sessions, json!({ "messages": orphan })).await;
    assert_eq!((answer.status(), &*text(&answer.events())), (200, "0 result"));
}

#[cfg(feature = "macros")]
#[tokio::test]
async fn pydantic_4_nor_where_a_model_is_asked() {
    use agui::model::{LlmAgent, Reply, ScriptedModel};
    let agent = LlmAgent::new(ScriptedModel::new([Reply::text("Fine.")]));
    let orphan = json!([{ "id": "m", "role": "tool", "toolCallId": "nobody's", "content": "42" }]);
    let answer = ask(agent, json!({ "messages": orphan })).await;
    assert_eq!((answer.status(), &*text(&answer.events())), (200, "Fine."));
}

#[tokio::test]
async fn pydantic_9_status_cors_headers_against_buffering_and_comments_on_silence() {
    async fn slow(run: RunContext) -> Result {
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        run.text("At last.").await
    }
    let server = Server::new().agent("", slow).keep_alive(std::time::Duration::from_millis(5));
    let serving = Serving::start(server).await;
    let mut connection = KeptAlive::open(serving.address).await;
    let status = connection.ask("GET /status HTTP/1.1", b"").await.unwrap();
    assert_eq!((status.status(), status.json()), (200, json!({ "status": "available" })));
    let answer = ask_again(&serving, json!({})).await;
    assert_eq!(answer.header("access-control-allow-origin"), Some("*"));
    assert_eq!(answer.header("cache-control"), Some("no-cache, no-transform"));
    assert_eq!(answer.header("x-accel-buffering"), Some("no"));
    assert!(answer.body.windows(3).any(|bytes| bytes == b":\n\n"), "no comment");
    let preflight =
        "OPTIONS /agui HTTP/1.1\r\nOrigin: https://a.example\r\nAccess-Control-Request-Method: POST";
    assert_eq!(connection.ask(preflight, b"").await.unwrap().status(), 200);
}

#[tokio::test]
async fn pydantic_9_every_event_has_a_timestamp_on_the_way_of_errors_too() {
    async fn fails(run: RunContext) -> Result {
        let _message = run.start_text().await?;
        run.update_state(&json!({ "n": 1 })).await?;
        Err(Error::new("secret"))
    }
    let events = ask(fails, json!({})).await.events();
    // The state is told by itself, too.
    let expected = ["RUN_STARTED", "TEXT_MESSAGE_START", "STATE_SNAPSHOT", "TEXT_MESSAGE_END", "RUN_ERROR"];
    assert_eq!(types(&events), expected);
    assert!(events.iter().all(|event| event["timestamp"].is_i64()), "{events:?}");
}

/// From the least of a framework to the most, with one and the same agent.
#[tokio::test]
async fn pydantic_10_a_stream_one_request_and_a_whole_app_are_all_there() {
    async fn greet(run: RunContext) -> Result {
        let greeting = run.dependency::<&str>().copied().unwrap_or("Hello!");
        run.text(greeting).await
    }
    let input = agui::RunAgentInput::new("t", "r", vec![]);
    assert_eq!(Format::for_accept(Some("text/event-stream, */*;q=0.1")).media_type(), "text/event-stream");
    let events = frames::all(agui::run(greet, input.clone())).await;
    assert_eq!(text(&events), "Hello!");
    let of_run = types(&events);

    async fn handler(State(greeting): State<&'static str>, request: RunRequest) -> Run {
        agui::run(greet, request.with(greeting))
    }
    let one = Router::new().route("/one", post(handler)).with_state("Good evening!");
    let app = one.nest("/app", agui::router(greet)).route_service("/service", agui::service(greet));
    let mut connection = KeptAlive::open(serve(app).await).await;
    let input = serde_json::to_string(&input).unwrap();
    for (path, said) in [("/one", "Good evening!"), ("/app/agui", "Hello!"), ("/service", "Hello!")] {
        let events = connection.run(path, &input).await.unwrap().events();
        assert_eq!((types(&events), &*text(&events)), (of_run.clone(), said), "{path}");
    }

    let answer = ask(greet, json!({})).await;
    assert_eq!(types(&answer.events()), of_run);
}
