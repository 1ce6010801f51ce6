//! Giving a run up from elsewhere.

use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Waker};

/// Gives a run up: the connection is closed, and the run ends as [truncated](super::Outcome::Truncated), since it is not
/// known what the agent made of it (RUN-36). Clones abort the same run.
#[derive(Debug, Clone, Default)]
pub struct AbortHandle(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    aborted: bool,
    waiting: Option<Waker>,
}

impl AbortHandle {
    /// Gives the run up, as soon as it is polled. Once it has ended, nothing happens.
    pub fn abort(&self) {
        let waiting = {
            let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            state.aborted = true;
            state.waiting.take()
        };
        waiting.into_iter().for_each(Waker::wake);
    }

    /// Whether the run was given up. If not, whoever asks is woken when it is.
    pub(super) fn poll_aborted(&self, cx: &Context<'_>) -> bool {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if !state.aborted && !state.waiting.as_ref().is_some_and(|waker| waker.will_wake(cx.waker())) {
            state.waiting = Some(cx.waker().clone());
        }
        state.aborted
    }
}
