//! The calls of a turn: which the agent answers, which the application does, and which a person has to agree to.

use super::turn::Call;
use crate::error::Result;
use crate::run::RunContext;
use crate::tool::{ToolContext, ToolEntry, ToolError, ToolOutput, Tools};
use agui_types::{Interrupt, ToolCallResultEvent, ToolMessage};
use futures_util::future::try_join_all;
use serde_json::{Map, Value, json};
use std::collections::HashSet;

/// What comes of the calls of a turn.
#[derive(Debug, Default)]
pub(super) struct Answers {
    /// In the order of the calls.
    pub(super) results: Vec<ToolMessage>,
    /// Calls that the application answers, in order.
    pub(super) pending: Vec<String>,
    /// Whether something may be said of them.
    pub(super) loud: bool,
    /// Questions for a person.
    pub(super) interrupts: Vec<Interrupt>,
}

/// Runs what the agent can answer, side by side; the results are emitted as they come (TOOL-29).
///
/// # Errors
///
/// When a tool ends the run; the calls beside it are dropped then.
pub(super) async fn answer(
    run: &RunContext,
    tools: &Tools,
    offered: &HashSet<String>,
    calls: &[Call],
) -> Result<Answers> {
    let mut answers = Answers::default();
    let mut running = Vec::new();
    for call in calls {
        match tools.get(&call.name) {
            Some(tool) if tool.is_frontend() => {
                answers.pending.push(call.id.clone());
                answers.loud |= !tool.treatment().silent;
            }
            Some(tool) if tool.treatment().requires_approval => {
                answers.interrupts.push(question(run, tool, call));
            }
            Some(tool) => running.push(execute(run, Some(tool), call)),
            None if offered.contains(&call.name) => {
                answers.pending.push(call.id.clone());
                answers.loud = true;
            }
            None => running.push(execute(run, None, call)),
        }
    }
    answers.results = try_join_all(running).await?;
    Ok(answers)
}

/// A call by itself, as if a model had made it: the call, what the tool emits, and the result.
pub(crate) async fn show(
    run: &RunContext,
    tool: &ToolEntry,
    id: &str,
    arguments: &str,
) -> Result<Result<ToolOutput, ToolError>> {
    let mut writer = run.start_tool_call(id, tool.name(), None).await?;
    writer.push(arguments).await?;
    writer.finish().await?;
    let result = tool.call(arguments, ToolContext::new(run.clone(), id)).await;
    let output = match &result {
        Ok(output) => output.clone(),
        Err(error) => ToolOutput::text(error.for_model()),
    };
    give(run, id, output).await?;
    Ok(result)
}

async fn execute(run: &RunContext, tool: Option<&ToolEntry>, call: &Call) -> Result<ToolMessage> {
    let result = match tool {
        Some(tool) => tool.call(&call.arguments, ToolContext::new(run.clone(), &call.id)).await,
        None => Err(ToolError::retry(format!("There is no tool `{}`.", call.name))),
    };
    let (output, error) = match result {
        Ok(output) => (output, None),
        Err(error) => {
            tracing::warn!(tool = %call.name, call = %call.id, %error, "the tool failed");
            let text = error.for_model().to_owned();
            if let Ok(fatal) = error.into_fatal() {
                return Err(fatal);
            }
            (ToolOutput::text(&*text), Some(text))
        }
    };
    let mut message = give(run, &call.id, output).await?;
    message.error = error;
    Ok(message)
}

/// Emits a result, after the events that go with it.
async fn give(run: &RunContext, call: &str, output: ToolOutput) -> Result<ToolMessage> {
    let ToolOutput { content, metadata, events } = output;
    for event in events {
        run.emit(event).await?;
    }
    let id = run.new_id("result");
    let mut event = ToolCallResultEvent::new(&*id, call, content.clone());
    event.metadata = metadata;
    run.emit(event).await?;
    Ok(ToolMessage::new(id, content, call))
}

/// What a person is asked before a tool runs (INT-3).
fn question(run: &RunContext, tool: &ToolEntry, call: &Call) -> Interrupt {
    let mut schema = Map::new();
    schema.insert("type".to_owned(), json!("object"));
    let edited = tool.definition().parameters.clone().unwrap_or(Value::Bool(true));
    schema.insert(
        "properties".to_owned(),
        json!({ "approved": { "type": "boolean" }, "editedArgs": edited, "reason": { "type": "string" } }),
    );
    schema.insert("required".to_owned(), json!(["approved"]));
    let mut interrupt = Interrupt::new(run.new_id("interrupt"), APPROVAL);
    interrupt.tool_call_id = Some(call.id.clone());
    interrupt.message = Some(format!("May `{}` run?", tool.name()));
    interrupt.response_schema = Some(schema);
    interrupt
}

/// The reason of an interrupt that asks whether a tool may run.
const APPROVAL: &str = "tool_call";
