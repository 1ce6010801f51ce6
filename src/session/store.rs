//! What a store has to do.

use super::error::SessionError;
use super::owner::Owner;
use super::thread::{LastRun, Thread, ThreadPage};
use agui_types::{Interrupt, Message, State};
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

/// What the methods of a [`SessionStore`] return.
pub type StoreFuture<'s, T> = Pin<Box<dyn Future<Output = Result<T, SessionError>> + Send + 's>>;

/// Keeps threads.
///
/// A thread belongs to the [`Owner`] who began it; to others it does not exist. One run at a time holds a
/// thread, by a [`Lease`]. Each write is whole or not at all, and is there once its future is ready, so that a
/// process may be killed at any time.
///
/// [`MemoryStore`](super::MemoryStore) is one, and so is an [`Arc`] of any.
pub trait SessionStore: Send + Sync + 'static {
    /// Takes a thread for a run, and creates it if there is none.
    ///
    /// Fails with [`SessionError::NotFound`] for a thread of somebody else, and with [`SessionError::Busy`]
    /// while another run holds it, unless it is to wait. A lease of a process that was killed has to expire.
    fn begin(&self, begin: BeginRun) -> StoreFuture<'_, Opened>;

    /// Writes what has changed. The lease is kept.
    ///
    /// Fails with [`SessionError::LeaseLost`], and writes nothing, when the lease is not valid any more.
    fn save<'s>(&'s self, lease: &'s Lease, changes: Changes) -> StoreFuture<'s, ()>;

    /// As [`SessionStore::save`], and ends the lease, at once.
    fn finish<'s>(&'s self, lease: &'s Lease, changes: Changes) -> StoreFuture<'s, ()>;

    /// As [`SessionStore::finish`], for a run whose future is being dropped: nobody can wait. What cannot be
    /// done without waiting may be left undone; the lease expires.
    fn abandon(&self, lease: Lease, changes: Changes);

    /// Whether a run of the thread could begin now. It can have changed when the run does begin.
    ///
    /// Fails with [`SessionError::NotFound`] for a thread of somebody else.
    fn availability<'s>(&'s self, owner: &'s Owner, thread_id: &'s str) -> StoreFuture<'s, Availability>;

    /// The thread, if it exists and belongs to the owner.
    fn load<'s>(&'s self, owner: &'s Owner, thread_id: &'s str) -> StoreFuture<'s, Option<Thread>>;

    /// Threads of an owner, those that changed last first; `after` is what the page before gave as
    /// [`ThreadPage::next`].
    fn list<'s>(
        &'s self,
        owner: &'s Owner,
        limit: usize,
        after: Option<&'s str>,
    ) -> StoreFuture<'s, ThreadPage>;

    /// Deletes a thread, if it exists and belongs to the owner, which is what it returns. A run that holds
    /// it fails when it next writes.
    fn delete<'s>(&'s self, owner: &'s Owner, thread_id: &'s str) -> StoreFuture<'s, bool>;

    /// Deletes the threads, whosever they are, that have not changed for this long and that no run holds.
    /// Returns their number.
    fn delete_older_than(&self, age: Duration) -> StoreFuture<'_, u64>;
}

/// A run that wants its thread.
#[derive(Debug, Clone)]
pub struct BeginRun {
    /// The thread.
    pub thread_id: String,
    /// Whose request it is.
    pub owner: Owner,
    /// What to do while another run holds the thread.
    pub when_busy: WhenBusy,
}

/// What becomes of a run while another run of its thread is going on.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum WhenBusy {
    /// It fails with [`SessionError::Busy`].
    #[default]
    Refuse,
    /// It waits, for as long as its client does. Of several that wait any may be next.
    ///
    /// What chats want, whose users stop an answer and ask at once: it takes a moment until the server sees that the
    /// connection is closed.
    Wait,
}

/// A thread that was taken for a run.
#[derive(Debug, Clone)]
pub struct Opened {
    /// What holds it.
    pub lease: Lease,
    /// The thread as it is.
    pub thread: Thread,
}

/// The right of one run to write to its thread.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lease {
    /// The thread.
    pub thread_id: String,
    /// What tells this lease from others of the thread.
    pub token: String,
}

/// What a run changes in its thread; what is `None` stays as it is.
#[derive(Debug, Clone, Default, PartialEq)]
#[non_exhaustive]
pub struct Changes {
    /// The messages from a place on.
    pub messages: Option<Tail>,
    /// The shared state.
    pub state: Option<State>,
    /// The open questions.
    pub interrupts: Option<Vec<Interrupt>>,
    /// The calls that were left to the application.
    pub pending_tool_call_ids: Option<Vec<String>>,
    /// The run.
    pub last_run: Option<LastRun>,
}

impl Changes {
    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// The end of a list of messages, in place of what was stored from there on.
#[derive(Debug, Clone, PartialEq)]
pub struct Tail {
    /// How many messages stay.
    pub from: usize,
    /// What follows them.
    pub messages: Vec<Message>,
}

/// Whether a run of a thread could begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Availability {
    /// There is no such thread; a run would create it.
    New,
    /// The thread is there and no run holds it.
    Free,
    /// A run holds it.
    Busy,
}

impl<S: SessionStore + ?Sized> SessionStore for Arc<S> {
    fn begin(&self, begin: BeginRun) -> StoreFuture<'_, Opened> {
        (**self).begin(begin)
    }

    fn save<'s>(&'s self, lease: &'s Lease, changes: Changes) -> StoreFuture<'s, ()> {
        (**self).save(lease, changes)
    }

    fn finish<'s>(&'s self, lease: &'s Lease, changes: Changes) -> StoreFuture<'s, ()> {
        (**self).finish(lease, changes)
    }

    fn abandon(&self, lease: Lease, changes: Changes) {
        (**self).abandon(lease, changes);
    }

    fn availability<'s>(&'s self, owner: &'s Owner, thread_id: &'s str) -> StoreFuture<'s, Availability> {
        (**self).availability(owner, thread_id)
    }

    fn load<'s>(&'s self, owner: &'s Owner, thread_id: &'s str) -> StoreFuture<'s, Option<Thread>> {
        (**self).load(owner, thread_id)
    }

    fn list<'s>(
        &'s self,
        owner: &'s Owner,
        limit: usize,
        after: Option<&'s str>,
    ) -> StoreFuture<'s, ThreadPage> {
        (**self).list(owner, limit, after)
    }

    fn delete<'s>(&'s self, owner: &'s Owner, thread_id: &'s str) -> StoreFuture<'s, bool> {
        (**self).delete(owner, thread_id)
    }

    fn delete_older_than(&self, age: Duration) -> StoreFuture<'_, u64> {
        (**self).delete_older_than(age)
    }
}
