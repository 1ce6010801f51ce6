//! The agent around an agent that gives it a memory.

use super::answers::{Session, matched};
use super::error::SessionError;
use super::held::Held;
use super::owner::{Owner, owner_of};
use super::pending::PendingCalls;
use super::restore::{Restore, restate};
use super::store::{BeginRun, Changes, Opened, SessionStore, WhenBusy};
use super::thread::RunOutcome;
use super::turn::{input_for_agent, resume, with_new_turn};
use crate::agent::{Agent, Finished};
use crate::error::{Error, Result};
use crate::reduce::Conversation;
use crate::run::{RunContext, panic_text};
use agui_types::{RunAgentInput, RunFinishedOutcome};
use serde_json::Value;
use std::future::poll_fn;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;

/// An agent whose threads are kept in a [`SessionStore`].
///
/// The thread of a run belongs to the [`Owner`] among the run's dependencies, which is what authentication
/// leaves in the extensions of a request; without one, to nobody. A run in somebody else's thread fails with
/// the code `thread_not_found`.
///
/// What the run emits is written while it goes on, and what it ends with before the client is told: a turn
/// that the client saw finished is in the store. If the store fails, so does the run.
///
/// While a thread waits for answers to interrupts, a run has to answer all of them (INT-14); the agent finds
/// them, with the calls they are about, in its [`Session`]. They are given to one run only.
///
/// A request without any messages and answers is that of a reloaded page: it gets the thread back as it is,
/// by [`restate`], and the agent is not run, unless the thread is empty.
///
/// Clones share agent and store.
#[derive(Debug)]
pub struct Sessions<A> {
    agent: Arc<A>,
    store: Store,
    history: History,
    when_busy: WhenBusy,
    client_state: bool,
    forwarded_user_id: bool,
}

#[derive(Clone)]
struct Store(Arc<dyn SessionStore>);

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Store")
    }
}

/// Whose messages are the history of a thread.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum History {
    /// The stored ones. Of a request only the new turn is taken: what the user says, and results of calls that
    /// were left to the application. The state is the stored one, too.
    #[default]
    Server,
    /// The client's. The agent sees messages and state as they were sent; they are stored, with what the run
    /// adds, so that threads can be listed and reloaded, and so that what a client may answer is known.
    Client,
}

impl<A> Sessions<A> {
    /// Keeps the threads of an agent.
    #[must_use]
    pub fn new(store: impl SessionStore, agent: A) -> Self {
        Self {
            agent: Arc::new(agent),
            store: Store(Arc::new(store)),
            history: History::default(),
            when_busy: WhenBusy::default(),
            client_state: false,
            forwarded_user_id: false,
        }
    }

    /// Whose messages are the history; by default the stored ones.
    #[must_use]
    pub fn history(mut self, history: History) -> Self {
        self.history = history;
        self
    }

    /// What becomes of a run while another of its thread is going on; by default it is refused, with the code
    /// `thread_busy`.
    #[must_use]
    pub fn when_busy(mut self, when_busy: WhenBusy) -> Self {
        self.when_busy = when_busy;
        self
    }

    /// Takes the state from each request that has one, for front ends that change it. By default the stored
    /// state counts, and the client's only in a thread that is new.
    #[must_use]
    pub fn accept_client_state(mut self) -> Self {
        self.client_state = true;
        self
    }

    /// Believes `forwardedProps.user_id` of requests without an [`Owner`]. Anybody can write anything there:
    /// this is for servers that only a front end of yours can reach.
    #[must_use]
    pub fn trust_forwarded_user_id(mut self) -> Self {
        self.forwarded_user_id = true;
        self
    }

    /// The store, for routes that list, show and delete threads.
    #[must_use]
    pub fn store(&self) -> Arc<dyn SessionStore> {
        Arc::clone(&self.store.0)
    }

    /// An agent that restates threads of the same store, for a route of its own.
    #[must_use]
    pub fn restore(&self) -> Restore {
        Restore { store: self.store(), forwarded_user_id: self.forwarded_user_id }
    }
}

impl<A> Clone for Sessions<A> {
    fn clone(&self) -> Self {
        Self { agent: Arc::clone(&self.agent), store: self.store.clone(), ..*self }
    }
}

