//! Shared state that is read before a run starts.

use crate::agent::{Agent, Finished};
use crate::error::Result;
use crate::problems::further;
use crate::refusal::{Problem, Refusal};
use crate::run::{RunContext, RunRequest};
use crate::session::Threads;
use crate::typed::{pointer, read};
use agui_types::AgentCapabilities;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use std::future::Future;

/// An agent whose shared state has a type. Made by [`Agent::with_state`].
#[derive(Debug, Clone)]
pub struct WithState<A, S> {
    agent: A,
    initial: S,
}

impl<A, S> WithState<A, S> {
    pub(crate) fn new(agent: A, initial: S) -> Self {
        Self { agent, initial }
    }
}

impl<A, S> Agent for WithState<A, S>
where
    A: Agent,
    S: Serialize + DeserializeOwned + Send + Sync + 'static,
{
    fn run(&self, run: RunContext) -> impl Future<Output = Result<Finished>> + Send {
        self.agent.run(run)
    }

    async fn admit(&self, request: &mut RunRequest) -> Result<(), Refusal> {
        if let Some(state) = self.begins_with(request.input().state.as_ref())? {
            request.set_state(state);
        }
        self.agent.admit(request).await
    }

    fn threads(&self) -> Option<Threads> {
        self.agent.threads()
    }

    fn capabilities(&self) -> AgentCapabilities {
        let mut capabilities = self.agent.capabilities();
        let state = capabilities.state.get_or_insert_default();
        state.snapshots.get_or_insert(true);
        state.deltas.get_or_insert(true);
        capabilities
    }
}

impl<A, S: Serialize + DeserializeOwned> WithState<A, S> {
    /// The state that a run has, if it is not what was sent.
    fn begins_with(&self, sent: Option<&Value>) -> Result<Option<Value>, Refusal> {
        let Some(sent) = sent.filter(|sent| !is_none(sent)) else {
            return self.initial().map(Some);
        };
        let typed: S = match read(sent) {
            Ok(typed) => typed,
            // What clients of old send for no state (VER-35).
            Err(_) if sent.is_null() => return self.initial().map(Some),
            Err(error) => return Err(misfit::<S>(sent, problem(&error))),
        };
        let whole = serde_json::to_value(&typed).map_err(unserializable)?;
        if !lacks(sent, &whole) {
            return Ok(None);
        }
        let mut filled = sent.clone();
        fill(&mut filled, &whole, Some(&self.initial()?));
        // A member under another name is one twice.
        Ok(read::<S>(&filled).is_ok().then_some(filled))
    }

    fn initial(&self) -> Result<Value, Refusal> {
        serde_json::to_value(&self.initial).map_err(unserializable)
    }
}

/// Absent means `{}` (INPUT-11), and pages that know of no state send that.
fn is_none(state: &Value) -> bool {
    state.as_object().is_some_and(Map::is_empty)
}

/// Whether reading made up something that was not sent.
fn lacks(sent: &Value, whole: &Value) -> bool {
    let (Value::Object(sent), Value::Object(whole)) = (sent, whole) else { return false };
    whole.iter().any(|(name, value)| sent.get(name).is_none_or(|sent| lacks(sent, value)))
}

/// Adds what was not sent and has a default: from the initial state, where that has it.
fn fill(sent: &mut Value, whole: &Value, initial: Option<&Value>) {
    let (Value::Object(sent), Value::Object(whole)) = (sent, whole) else { return };
    for (name, value) in whole {
        let initial = initial.and_then(|initial| initial.get(name));
        match sent.get_mut(name) {
            Some(sent) => fill(sent, value, initial),
            None => drop(sent.insert(name.clone(), initial.unwrap_or(value).clone())),
        }
    }
}

/// 422, with all that is wrong.
#[cold]
fn misfit<S: DeserializeOwned>(state: &Value, first: Problem) -> Refusal {
    let json = serde_json::to_vec(state).unwrap_or_default();
    let others = further(&json, &first, &|json| {
        let state: Value = serde_json::from_slice(json).unwrap_or_default();
        read::<S>(&state).map(drop).map_err(|error| problem(&error))
    });
    let in_state = |problem: Problem| Problem { path: format!("/state{}", problem.path), ..problem };
    Refusal::invalid_input(in_state(first), others.into_iter().map(in_state).collect())
}

fn problem(error: &serde_path_to_error::Error<serde_json::Error>) -> Problem {
    Problem { path: pointer(0, error.path()), message: error.inner().to_string() }
}

fn unserializable(error: serde_json::Error) -> Refusal {
    tracing::error!(%error, "the state has no JSON form");
    Refusal::internal()
}
