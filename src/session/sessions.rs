//! The agent around an agent that gives it a memory.

use super::enter::{Entered, Entry};
use super::error::SessionError;
use super::restore::{Restore, restate};
use super::store::{Availability, Changes, SessionStore, WhenBusy};
use super::threads::Threads;
use crate::agent::{Agent, Finished};
use crate::error::Result;
use crate::refusal::Refusal;
use crate::run::{RunContext, RunRequest};
use agui_types::AgentCapabilities;
use std::sync::Arc;

/// An agent whose threads are kept in a [`SessionStore`].
///
/// The thread of a run belongs to the [`Owner`](super::Owner) among the run's dependencies, which is what authentication
/// leaves in the extensions of a request; without one, to nobody. A run in somebody else's thread is refused with
/// 404 and the code `thread_not_found`.
///
/// What the run emits is written while it goes on, and what it ends with before the client is told: a turn
/// that the client saw finished is in the store. If the store fails, so does the run.
///
/// While a thread waits for answers to interrupts, a run has to answer all of them (INT-14); the agent finds
/// them, with the calls they are about, in its [`Session`](super::Session). They are given to one run only.
///
/// A request without any messages and answers is that of a reloaded page: it gets the thread back as it is,
/// by [`restate`], and the agent is not run, unless the thread is empty.
///
/// Clones share agent and store.
#[derive(Debug)]
pub struct Sessions<A> {
    pub(super) agent: Arc<A>,
    pub(super) threads: Threads,
    pub(super) history: History,
    when_busy: WhenBusy,
    pub(super) client_state: bool,
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

    /// Believes `forwardedProps.user_id` of requests without an [`Owner`](super::Owner), and `userId` in the query of a server's
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
                (run.with_request(request).await?, entered)
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
