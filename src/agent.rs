//! What can be run, and what a run ends with.

use crate::agents::WithCapabilities;
use crate::error::Result;
use crate::run::RunContext;
use agui_types::{AgentCapabilities, RunFinishedCancelledOutcome, RunFinishedOutcome, TokenUsage};
use serde_json::Value;
use std::future::Future;

/// Something that can be run: a function of a [`RunContext`], or a type of yours.
///
/// The runtime opens the run before it calls [`Agent::run`] and closes it afterwards: `RUN_FINISHED`
/// for `Ok`, `RUN_ERROR` for `Err` and for a panic. When the client goes away the future is dropped.
///
/// ```
/// use agui::{Agent, Finished, Result, RunContext};
///
/// struct Greeter {
///     greeting: String,
/// }
///
/// impl Agent for Greeter {
///     async fn run(&self, run: RunContext) -> Result<Finished> {
///         run.text(format!("{}, thread {}!", self.greeting, run.thread_id())).await?;
///         Ok(Finished::default())
///     }
/// }
/// ```
pub trait Agent: Send + Sync + 'static {
    /// Carries out one run.
    ///
    /// # Errors
    ///
    /// What ends the run with `RUN_ERROR`. The client is told what [`Error::public`] says, nothing of
    /// other errors.
    ///
    /// [`Error::public`]: crate::Error::public
    fn run(&self, run: RunContext) -> impl Future<Output = Result<Finished>> + Send;

    /// What the agent can do, as far as that is declared; nothing by default (CAP-1, CAP-3).
    fn capabilities(&self) -> AgentCapabilities {
        AgentCapabilities::new()
    }

    /// This agent with more declared of it, for functions as well. What is given counts where both say
    /// something.
    ///
    /// ```
    /// use agui::{Agent, AgentCapabilities, IdentityCapabilities, Result, RunContext};
    ///
    /// async fn hello(run: RunContext) -> Result {
    ///     run.text("Hello!").await
    /// }
    ///
    /// let identity = IdentityCapabilities::new().name("greeter");
    /// let agent = hello.with_capabilities(AgentCapabilities::new().identity(identity));
    /// assert_eq!(agent.capabilities().identity.unwrap().name.unwrap(), "greeter");
    /// ```
    fn with_capabilities(self, capabilities: AgentCapabilities) -> WithCapabilities<Self>
    where
        Self: Sized,
    {
        WithCapabilities::new(self, capabilities)
    }
}

impl<F, Fut, T> Agent for F
where
    F: Fn(RunContext) -> Fut + Send + Sync + 'static,
    Fut: Future<Output = Result<T>> + Send,
    T: Into<Finished>,
{
    async fn run(&self, run: RunContext) -> Result<Finished> {
        self(run).await.map(Into::into)
    }
}

/// What a run that did not fail ends with; `()` is a plain success.
#[derive(Debug, Clone, Default, PartialEq)]
#[non_exhaustive]
pub struct Finished {
    /// Why the run ended. Absent means success (RUN-13).
    pub outcome: Option<RunFinishedOutcome>,
    /// The run's return value (RUN-29).
    pub result: Option<Value>,
    /// Tokens used by model calls of the run, one entry a provider and model (USE-1, USE-7); what was counted by
    /// [`RunContext::add_usage`] is added.
    pub usage: Option<Vec<TokenUsage>>,
}

impl Finished {
    /// The end of a run that was stopped on purpose before it was complete, as by a limit (RUN-30).
    #[must_use]
    pub fn cancelled() -> Self {
        RunFinishedOutcome::Cancelled(RunFinishedCancelledOutcome::new()).into()
    }

    /// Sets the return value.
    #[must_use]
    pub fn result(mut self, result: impl Into<Value>) -> Self {
        self.result = Some(result.into());
        self
    }

    /// Sets the token usage.
    #[must_use]
    pub fn usage(mut self, usage: Vec<TokenUsage>) -> Self {
        self.usage = Some(usage);
        self
    }
}

impl From<()> for Finished {
    fn from((): ()) -> Self {
        Self::default()
    }
}

impl From<RunFinishedOutcome> for Finished {
    fn from(outcome: RunFinishedOutcome) -> Self {
        Self { outcome: Some(outcome), ..Self::default() }
    }
}
