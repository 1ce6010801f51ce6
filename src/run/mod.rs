//! One run: the agent's future and the frames that it emits, without tasks, channels or timers.
//!
//! Whoever reads the stream drives the agent: polling [`Run`] polls the agent, which encodes what it
//! emits into one buffer; when the agent waits, or the buffer is full, what is there is handed out as
//! one chunk. A reader that stops reading stops the agent, and dropping the stream drops the agent.

mod closing;
mod context;
#[cfg(feature = "tools")]
mod member;
mod request;
mod scopes;
mod sink;
mod span;
pub(crate) mod state;
mod stop;
mod usage;

pub use context::RunContext;
pub use request::{Order, RunRequest};
pub use scopes::{Reasoning, Step, Subagent, TextMessage, ToolCallWriter};
#[cfg(feature = "server")]
pub(crate) use stop::Detached;
pub use stop::RunHandle;

use crate::agent::{Agent, Finished};
use crate::error::{Error, Result};
use agui_types::{Event, PROTOCOL_VERSION, RunErrorEvent, RunFinishedEvent, RunStartedEvent, TokenUsage};
use bytes::Bytes;
use futures_core::Stream;
use sink::Sink;
use span::RunSpan;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

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

pub(crate) fn run_shared<A: Agent>(agent: Arc<A>, request: RunRequest) -> Run {
    let name = request.agent.clone();
    let context = RunContext::new(request);
    let inside = context.clone();
    let future = Box::pin(async move { agent.run(inside).await });
    Run { context, state: State::New(future), span: RunSpan::new(name) }
}

/// A run in progress: a stream of SSE frames. Made by [`run()`].
#[must_use = "a run does nothing unless it is polled"]
pub struct Run {
    context: RunContext,
    state: State,
    span: RunSpan,
}

type AgentFuture = Pin<Box<dyn Future<Output = Result<Finished>> + Send>>;

enum State {
    New(AgentFuture),
    Running(AgentFuture),
    Over,
}

impl Stream for Run {
    type Item = Bytes;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Bytes>> {
        let this = &mut *self;
        if let State::New(_) = this.state {
            this.start();
        }
        let State::Running(future) = &mut this.state else { return Poll::Ready(this.sink().take()) };
        if !this.context.sink().reading() {
            this.finish(Ok(Finished::cancelled()));
            return Poll::Ready(this.sink().take());
        }
        // The future is dropped after a panic, so nobody sees what the unwinding left of it.
        let polled = this.span.in_scope(|| catch_unwind(AssertUnwindSafe(|| future.as_mut().poll(cx))));
        let result = match polled {
            Ok(Poll::Pending) => {
                let chunk = ready!(this.context.sink().park(cx.waker()));
                return Poll::Ready(Some(chunk));
            }
            Ok(Poll::Ready(result)) => result,
            Err(panic) => Err(Error::new(format!("the agent panicked: {}", panic_text(&*panic)))),
        };
        this.finish(result);
        Poll::Ready(this.sink().take())
    }
}

impl Run {
    /// A way to stop this run from elsewhere.
    #[must_use]
    pub fn handle(&self) -> RunHandle {
        RunHandle::new(self.context.clone())
    }

    /// Whether everything was handed out.
    #[cfg(feature = "server")]
    pub(crate) fn is_over(&self) -> bool {
        matches!(self.state, State::Over) && self.sink().is_empty()
    }

    /// Closes the run for its reader and gives the agent to somebody else to finish, if it has begun.
    #[cfg(feature = "server")]
    pub(crate) fn detach(&mut self) -> Option<Detached> {
        match std::mem::replace(&mut self.state, State::Over) {
            State::Running(future) => {
                self.sink().close();
                Some(Detached::new(future, self.context.clone(), self.span.take()))
            }
            State::New(_) | State::Over => None,
        }
    }

    fn sink(&self) -> &Sink {
        self.context.sink()
    }

    fn start(&mut self) {
        let input = self.context.input();
        self.span.open(input);
        let mut started =
            RunStartedEvent::new(&*input.thread_id, &*input.run_id).protocol_version(PROTOCOL_VERSION);
        started.parent_run_id.clone_from(&input.parent_run_id);
        if let Err(error) = self.sink().start(started) {
            tracing::error!(run = %self.context.run_id(), %error, "the opening event was refused");
        }
        if let State::New(future) = std::mem::replace(&mut self.state, State::Over) {
            self.state = State::Running(future);
        }
    }

    /// Closes the run. The agent's future goes first: what it drops may still emit.
    fn finish(&mut self, mut result: Result<Finished>) {
        let future = std::mem::replace(&mut self.state, State::Over);
        self.drop_agent(future);
        let counted = result.as_mut().ok().and_then(|finished| finished.usage.take());
        let usage = self.context.usage().sum(counted);
        if let Ok(finished) = &mut result {
            finished.usage.clone_from(&usage);
        }
        self.span.record(&result);
        let input = self.context.input();
        let event = match result {
            Ok(finished) => {
                let mut event = RunFinishedEvent::new(&*input.thread_id, &*input.run_id);
                event.outcome = finished.outcome;
                event.result = finished.result;
                event.usage = finished.usage;
                event.into()
            }
            Err(error) => {
                tracing::error!(thread = %input.thread_id, run = %input.run_id, %error, "the agent failed");
                failure(&error, usage)
            }
        };
        if let Err(error) = self.sink().finish(event) {
            tracing::error!(run = %self.context.run_id(), %error, "the closing event was refused");
            // This one has nothing in it that could be refused.
            let _ = self.sink().finish(failure(&error, None));
        }
    }

    /// A panic while unwinding through a connection's task would end the other runs of that connection.
    fn drop_agent(&self, future: State) {
        if self.span.in_scope(|| catch_unwind(AssertUnwindSafe(|| drop(future)))).is_err() {
            tracing::error!(run = %self.context.run_id(), "the agent panicked while it was dropped");
        }
    }
}

impl Drop for Run {
    fn drop(&mut self) {
        // First, so that whoever waits for the end is told before the agent is dropped.
        self.sink().close();
        if let State::Running(_) = self.state {
            tracing::debug!(run = %self.context.run_id(), "the reader has gone, the agent is dropped");
            self.span.abandoned();
            let agent = std::mem::replace(&mut self.state, State::Over);
            self.drop_agent(agent);
        }
    }
}

impl std::fmt::Debug for Run {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Run").field("run_id", &self.context.run_id()).finish_non_exhaustive()
    }
}

/// `RUN_ERROR` with no more than the client may know.
fn failure(error: &Error, usage: Option<Vec<TokenUsage>>) -> Event {
    let (message, code) = error.as_public().unwrap_or(("The agent failed.", Some("internal_error")));
    let mut event = RunErrorEvent::new(message);
    event.code = code.map(str::to_owned);
    event.usage = usage;
    event.into()
}

pub(crate) fn panic_text(panic: &(dyn std::any::Any + Send)) -> &str {
    panic
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| panic.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("(no message)")
}
