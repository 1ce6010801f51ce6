//! Threads restated to pages that have lost them.

use super::error::SessionError;
use super::owner::owner_of;
use super::store::Availability;
use super::thread::Thread;
use super::threads::Threads;
use crate::agent::{Agent, Finished};
use crate::error::Result;
use crate::refusal::Refusal;
use crate::run::{RunContext, RunRequest};
use agui_types::{
    MessagesSnapshotEvent, RunFinishedInterruptOutcome, RunFinishedOutcome, StateSnapshotEvent,
};

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
#[derive(Debug)]
pub struct Restore(pub(super) Threads);

impl Agent for Restore {
    async fn run(&self, run: RunContext) -> Result<Finished> {
        let owner = owner_of(&run.request(), self.0.trusts_user_id());
        let thread = self.0.store().load(&owner, run.thread_id()).await.map_err(SessionError::into_public)?;
        let thread = thread.ok_or_else(|| SessionError::NotFound.into_public())?;
        restate(&run, &thread).await
    }

    async fn admit(&self, request: &mut RunRequest) -> Result<(), Refusal> {
        let owner = owner_of(request, self.0.trusts_user_id());
        match self.0.store().availability(&owner, &request.input().thread_id).await? {
            Availability::New => Err(SessionError::NotFound.into()),
            _ => Ok(()),
        }
    }
}
