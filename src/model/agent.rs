//! The loop between a model and its tools.

use super::{Approvals, Model, ModelRequest, calls, history, turn};
use crate::agent::{Agent, Finished};
use crate::error::{Error, Result};
use crate::run::RunContext;
use crate::tool::{Tools, set};
use agui_types::{
    AgentCapabilities, Message, RunAgentInput, RunFinishedCancelledOutcome, RunFinishedInterruptOutcome,
    RunFinishedOutcome, RunFinishedSuccessOutcome, Tool, ToolsCapabilities,
};
use std::collections::HashSet;

/// An agent that lets a model answer, and runs the tools that it calls.
///
/// Text and calls are passed on as they arrive. Calls of tools with a body are run, several of a turn side by
/// side, and the model goes on with their results. Calls of tools that the application runs end the run; so
/// do those that need somebody's approval.
///
/// ```
/// use agui::model::{LlmAgent, Reply, ScriptedModel};
/// use agui::{agui_tool, tools};
///
/// /// Shows a haiku.
/// #[agui_tool]
/// fn generate_haiku(topic: String) -> String;
///
/// let model = ScriptedModel::new([Reply::call(&GenerateHaiku { topic: "rain".into() })]);
/// let agent = LlmAgent::new(model).instructions("You are a poet.").tools(tools![GenerateHaiku]?);
/// # drop(agent);
/// # Ok::<(), agui::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct LlmAgent<M> {
    model: M,
    instructions: Option<String>,
    tools: Tools,
    client_tools: ClientTools,
    approvals: Approvals,
    pending_text: Option<String>,
    max_turns: usize,
}

/// What becomes of the tools that a client advertises in `RunAgentInput.tools`.
///
/// None of them ever takes the place of a tool that the agent runs: a client could have its own code answer
/// what the model takes for the agent's.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum ClientTools {
    /// The model is offered them. A run whose client claims the name of one of the agent's tools is refused.
    #[default]
    Offer,
    /// The model is offered them. Where one claims the name of one of the agent's tools, the model is offered neither:
    /// the agent must not answer what its client takes for its own (TOOL-20).
    OfferDistinct,
    /// The model is offered none of them. A claim to the name of one of the agent's tools is refused all the same.
    Ignore,
}

impl<M: Model> LlmAgent<M> {
    /// An agent without instructions and tools of its own.
    #[must_use]
    pub fn new(model: M) -> Self {
        Self {
            model,
            instructions: None,
            tools: Tools::new(),
            client_tools: ClientTools::default(),
            approvals: Approvals::new(),
            pending_text: None,
            max_turns: 32,
        }
    }

    /// What the model is to do.
    #[must_use]
    pub fn instructions(mut self, text: impl Into<String>) -> Self {
        self.instructions = Some(text.into());
        self
    }

    /// The agent's tools, in place of any that it had.
    #[must_use]
    pub fn tools(mut self, tools: Tools) -> Self {
        self.tools = tools;
        self
    }

    /// What becomes of the client's tools.
    #[must_use]
    pub fn client_tools(mut self, policy: ClientTools) -> Self {
        self.client_tools = policy;
        self
    }

    /// How questions before a tool runs can be answered; see [`requires_approval`](crate::ToolOptions).
    #[must_use]
    pub fn approvals(mut self, approvals: Approvals) -> Self {
        self.approvals = approvals;
        self
    }

    /// Says this at the end of a run that leaves calls to the application, unless all of their tools are
    /// [`silent`](crate::ToolOptions::silent). By default nothing is said.
    #[must_use]
    pub fn pending_text(mut self, text: impl Into<String>) -> Self {
        self.pending_text = Some(text.into());
        self
    }

    /// How often the model may be asked in one run before the run is given up with the outcome `cancelled` (RUN-30);
    /// 32 by default.
    #[must_use]
    pub fn max_turns(mut self, turns: usize) -> Self {
        self.max_turns = turns;
        self
    }

    /// What the model may call in this run.
    fn offered(&self, input: &RunAgentInput) -> Result<Offered> {
        let mut offered = Offered { definitions: self.tools.definitions(), ..Offered::default() };
        for tool in input.tools.iter().flatten() {
            if !set::is_legal(&tool.name) {
                let message = format!("`{}` is no name for a tool.", tool.name);
                return Err(Error::public(message).code("illegal_tool_name"));
            }
            match self.tools.get(&tool.name) {
                // The application says that it is there to run it.
                Some(ours) if ours.is_frontend() => {}
                Some(_) if self.client_tools == ClientTools::OfferDistinct => {
                    tracing::warn!(tool = %tool.name, "the client claims the name of a tool, which is not offered");
                    offered.definitions.retain(|ours| ours.name != tool.name);
                    offered.withheld.insert(tool.name.clone());
                }
                Some(_) => {
                    let message = format!("The agent has a tool `{}` of its own.", tool.name);
                    return Err(Error::public(message).code("tool_name_taken"));
                }
                None if self.client_tools == ClientTools::Ignore => {
                    offered.withheld.insert(tool.name.clone());
                }
                None if offered.clients.insert(tool.name.clone()) => offered.definitions.push(tool.clone()),
                None => {
                    let message = format!("There are two tools `{}`.", tool.name);
                    return Err(Error::public(message).code("duplicate_tool"));
                }
            }
        }
        Ok(offered)
    }

