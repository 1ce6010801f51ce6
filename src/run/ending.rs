//! The end of a run: what happens between the agent's and the last event, and where nobody reads it.

use super::farewell::Farewell;
use super::sink::Take;
#[cfg(feature = "server")]
use super::stop::Detached;
use super::{Run, State};
use crate::agent::Finished;
use crate::error::{Error, Result};
use agui_types::{Event, RunErrorEvent, RunFinishedEvent, RunStartedEvent, TokenUsage};
use std::future::poll_fn;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::task::{Context, Poll, ready};

impl Run {
    pub(super) fn poll_ending<T>(&mut self, take: Take<T>) -> Poll<Option<T>> {
        if self.sink.farewells.poll(&Context::from_waker(&self.waker)).is_pending() {
            return Poll::Ready(Some(ready!(self.sink.park(take))));
        }
        if let State::Ending(result) = std::mem::replace(&mut self.state, State::Over) {
            self.finish(result);
        }
        // Of what somebody else did with this run, and gives up later.
        if let Some(farewell) = Farewell::of(&self.sink) {
            farewell.in_background(());
        }
        Poll::Ready(self.sink.take(take))
    }

    /// Drops the agent, which may still emit then, before the run is closed.
    pub(super) fn end(&mut self, result: Result<Finished>) {
        let agent = std::mem::replace(&mut self.state, State::Ending(result));
        self.drop_agent(agent);
    }

    /// Closes the run.
    fn finish(&mut self, mut result: Result<Finished>) {
        let counted = result.as_mut().ok().and_then(|finished| finished.usage.take());
        let usage = self.usage.sum(counted);
        if let Ok(finished) = &mut result {
            finished.usage.clone_from(&usage);
        }
        self.span.record(&result);
        let RunStartedEvent { thread_id, run_id, .. } = &self.started;
        let event = match result {
            Ok(finished) => {
                let mut event = RunFinishedEvent::new(&**thread_id, &**run_id);
                event.outcome = finished.outcome;
                event.result = finished.result;
                event.usage = finished.usage;
                event.into()
            }
            Err(error) => {
                tracing::error!(thread = thread_id, run = run_id, %error, "the agent failed");
                failure(&error, usage)
            }
        };
        self.close(event);
    }

    /// Emits the last event.
    pub(super) fn close(&self, event: Event) {
        // Whoever keeps a handle of this run keeps nothing of its reader.
        self.wakes.forget_reader();
        if let Err(error) = self.sink.finish(event) {
            tracing::error!(run = self.handle.run_id(), %error, "the closing event was refused");
            // This one has nothing in it that could be refused.
            let _ = self.sink.finish(failure(&error, None));
        }
    }

    /// A panic while unwinding through a connection's task would end the other runs of that connection.
    pub(super) fn drop_agent(&self, future: State) {
        if self.span.in_scope(|| catch_unwind(AssertUnwindSafe(|| drop(future)))).is_err() {
            tracing::error!(run = self.handle.run_id(), "the agent panicked while it was dropped");
        }
    }

    /// The agent is gone, and hooks have still something to do.
    #[cfg(feature = "server")]
    pub(crate) fn is_ending(&self) -> bool {
        matches!(self.state, State::Ending(_))
    }

    /// Drops what hooks have still to do.
    #[cfg(feature = "server")]
    pub(crate) fn end_at_once(&self) {
        self.sink.farewells.clear();
        self.sink.wake();
    }

    /// Closes the run for its reader and gives the agent to somebody else to finish, if it is at work.
    #[cfg(feature = "server")]
    pub(crate) fn detach(&mut self) -> Option<Detached> {
        if !matches!(self.state, State::Running(_)) {
            return None;
        }
        self.sink.close();
        match std::mem::replace(&mut self.state, State::Over) {
            State::Running(future) => Some(Detached::new(future, self.handle(), self.span.take())),
            _ => None,
        }
    }

    /// Drops the agent, since nobody reads any more. What is left then is for somebody else to finish.
    pub(crate) fn abandon(&mut self) -> Option<Farewell> {
        // First, so that whoever waits for the end is told before the agent is dropped.
        self.sink.close();
        let state = std::mem::replace(&mut self.state, State::Over);
        if let State::Over = state {
            return None;
        }
        self.wakes.forget_reader();
        if let State::Running(_) = state {
            tracing::debug!(run = self.handle.run_id(), "the reader has gone, the agent is dropped");
        }
        if let State::Running(_) | State::Ending(_) = state {
            self.span.abandoned();
        }
        self.drop_agent(state);
        Farewell::of(&self.sink)
    }
}

impl Drop for Run {
    fn drop(&mut self) {
        if let Some(farewell) = self.abandon() {
            farewell.in_background(());
        }
    }
}

/// `RUN_ERROR` with no more than the client may know.
pub(super) fn failure(error: &Error, usage: Option<Vec<TokenUsage>>) -> Event {
    let (message, code) = error.as_public().unwrap_or(("The agent failed.", Some("internal_error")));
    let mut event = RunErrorEvent::new(message);
    event.code = code.map(str::to_owned);
    event.usage = usage;
    event.into()
}

/// The future, with a panic as an error. It is dropped after one, so nobody sees what the unwinding left of it.
pub(crate) async fn contained<T>(what: &str, future: impl Future<Output = Result<T>>) -> Result<T> {
    let mut future = pin!(future);
    poll_fn(|cx| {
        catch_unwind(AssertUnwindSafe(|| future.as_mut().poll(cx)))
            .unwrap_or_else(|panic| Poll::Ready(Err(Error::panicked(what, &*panic))))
    })
    .await
}
