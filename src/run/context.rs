//! One run seen from inside the agent.

use super::pieces::Pieces;
use super::request::RunRequest;
use super::sink::Sink;
use super::tap::Tap;
use super::usage::Usage;
use crate::agent::{Agent, Finished};
use crate::attribution::tag_mut;
use crate::content;
use crate::error::{Error, Result};
use crate::sse;
use crate::typed::CustomPayload;
use agui_types::runtime::Encode;
use agui_types::{Event, Message, RunAgentInput, SubagentRunId, TokenUsage};
use http::Extensions;
use serde_json::Value;
use std::future::poll_fn;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Where ids come from.
#[derive(Debug)]
enum Ids {
    Random,
    Counted(AtomicU64),
}

/// One run: what was asked, and the way to answer.
///
/// Cheap to clone; parts of an agent that run side by side may each have one. Emitting waits while
/// the client is slower than the agent, so memory stays bounded.
#[derive(Debug, Clone)]
pub struct RunContext {
    inner: Arc<Inner>,
    /// Whose work it is that is done with this; `None` for the agent itself.
    subagent: Option<SubagentRunId>,
    /// What events pass on their way to the client.
    tap: Option<Arc<Tap>>,
}

#[derive(Debug)]
struct Inner {
    input: RunAgentInput,
    dependencies: Extensions,
    /// The shared state, once this run has changed it.
    state: Arc<SharedState>,
    ids: Arc<Ids>,
    sink: Arc<Sink>,
    usage: Arc<Usage>,
}

/// The state of a run.
#[derive(Debug, Default)]
struct SharedState {
    /// Held by whoever works out what to tell the client, and by whoever does what it was told.
    turn: Mutex<()>,
    /// Held for moments within that, and by whoever reads.
    value: Mutex<Option<Value>>,
}

impl RunContext {
    /// A run that has been admitted.
    pub(super) fn begin(request: RunRequest, sink: Arc<Sink>, usage: Arc<Usage>) -> Self {
        let ids = if request.repeatable { Ids::Counted(AtomicU64::new(1)) } else { Ids::Random };
        let RunRequest { input, dependencies, .. } = request;
        let inner = Inner { input, dependencies, state: Arc::default(), ids: Arc::new(ids), sink, usage };
        Self { inner: Arc::new(inner), subagent: None, tap: None }
    }

    /// Hands the run over to another agent, which is [admitted](Agent::admit) as if it had been asked itself. If it
    /// refuses, that is the error.
    ///
    /// ```
    /// use agui::{Agent, DynAgent, Error, Finished, Result, RunContext};
    /// use std::collections::HashMap;
    ///
    /// /// Several agents, of which `forwardedProps` chooses one.
    /// struct Switch(HashMap<String, DynAgent>);
    ///
    /// impl Agent for Switch {
    ///     async fn run(&self, run: RunContext) -> Result<Finished> {
    ///         let name = run.input().forwarded_props.as_ref().and_then(|props| props["agent"].as_str());
    ///         match name.and_then(|name| self.0.get(name)) {
    ///             Some(agent) => run.hand_over(agent).await,
    ///             None => Err(Error::public("there is no such agent")),
    ///         }
    ///     }
    /// }
    /// ```
    ///
    /// # Errors
    ///
    /// What the agent refuses with or fails with.
    pub async fn hand_over(&self, agent: &impl Agent) -> Result<Finished> {
        let mut request = self.request();
        agent.admit(&mut request).await?;
        agent.run(self.with_request(request).await?).await
    }

    /// What the run was asked for.
    pub(crate) fn request(&self) -> RunRequest {
        let Inner { input, dependencies, .. } = &*self.inner;
        let mut request = RunRequest::new(input.clone());
        request.dependencies = dependencies.clone();
        if let Some(state) = &*self.changed_state() {
            request.input_mut().state = Some(state.clone());
        }
        request
    }

