//! Agents of rig, served as they are.

use super::answer::{Parts, token_usage};
use super::error::model_error;
use super::history::{content_of, result_part, to_rig};
use super::model::document;
use crate::agent::{Agent, Finished};
use crate::error::{Error, Result};
use crate::model::calls::give;
use crate::model::history::for_model;
use crate::model::open::Watched;
use crate::model::turn::{self, Failed};
use crate::model::{ModelError, ModelEvent};
use crate::run::RunContext;
use crate::tool::{ToolOutput, Tools};
use agui_types::{AgentCapabilities, IdentityCapabilities};
use futures_util::stream::{self, Stream};
use rig_agent::agent::{MultiTurnStreamItem, StreamingResult};
use rig_agent::run::response::PromptError;
use rig_core::ProviderError;
use rig_core::message::ToolResult;
use rig_core::streaming::Item;
use std::collections::{HashSet, VecDeque};
use std::task::{Context, Poll, ready};

/// An agent of rig, with its own tools, hooks and limits.
///
/// It is given the client's conversation in place of a memory of its own, and the client's context as documents. What
/// it says, reasons and calls is shown as it arrives, and its tools' results once they are there. It cannot call what
/// the client offers; an [`LlmAgent`](crate::model::LlmAgent) with a [`RigModel`](super::RigModel) can.
///
/// ```no_run
/// # async fn example(http: agui::rig::core::http_client::DynHttpClient) -> agui::Result {
/// use agui::rig::agent::AgentBuilder;
/// use agui::rig::core::providers::openai::OpenAIConfig;
///
/// let openai = OpenAIConfig::new("a key").connect(http);
/// let agent = AgentBuilder::new(openai.chat("gpt-5.2")).preamble("Be brief.").build();
/// agui::serve("127.0.0.1:9001", agent).await
/// # }
/// ```
impl Agent for rig_agent::Agent {
    async fn run(&self, run: RunContext) -> Result<Finished> {
        let mut history = to_rig(&for_model(&run.input().messages, false));
        let prompt = history.pop().ok_or_else(|| Error::public("There is nothing to answer."))?;
        let context = run.input().context.clone().unwrap_or_default();
        let documents = context.into_iter().enumerate().map(document);
        let stream = self.prompt(prompt).history(history).documents(documents).stream();
        let model = self.model_label().map(|label| label.to_string());
        show(&run, Feed { stream, parts: Parts::default(), ready: VecDeque::new(), held: None }, model).await
    }

    /// What the agent is called, and what it is for.
    fn capabilities(&self) -> AgentCapabilities {
        let mut identity = IdentityCapabilities::new();
        identity.name = self.name().map(str::to_owned);
        identity.description = self.description().map(str::to_owned);
        AgentCapabilities::new().identity(identity)
    }
}

/// Shows a run of rig's, turn by turn.
async fn show(run: &RunContext, mut feed: Feed, model: Option<String>) -> Result<Finished> {
    let (tools, mut taken) = (Tools::new(), HashSet::new());
    loop {
        match turn::show(run, feed.turn(), Watched::nothing(&tools), &mut taken).await {
            Ok(_) => {}
            Err(Failed::Run(error)) => return Err(error),
            Err(Failed::Model { error, .. }) => return Err(error.into_error()),
        }
        match feed.held.take() {
            None | Some(Ok(MultiTurnStreamItem::FinalResponse(_))) => return Ok(Finished::default()),
            Some(Ok(MultiTurnStreamItem::ToolResult { tool_result })) => {
                feed.result(run, tool_result).await?;
            }
            Some(Ok(MultiTurnStreamItem::CompletionCall(call))) => {
                if let Some(mut usage) = token_usage(&call.usage) {
                    usage.model.clone_from(&model);
                    run.add_usage(usage);
                }
            }
            Some(Ok(_)) => {}
            Some(Err(PromptError::MaxTurns { max_turns, .. })) => {
                // RUN-30: a limit is no failure.
                tracing::warn!(run = %run.run_id(), max_turns, "the model did not finish");
                return Ok(Finished::cancelled());
            }
            Some(Err(error)) => return Err(failure(error)),
        }
    }
}

/// What a run of rig's gives, in pieces that are of one turn.
struct Feed {
    stream: StreamingResult,
    parts: Parts,
    ready: VecDeque<ModelEvent>,
    /// What came behind the turn.
    held: Option<Result<MultiTurnStreamItem, PromptError>>,
}

impl Feed {
    /// What the model says, until something else comes.
    fn turn(&mut self) -> impl Stream<Item = Result<ModelEvent, ModelError>> + Unpin {
        stream::poll_fn(|cx| self.poll_turn(cx).map(|event| event.map(Ok)))
    }

    fn poll_turn(&mut self, cx: &mut Context<'_>) -> Poll<Option<ModelEvent>> {
        loop {
            if let Some(event) = self.ready.pop_front() {
                return Poll::Ready(Some(event));
            }
            if self.held.is_some() {
                return Poll::Ready(None);
            }
            match ready!(self.stream.as_mut().poll_next(cx)) {
                Some(Ok(MultiTurnStreamItem::StreamAssistantItem(Item::Event(event)))) => {
                    self.parts.take(event, |event| self.ready.push_back(event));
                }
                Some(Ok(MultiTurnStreamItem::StreamAssistantItem(Item::Unknown(_)))) => {}
                None => return Poll::Ready(None),
                other => self.held = other,
            }
        }
    }

    async fn result(&mut self, run: &RunContext, result: ToolResult) -> Result {
        let Some(call) = self.parts.calls.get(&result.call) else {
            tracing::warn!(call = %result.call, "there is a result of a call that was not shown");
            return Ok(());
        };
        let content = content_of(result.content.iter().filter_map(result_part).collect());
        give(run, call, ToolOutput::new(content)).await.map(drop)
    }
}

fn failure(error: PromptError) -> Error {
    match error {
        PromptError::Provider(error) => model_error(&error).into_error(),
        PromptError::Report(report) => model_error(&ProviderError::Relayed(Box::new(report))).into_error(),
        other => other.into(),
    }
}
