//! Stopping a run from outside, and what becomes of an agent whose reader has gone.

#[cfg(feature = "server")]
use super::farewell::Farewell;
use super::sink::Sink;
use std::fmt;
use std::sync::Arc;

/// Stops a run from elsewhere, such as a button in another tab or a server that shuts down. Made by
/// [`Run::handle`](super::Run::handle).
///
/// ```
/// use agui::{Result, RunAgentInput, RunContext};
/// use futures_util::StreamExt;
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() {
/// let patient = async |run: RunContext| -> Result { Ok(run.closed().await) };
/// let run = agui::run(patient, RunAgentInput::new("thread-1", "run-1", vec![]));
/// let handle = run.handle();
/// handle.cancel();
/// let frames = run.collect::<Vec<_>>().await.concat();
/// assert!(String::from_utf8(frames).unwrap().contains(r#""outcome":{"type":"cancelled"}"#));
/// # }
/// ```
#[derive(Clone)]
pub struct RunHandle {
    // No more of the run: what belongs to it goes when it ends, however long somebody keeps this.
    sink: Arc<Sink>,
    run_id: Arc<str>,
}

impl RunHandle {
    pub(super) fn new(sink: Arc<Sink>, run_id: Arc<str>) -> Self {
        Self { sink, run_id }
    }

    /// Ends the run as cancelled: the agent's future is dropped, [hooks](crate::Hooks::cancel) are told, what was left
    /// open is closed, and `RUN_FINISHED` with the outcome `cancelled` is the last event (RUN-30, RUN-31). The reader of the run
    /// carries this out, when it reads next. Does nothing to a run that is over.
    pub fn cancel(&self) {
        self.sink.cancel();
    }

    /// What is left of a run whose agent was dropped without a reader.
    #[cfg(feature = "server")]
    pub(crate) fn farewell(&self) -> Option<Farewell> {
        Farewell::of(&self.sink)
    }

    /// Whether the run is over, or its reader has gone.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        self.sink.is_closed()
    }

    /// The run's id.
    #[must_use]
    pub fn run_id(&self) -> &str {
        &self.run_id
    }
}

impl fmt::Debug for RunHandle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RunHandle").field("run_id", &self.run_id()).finish_non_exhaustive()
    }
}

#[cfg(feature = "server")]
pub(super) use detached::Detached;

#[cfg(feature = "server")]
mod detached {
    use super::super::{AgentFuture, span::RunSpan};
    use super::RunHandle;
    use crate::error::Error;
    use std::future::Future;
    use std::panic::{AssertUnwindSafe, catch_unwind};
    use std::pin::Pin;
    use std::task::{Context, Poll};

    /// An agent that goes on without a reader: what it emits is refused, and
    /// [`RunContext::closed`](crate::RunContext::closed) is ready.
    /// Done when the agent is, or when the run is cancelled.
    pub(crate) struct Detached {
        agent: AgentFuture,
        run: RunHandle,
        span: RunSpan,
    }

    impl Detached {
        pub(in crate::run) fn new(agent: AgentFuture, run: RunHandle, span: RunSpan) -> Self {
            Self { agent, run, span }
        }

        pub(crate) fn handle(&self) -> RunHandle {
            self.run.clone()
        }
    }

    impl Drop for Detached {
        fn drop(&mut self) {
            let agent = std::mem::replace(&mut self.agent, Box::pin(std::future::pending()));
            let gone = self.span.in_scope(|| catch_unwind(AssertUnwindSafe(|| drop(agent))));
            if gone.is_err() {
                tracing::error!(run = self.run.run_id(), "the agent panicked while it was dropped");
            }
            // There is no run that would do what hooks have to do with what is given up from now on.
            self.run.sink.farewells.end();
        }
    }

    impl Future for Detached {
        type Output = ();

        fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
            let this = &mut *self;
            if this.run.sink.poll_cancelled(cx).is_ready() {
                return Poll::Ready(());
            }
            let agent = AssertUnwindSafe(|| this.agent.as_mut().poll(cx));
            let result = match this.span.in_scope(|| catch_unwind(agent)) {
                Ok(Poll::Pending) => {
                    // Of agents that this one gave up.
                    let _ = this.run.sink.farewells.poll(cx);
                    return Poll::Pending;
                }
                Ok(Poll::Ready(result)) => result.map(drop).map_err(|error| error.to_string()),
                Err(panic) => Err(Error::panicked("the agent", &*panic).to_string()),
            };
            // An agent that emits learns that nobody listens; that is no failure.
            if let Err(error) = result {
                tracing::debug!(run = %this.run.run_id(), %error, "the agent ended after its reader");
            }
            this.span.abandoned();
            Poll::Ready(())
        }
    }
}
