//! Older clients over HTTP.

use crate::support::agents::input_of;
use crate::support::frames::types;
use crate::support::http::{KeptAlive, Serving};
use agui::{
    Downgrade, Result, RunContext, RunFinishedCancelledOutcome, RunFinishedOutcome, RunRequest, Server,
};
use axum::Router;
use axum::routing::post;
use serde_json::{Value, json};

async fn cancelled(run: RunContext) -> Result<RunFinishedOutcome> {
    run.start_subagent("helper").await?.finish().await?;
    Ok(RunFinishedCancelledOutcome::new().into())
}

fn undeclared() -> String {
    let mut input: Value = serde_json::from_str(&input_of("run-1")).unwrap();
    input.as_object_mut().unwrap().remove("protocolVersion").unwrap();
    input.to_string()
}

async fn answers(server: Server, input: &str) -> Vec<String> {
    let serving = Serving::start(server).await;
    let mut connection = KeptAlive::open(serving.address).await;
    let events = connection.run("/agui", input).await.unwrap().events();
    types(&events).into_iter().map(str::to_owned).collect()
}

const ALL: [&str; 4] = ["RUN_STARTED", "SUBAGENT_STARTED", "SUBAGENT_FINISHED", "RUN_FINISHED"];
const LESS: [&str; 2] = ["RUN_STARTED", "RUN_ERROR"];

#[tokio::test]
async fn ver_13_who_declares_nothing_gets_what_deployed_front_ends_take() {
    let server = || Server::new().agent("", cancelled);
    assert_eq!(answers(server(), &undeclared()).await, LESS);
    assert_eq!(answers(server(), &input_of("run-1")).await, ALL);
    assert_eq!(answers(server().downgrade(Downgrade::Never), &undeclared()).await, ALL);
    assert_eq!(answers(server().downgrade(Downgrade::Always), &input_of("run-1")).await, LESS);
}

#[tokio::test]
async fn ver_13_handlers_of_ones_own_do_the_same_and_may_decide() {
    async fn by_default(request: RunRequest) -> agui::Run {
        agui::run(cancelled, request)
    }
    async fn never(request: RunRequest) -> agui::Run {
        agui::run(cancelled, request.downgrade(Downgrade::Never))
    }
    let router = Router::new().route("/a", post(by_default)).route("/b", post(never));
    let address = crate::support::http::serve(router).await;
    let mut connection = KeptAlive::open(address).await;
    for (path, expected) in [("/a", &LESS[..]), ("/b", &ALL[..])] {
        let events = connection.run(path, &undeclared()).await.unwrap().events();
        assert_eq!(types(&events), expected, "{path}");
    }
}

#[tokio::test]
async fn ver_35_a_request_with_legacy_nulls_and_binary_parts_runs() {
    async fn echo(run: RunContext) -> Result {
        assert_eq!((&run.input().state, &run.input().forwarded_props), (&None, &None));
        run.text(json!(run.input().messages[0]).to_string()).await
    }
    let serving = Serving::start(Server::new().agent("", echo)).await;
    let mut connection = KeptAlive::open(serving.address).await;
    let mut input = json!({
        "threadId": "t", "runId": "r", "state": null, "forwardedProps": null, "context": [],
        "tools": [{"name": "f", "description": "", "parameters": null}],
        "messages": [{"id": "u", "role": "user", "content": [
            {"type": "binary", "mimeType": "image/png", "data": "AAAA", "filename": "a.png"},
        ]}],
    });
    let events = connection.run("/agui", &input.to_string()).await.unwrap().events();
    let part: Value = serde_json::from_str(events[2]["delta"].as_str().unwrap()).unwrap();
    assert_eq!(
        part["content"][0],
        json!({"type": "image", "source": {"type": "data", "value": "AAAA", "mimeType": "image/png"},
               "metadata": {"filename": "a.png"}})
    );
    // Any other null is malformed, and the legacy ones are not told beside it (VER-34).
    input["parentRunId"] = Value::Null;
    let refused = connection.run("/agui", &input.to_string()).await.unwrap();
    assert_eq!((refused.status(), &refused.json()["path"]), (422, &json!("/parentRunId")));
    assert_eq!(refused.json().get("further"), None, "{}", refused.json());
}

/// CopilotKit answers a question with `resume`, a tool message of its own making, and the id of the interrupted run.
#[tokio::test]
async fn a_run_is_resumed_as_front_ends_do_it() {
    use agui::model::{LlmAgent, Reply, ScriptedModel};
    use agui::{ToolSpec, agui_tool, tools};

    /// Deletes files.
    #[agui_tool(requires_approval)]
    async fn delete(path: String) -> Result<String> {
        Ok(format!("deleted {path}"))
    }

    let call = Delete { path: "a".into() };
    let model = ScriptedModel::new([Reply::call(&call).id("call-1"), Reply::text("Done.")]);
    let agent = LlmAgent::new(model).tools(tools![Delete].unwrap());
    let serving = Serving::start(Server::new().agent("", agent)).await;
    let mut connection = KeptAlive::open(serving.address).await;

    let asked = connection.run("/agui", &undeclared()).await.unwrap().events();
    let interrupt = &asked.last().unwrap()["outcome"]["interrupts"][0];
    assert_eq!(interrupt["toolCallId"], "call-1");

    let answer = json!({"approved": true});
    let mut input: Value = serde_json::from_str(&undeclared()).unwrap();
    input["messages"].as_array_mut().unwrap().extend([
        json!({"id": "a", "role": "assistant", "content": "", "toolCalls": [call.call("call-1").unwrap()]}),
        json!({"id": "made-up", "role": "tool", "toolCallId": "call-1", "content": answer.to_string()}),
    ]);
    input["resume"] = json!([{"interruptId": interrupt["id"], "status": "resolved", "payload": answer}]);
    let events = connection.run("/agui", &input.to_string()).await.unwrap().events();
    let result = events.iter().find(|event| event["type"] == "TOOL_CALL_RESULT").unwrap();
    assert_eq!(result["content"], "deleted a");
    assert_eq!(types(&events).last(), Some(&"RUN_FINISHED"));
}
