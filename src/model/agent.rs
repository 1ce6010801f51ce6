//! The agent that runs a model with tools.

use super::offered::ClientTools;
use super::output::Output;
use super::predict::Prediction;
use super::turns::Turns;
use super::{Approvals, History, Model, ModelSettings, capabilities};
use crate::agent::{Agent, Finished};
use crate::error::Result;
use crate::run::RunContext;
use crate::tool::Tools;
use agui_types::AgentCapabilities;
use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

/// An agent that lets a model answer, and runs the tools that it calls.
///
/// Text and calls are passed on as they arrive. Calls of tools with a body are run, several of a turn side by
/// side, and the model goes on with their results. Calls of tools that the application runs end the run; so
/// do those that need somebody's approval. Agents are tools as well, by [`ToolEntry::agent`](crate::ToolEntry::agent).
///
/// What the model reasons is shown as it arrives, and what its provider wants back of it goes back, also from the
/// client's history. Tokens are counted for the end of the run.
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
    pub(super) model: M,
    pub(super) instructions: Option<Instructions>,
    pub(super) settings: ModelSettings,
    pub(super) tools: Tools,
    pub(super) client_tools: ClientTools,
    pub(super) client_instructions: bool,
    pub(super) approvals: Approvals,
    pub(super) predictions: Vec<Prediction>,
    pub(super) output: Option<Output>,
    pub(super) history: History,
    pub(super) pending_text: Option<String>,
    pub(super) max_turns: usize,
    pub(super) max_run_tokens: Option<u64>,
    pub(super) retries: u32,
    pub(super) max_time: Option<Duration>,
}

/// What a model is to do.
#[derive(Clone)]
pub(super) enum Instructions {
    Fixed(String),
    Computed(Arc<Compute>),
}

type Compute = dyn Fn(RunContext) -> Pin<Box<dyn Future<Output = Result<String>> + Send>> + Send + Sync;

impl<M: Model> LlmAgent<M> {
    /// An agent without instructions and tools of its own.
    #[must_use]
    pub fn new(model: M) -> Self {
        Self {
            model,
            instructions: None,
            settings: ModelSettings::default(),
            tools: Tools::new(),
            client_tools: ClientTools::default(),
            client_instructions: false,
            approvals: Approvals::new(),
            predictions: Vec::new(),
            output: None,
            history: History::default(),
            pending_text: None,
            max_turns: 32,
            max_run_tokens: None,
            retries: 2,
            max_time: None,
        }
    }

    /// What the model is to do.
    #[must_use]
    pub fn instructions(mut self, text: impl Into<String>) -> Self {
        self.instructions = Some(Instructions::Fixed(text.into()));
        self
    }

    /// What the model is to do, worked out before each of its turns: from the shared state, or from what the run
    /// depends on.
    ///
    /// ```
    /// use agui::RunContext;
    /// use agui::model::{LlmAgent, Reply, ScriptedModel};
    ///
    /// # #[derive(Default, serde::Deserialize)] #[serde(default)] struct Recipe { title: String }
    /// let agent = LlmAgent::new(ScriptedModel::new([Reply::text("More salt.")])).instructions_from(
    ///     async |run: RunContext| Ok(format!("The recipe is {}.", run.state::<Recipe>()?.title)),
    /// );
    /// # drop(agent);
    /// ```
    #[must_use]
    pub fn instructions_from<F, Fut>(mut self, compute: F) -> Self
    where
        F: Fn(RunContext) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<String>> + Send + 'static,
    {
        self.instructions = Some(Instructions::Computed(Arc::new(move |run| Box::pin(compute(run)))));
        self
    }

    /// How much chance there is in the model's choice of words; by default what its provider thinks right.
    #[must_use]
    pub fn temperature(mut self, value: f64) -> Self {
        self.settings.temperature = Some(value);
        self
    }

