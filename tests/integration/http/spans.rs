//! What tracing learns of runs.

use super::input;
use crate::support::http::{KeptAlive, Serving};
use crate::support::log::Log;
use agui::{Error, Finished, Message, Result, RunContext, Server, TokenUsage};

async fn assistant(run: RunContext) -> Result<Finished> {
    run.text("a confidential answer").await?;
    let Some(Message::User(_)) = run.input().messages.first() else { unreachable!() };
    if run.run_id() == "bad" {
        return Err(Error::public("try later").code("quota"));
    }
    let usage =
        [(3, 5), (4, 6)].map(|(input, output)| TokenUsage::new().input_tokens(input).output_tokens(output));
    Ok(Finished::default().usage(usage.to_vec()))
}

#[tokio::test]
async fn a_run_is_a_span_with_the_names_of_the_conventions_and_no_content() {
    let (log, _guard) = Log::collect();
    let serving = Serving::start(Server::new().agent("/chat", assistant)).await;
    let mut connection = KeptAlive::open(serving.address).await;
    for run in ["good", "bad"] {
        assert_eq!(connection.run("/chat/agui", &input(run)).await.unwrap().status(), 200);
    }

    let spans = log.spans("invoke_agent");
    let [good, bad] = &spans[..] else { panic!("{spans:?}") };
    for span in [good, bad] {
        assert_eq!(span["otel.name"], "invoke_agent chat");
        assert_eq!(span["gen_ai.operation.name"], "invoke_agent");
        assert_eq!(span["gen_ai.agent.name"], "chat");
        assert_eq!(span["gen_ai.conversation.id"], "thread-1");
    }
    assert_eq!((&*good["agui.run.id"], &*good["agui.run.outcome"]), ("good", "success"));
    assert_eq!((&*good["gen_ai.usage.input_tokens"], &*good["gen_ai.usage.output_tokens"]), ("7", "11"));
    assert_eq!(good.get("error.type"), None);
    assert_eq!((&*bad["agui.run.outcome"], &*bad["error.type"]), ("error", "quota"));
    for content in ["confidential", "Hello!"] {
        assert!(!log.everything().contains(content), "{}", log.everything());
    }
}

#[cfg(feature = "macros")]
#[tokio::test]
async fn a_call_is_a_span_inside_its_run_with_the_names_of_the_conventions_and_no_content() {
    use agui::model::{LlmAgent, Reply, ScriptedModel};
    use agui::{ToolError, agui_tool, tools};

    /// Looks a secret up.
    #[agui_tool]
    fn look_up(name: String) -> Result<String, ToolError> {
        match &*name {
            "confidential-a" => Ok("a confidential answer".to_owned()),
            "confidential-b" => Err(ToolError::retry("a confidential reason")),
            _ => Err(Error::public("a confidential limit").code("quota").into()),
        }
    }

    let (log, _guard) = Log::collect();
    let call = |name: &str| Reply::call(&LookUp { name: name.into() });
    let bad = Reply::text("Hm.").and_raw_call("look_up", [r#"{"name":7}"#]);
    let model = ScriptedModel::new([
        call("confidential-a"),
        call("confidential-b"),
        call("x"),
        bad,
        Reply::text("So."),
    ]);
    let agent = LlmAgent::new(model).tools(tools![LookUp].unwrap());
    let serving = Serving::start(Server::new().agent("", agent)).await;
    let answer = KeptAlive::open(serving.address).await.run("/agui", &input("r")).await.unwrap();
    assert_eq!(answer.events().last().unwrap()["type"], "RUN_FINISHED");

    let spans = log.spans("execute_tool");
    let errors: Vec<_> = spans.iter().map(|span| span.get("error.type").map(String::as_str)).collect();
    assert_eq!(errors, [None, Some("tool_error"), Some("quota"), Some("invalid_arguments")]);
    for span in &spans {
        assert_eq!(span["otel.name"], "execute_tool look_up");
        assert_eq!(span["gen_ai.operation.name"], "execute_tool");
        assert_eq!((&*span["gen_ai.tool.name"], &*span["gen_ai.tool.type"]), ("look_up", "function"));
        assert!(!span["gen_ai.tool.call.id"].is_empty());
        assert_eq!(span.contains_key("otel.status_code"), span.contains_key("error.type"));
        assert!(!format!("{span:?}").contains("confidential"), "{span:?}");
    }
}
