//! The runs that a server has under way: how many there may be, and how to find one.

use super::refusal::Refusal;
use crate::run::RunHandle;
use axum::http::StatusCode;
use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::Notify;

/// When to ask again at a server that is full: runs come and go in seconds.
const SOON: Duration = Duration::from_secs(1);

/// All active runs of a server.
#[derive(Debug, Default)]
pub(super) struct Active {
    limits: Limits,
    runs: Mutex<Runs>,
    emptied: Notify,
}

#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Limits {
    pub(super) runs: Option<usize>,
    pub(super) runs_of_one: Option<usize>,
}

/// Which run: ids are the client's, so one principal's are no concern of another.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct RunKey {
    pub(super) agent: usize,
    pub(super) principal: Option<Arc<str>>,
    pub(super) run_id: String,
}

#[derive(Debug, Default)]
struct Runs {
    handles: HashMap<RunKey, RunHandle>,
    /// How many runs each principal has, where that is limited.
    of_one: HashMap<Arc<str>, usize>,
    closed: bool,
}

impl Active {
    pub(super) fn new(limits: Limits) -> Self {
        Self { limits, ..Self::default() }
    }

    /// Whether a run may start, as far as that can be told before its input is read.
    pub(super) fn has_room(&self, principal: Option<&Arc<str>>) -> Result<(), Refusal> {
        self.lock().room(self.limits, principal)
    }

    /// Takes a run in, if there is room and none of the same id is active.
    pub(super) fn admit(self: &Arc<Self>, key: RunKey, run: RunHandle) -> Result<Seat, Refusal> {
        let mut runs = self.lock();
        runs.room(self.limits, key.principal.as_ref())?;
        if runs.handles.contains_key(&key) {
            let message = format!("the run `{}` is active", key.run_id);
            return Err(Refusal::new(StatusCode::CONFLICT, "run_is_active", message).path("/runId"));
        }
        if self.limits.runs_of_one.is_some()
            && let Some(principal) = &key.principal
        {
            *runs.of_one.entry(Arc::clone(principal)).or_default() += 1;
        }
        runs.handles.insert(key.clone(), run);
        Ok(Seat { active: Arc::clone(self), key })
    }

    /// Cancels a run; false if it is not active.
    pub(super) fn cancel(&self, key: &RunKey) -> bool {
        // Outside of the lock: cancelling wakes tasks.
        let run = self.lock().handles.get(key).cloned();
        run.inspect(RunHandle::cancel).is_some()
    }

    /// Admits no run any more.
    pub(super) fn close(&self) {
        self.lock().closed = true;
    }

    /// Cancels all runs.
    pub(super) fn cancel_all(&self) -> usize {
        let runs: Vec<_> = self.lock().handles.values().cloned().collect();
        runs.iter().for_each(RunHandle::cancel);
        runs.len()
    }

    /// Waits until there is no run.
    pub(super) async fn empty(&self) {
        loop {
            let emptied = self.emptied.notified();
            if self.lock().handles.is_empty() {
                return;
            }
            emptied.await;
        }
    }

    fn lock(&self) -> MutexGuard<'_, Runs> {
        self.runs.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Runs {
    fn room(&self, limits: Limits, principal: Option<&Arc<str>>) -> Result<(), Refusal> {
        let full = |status, message| Err(Refusal::new(status, "too_many_runs", message).retry_after(SOON));
        if self.closed {
            let message = "the server is shutting down";
            return Err(
                Refusal::new(StatusCode::SERVICE_UNAVAILABLE, "shutting_down", message).retry_after(SOON)
            );
        }
        if limits.runs.is_some_and(|limit| self.handles.len() >= limit) {
            return full(StatusCode::SERVICE_UNAVAILABLE, "the server has as many runs as it can carry");
        }
        let of_one = principal.and_then(|principal| self.of_one.get(principal)).copied().unwrap_or_default();
        if limits.runs_of_one.is_some_and(|limit| principal.is_some() && of_one >= limit) {
            return full(StatusCode::TOO_MANY_REQUESTS, "you have as many runs as you may have at once");
        }
        Ok(())
    }
}

/// A run's place among the active ones, given up when it is dropped.
pub(super) struct Seat {
    active: Arc<Active>,
    key: RunKey,
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut runs = self.active.lock();
        let handle = runs.handles.remove(&self.key);
        if let Some(principal) = &self.key.principal
            && let Some(count) = runs.of_one.get_mut(principal)
        {
            *count -= 1;
            if *count == 0 {
                runs.of_one.remove(principal);
            }
        }
        let emptied = runs.handles.is_empty();
        drop(runs);
        drop(handle);
        if emptied {
            self.active.emptied.notify_waiters();
        }
    }
}

impl fmt::Debug for Seat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Seat").field(&self.key).finish()
    }
}