impl<A: Agent> Agent for Sessions<A> {
    async fn run(&self, run: RunContext) -> Result<Finished> {
        let owner = owner_of(&run, self.forwarded_user_id);
        let begin = BeginRun {
            thread_id: run.thread_id().to_owned(),
            owner: owner.clone(),
            when_busy: self.when_busy,
        };
        let opened = self.store.0.begin(begin).await.map_err(SessionError::into_public)?;
        let held = Held::new(&*self.store.0, opened.lease.clone(), run.run_id());
        match self.prepare(&opened, &owner, run.input()) {
            Ok(Prepared::Run { input, session, conversation }) => {
                self.carry_out(held, &opened, &run, *input, session, *conversation).await
            }
            // Neither changes the thread.
            Ok(Prepared::Restate) => {
                held.finish(Changes::default()).await.map_err(SessionError::into_public)?;
                restate(&run, &opened.thread).await
            }
            Err(refused) => {
                held.finish(Changes::default()).await.map_err(SessionError::into_public)?;
                Err(refused)
            }
        }
    }
}

/// What is to be done about a request.
enum Prepared {
    Run { input: Box<RunAgentInput>, session: Session, conversation: Box<Conversation> },
    Restate,
}

impl<A: Agent> Sessions<A> {
    fn prepare(&self, opened: &Opened, owner: &Owner, sent: &RunAgentInput) -> Result<Prepared> {
        let thread = &opened.thread;
        let entries = sent.resume.as_deref().unwrap_or_default();
        if sent.messages.is_empty() && entries.is_empty() && !thread.is_new() {
            return Ok(Prepared::Restate);
        }
        let answers = matched(thread, entries)?;
        let (conversation, input) = match self.history {
            History::Server => {
                let mut conversation = with_new_turn(thread, sent);
                if let Some(state) = sent.state.as_ref().filter(|_| self.client_state) {
                    conversation.set_state(state.clone());
                }
                let input = input_for_agent(sent, &conversation, &answers);
                (conversation, input)
            }
            History::Client => {
                let mut conversation = Conversation::new(thread.messages.clone(), thread.state.clone());
                conversation.restate(&sent.messages, None);
                // Absent means `{}` (INPUT-11).
                conversation
                    .set_state(sent.state.clone().unwrap_or_else(|| Value::Object(Default::default())));
                let mut input = sent.clone();
                input.resume = resume(&answers);
                (conversation, input)
            }
        };
        let session = Session::new(owner.clone(), answers);
        Ok(Prepared::Run { input: Box::new(input), session, conversation: Box::new(conversation) })
    }

    async fn carry_out(
        &self,
        held: Held<'_>,
        opened: &Opened,
        run: &RunContext,
        input: RunAgentInput,
        session: Session,
        conversation: Conversation,
    ) -> Result<Finished> {
        let recorder = held.recorder().clone();
        let mut pending = PendingCalls::before(&opened.thread, &conversation);
        recorder.begin(conversation);
        // The user's turn, and that the questions are not open any more, before the agent can act on them.
        let mut changes = recorder.take();
        changes.last_run = Some(held.run(None));
        changes.interrupts = (!opened.thread.interrupts.is_empty()).then(Vec::new);
        changes.pending_tool_call_ids = pending.if_changed();
        if let Err(error) = held.save(changes).await {
            held.give_up();
            return Err(error.into_public());
        }
        recorder.written();

        let inside = run.with_input(input, session);
        run.observe(move |event| recorder.observe(event));
        let result = match self.run_and_save(&held, inside).await {
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
    async fn run_and_save(
        &self,
        held: &Held<'_>,
        inside: RunContext,
    ) -> Result<Result<Finished>, SessionError> {
        let mut agent = pin!(self.agent.run(inside));
        let mut saving = None;
        let result = poll_fn(|cx| {
            // A panic ends the run as any failure does, and the run's end is written.
            match catch_unwind(AssertUnwindSafe(|| agent.as_mut().poll(cx))) {
                Ok(Poll::Ready(result)) => return Poll::Ready(Ok(result)),
                Ok(Poll::Pending) => {}
                Err(panic) => {
                    let error = Error::new(format!("the agent panicked: {}", panic_text(&*panic)));
                    return Poll::Ready(Ok(Err(error)));
                }
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