    async fn run_turns(&self, run: &RunContext) -> Result<Finished> {
        let input = run.input();
        let offered = self.offered(input)?;
        let strict = self.tools.iter().filter(|tool| tool.options().strict);
        let strict: Vec<String> = strict.map(|tool| tool.name().to_owned()).collect();
        let mut taken: HashSet<String> = call_ids(&input.messages).map(str::to_owned).collect();
        let mut history = input.messages.clone();
        let decisions = self.approvals.decisions(run, &self.tools, &history)?;
        let decided: HashSet<&str> = decisions.iter().map(|decision| &*decision.call.id).collect();
        // What a client says of these itself counts for nothing.
        history.retain(
            |message| !matches!(message, Message::Tool(tool) if decided.contains(&*tool.tool_call_id)),
        );
        history.extend(calls::carry_out(run, &self.tools, &decisions).await?.into_iter().map(Message::from));
        for _ in 0..self.max_turns {
            let request = ModelRequest {
                instructions: self.instructions.clone(),
                messages: history::for_model(&history),
                tools: offered.definitions.clone(),
                context: input.context.clone().unwrap_or_default(),
                strict: strict.clone(),
                ..ModelRequest::default()
            };
            let turn = turn::show(run, self.model.respond(request), &mut taken).await;
            let turn = turn.map_err(|failed| match failed {
                turn::Failed::Model { error, .. } => error.into_error(),
                turn::Failed::Run(error) => error,
            })?;
            if turn.calls.is_empty() {
                return Ok(Finished::default());
            }
            history.extend(turn.messages);
            if let Some(call) = turn.calls.iter().find(|call| offered.withheld.contains(&call.name)) {
                // The client takes it for its own, so neither may answer (TOOL-20).
                return Err(Error::new(format!(
                    "the model called `{}`, which it was not offered",
                    call.name
                )));
            }
            let answers =
                calls::answer(run, &self.tools, &self.approvals, &offered.clients, &turn.calls).await?;
            if !answers.interrupts.is_empty() {
                return Ok(
                    RunFinishedOutcome::from(RunFinishedInterruptOutcome::new(answers.interrupts)).into()
                );
            }
            if !answers.pending.is_empty() {
                if let Some(text) = self.pending_text.as_ref().filter(|_| answers.loud) {
                    run.text(text).await?;
                }
                let outcome = RunFinishedSuccessOutcome::new().pending_tool_call_ids(answers.pending);
                return Ok(RunFinishedOutcome::from(outcome).into());
            }
            history.extend(answers.results.into_iter().map(Message::from));
        }
        // RUN-30: a limit is no failure.
        tracing::warn!(run = %run.run_id(), turns = self.max_turns, "the model did not finish");
        Ok(RunFinishedOutcome::from(RunFinishedCancelledOutcome::new()).into())
    }
}

/// What a model may call in a run.
#[derive(Default)]
struct Offered {
    definitions: Vec<Tool>,
    /// The names that the client alone has.
    clients: HashSet<String>,
    /// The names that the client has and the model is not told.
    withheld: HashSet<String>,
}

impl<M: Model> Agent for LlmAgent<M> {
    async fn run(&self, run: RunContext) -> Result<Finished> {
        self.run_turns(&run).await
    }

    /// The tools that the agent runs, and whether it uses those of a client.
    fn capabilities(&self) -> AgentCapabilities {
        let backend = self.tools.iter().filter(|tool| !tool.is_frontend());
        let items: Vec<_> = backend.map(|tool| tool.definition().clone()).collect();
        let client_provided = self.client_tools != ClientTools::Ignore;
        let tools = ToolsCapabilities::new()
            .supported(client_provided || !self.tools.definitions().is_empty())
            .client_provided(client_provided)
            .items(items);
        AgentCapabilities::new().tools(tools)
    }
}

fn call_ids(messages: &[Message]) -> impl Iterator<Item = &str> {
    messages
        .iter()
        .filter_map(|message| match message {
            Message::Assistant(message) => message.tool_calls.as_deref(),
            _ => None,
        })
        .flatten()
        .map(|call| &*call.id)
}
