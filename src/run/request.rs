//! What a run is asked for.

use agui_types::RunAgentInput;
use http::Extensions;
use std::sync::Arc;

/// An input, with what the run is given beside it.
///
/// ```
/// use agui::{Result, RunAgentInput, RunContext, RunRequest};
///
/// #[derive(Clone)]
/// struct UserId(u64);
///
/// async fn hello(run: RunContext) -> Result {
///     let UserId(id) = run.require()?;
///     run.text(format!("Hello, number {id}!")).await
/// }
///
/// let input = RunAgentInput::new("thread-1", "run-1", vec![]);
/// let run = agui::run(hello, RunRequest::new(input).with(UserId(7)));
/// # drop(run);
/// ```
#[derive(Debug, Clone)]
pub struct RunRequest {
    pub(super) input: RunAgentInput,
    pub(super) dependencies: Extensions,
    pub(super) repeatable: bool,
    pub(super) agent: Option<Arc<str>>,
}

impl RunRequest {
    /// The input alone.
    #[must_use]
    pub fn new(input: RunAgentInput) -> Self {
        Self { input, dependencies: Extensions::new(), repeatable: false, agent: None }
    }

    /// Adds a value that [`RunContext::dependency`] finds by its type, such as a principal or a database
    /// pool. It replaces one of the same type.
    ///
    /// [`RunContext::dependency`]: crate::RunContext::dependency
    #[must_use]
    pub fn with<T: Clone + Send + Sync + 'static>(mut self, value: T) -> Self {
        self.dependencies.insert(value);
        self
    }

    /// Has the runtime count ids and timestamps instead of taking random ones and the time of day, so that
    /// the same run gives the same bytes. For tests: the ids are unique in the run alone.
    #[must_use]
    pub fn repeatable(mut self) -> Self {
        self.repeatable = true;
        self
    }

    /// What the client sent.
    #[must_use]
    pub fn input(&self) -> &RunAgentInput {
        &self.input
    }

    /// Names the agent in the run's tracing span, as `gen_ai.agent.name`.
    #[must_use]
    pub fn agent_name(mut self, name: impl Into<Arc<str>>) -> Self {
        self.agent = Some(name.into());
        self
    }

    #[cfg(feature = "server")]
    pub(crate) fn extended(mut self, values: Extensions) -> Self {
        self.dependencies.extend(values);
        self
    }
}

impl From<RunAgentInput> for RunRequest {
    fn from(input: RunAgentInput) -> Self {
        Self::new(input)
    }
}
