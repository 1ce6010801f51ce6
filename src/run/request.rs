//! What a run is asked for.

use crate::compat::Downgrade;
use agui_types::{Event, RunAgentInput, StateSnapshotEvent};
use http::Extensions;
use serde_json::Value;
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
    /// The run begins with another state than the client has.
    pub(super) tell_state: bool,
    /// The agent passes on a stream with beginnings and ends of its own.
    pub(super) relays: bool,
    pub(super) downgrade: Downgrade,
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
            downgrade: Downgrade::default(),
            agent: None,
            tell_state: false,
            relays: false,
        }
    }

    /// Adds a value that [`RunContext::dependency`] finds by its type, such as a principal or a database
    /// pool. It replaces one of the same type.
    ///
    /// [`RunContext::dependency`]: crate::RunContext::dependency
    #[must_use]
    pub fn with<T: Clone + Send + Sync + 'static>(mut self, value: T) -> Self {
        self.insert(value);
        self
    }

    /// As [`RunRequest::with`], for a request that one has by reference.
    pub fn insert<T: Clone + Send + Sync + 'static>(&mut self, value: T) {
        self.dependencies.insert(value);
    }

    /// A value that the run is given beside its input.
    #[must_use]
    pub fn dependency<T: Send + Sync + 'static>(&self) -> Option<&T> {
        self.dependencies.get()
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

    /// Whether the client gets events in a shape that older ones know; by default that is so for requests over
    /// HTTP whose input declares no `protocolVersion`, and for nobody in process.
    #[must_use]
    pub fn downgrade(mut self, downgrade: Downgrade) -> Self {
        self.downgrade = downgrade;
        self
    }

    /// What the client sent.
    #[must_use]
    pub fn input(&self) -> &RunAgentInput {
        &self.input
    }

    /// What the client sent, to be changed before the run; for the state there is [`RunRequest::set_state`].
    #[must_use]
    pub fn input_mut(&mut self) -> &mut RunAgentInput {
        &mut self.input
    }

    /// Has the run begin with this shared state. A client that sent another learns of it by a `STATE_SNAPSHOT`
    /// at the run's beginning, so that what follows applies to what it has (STATE-3, STATE-10).
    pub fn set_state(&mut self, state: Value) {
        // Absent means `{}` (INPUT-11).
        let same = match &self.input.state {
            Some(sent) => *sent == state,
            None => state.as_object().is_some_and(serde_json::Map::is_empty),
        };
        self.tell_state |= !same;
        self.input.state = Some(state);
    }

    /// Names the agent in the run's tracing span, as `gen_ai.agent.name`.
    #[must_use]
    pub fn agent_name(mut self, name: impl Into<Arc<str>>) -> Self {
        self.agent = Some(name.into());
        self
    }

    /// Has the run begin when the agent says so, with what it begins with elsewhere.
    pub(crate) fn relay(&mut self) {
        self.relays = true;
    }

    /// What the client has to be told of the state.
    pub(super) fn told_state(&self) -> Option<Event> {
        let state = self.input.state.as_ref().filter(|_| self.tell_state)?;
        Some(StateSnapshotEvent::new(state.clone()).into())
    }

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
