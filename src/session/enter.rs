//! Before a run: its thread is taken, and what the agent is to see made of it.

use super::answers::{Session, matched};
use super::held::Held;
use super::owner::{Owner, owner_of};
use super::sessions::{History, Sessions};
use super::store::{BeginRun, Opened, WhenBusy};
use super::thread::Thread;
use super::turn::{messages_for_agent, resume, with_new_turn};
use crate::agent::Agent;
use crate::error::Result;
use crate::reduce::Conversation;
use crate::refusal::Refusal;
use crate::run::RunRequest;
use serde_json::Value;
use std::sync::{Arc, Mutex, PoisonError};

/// A thread that was taken for a run.
#[derive(Debug)]
pub(super) struct Entered {
    pub(super) held: Held,
    /// As it was.
    pub(super) thread: Thread,
    /// With what is new; `None` if the thread is to be restated.
    pub(super) turn: Option<Box<Conversation>>,
}

/// What was entered when the run was admitted, on its way to the run.
#[derive(Debug, Clone)]
pub(super) struct Entry(Arc<Mutex<Option<Entered>>>);

impl Entry {
    pub(super) fn new(entered: Entered) -> Self {
        Self(Arc::new(Mutex::new(Some(entered))))
    }

    pub(super) fn take(&self) -> Option<Entered> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

impl<A: Agent> Sessions<A> {
    pub(super) fn owner_of(&self, request: &RunRequest) -> Owner {
        owner_of(request, self.threads.trusts_user_id())
    }

    /// Takes the thread of a request, which is then what the agent is to see.
    pub(super) async fn enter(
        &self,
        request: &mut RunRequest,
        when_busy: WhenBusy,
    ) -> Result<Entered, Refusal> {
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
}
