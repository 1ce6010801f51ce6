//! One run: the agent's future and the frames that it emits, without tasks, channels or timers.
//!
//! Whoever reads the stream drives the agent: polling [`Run`] polls the agent, which encodes what it
//! emits into one buffer; when the agent waits, or the buffer is full, what is there is handed out as
//! one chunk. A reader that stops reading stops the agent, and dropping the stream drops the agent.

mod closing;
mod context;
mod ending;
mod events;
mod farewell;
mod line;
#[cfg(feature = "tools")]
mod member;
mod older;
mod pieces;
mod relay;
mod request;
mod run_clock;
mod scopes;
mod sink;
mod span;
mod standalone;
pub(crate) mod state;
mod stop;
mod tap;
mod usage;
mod wakes;

pub use context::RunContext;
pub use events::Events;
#[cfg(feature = "server")]
pub(crate) use farewell::FAREWELL_TIME;
pub use request::{Order, RunRequest};
pub use scopes::{Reasoning, Step, Subagent, TextMessage, ToolCallWriter};
pub use stop::RunHandle;

use crate::agent::{Agent, Finished};
use crate::compat::Declaration;
use crate::error::{Error, Result};
use crate::refusal::Refusal;
use agui_types::{Event, PROTOCOL_VERSION, RunStartedEvent};
use bytes::Bytes;
pub(crate) use ending::contained;
use ending::failure;
use futures_core::Stream;
use relay::Opening;
use sink::{Buffer, Sink, Take};
use span::RunSpan;
use std::future::poll_fn;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker, ready};
use usage::Usage;
use wakes::Wakes;