    /// How many tokens one answer of the model may have. A run with an answer that is cut off ends with the outcome
    /// `cancelled` (RUN-30).
    #[must_use]
    pub fn max_tokens(mut self, tokens: u32) -> Self {
        self.settings.max_tokens = Some(tokens);
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

    /// Lets the model see system and developer messages of clients. By default they are left out: whoever can send
    /// them can tell the model to do something else than the agent's author did.
    #[must_use]
    pub fn trust_client_instructions(mut self) -> Self {
        self.client_instructions = true;
        self
    }

    /// How questions before a tool runs can be answered; see [`requires_approval`](crate::ToolOptions).
    #[must_use]
    pub fn approvals(mut self, approvals: Approvals) -> Self {
        self.approvals = approvals;
        self
    }

    /// Shows an argument of a tool as a member of the shared state while the model writes it.
    ///
    /// The member grows by `STATE_DELTA`, and front ends that do the same by themselves are told by a custom event
    /// `PredictState`. When the call is complete the member is the argument, and so it stays if the tool succeeds or is
    /// the application's; if it fails, or the run does, the member becomes what it was.
    ///
    /// ```
    /// use agui::model::{LlmAgent, Reply, ScriptedModel};
    /// use agui::testing::{ask, record};
    /// use agui::{agui_tool, tools};
    ///
    /// /// Writes the document anew.
    /// #[agui_tool]
    /// fn write_document(document: String) {}
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> agui::Result {
    /// let pieces = [r#"{"document":"Once "#, r#"upon a time"}"#];
    /// let model = ScriptedModel::new([
    ///     Reply::default().and_raw_call("write_document", pieces),
    ///     Reply::text("There it is."),
    /// ]);
    /// let agent =
    ///     LlmAgent::new(model).tools(tools![WriteDocument]?).predict("write_document", "document", "document");
    /// let recording = record(agent, ask("Tell me a story.")).await;
    /// assert_eq!(recording.state::<serde_json::Value>()["document"], "Once upon a time");
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn predict(
        mut self,
        tool: impl Into<String>,
        argument: impl Into<String>,
        state_key: impl Into<String>,
    ) -> Self {
        let (tool, argument, key) = (tool.into(), argument.into(), state_key.into());
        self.predictions.push(Prediction { tool, argument, key });
        self
    }

    /// Has the model answer with JSON of a type: what it says last is streamed as text, and is the run's result.
    ///
    /// An answer that does not fit is given back to the model with what is wrong, twice at most.
    ///
    /// ```
    /// use agui::model::{LlmAgent, Reply, ScriptedModel};
    /// use agui::testing::{ask, record};
    ///
    /// #[derive(serde::Deserialize, schemars::JsonSchema)]
    /// struct City {
    ///     name: String,
    ///     inhabitants: u64,
    /// }
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> agui::Result {
    /// let model = ScriptedModel::new([Reply::text(r#"{"name":"Lisbon","inhabitants":545000}"#)]);
    /// let recording = record(LlmAgent::new(model).output::<City>()?, ask("A city?")).await;
    /// assert_eq!(recording.result().unwrap()["name"], "Lisbon");
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// When the type is not described as an object, which is what providers take.
    pub fn output<T: JsonSchema + DeserializeOwned + 'static>(mut self) -> Result<Self> {
        self.output = Some(Output::of::<T>()?);
        Ok(self)
    }

    /// How much of a conversation the model is told; by default all of it.
    #[must_use]
    pub fn history(mut self, policy: History) -> Self {
        self.history = policy;
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

    /// How many tokens a run may use, those of agents that are its tools included: once they are used up, the model is
    /// not asked again, and the run is given up with the outcome `cancelled` (RUN-30). Counts what the model reports.
    #[must_use]
    pub fn max_run_tokens(mut self, tokens: u64) -> Self {
        self.max_run_tokens = Some(tokens);
        self
    }

    /// How long a run may take before it is given up with the outcome `cancelled` (RUN-30); tools that run are dropped.
    /// Without the feature `server` it is looked at whenever something happens in the run.
    #[must_use]
    pub fn max_time(mut self, time: Duration) -> Self {
        self.max_time = Some(time);
        self
    }

    /// How often a model that is [unavailable](super::ModelErrorKind::Unavailable) is asked again, twice by default:
    /// after as long as it wants, or after one second, two, four. Once something was said, nothing is asked again.
    #[must_use]
    pub fn retries(mut self, times: u32) -> Self {
        self.retries = times;
        self
    }
}

impl<M: Model> Agent for LlmAgent<M> {
    async fn run(&self, run: RunContext) -> Result<Finished> {
        let turns = Turns::new(self, &run)?.run();
        match self.max_time {
            None => turns.await,
            Some(limit) => match crate::time::timeout(limit, turns).await {
                Ok(finished) => finished,
                Err(_) => {
                    tracing::warn!(run = %run.run_id(), ?limit, "the run took too long");
                    Ok(Finished::cancelled())
                }
            },
        }
    }

    /// Its tools, the agents among them, whether it uses those of a client and asks before it runs some, whether its
    /// result has a type, and its limits.
    fn capabilities(&self) -> AgentCapabilities {
        capabilities::of(self)
    }
}

impl fmt::Debug for Instructions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Fixed(text) => f.debug_tuple("Fixed").field(text).finish(),
            Self::Computed(_) => f.write_str("Computed"),
        }
    }
}
