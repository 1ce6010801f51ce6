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
    pub(super) order: Order,
}

/// What becomes of an event that breaks the protocol's order, such as text for a message that is not open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Order {
    /// It is not sent, and who emits it gets an error that names the rule.
    Refuse,
    /// It is sent, and the log says which rule it breaks.
    Warn,
}

/// While an agent is written its mistakes should be seen where they are made; once it is in use, a client copes
/// better with an odd event than with a run that fails.
impl Default for Order {
    fn default() -> Self {
        if cfg!(debug_assertions) { Self::Refuse } else { Self::Warn }
    }
}

impl RunRequest {
    /// The input alone.
    #[must_use]
    pub fn new(input: RunAgentInput) -> Self {
        Self {
            input,
            dependencies: Extensions::new(),
            repeatable: false,
            order: Order::default(),
            agent: None,
        }
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

    /// What becomes of events that break the protocol's order; by default they are refused in builds with debug
    /// assertions and logged in others.
    #[must_use]
    pub fn order(mut self, order: Order) -> Self {
        self.order = order;
        self
    }

    /// What the client sent.
    #[must_use]
    pub fn input(&self) -> &RunAgentInput {
        &self.input
    }

    /// What the client sent, to be changed before the run.
    #[must_use]
    pub fn input_mut(&mut self) -> &mut RunAgentInput {
        &mut self.input
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
