//! A tool as a value, ready to be called.

use super::arguments::{self, Reader};
use super::context::ToolContext;
use super::error::ToolError;
use super::limits;
use super::output::ToolOutput;
use super::schema::{self, SchemaError};
use super::span::CallSpan;
use super::spec::{FrontendTool, ToolOptions, ToolSpec};
use crate::agent::Agent;
use agui_types::Tool;
use std::fmt;
use std::future::{Future, ready};
use std::pin::Pin;
use std::sync::Arc;

/// The call of a tool under way.
pub(crate) type Calling = Pin<Box<dyn Future<Output = Result<ToolOutput, ToolError>> + Send>>;

type Runner = dyn Fn(&str, ToolContext) -> Calling + Send + Sync;

type Checker = dyn Fn(&str) -> Result<(), ToolError> + Send + Sync;

/// A tool as a value: its definition, and for a backend tool how it is run.
///
/// `#[agui_tool]` makes these; by hand they are for tools that are known at run time only.
#[derive(Clone)]
pub struct ToolEntry {
    definition: Arc<Tool>,
    options: ToolOptions,
    runner: Option<Arc<Runner>>,
    checker: Arc<Checker>,
    /// Why the arguments have no schema.
    problem: Option<Arc<SchemaError>>,
    /// Calls are shown as reasoning.
    thought: bool,
    /// It is an agent.
    agent: bool,
}

/// What an agent is to do for another.
#[derive(serde::Deserialize, schemars::JsonSchema)]
struct Task {
    /// The task, with everything that is needed to do it.
    task: String,
}

/// A function under `#[agui_tool]`, or a signature: a tool that needs nothing but itself.
///
/// Deliberately no `ToolSpec`, so that a tool whose arguments are no arguments is told of where it is written,
/// and not again wherever it is registered.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no tool",
    label = "expected the type that `#[agui_tool]` makes of a function, such as `GetWeather` of `get_weather`",
    note = "methods under `#[agui_tools]` are registered with their object: `Tools::methods(object)`"
)]
pub trait ToolFunction {
    /// The name by which models call the tool.
    #[doc(hidden)]
    const TOOL_NAME: &'static str;

    /// The tool, to be registered.
    #[must_use]
    fn tool() -> ToolEntry;
}

impl ToolEntry {
    /// A tool that the agent runs.
    pub fn backend<T, F, Fut>(run: F) -> Self
    where
        T: ToolSpec,
        F: Fn(T, ToolContext) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<ToolOutput, ToolError>> + Send + 'static,
    {
        let reader = Reader::<T>::new();
        let runner = move |text: &str, context| -> Calling {
            match reader.read(text) {
                Ok(arguments) => Box::pin(run(arguments, context)),
                Err(error) => Box::pin(ready(Err(error))),
            }
        };
        Self::of::<T>(Some(Arc::new(runner)))
    }

    /// A tool that the application runs.
    #[must_use]
    pub fn frontend<T: FrontendTool>() -> Self {
        Self::of::<T>(None)
    }

    /// A tool that is known at run time only: the function gets the arguments as they came, as JSON text.
    pub fn dynamic<F, Fut>(definition: Tool, run: F) -> Self
    where
        F: Fn(String, ToolContext) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<ToolOutput, ToolError>> + Send + 'static,
    {
        let runner = move |text: &str, context| -> Calling { Box::pin(run(text.to_owned(), context)) };
        Self {
            definition: Arc::new(definition),
            options: ToolOptions::new(),
            runner: Some(Arc::new(runner)),
            checker: Arc::new(|_| Ok(())),
            problem: None,
            thought: false,
            agent: false,
        }
    }

