//! Threads restated to pages that have lost them.

use super::error::SessionError;
use super::owner::owner_of;
use super::store::SessionStore;
use super::thread::Thread;
use crate::agent::{Agent, Finished};
use crate::error::Result;
use crate::run::RunContext;
use agui_types::{
    MessagesSnapshotEvent, RunFinishedInterruptOutcome, RunFinishedOutcome, StateSnapshotEvent,
};
use std::sync::Arc;

/// Emits a thread as snapshots (RUN-24), and ends with its open questions, which the client can then answer.
///
/// # Errors
///
/// As [`RunContext::emit`].
pub async fn restate(run: &RunContext, thread: &Thread) -> Result<Finished> {
    run.emit(MessagesSnapshotEvent::new(thread.messages.clone())).await?;
    run.emit(StateSnapshotEvent::new(thread.state.clone())).await?;
    if thread.interrupts.is_empty() {
        return Ok(Finished::default());
    }
    let outcome = RunFinishedInterruptOutcome::new(thread.interrupts.clone());
    Ok(RunFinishedOutcome::from(outcome).into())
}

/// An agent that restates the thread it is asked about and does nothing else. Made by
/// [`Sessions::restore`](super::Sessions::restore).
pub struct Restore {
    pub(super) store: Arc<dyn SessionStore>,
    pub(super) forwarded_user_id: bool,
}

impl Agent for Restore {
    async fn run(&self, run: RunContext) -> Result<Finished> {
        let owner = owner_of(&run, self.forwarded_user_id);
        let thread = self.store.load(&owner, run.thread_id()).await.map_err(SessionError::into_public)?;
        let thread = thread.ok_or_else(|| SessionError::NotFound.into_public())?;
        restate(&run, &thread).await
    }
}

impl std::fmt::Debug for Restore {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Restore").finish_non_exhaustive()
    }
}