    /// The same run for an agent that is to see another request.
    pub(crate) async fn with_request(&self, request: RunRequest) -> Result<Self> {
        // Of one run there is one state.
        if let Some(snapshot) = request.told_state() {
            self.emit_state(snapshot).await?;
        }
        let RunRequest { input, dependencies, .. } = request;
        let Inner { state, ids, sink, usage, .. } = &*self.inner;
        let (state, ids) = (Arc::clone(state), Arc::clone(ids));
        let (sink, usage) = (Arc::clone(sink), Arc::clone(usage));
        let inner = Inner { input, dependencies, state, ids, sink, usage };
        Ok(Self { inner: Arc::new(inner), ..self.clone() })
    }

    /// The same run, worked on by a subagent.
    pub(super) fn of_subagent(&self, id: SubagentRunId) -> Self {
        Self { subagent: Some(id), ..self.clone() }
    }

    /// The invocation of a subagent that this context belongs to (SUB-1); `None` for the agent itself.
    #[must_use]
    pub fn subagent_run_id(&self) -> Option<&SubagentRunId> {
        self.subagent.as_ref()
    }

    /// Shows each event that is emitted from now on to an observer, in place of any other.
    pub(crate) fn observe(&self, observer: impl FnMut(&Event) + Send + 'static) {
        self.sink().observe(Box::new(observer));
    }

    /// The same run with something else between it and the client.
    pub(super) fn with_tap(&self, tap: Option<Arc<Tap>>) -> Self {
        Self { tap, ..self.clone() }
    }

    pub(super) fn tap(&self) -> Option<&Arc<Tap>> {
        self.tap.as_ref()
    }

    pub(super) fn sink(&self) -> &Arc<Sink> {
        &self.inner.sink
    }

    /// Counts tokens that a model call of this run has used; the end of the run tells the sums, a failed or cancelled
    /// one too (USE-1). What models of this crate's agents use is counted already; who else calls a model says so
    /// here, in tools and subagents as well (USE-7).
    ///
    /// ```
    /// # async fn agent(run: agui::RunContext) -> agui::Result {
    /// use agui::TokenUsage;
    ///
    /// let usage = TokenUsage::new().provider("openai").model("gpt-5").input_tokens(900u64).output_tokens(80u64);
    /// run.add_usage(usage);
    /// # Ok(()) }
    /// ```
    pub fn add_usage(&self, usage: TokenUsage) {
        self.inner.usage.add(usage);
    }

    /// Tokens that this run has used so far.
    #[cfg(feature = "tools")]
    pub(crate) fn used_tokens(&self) -> u64 {
        self.inner.usage.tokens()
    }

    /// An id that no message or tool call of the thread has yet.
    pub(crate) fn new_id(&self, what: &str) -> String {
        match &*self.inner.ids {
            Ids::Random => uuid::Uuid::new_v4().to_string(),
            Ids::Counted(next) => {
                format!("{}-{what}-{}", self.run_id(), next.fetch_add(1, Ordering::Relaxed))
            }
        }
    }

    /// Seconds since the Unix epoch; where everything is counted, since the beginning of the run.
    #[cfg(feature = "tools")]
    pub(crate) fn seconds(&self) -> u64 {
        match &*self.inner.ids {
            Ids::Random => crate::clock::seconds(),
            Ids::Counted(_) => 0,
        }
    }

