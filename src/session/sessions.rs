//! The agent around an agent that gives it a memory.

use super::answers::{Session, matched};
use super::error::SessionError;
use super::held::Held;
use super::owner::{Owner, owner_of};
use super::pending::PendingCalls;
use super::restore::{Restore, restate};
use super::store::{Availability, BeginRun, Changes, Opened, SessionStore, WhenBusy};
use super::thread::{RunOutcome, Thread};
use super::threads::Threads;
use super::turn::{messages_for_agent, resume, with_new_turn};
use crate::agent::{Agent, Finished};
use crate::error::Result;
use crate::reduce::Conversation;
use crate::refusal::Refusal;
use crate::run::{RunContext, RunRequest, contained};
use agui_types::{AgentCapabilities, RunFinishedOutcome};
use serde_json::Value;
use std::future::{Future, poll_fn};
use std::pin::pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::Poll;

/// An agent whose threads are kept in a [`SessionStore`].
///
/// The thread of a run belongs to the [`Owner`] among the run's dependencies, which is what authentication
/// leaves in the extensions of a request; without one, to nobody. A run in somebody else's thread is refused with
/// 404 and the code `thread_not_found`.
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
    threads: Threads,
    history: History,
    when_busy: WhenBusy,
    client_state: bool,
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
            threads: Threads::new(store),
            history: History::default(),
            when_busy: WhenBusy::default(),
            client_state: false,
        }
    }

    /// Whose messages are the history; by default the stored ones.
    #[must_use]
    pub fn history(mut self, history: History) -> Self {
        self.history = history;
        self
    }

    /// What becomes of a run while another of its thread is going on; by default it is refused, with 409 and the
    /// code `thread_busy`.
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

    /// Believes `forwardedProps.user_id` of requests without an [`Owner`], and `userId` in the query of a server's
    /// routes for threads. Anybody can write anything there:
    /// this is for servers that only a front end of yours can reach.
    #[must_use]
    pub fn trust_forwarded_user_id(mut self) -> Self {
        self.threads = self.threads.trusting(true);
        self
    }

    /// The store.
    #[must_use]
    pub fn store(&self) -> Arc<dyn SessionStore> {
        Arc::clone(self.threads.store())
    }

    /// An agent that restates threads of the same store, for a route of its own.
    #[must_use]
    pub fn restore(&self) -> Restore {
        Restore(self.threads.clone())
    }
}

impl<A> Clone for Sessions<A> {
    fn clone(&self) -> Self {
        Self { agent: Arc::clone(&self.agent), threads: self.threads.clone(), ..*self }
    }
}

impl<A: Agent> Agent for Sessions<A> {
    async fn run(&self, run: RunContext) -> Result<Finished> {
        let entered = run.dependency::<Entry>().and_then(Entry::take);
        let (run, entered) = match entered {
            Some(entered) => (run, entered),
            None => {
                let mut request = run.request();
                let entered = self.enter(&mut request, self.when_busy).await?;
                (run.with_request(request)?, entered)
            }
        };
        let Entered { held, thread, turn } = entered;
        match turn {
            Some(conversation) => self.carry_out(held, &thread, run, conversation).await,
            None => {
                // The thread is as it was.
                held.finish(Changes::default()).await.map_err(SessionError::into_public)?;
                restate(&run, &thread).await
            }
        }
    }

    async fn admit(&self, request: &mut RunRequest) -> Result<(), Refusal> {
        if self.when_busy == WhenBusy::Wait {
            let (owner, thread_id) = (self.owner_of(request), &request.input().thread_id);
            if self.threads.store().availability(&owner, thread_id).await? == Availability::Busy {
                // It waits in its run, whose client is told meanwhile that it goes on.
                return Ok(());
            }
        }
        let entered = self.enter(request, self.when_busy).await?;
        request.insert(Entry::new(entered));
        Ok(())
    }

    fn threads(&self) -> Option<Threads> {
        Some(self.threads.clone())
    }

    fn capabilities(&self) -> AgentCapabilities {
        let mut capabilities = self.agent.capabilities();
        capabilities.state.get_or_insert_default().persistent_state.get_or_insert(true);
        capabilities
    }
}

/// A thread that was taken for a run.
#[derive(Debug)]
struct Entered {
    held: Held,
    /// As it was.
    thread: Thread,
    /// With what is new; `None` if the thread is to be restated.
    turn: Option<Box<Conversation>>,
}

/// What was entered when the run was admitted, on its way to the run.
#[derive(Debug, Clone)]
struct Entry(Arc<Mutex<Option<Entered>>>);

impl Entry {
    fn new(entered: Entered) -> Self {
        Self(Arc::new(Mutex::new(Some(entered))))
    }

    fn take(&self) -> Option<Entered> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

impl<A: Agent> Sessions<A> {
    fn owner_of(&self, request: &RunRequest) -> Owner {
        owner_of(request, self.threads.trusts_user_id())
    }

    /// Takes the thread of a request, which is then what the agent is to see.
    async fn enter(&self, request: &mut RunRequest, when_busy: WhenBusy) -> Result<Entered, Refusal> {
        let owner = self.owner_of(request);
        let begin =
            BeginRun { thread_id: request.input().thread_id.clone(), owner: owner.clone(), when_busy };
        let Opened { lease, thread } = self.threads.store().begin(begin).await?;
        // Given back when it is dropped.
        let held = Held::new(self.store(), lease, &request.input().run_id);
        let turn = match self.prepare(&thread, owner, request) {
            Ok(None) => None,
            Ok(Some(mut conversation)) => match self.agent.admit(request).await {
                Ok(()) => {
                    // The agent may have said what it begins with.
                    if let Some(state) = &request.input().state
                        && state != conversation.state()
                    {
                        conversation.set_state(state.clone());
                    }
                    Some(conversation)
                }
                Err(refusal) => return held.unchanged(refusal).await,
            },
            Err(refusal) => return held.unchanged(refusal).await,
        };
        Ok(Entered { held, thread, turn })
    }

    /// The conversation with the request's turn, if there is one.
    fn prepare(
        &self,
        thread: &Thread,
        owner: Owner,
        request: &mut RunRequest,
    ) -> Result<Option<Box<Conversation>>, Refusal> {
        let sent = request.input();
        let entries = sent.resume.as_deref().unwrap_or_default();
        if sent.messages.is_empty() && entries.is_empty() && !thread.is_new() {
            return Ok(None);
        }
        let answers = matched(thread, entries)?;
        let conversation = match self.history {
            History::Server => {
                let mut conversation = with_new_turn(thread, sent);
                if let Some(state) = sent.state.as_ref().filter(|_| self.client_state) {
                    conversation.set_state(state.clone());
                }
                let messages = messages_for_agent(&conversation);
                request.input_mut().messages = messages;
                request.set_state(conversation.state().clone());
                conversation
            }
            History::Client => {
                let mut conversation = Conversation::new(thread.messages.clone(), thread.state.clone());
                conversation.restate(&sent.messages, None);
                // Absent means `{}` (INPUT-11).
                conversation
                    .set_state(sent.state.clone().unwrap_or_else(|| Value::Object(Default::default())));
                conversation
            }
        };
        request.input_mut().resume = resume(&answers);
        request.insert(Session::new(owner, answers));
        Ok(Some(Box::new(conversation)))
    }

    async fn carry_out(
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
        let mut agent = pin!(contained("the agent", self.agent.run(run)));
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