    /// An agent as a tool of another: the model gives it a task, and is told what it says last, or its result.
    ///
    /// All that it does is attributed to a subagent of that name. It is given the task alone, as a user's message; it
    /// shares the run's state, context and dependencies, and has its own tools. Those that the application runs, and
    /// those that need somebody's approval, are for the agent to have that it works for.
    ///
    /// ```
    /// use agui::model::{LlmAgent, Reply, ScriptedModel};
    /// use agui::{ToolEntry, Tools};
    ///
    /// let flights = LlmAgent::new(ScriptedModel::new([Reply::text("TP 1234, 9:40.")]));
    /// let tools = Tools::of([ToolEntry::agent("flights", "Finds flights.", flights)])?;
    /// # drop(tools);
    /// # Ok::<(), agui::Error>(())
    /// ```
    #[must_use]
    pub fn agent(name: impl Into<String>, description: impl Into<String>, agent: impl Agent) -> Self {
        let (name, description) = (name.into(), description.into());
        let mut definition = Tool::new(&*name, &*description);
        definition.parameters = schema::parameters::<Task>().ok();
        let (agent, names) = (Arc::new(agent), Arc::new((name, description)));
        let entry = Self::dynamic(definition, move |arguments, context| {
            let (agent, names) = (Arc::clone(&agent), Arc::clone(&names));
            async move {
                let Task { task } = arguments::read(&arguments)?;
                let (name, description) = &*names;
                let call = (context.tool_call_id(), context.message_id());
                context.delegate(&*agent, (name, description), call, task).await.map(ToolOutput::text)
            }
        });
        Self { agent: true, ..entry }
    }

    fn of<T: ToolSpec>(runner: Option<Arc<Runner>>) -> Self {
        let (problem, reader) = (schema::parameters::<T>().err().map(Arc::new), Reader::<T>::new());
        let checker = Arc::new(move |text: &str| reader.read(text).map(drop));
        Self {
            definition: Arc::new(T::definition()),
            options: T::OPTIONS,
            runner,
            checker,
            problem,
            thought: false,
            agent: false,
        }
    }

    pub(super) fn problem(&self) -> Option<&SchemaError> {
        self.problem.as_deref()
    }

    pub(crate) fn into_thought(mut self) -> Self {
        self.thought = true;
        self
    }

    pub(crate) fn is_thought(&self) -> bool {
        self.thought
    }

    /// Whether it is an agent that works for the one that has it.
    pub(crate) fn is_agent(&self) -> bool {
        self.agent
    }

    /// Replaces the options, but for `strict`, which is a matter of the definition as well.
    #[must_use]
    pub fn with_options(mut self, options: ToolOptions) -> Self {
        self.options = options.strict(self.options.strict);
        self
    }

    /// The name by which it is called.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.definition.name
    }

    /// The tool as models and clients are told of it.
    #[must_use]
    pub fn definition(&self) -> &Tool {
        &self.definition
    }

    /// How it is to be treated.
    #[must_use]
    pub fn options(&self) -> ToolOptions {
        self.options
    }

    /// Whether the application runs it, not the agent.
    #[must_use]
    pub fn is_frontend(&self) -> bool {
        self.runner.is_none()
    }

    /// Whether arguments fit, without running anything.
    ///
    /// # Errors
    ///
    /// When they do not; the error is what the model would be told.
    pub fn check(&self, arguments: &str) -> Result<(), ToolError> {
        limits::contained(|| (self.checker)(arguments))?
    }

    /// Runs the tool with arguments as JSON text. A panic is contained and counts as a failure.
    ///
    /// Whether a person has to agree before is for the caller to see to.
    ///
    /// # Errors
    ///
    /// When the arguments do not fit, the tool fails or panics or takes too long, or it is the application
    /// that runs it.
    pub fn call(
        &self,
        arguments: &str,
        context: ToolContext,
    ) -> impl Future<Output = Result<ToolOutput, ToolError>> + Send + 'static {
        let span = CallSpan::open(self.name(), context.tool_call_id());
        let calling = span.in_scope(|| match &self.runner {
            // Reading the arguments is the user's code, too.
            Some(runner) => limits::contained(|| runner(arguments, context)),
            None => Err(ToolError::retry("The application runs this tool.")),
        });
        span.around(limits::limited(calling, self.options.timeout))
    }
}

impl fmt::Debug for ToolEntry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ToolEntry")
            .field("name", &self.name())
            .field("frontend", &self.is_frontend())
            .field("options", &self.options)
            .finish_non_exhaustive()
    }
}
