//! A thread while a run holds it.

use super::error::SessionError;
use super::store::{Changes, Lease, SessionStore, StoreFuture, Tail};
use super::thread::{LastRun, RunOutcome};
use crate::reduce::Conversation;
use crate::refusal::Refusal;
use agui_types::Event;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Ends the lease when it is dropped, with what there is to write by then.
pub(super) struct Held {
    store: Arc<dyn SessionStore>,
    /// `None` once it was ended.
    lease: Option<Lease>,
    run_id: String,
    recorder: Recorder,
}

impl Held {
    pub(super) fn new(store: Arc<dyn SessionStore>, lease: Lease, run_id: &str) -> Self {
        Self { store, lease: Some(lease), run_id: run_id.to_owned(), recorder: Recorder::default() }
    }

    pub(super) fn recorder(&self) -> &Recorder {
        &self.recorder
    }

    /// Writes what the run did so far, if there is something worth it.
    pub(super) fn save_if_due(&self) -> Option<StoreFuture<'_, ()>> {
        let lease = self.lease.as_ref()?;
        let changes = self.recorder.take_due()?;
        Some(self.store.save(lease, changes))
    }

    pub(super) async fn save(&self, changes: Changes) -> Result<(), SessionError> {
        match &self.lease {
            Some(lease) => self.store.save(lease, changes).await,
            None => Err(SessionError::LeaseLost),
        }
    }

    /// The newest run of the thread.
    pub(super) fn run(&self, outcome: Option<RunOutcome>) -> LastRun {
        LastRun { run_id: self.run_id.clone(), outcome }
    }

    /// Writes the last changes and gives the thread back.
    pub(super) async fn finish(mut self, changes: Changes) -> Result<(), SessionError> {
        if let Some(lease) = &self.lease {
            let finished = self.store.finish(lease, changes).await;
            match finished {
                Ok(()) => self.lease = None,
                Err(error) => {
                    self.recorder.forget();
                    return Err(error);
                }
            }
        }
        Ok(())
    }

    /// Gives the thread back as it was, for a run that is refused.
    pub(super) async fn unchanged<T>(self, refusal: Refusal) -> Result<T, Refusal> {
        self.finish(Changes::default()).await?;
        Err(refusal)
    }

    /// Nothing more is written: the store failed, and what follows would not fit what it has.
    pub(super) fn give_up(self) {
        self.recorder.forget();
    }
}

impl fmt::Debug for Held {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Held").field("lease", &self.lease).finish_non_exhaustive()
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        if let Some(lease) = self.lease.take() {
            let mut changes = self.recorder.take();
            if self.recorder.is_recording() {
                changes.last_run = Some(self.run(Some(RunOutcome::Abandoned)));
            }
            self.store.abandon(lease, changes);
        }
    }
}

/// Applies what a run emits to its conversation, and tells what is to be written. Clones share it.
#[derive(Debug, Clone, Default)]
pub(super) struct Recorder(Arc<Mutex<Recording>>);

#[derive(Debug, Default)]
struct Recording {
    /// `None` before the run and once nothing is to be written any more.
    conversation: Option<Conversation>,
    /// Something was completed since the last write.
    due: bool,
    /// What was given out to be written and is not known to be there: the first message, and the state.
    writing: (Option<usize>, bool),
}

impl Recorder {
    pub(super) fn begin(&self, conversation: Conversation) {
        self.lock().conversation = Some(conversation);
    }

    pub(super) fn observe(&self, event: &Event) {
        let mut recording = self.lock();
        let Some(conversation) = &mut recording.conversation else { return };
        if let Err(error) = conversation.apply(event) {
            let applied = error.is_applied();
            tracing::warn!(%error, event = %event.event_type(), applied, "an event could not be stored as it is");
        }
        recording.due |= completes(event);
    }

    /// All changes that are not known to be written, if something was completed.
    fn take_due(&self) -> Option<Changes> {
        let due = self.lock().due;
        due.then(|| self.take()).filter(|changes| !changes.is_empty())
    }

    /// All changes that are not known to be written.
    pub(super) fn take(&self) -> Changes {
        let mut recording = self.lock();
        let Recording { conversation, due, writing } = &mut *recording;
        *due = false;
        let Some(conversation) = conversation else { return Changes::default() };
        writing.0 = match (writing.0, conversation.take_changed_messages()) {
            (Some(one), Some(other)) => Some(one.min(other)),
            (one, other) => one.or(other),
        };
        writing.1 |= conversation.take_changed_state();
        let messages = writing.0.map(|from| {
            let messages = conversation.messages().get(from..).unwrap_or_default().to_vec();
            Tail { from, messages }
        });
        let state = writing.1.then(|| conversation.state().clone());
        Changes { messages, state, ..Changes::default() }
    }

    /// Shows the conversation as it is now.
    pub(super) fn look(&self, look: impl FnOnce(&Conversation)) {
        if let Some(conversation) = &self.lock().conversation {
            look(conversation);
        }
    }

    /// What was given out is written.
    pub(super) fn written(&self) {
        self.lock().writing = (None, false);
    }

    pub(super) fn forget(&self) {
        self.lock().conversation = None;
    }

    fn is_recording(&self) -> bool {
        self.lock().conversation.is_some()
    }

    fn lock(&self) -> MutexGuard<'_, Recording> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether a reader of the stored thread would miss this event. Single pieces of text are not written one by
/// one: they come with whatever is completed next.
fn completes(event: &Event) -> bool {
    matches!(
        event,
        Event::TextMessageEnd(_)
            | Event::ReasoningMessageEnd(_)
            | Event::ReasoningEncryptedValue(_)
            | Event::ToolCallEnd(_)
            | Event::ToolCallResult(_)
            | Event::StateSnapshot(_)
            | Event::StateDelta(_)
            | Event::MessagesSnapshot(_)
            | Event::ActivitySnapshot(_)
            | Event::ActivityDelta(_)
            | Event::StepFinished(_)
            | Event::SubagentFinished(_)
    )
}
