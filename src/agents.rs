//! Agents made of other agents.

use crate::agent::{Agent, Finished};
use crate::error::Result;
use crate::refusal::Refusal;
use crate::run::{RunContext, RunRequest};
use crate::session::Threads;
use agui_types::AgentCapabilities;
use serde_json::Value;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

/// Any agent, whatever its type: for lists of agents and for choosing one at run time. Cheap to clone.
///
/// ```
/// use agui::{DynAgent, Result, RunContext};
///
/// async fn polite(run: RunContext) -> Result {
///     run.text("Good evening!").await
/// }
/// async fn brief(run: RunContext) -> Result {
///     run.text("Hi.").await
/// }
///
/// let agents = [("polite", DynAgent::new(polite)), ("brief", DynAgent::new(brief))];
/// # drop(agents);
/// ```
#[derive(Clone)]
pub struct DynAgent(Arc<dyn AnyAgent>);

impl DynAgent {
    /// Forgets the type of an agent.
    #[must_use]
    pub fn new<A: Agent>(agent: A) -> Self {
        Self(Arc::new(agent))
    }
}

impl Agent for DynAgent {
    async fn run(&self, run: RunContext) -> Result<Finished> {
        self.0.run_boxed(run).await
    }

    async fn admit(&self, request: &mut RunRequest) -> Result<(), Refusal> {
        self.0.admit_boxed(request).await
    }

    fn threads(&self) -> Option<Threads> {
        self.0.any_threads()
    }

    fn capabilities(&self) -> AgentCapabilities {
        self.0.any_capabilities()
    }
}

impl fmt::Debug for DynAgent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DynAgent")
    }
}

/// [`Agent`], as it can be a trait object.
trait AnyAgent: Send + Sync {
    fn run_boxed(&self, run: RunContext) -> Pin<Box<dyn Future<Output = Result<Finished>> + Send + '_>>;
    fn admit_boxed<'a>(&'a self, request: &'a mut RunRequest) -> AdmitFuture<'a>;
    fn any_threads(&self) -> Option<Threads>;
    fn any_capabilities(&self) -> AgentCapabilities;
}

type AdmitFuture<'a> = Pin<Box<dyn Future<Output = Result<(), Refusal>> + Send + 'a>>;

impl<A: Agent> AnyAgent for A {
    fn run_boxed(&self, run: RunContext) -> Pin<Box<dyn Future<Output = Result<Finished>> + Send + '_>> {
        Box::pin(self.run(run))
    }

    fn admit_boxed<'a>(&'a self, request: &'a mut RunRequest) -> AdmitFuture<'a> {
        Box::pin(self.admit(request))
    }

    fn any_threads(&self) -> Option<Threads> {
        self.threads()
    }

    fn any_capabilities(&self) -> AgentCapabilities {
        self.capabilities()
    }
}

/// An agent with more declared of it. Made by [`Agent::with_capabilities`].
#[derive(Debug, Clone)]
pub struct WithCapabilities<A> {
    agent: A,
    capabilities: AgentCapabilities,
}

impl<A> WithCapabilities<A> {
    pub(crate) fn new(agent: A, capabilities: AgentCapabilities) -> Self {
        Self { agent, capabilities }
    }
}

impl<A: Agent> Agent for WithCapabilities<A> {
    fn run(&self, run: RunContext) -> impl Future<Output = Result<Finished>> + Send {
        self.agent.run(run)
    }

    fn admit(&self, request: &mut RunRequest) -> impl Future<Output = Result<(), Refusal>> + Send {
        self.agent.admit(request)
    }

    fn threads(&self) -> Option<Threads> {
        self.agent.threads()
    }

    fn capabilities(&self) -> AgentCapabilities {
        let own = self.agent.capabilities();
        let merged = serde_json::to_value(&own).and_then(|mut merged| {
            merge(&mut merged, serde_json::to_value(&self.capabilities)?);
            serde_json::from_value(merged)
        });
        merged.unwrap_or_else(|error| {
            tracing::error!(%error, "these capabilities cannot be declared together");
            own
        })
    }
}

/// Members of objects side by side, other values in place of what was there.
fn merge(into: &mut Value, from: Value) {
    match (into, from) {
        (Value::Object(into), Value::Object(from)) => {
            for (name, value) in from {
                merge(into.entry(name).or_insert(Value::Null), value);
            }
        }
        (into, from) => *into = from,
    }
}
