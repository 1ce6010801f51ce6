//! The calls of a turn: which the agent answers, which the application does, and which a person has to agree to.

use super::approval::{Approvals, Decision};
use super::parts::Call;
use crate::error::{Error, Result};
use crate::run::RunContext;
use crate::tool::{ToolContext, ToolEntry, ToolError, ToolOutput, Tools};
use agui_types::{Event, Interrupt, ToolCallResultEvent, ToolMessage};
use futures_util::stream::{self, StreamExt};
use std::collections::HashSet;

/// So many calls run side by side.
const SIDE_BY_SIDE: usize = 16;

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

impl Answers {
    /// Whether a call was answered with a failure.
    pub(super) fn failed(&self, call: &str) -> bool {
        self.results.iter().any(|result| result.tool_call_id == call && result.error.is_some())
    }
}

/// Runs what the agent can answer, side by side; the results are emitted as they come (TOOL-29).
///
/// # Errors
///
/// When a tool ends the run. The calls beside it come to their end before, since they may have done something
/// that has to stand in the conversation.
pub(super) async fn answer(
    run: &RunContext,
    tools: &Tools,
    approvals: &Approvals,
    offered: &HashSet<String>,
    calls: &[Call],
) -> Result<Answers> {
    let mut answers = Answers::default();
    let mut running = Vec::new();
    for call in calls {
        match tools.get(&call.name) {
            Some(tool) if tool.is_frontend() => {
                answers.pending.push(call.id.clone());
                answers.loud |= !tool.options().silent;
            }
            // Nobody is asked about what could not run.
            Some(tool) if tool.options().requires_approval && tool.check(&call.arguments).is_ok() => {
                answers.interrupts.push(approvals.question(run, tool, call));
            }
            None if offered.contains(&call.name) => {
                answers.pending.push(call.id.clone());
                answers.loud = true;
            }
            tool => running.push(execute(run, tool, call)),
        }
    }
    answers.results = all(running).await?;
    Ok(answers)
}

/// Does what was decided.
///
/// # Errors
///
/// As [`answer`].
pub(super) async fn carry_out(
    run: &RunContext,
    tools: &Tools,
    decisions: &[Decision],
) -> Result<Vec<ToolMessage>> {
    let carry = async |decision: &Decision| match &decision.denied {
        Some(reason) => {
            let mut message = give(run, &decision.call.id, ToolOutput::text(&**reason)).await?;
            message.error = Some(reason.clone());
            Ok(message)
        }
        None => execute(run, tools.get(&decision.call.name), &decision.call).await,
    };
    all(decisions.iter().map(carry)).await
}

/// The results of calls, in order, or the first error once all are there.
async fn all<F: Future<Output = Result<ToolMessage>>>(
    calls: impl IntoIterator<Item = F>,
) -> Result<Vec<ToolMessage>> {
    let results: Vec<_> = stream::iter(calls).buffered(SIDE_BY_SIDE).collect().await;
    results.into_iter().collect()
}

async fn execute(run: &RunContext, tool: Option<&ToolEntry>, call: &Call) -> Result<ToolMessage> {
    let result = call_one(run, tool, call).await?;
    let (output, error) = match result {
        Ok(output) => (output, None),
        Err(error) => {
            tracing::warn!(tool = %call.name, call = %call.id, %error, "the tool failed");
            let text = error.for_model().to_owned();
            if let Ok(fatal) = error.into_fatal() {
                // Where this is a subagent's the run may go on, and an open call would be the client's (TOOL-25).
                give(run, &call.id, ToolOutput::text(&*text)).await?;
                return Err(fatal);
            }
            (ToolOutput::text(&*text), Some(text))
        }
    };
    let mut message = give(run, &call.id, output).await?;
    message.error = error;
    Ok(message)
}

/// What a tool gives for a call, with its events emitted.
pub(crate) async fn call_one(
    run: &RunContext,
    tool: Option<&ToolEntry>,
    call: &Call,
) -> Result<Result<ToolOutput, ToolError>> {
    let result = match tool {
        Some(tool) => {
            let context = ToolContext::new(run.clone(), &call.id).in_message(call.message.as_deref());
            tool.call(&call.arguments, context).await
        }
        None => Err(ToolError::retry(format!("There is no tool `{}`.", call.name))),
    };
    let Ok(mut output) = result else { return Ok(result) };
    match emit_all(run, std::mem::take(&mut output.events)).await {
        // An event that cannot be sent is the tool's mistake, not the run's.
        Err(error) if error.is_invalid_event() => Ok(Err(error.into())),
        emitted => emitted.map(|()| Ok(output)),
    }
}

async fn emit_all(run: &RunContext, events: Vec<Event>) -> Result<(), Error> {
    for event in events {
        run.emit(event).await?;
    }
    Ok(())
}

/// Emits a result.
pub(crate) async fn give(run: &RunContext, call: &str, output: ToolOutput) -> Result<ToolMessage> {
    let id = run.new_id("result");
    let mut event = ToolCallResultEvent::new(&*id, call, output.content.clone());
    event.metadata = output.metadata;
    run.emit(event).await?;
    Ok(ToolMessage::new(id, output.content, call))
}