    /// A value that this run was given beside its input: what the request carried, such as the principal
    /// that authentication found, or what [`RunRequest::with`] added.
    #[must_use]
    pub fn dependency<T: Send + Sync + 'static>(&self) -> Option<&T> {
        self.inner.dependencies.get()
    }

    /// As [`RunContext::dependency`], where the run cannot go on without.
    ///
    /// # Errors
    ///
    /// When the run was given no such value; the error names the type.
    pub fn require<T: Send + Sync + 'static>(&self) -> Result<&T> {
        self.dependency().ok_or_else(|| {
            Error::new(format!("the run was given no `{}` to depend on", std::any::type_name::<T>()))
        })
    }

    /// Has events that break the protocol's order logged and sent from now on: those of somebody else, whose they are to
    /// mend, and whom clients could talk to directly.
    pub(crate) fn tolerate_order(&self) {
        self.sink().tolerate();
    }

    /// The state as this run has made it, if it has.
    pub(super) fn changed_state(&self) -> MutexGuard<'_, Option<Value>> {
        self.inner.state.value.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Nobody else changes the state meanwhile.
    pub(super) fn changing_state(&self) -> MutexGuard<'_, ()> {
        self.inner.state.turn.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether the run is over: its agent has returned, or the client has gone. For work that is not
    /// dropped with the run, such as on a thread of its own.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        self.sink().is_closed()
    }

    /// Waits until the run is over; see [`RunContext::is_closed`].
    pub async fn closed(&self) {
        poll_fn(|cx| self.sink().poll_closed(cx)).await;
    }

    /// What the client sent.
    #[must_use]
    pub fn input(&self) -> &RunAgentInput {
        &self.inner.input
    }

    /// The conversation that this run belongs to (EVT-11).
    #[must_use]
    pub fn thread_id(&self) -> &str {
        &self.inner.input.thread_id
    }

    /// This run (RUN-6).
    #[must_use]
    pub fn run_id(&self) -> &str {
        &self.inner.input.run_id
    }

    /// The text of the newest user message, its text parts joined by line breaks; `None` if no user has
    /// said anything.
    #[must_use]
    pub fn last_user_text(&self) -> Option<String> {
        self.inner.input.messages.iter().rev().find_map(|message| match message {
            Message::User(user) => Some(content::text(&user.content, "\n")),
            _ => None,
        })
    }

    /// Emits an event as it is, once there is room for it, and waits until it has passed the [`Hooks`](crate::Hooks).
    ///
    /// The runtime emits `RUN_STARTED`, `RUN_FINISHED` and `RUN_ERROR` itself. An event without a
    /// timestamp gets the current time; in the context of a subagent it is attributed to that.
    ///
    /// Behind [hooks](crate::Hooks::event) this waits until the event has passed them. If the waiting is given up then, the
    /// event is sent all the same.
    ///
    /// # Errors
    ///
    /// When the event breaks its schema, or the protocol's order where that is watched
    /// ([`Error::is_invalid_event`], [`RunRequest::order`]), or the run is over ([`Error::is_closed`]).
    pub async fn emit(&self, event: impl Into<Event>) -> Result {
        let event = self.attributed(event.into());
        if let Event::StateSnapshot(_) | Event::StateDelta(_) = event {
            // Which is large, and what every emitting future would have in it.
            return Box::pin(self.emit_state(event)).await;
        }
        self.room().await;
        self.push(event).passed().await
    }

    /// As [`RunContext::emit`], for a piece of something whose first event says whose it is (SUB-12).
    pub(super) async fn emit_piece(&self, pieces: &mut Pieces) -> Result {
        if self.tap.is_some() {
            self.room().await;
            let mut event = pieces.event.clone();
            *event.timestamp_mut() = None;
            return self.push(event).passed().await;
        }
        poll_fn(|cx| self.sink().poll_push_piece(cx, pieces)).await
    }

    /// The event with the tag of this context, unless it has one or has no place for one.
    pub(super) fn attributed(&self, mut event: Event) -> Event {
        if let (Some(id), Some(tag)) = (&self.subagent, tag_mut(&mut event)) {
            tag.get_or_insert_with(|| id.clone());
        }
        event
    }

    /// Emits an event of an extended protocol: any type generated from a schema of yours.
    ///
    /// The type has to encode as an object with a `type`; clients that do not know it drop the event
    /// (PROC-1). Nothing is added to it, no timestamp either.
    ///
    /// # Errors
    ///
    /// As [`RunContext::emit`].
    pub async fn emit_extension<E: Encode + Sync>(&self, event: &E) -> Result {
        self.room().await;
        let mut frame = Vec::new();
        sse::encode_any(event, &mut frame).map_err(Error::invalid_extension)?;
        self.push_frame(frame).passed().await
    }

    pub(crate) async fn room(&self) {
        poll_fn(|cx| self.sink().poll_room(cx)).await;
    }

    /// Emits a custom event, of a type with `#[derive(CustomEvent)]`.
    ///
    /// # Errors
    ///
    /// As [`RunContext::emit`], and when the payload has no JSON form.
    pub async fn custom(&self, payload: &(impl CustomPayload + Sync)) -> Result {
        let event = payload.to_event().map_err(Error::from)?;
        self.emit(event).await
    }
}
