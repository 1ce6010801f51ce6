//! The loop between a model and its tools.

use super::{Model, ModelRequest, calls, turn};
use crate::agent::{Agent, Finished};
use crate::error::{Error, Result};
use crate::run::RunContext;
use crate::tool::Tools;
use agui_types::{
    AgentCapabilities, Message, RunAgentInput, RunFinishedInterruptOutcome, RunFinishedOutcome,
    RunFinishedSuccessOutcome, Tool, ToolsCapabilities,
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
    /// The model is offered them, but for those that have the name of one of the agent's tools. To their client
    /// it looks as if the agent answered in its place when such a name is called (TOOL-20).
    OfferOthers,
    /// The model is offered none of them.
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

    /// Says this at the end of a run that leaves calls to the application, unless all of their tools are
    /// [`silent`](crate::ToolOptions::silent). By default nothing is said.
    #[must_use]
    pub fn pending_text(mut self, text: impl Into<String>) -> Self {
        self.pending_text = Some(text.into());
        self
    }

    /// How often the model may be asked in one run before the run fails; 32 by default.
    #[must_use]
    pub fn max_turns(mut self, turns: usize) -> Self {
        self.max_turns = turns;
        self
    }

    /// Everything that the model may call in this run, and the names that are the client's alone.
    fn offered(&self, input: &RunAgentInput) -> Result<(Vec<Tool>, HashSet<String>)> {
        let mut definitions = self.tools.definitions();
        let mut names = HashSet::new();
        let advertised = input.tools.iter().flatten();
        for tool in advertised.filter(|_| self.client_tools != ClientTools::Ignore) {
            match self.tools.get(&tool.name) {
                // The application says that it is there to run it.
                Some(ours) if ours.is_frontend() => {}
                Some(_) if self.client_tools == ClientTools::Offer => {
                    let message = format!("The agent has a tool `{}` of its own.", tool.name);
                    return Err(Error::public(message).code("tool_name_taken"));
                }
                Some(_) => tracing::warn!(tool = %tool.name, "the client's tool has the name of one of ours"),
                None if names.insert(tool.name.clone()) => definitions.push(tool.clone()),
                None => {
                    let message = format!("There are two tools `{}`.", tool.name);
                    return Err(Error::public(message).code("duplicate_tool"));
                }
            }
        }
        Ok((definitions, names))
    }

    async fn run_turns(&self, run: &RunContext) -> Result<Finished> {
        let input = run.input();
        if input.resume.as_ref().is_some_and(|resume| !resume.is_empty()) {
            return Err(
                Error::public("This agent has asked nothing that could be answered.").code("not_resumable")
            );
        }
        let (tools, client_names) = self.offered(input)?;
        let strict = self.tools.iter().filter(|tool| tool.treatment().strict);
        let strict: Vec<String> = strict.map(|tool| tool.name().to_owned()).collect();
        let mut taken: HashSet<String> = call_ids(&input.messages).map(str::to_owned).collect();
        let mut messages: Vec<Message> =
            input.messages.iter().filter(|message| is_for_model(message)).cloned().collect();
        for _ in 0..self.max_turns {
            let request = ModelRequest {
                instructions: self.instructions.clone(),
                messages: messages.clone(),
                tools: tools.clone(),
                strict: strict.clone(),
            };
            let turn = turn::show(run, self.model.respond(request), &mut taken).await?;
            if turn.calls.is_empty() {
                return Ok(Finished::default());
            }
            messages.push(turn.message().into());
            let answers = calls::answer(run, &self.tools, &client_names, &turn.calls).await?;
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
            messages.extend(answers.results.into_iter().map(Message::from));
        }
        Err(Error::public(format!("The model was asked {} times and did not finish.", self.max_turns))
            .code("too_many_turns"))
    }
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

/// Activities are for the interface; what instructs a model comes from the agent, never from a client.
fn is_for_model(message: &Message) -> bool {
    !matches!(message, Message::Activity(_) | Message::System(_) | Message::Developer(_))
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
