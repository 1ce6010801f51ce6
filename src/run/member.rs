//! An agent that does a task for another, in the same run: a subagent of which the other learns what came of it.

use super::context::RunContext;
use super::scopes::Subagent;
use crate::agent::{Agent, Finished};
use crate::error::{Error, Result};
use crate::tool::ToolError;
use agui_types::{
    Event, RunFinishedOutcome, SubagentErrorEvent, SubagentRunId, SubagentStartedEvent, UserMessage,
};
use serde_json::Value;
use std::sync::{Arc, Mutex, PoisonError};

/// The text message that a subagent itself began last. What its own subagents say is theirs.
#[derive(Debug, Clone)]
pub(super) struct Heard {
    whose: SubagentRunId,
    last: Arc<Mutex<Last>>,
}

#[derive(Debug, Default)]
struct Last {
    id: String,
    text: String,
}

impl Heard {
    fn new(whose: SubagentRunId) -> Self {
        Self { whose, last: Arc::default() }
    }

    pub(super) fn hear(&self, event: &Event) {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        let is_own = event.subagent_run_id() == Some(&self.whose);
        match event {
            Event::TextMessageStart(start) if is_own => last.begin(&start.message_id),
            Event::TextMessageContent(content) if content.message_id == last.id => {
                last.text.push_str(&content.delta);
            }
            Event::TextMessageChunk(chunk) if is_own => {
                if let Some(id) = chunk.message_id.as_ref().filter(|id| **id != last.id) {
                    last.begin(id);
                }
                last.text.push_str(chunk.delta.as_deref().unwrap_or_default());
            }
            _ => {}
        }
    }

    fn text(&self) -> String {
        std::mem::take(&mut self.last.lock().unwrap_or_else(PoisonError::into_inner).text)
    }
}

impl Last {
    fn begin(&mut self, id: &str) {
        *self = Self { id: id.to_owned(), text: String::new() };
    }
}

impl RunContext {
    /// Has an agent do a task that a tool call asks for. All that it does is attributed to a subagent, which is
    /// announced (SUB-7); what it says last is what comes of it, or its result if it has one.
    ///
    /// # Errors
    ///
    /// When it fails or is stopped, of which the run need not fail (SUB-8), and fatally when it would have to wait for
    /// the application: the call has to be answered in this run.
    pub(crate) async fn delegate(
        &self,
        agent: &impl Agent,
        (name, description): (&str, &str),
        (call, message): (&str, Option<&str>),
        task: String,
    ) -> Result<String, ToolError> {
        let id = SubagentRunId::from(self.new_id("subagent"));
        let mut start = SubagentStartedEvent::new(id, name).parent_tool_call_id(call);
        start.description = (!description.is_empty()).then(|| description.to_owned());
        start.parent_message_id = message.map(str::to_owned);
        let subagent = self.announce(start).await?;
        let heard = Heard::new(subagent.id().clone());
        let finished = match self.member(&subagent, agent, task, heard.clone()).await {
            Ok(run) => agent.run(run).await,
            Err(error) => Err(error),
        };
        match finished.map_err(ToolError::from).and_then(|finished| self.outcome(finished, &heard)) {
            Ok(text) => {
                subagent.finish_with(&*text).await?;
                Ok(text)
            }
            Err(error) => {
                subagent.fail_as(&error).await?;
                Err(error)
            }
        }
    }

    /// The run of an agent that is to do a task: it sees nothing of the conversation, and none of the client's tools.
    async fn member(
        &self,
        subagent: &RunContext,
        agent: &impl Agent,
        task: String,
        heard: Heard,
    ) -> Result<RunContext> {
        let mut request = subagent.request();
        let input = request.input_mut();
        input.messages = vec![UserMessage::new(self.new_id("task"), task).into()];
        (input.tools, input.resume) = (None, None);
        agent.admit(&mut request).await?;
        Ok(subagent.with_request(request).await?.heard(move |event| heard.hear(event)))
    }

    fn outcome(&self, finished: Finished, heard: &Heard) -> Result<String, ToolError> {
        finished.usage.into_iter().flatten().for_each(|usage| self.add_usage(usage));
        match finished.outcome {
            Some(RunFinishedOutcome::Cancelled(_)) => {
                return Err(ToolError::retry("The agent stopped before it was done."));
            }
            Some(RunFinishedOutcome::Interrupt(_)) => return Err(waits("a decision")),
            Some(RunFinishedOutcome::Success(success))
                if success.pending_tool_call_ids.iter().flatten().next().is_some() =>
            {
                return Err(waits("a tool"));
            }
            _ => {}
        }
        Ok(match finished.result {
            Some(Value::String(text)) => text,
            Some(result) => result.to_string(),
            None => heard.text(),
        })
    }
}

fn waits(what: &str) -> ToolError {
    ToolError::fatal(Error::new(format!(
        "an agent that works for another waits for {what} of the application, which has to be the other's to ask for"
    )))
}

impl Subagent {
    async fn fail_as(self, error: &ToolError) -> Result {
        let event = SubagentErrorEvent::new(self.id().clone(), error.for_model());
        self.end(event.into()).await
    }
}
