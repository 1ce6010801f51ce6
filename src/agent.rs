//! What can be run, and what a run ends with.

use crate::agents::WithCapabilities;
use crate::error::Result;
use crate::hooks::{Hooks, WithHooks};
use crate::refusal::Refusal;
use crate::run::{RunContext, RunRequest};
use crate::session::Threads;
use crate::stateful::WithState;
use agui_types::{AgentCapabilities, RunFinishedCancelledOutcome, RunFinishedOutcome, TokenUsage};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::future::{Future, ready};

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

    /// Looks at a request before its run starts: may refuse it, which over HTTP is answered with the refusal's status,
    /// change the input, or add dependencies. By default everything is admitted as it is.
    ///
    /// An agent around another one asks that as well.
    ///
    /// ```
    /// use agui::{Agent, Finished, Refusal, Result, RunContext, RunRequest};
    ///
    /// struct Answers;
    ///
    /// impl Agent for Answers {
    ///     async fn admit(&self, request: &mut RunRequest) -> Result<(), Refusal> {
    ///         if request.input().messages.is_empty() {
    ///             let refusal = Refusal::new(http::StatusCode::UNPROCESSABLE_ENTITY, "no_messages", "ask something");
    ///             return Err(refusal.path("/messages"));
    ///         }
    ///         Ok(())
    ///     }
    ///
    ///     async fn run(&self, run: RunContext) -> Result<Finished> {
    ///         run.text("Yes.").await.map(Into::into)
    ///     }
    /// }
    /// ```
    ///
    /// # Errors
    ///
    /// Why there is to be no run.
    fn admit(&self, request: &mut RunRequest) -> impl Future<Output = Result<(), Refusal>> + Send {
        let _ = request;
        ready(Ok(()))
    }

    /// What the agent can do, as far as that is declared; nothing by default (CAP-1, CAP-3).
    fn capabilities(&self) -> AgentCapabilities {
        AgentCapabilities::new()
    }

    /// The threads that the agent keeps, if it does; a server has routes for them.
    fn threads(&self) -> Option<Threads> {
        None
    }

    /// This agent with a type for the shared state, and the state that a thread begins with.
    ///
    /// The state of a request has to fit the type before the run starts: what does not is refused with 422 and all
    /// the places, as JSON Pointers. A request without a state, or with `{}`, has the one given here, and each its
    /// own copy; where the type has a `#[serde(default)]` for what a request leaves out, that comes from the one
    /// given here as well. A client that has not sent the whole of it is told by a `STATE_SNAPSHOT` (STATE-10).
    ///
    /// ```
    /// use agui::{Agent, Result, RunContext};
    ///
    /// #[derive(serde::Serialize, serde::Deserialize)]
    /// struct Recipe {
    ///     title: String,
    ///     servings: u32,
    /// }
    ///
    /// async fn cook(run: RunContext) -> Result {
    ///     run.modify_state(|recipe: &mut Recipe| recipe.servings += 1).await
    /// }
    ///
    /// let agent = cook.with_state(Recipe { title: "Soup".into(), servings: 2 });
    /// # drop(agent);
    /// ```
    fn with_state<S>(self, initial: S) -> WithState<Self, S>
    where
        Self: Sized,
        S: Serialize + DeserializeOwned + Send + Sync + 'static,
    {
        WithState::new(self, initial)
    }

    /// This agent with [`Hooks`]: what is to happen before its runs, with each event, and at the end.
    fn with_hooks<H: Hooks>(self, hooks: H) -> WithHooks<Self, H>
    where
        Self: Sized,
    {
        WithHooks::new(self, hooks)
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