/// Runs an agent, for an input or for a [`RunRequest`] with more to it. Nothing happens before the stream is polled; the items are SSE frames, several in
/// one where the agent emits faster than they are read.
///
/// The stream is a complete exchange: `RUN_STARTED`, what the agent emits, `RUN_FINISHED` or
/// `RUN_ERROR` (RUN-1, SSE-11). A panic of the agent is contained and ends the run with `RUN_ERROR`,
/// provided that panics unwind.
///
/// ```
/// use agui::{Result, RunAgentInput, RunContext};
/// use futures_util::StreamExt;
///
/// async fn hello(run: RunContext) -> Result {
///     run.text("Hello!").await
/// }
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() {
/// let input = RunAgentInput::new("thread-1", "run-1", vec![]);
/// let chunks: Vec<_> = agui::run(hello, input).collect().await;
/// let text = String::from_utf8(chunks.concat()).unwrap();
/// assert!(text.starts_with(r#"data: {"type":"RUN_STARTED","threadId":"thread-1""#));
/// # }
/// ```
pub fn run<A: Agent>(agent: A, request: impl Into<RunRequest>) -> Run {
    run_shared(Arc::new(agent), request.into())
}

pub(crate) fn run_shared<A: Agent>(agent: Arc<A>, mut request: RunRequest) -> Run {
    let version = request.input.protocol_version.as_deref();
    let (declared, older) = (Declaration::of(version), request.downgrade.applies_to(version));
    let wakes = Arc::<Wakes>::default();
    let sink =
        Arc::new(Sink::new(&request.input, request.order, older, request.repeatable, Arc::clone(&wakes)));
    let span = RunSpan::new(request.agent.clone());
    let mut started = RunStartedEvent::new(&*request.input.thread_id, &*request.input.run_id)
        .protocol_version(PROTOCOL_VERSION);
    started.parent_run_id.clone_from(&request.input.parent_run_id);
    let handle = RunHandle::new(Arc::clone(&sink), request.input.run_id.as_str().into());
    let usage = Arc::<Usage>::default();
    let shared = (Arc::clone(&sink), Arc::clone(&usage));
    let admission = Box::pin(async move {
        if declared.is_newer() {
            let version = &request.input.protocol_version;
            tracing::warn!(version, "the client declares another version, and gets {PROTOCOL_VERSION}");
        }
        agent.admit(&mut request).await?;
        let (state, relays) = (request.told_state().map(Box::new), request.relays);
        let context = RunContext::begin(request, shared.0, shared.1);
        let agent: AgentFuture = Box::pin(async move { agent.run(context).await });
        Ok(Admitted { state, relays, agent })
    });
    let waker = Waker::from(Arc::clone(&wakes));
    Run { started, sink, usage, handle, state: State::Asked(admission), wakes, reader: None, waker, span }
}

/// What is left of a run that is over: its input, and what it was given.
#[cfg(feature = "tools")]
pub(crate) fn after(request: RunRequest) -> RunContext {
    let sink = Arc::new(Sink::new(&request.input, request.order, false, request.repeatable, Arc::default()));
    sink.close();
    sink.farewells.end();
    RunContext::begin(request, sink, Arc::default())
}

/// A run in progress: a stream of SSE frames. Made by [`run()`].
#[must_use = "a run does nothing unless it is polled"]
pub struct Run {
    /// The first event, which also says which run it is.
    started: RunStartedEvent,
    sink: Arc<Sink>,
    usage: Arc<Usage>,
    handle: RunHandle,
    state: State,
    wakes: Arc<Wakes>,
    /// Who `wakes` wakes.
    reader: Option<Waker>,
    /// Of `wakes`, for the agent.
    waker: Waker,
    span: RunSpan,
}

type AgentFuture = Pin<Box<dyn Future<Output = Result<Finished>> + Send>>;

type Admission = Pin<Box<dyn Future<Output = Result<Admitted, Refusal>> + Send>>;

enum State {
    Asked(Admission),
    Admitted(Admitted),
    Running(AgentFuture),
    /// The agent is gone. What hooks have still to do comes before the last event.
    Ending(Result<Finished>),
    Over,
}

/// What is run once the agent has looked at the request.
struct Admitted {
    /// The state that the run begins with, where the client has another.
    state: Option<Box<Event>>,
    /// The agent says when the run begins.
    relays: bool,
    agent: AgentFuture,
}

impl Stream for Run {
    type Item = Bytes;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Bytes>> {
        self.poll(cx, Buffer::take_frames)
    }
}

impl Run {
    /// Has the agent look at the request before anything is streamed, so that what it refuses can be answered as
    /// such. A [`Server`](crate::Server) does this by itself; without it a refused run is a stream of one `RUN_ERROR`
    /// (RUN-1, INPUT-13).
    ///
    /// ```
    /// use agui::{Agent, Refusal, Result, Run, RunContext, RunRequest};
    ///
    /// #[derive(Default, serde::Serialize, serde::Deserialize)]
    /// struct Page {
    ///     title: String,
    /// }
    ///
    /// async fn editor(run: RunContext) -> Result {
    ///     run.text(run.state::<Page>()?.title).await
    /// }
    ///
    /// // A handler for axum: a state that is no `Page` is answered with 422.
    /// async fn handler(request: RunRequest) -> Result<Run, Refusal> {
    ///     agui::run(editor.with_state(Page::default()), request).admitted().await
    /// }
    /// ```
    ///
    /// # Errors
    ///
    /// Why the run is refused.
    pub async fn admitted(mut self) -> Result<Self, Refusal> {
        poll_fn(|cx| self.poll_admission(cx)).await?;
        Ok(self)
    }

    /// The run as a stream of events instead of frames: for those who send or store them in another way, or run
    /// agents inside of agents. Nothing is decoded for that, and what was not read is bounded as frames are.
    ///
    /// ```
    /// use agui::{Event, Result, RunAgentInput, RunContext};
    /// use futures_util::StreamExt;
    ///
    /// async fn hello(run: RunContext) -> Result {
    ///     run.text("Hello!").await
    /// }
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let mut events = agui::run(hello, RunAgentInput::new("thread-1", "run-1", vec![])).events();
    /// while let Some(event) = events.next().await {
    ///     if let Event::TextMessageContent(content) = event {
    ///         assert_eq!(content.delta, "Hello!");
    ///     }
    /// }
    /// # }
    /// ```
    ///
    /// Events of an extended protocol ([`RunContext::emit_extension`]) have no place in it and are left out.
    pub fn events(self) -> Events {
        Events::new(self)
    }

    fn poll<T>(&mut self, cx: &mut Context<'_>, take: Take<T>) -> Poll<Option<T>> {
        if let State::Over = self.state {
            return Poll::Ready(self.sink.take(take));
        }
        if !self.reader.as_ref().is_some_and(|reader| reader.will_wake(cx.waker())) {
            self.wakes.register(cx.waker());
            self.reader = Some(cx.waker().clone());
        }
        if !self.wakes.take_agent() && matches!(self.state, State::Running(_)) {
            return Poll::Ready(Some(ready!(self.sink.park(take))));
        }
        let goes_on = self.sink.reading();
        if let State::Ending(_) = self.state {
            return self.poll_ending(take);
        }
        if !goes_on {
            self.start();
            self.end(Ok(Finished::cancelled()));
            return self.poll_ending(take);
        }
        match self.poll_admission(cx) {
            Poll::Ready(Ok(())) => self.start(),
            Poll::Ready(Err(refusal)) => {
                self.close(failure(&refusal.into(), None));
                return Poll::Ready(self.sink.take(take));
            }
            Poll::Pending => return Poll::Ready(Some(ready!(self.sink.park(take)))),
        }
        let State::Running(future) = &mut self.state else { return Poll::Ready(self.sink.take(take)) };
        let agent = &mut Context::from_waker(&self.waker);
        // The future is dropped after a panic, so nobody sees what the unwinding left of it.
        let polled = self.span.in_scope(|| catch_unwind(AssertUnwindSafe(|| future.as_mut().poll(agent))));
        let result = match polled {
            Ok(Poll::Pending) => {
                // Of agents that this one gave up.
                let _ = self.sink.farewells.poll(agent);
                return Poll::Ready(Some(ready!(self.sink.park(take))));
            }
            Ok(Poll::Ready(result)) => result,
            Err(panic) => Err(Error::panicked("the agent", &*panic)),
        };
        self.end(result);
        self.poll_ending(take)
    }

    /// A way to stop this run from elsewhere.
    #[must_use]
    pub fn handle(&self) -> RunHandle {
        self.handle.clone()
    }

    /// Whether everything was handed out.
    #[cfg(feature = "server")]
    pub(crate) fn is_over(&self) -> bool {
        matches!(self.state, State::Over) && self.sink.is_empty()
    }

    /// Ready when the agent may run.
    fn poll_admission(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Refusal>> {
        let State::Asked(admission) = &mut self.state else { return Poll::Ready(Ok(())) };
        let admitted = match catch_unwind(AssertUnwindSafe(|| admission.as_mut().poll(cx))) {
            Ok(polled) => ready!(polled),
            Err(panic) => {
                let error = Error::panicked("the agent", &*panic);
                tracing::error!(run = self.handle.run_id(), %error, "the request could not be looked at");
                Err(Refusal::internal())
            }
        };
        let (next, result) = match admitted {
            Ok(admitted) => (State::Admitted(admitted), Ok(())),
            Err(refusal) => (State::Over, Err(refusal)),
        };
        let asked = std::mem::replace(&mut self.state, next);
        self.drop_agent(asked);
        Poll::Ready(result)
    }

    /// Emits what the run begins with, if it has not begun.
    fn start(&mut self) {
        if let State::Running(_) = self.state {
            return;
        }
        let RunStartedEvent { thread_id, run_id, .. } = &self.started;
        self.span.open(thread_id, run_id);
        let (mut state, mut relays) = (None, false);
        if let State::Admitted(_) = self.state
            && let State::Admitted(admitted) = std::mem::replace(&mut self.state, State::Over)
        {
            (state, relays) = (admitted.state.map(|state| *state), admitted.relays);
            self.state = State::Running(admitted.agent);
        }
        if let Err(error) = self.sink.start(Opening::new(self.started.clone(), state), !relays) {
            tracing::error!(run = self.handle.run_id(), %error, "an opening event was refused");
        }
    }
}

impl std::fmt::Debug for Run {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Run").field("run_id", &self.handle.run_id()).finish_non_exhaustive()
    }
}
