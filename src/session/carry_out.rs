//! A run in its thread: what it changes is written while it goes on, and before its end is told.

use super::error::SessionError;
use super::held::Held;
use super::pending::PendingCalls;
use super::sessions::Sessions;
use super::thread::{RunOutcome, Thread};
use crate::agent::{Agent, Finished};
use crate::error::Result;
use crate::reduce::Conversation;
use crate::run::{RunContext, contained};
use agui_types::RunFinishedOutcome;
use std::future::{Future, poll_fn};
use std::pin::pin;
use std::task::Poll;

impl<A: Agent> Sessions<A> {
    pub(super) async fn carry_out(
        &self,
        held: Held,
        thread: &Thread,
        run: RunContext,
        conversation: Box<Conversation>,
    ) -> Result<Finished> {
        let recorder = held.recorder().clone();
        let mut pending = PendingCalls::before(thread, &conversation);
        recorder.begin(*conversation);
        // The user's turn, and that the questions are not open any more, before the agent can act on them.
        let mut changes = recorder.take();
        changes.last_run = Some(held.run(None));
        changes.interrupts = (!thread.interrupts.is_empty()).then(Vec::new);
        changes.pending_tool_call_ids = pending.if_changed();
        if let Err(error) = held.save(changes).await {
            held.give_up();
            return Err(error.into_public());
        }
        recorder.written();

        run.observe(move |event| recorder.observe(event));
        let result = match self.run_and_save(&held, run).await {
            Ok(result) => result,
            Err(error) => {
                held.give_up();
                return Err(error.into_public());
            }
        };
        let mut changes = held.recorder().take();
        let (outcome, interrupts) = ending(&result);
        changes.last_run = Some(held.run(Some(outcome)));
        if let RunOutcome::Success | RunOutcome::Interrupt = outcome {
            held.recorder().look(|conversation| pending.after(conversation, &interrupts));
        }
        changes.pending_tool_call_ids = pending.if_changed();
        changes.interrupts = Some(interrupts);
        held.finish(changes).await.map_err(SessionError::into_public)?;
        result
    }

    /// Runs the agent, and writes beside it. The outer error is the store's.
    async fn run_and_save(&self, held: &Held, run: RunContext) -> Result<Result<Finished>, SessionError> {
        // A panic ends the run as any failure does, and the run's end is written.
        let mut agent = pin!(contained("the agent", self.agent.run(run.clone())));
        let mut saving = None;
        let result = poll_fn(|cx| {
            if let Poll::Ready(result) = agent.as_mut().poll(cx) {
                return Poll::Ready(Ok(result));
            }
            loop {
                let Some(save) = &mut saving else {
                    saving = held.save_if_due();
                    if saving.is_none() {
                        return Poll::Pending;
                    }
                    continue;
                };
                match save.as_mut().poll(cx) {
                    Poll::Pending => return Poll::Pending,
                    Poll::Ready(Err(error)) => return Poll::Ready(Err(error)),
                    Poll::Ready(Ok(())) => {
                        held.recorder().written();
                        saving = None;
                    }
                }
            }
        })
        .await?;
        run.settled().await;
        if let Some(save) = saving {
            save.await?;
            held.recorder().written();
        }
        Ok(result)
    }
}

fn ending(result: &Result<Finished>) -> (RunOutcome, Vec<agui_types::Interrupt>) {
    match result.as_ref().map(|finished| &finished.outcome) {
        Err(_) => (RunOutcome::Failed, Vec::new()),
        Ok(Some(RunFinishedOutcome::Interrupt(outcome))) => {
            (RunOutcome::Interrupt, outcome.interrupts.clone())
        }
        Ok(Some(RunFinishedOutcome::Cancelled(_))) => (RunOutcome::Cancelled, Vec::new()),
        Ok(_) => (RunOutcome::Success, Vec::new()),
    }
}
