//! Threads in memory.

use super::error::SessionError;
use super::owner::Owner;
use super::store::{Availability, BeginRun, Changes, Lease, Opened, SessionStore, StoreFuture, WhenBusy};
use super::thread::{Cursor, Thread, ThreadPage, ThreadSummary};
use crate::clock::now;
use std::collections::HashMap;
use std::future::{poll_fn, ready};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

/// Keeps threads for as long as the process lives. Clones share them.
///
/// Needs no runtime and no timers: a lease ends when its run is over or dropped.
#[derive(Debug, Clone, Default)]
pub struct MemoryStore(Arc<Mutex<HashMap<String, Record>>>);

#[derive(Debug)]
struct Record {
    thread: Thread,
    /// The token of the lease that holds the thread.
    held: Option<String>,
    /// Runs that wait for it.
    waiting: Vec<Waker>,
}

impl MemoryStore {
    /// An empty store.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, Record>> {
        // Nothing that could panic runs between two changes that belong together.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn take(&self, begin: &BeginRun, cx: &Context<'_>) -> Poll<Result<Opened, SessionError>> {
        let mut records = self.lock();
        let record = records.entry(begin.thread_id.clone()).or_insert_with(|| Record {
            thread: Thread::new(&*begin.thread_id, begin.owner.clone(), now()),
            held: None,
            waiting: Vec::new(),
        });
        if record.thread.owner != begin.owner {
            return Poll::Ready(Err(SessionError::NotFound));
        }
        if record.held.is_some() {
            if begin.when_busy == WhenBusy::Refuse {
                return Poll::Ready(Err(SessionError::Busy));
            }
            if !record.waiting.iter().any(|waiting| waiting.will_wake(cx.waker())) {
                record.waiting.push(cx.waker().clone());
            }
            return Poll::Pending;
        }
        let token = uuid::Uuid::new_v4().to_string();
        record.held = Some(token.clone());
        let lease = Lease { thread_id: begin.thread_id.clone(), token };
        Poll::Ready(Ok(Opened { lease, thread: record.thread.clone() }))
    }

    fn write(&self, lease: &Lease, changes: Changes, release: bool) -> Result<(), SessionError> {
        let mut records = self.lock();
        let record = records.get_mut(&lease.thread_id);
        let record = record.filter(|record| record.held.as_ref() == Some(&lease.token));
        let Some(record) = record else { return Err(SessionError::LeaseLost) };
        if !changes.is_empty() {
            record.apply(changes);
        }
        if release {
            record.held = None;
            record.waiting.drain(..).for_each(Waker::wake);
            if record.thread.is_new() {
                // Its first run was refused.
                records.remove(&lease.thread_id);
            }
        }
        Ok(())
    }

    fn page(&self, owner: &Owner, limit: usize, after: Option<&str>) -> Result<ThreadPage, SessionError> {
        let after = match after {
            Some(text) => Some(Cursor::parse(text).ok_or_else(|| {
                SessionError::Invalid("This is no place in the list of threads.".to_owned())
            })?),
            None => None,
        };
        let records = self.lock();
        let mut threads: Vec<_> = records
            .values()
            .map(|record| &record.thread)
            .filter(|thread| thread.owner == *owner)
            .filter(|thread| match &after {
                Some(after) => {
                    (after.updated_at, &*thread.thread_id) > (thread.updated_at, &*after.thread_id)
                }
                None => true,
            })
            .map(|thread| ThreadSummary {
                thread_id: thread.thread_id.clone(),
                created_at: thread.created_at,
                updated_at: thread.updated_at,
                messages: thread.messages.len() as u64,
            })
            .collect();
        drop(records);
        threads.sort_by(|one, other| {
            other.updated_at.cmp(&one.updated_at).then_with(|| one.thread_id.cmp(&other.thread_id))
        });
        threads.truncate(limit.saturating_add(1));
        Ok(ThreadPage::of(threads, limit))
    }
}

impl Record {
    fn apply(&mut self, changes: Changes) {
        let thread = &mut self.thread;
        if let Some(tail) = changes.messages {
            thread.messages.truncate(tail.from);
            thread.messages.extend(tail.messages);
        }
        if let Some(state) = changes.state {
            thread.state = state;
        }
        if let Some(interrupts) = changes.interrupts {
            thread.interrupts = interrupts;
        }
        if let Some(ids) = changes.pending_tool_call_ids {
            thread.pending_tool_call_ids = ids;
        }
        if let Some(run) = changes.last_run {
            thread.last_run = Some(run);
        }
        thread.updated_at = now();
        thread.revision += 1;
    }
}

impl SessionStore for MemoryStore {
    fn begin(&self, begin: BeginRun) -> StoreFuture<'_, Opened> {
        Box::pin(poll_fn(move |cx| self.take(&begin, cx)))
    }

    fn save<'s>(&'s self, lease: &'s Lease, changes: Changes) -> StoreFuture<'s, ()> {
        Box::pin(ready(self.write(lease, changes, false)))
    }

    fn finish<'s>(&'s self, lease: &'s Lease, changes: Changes) -> StoreFuture<'s, ()> {
        Box::pin(ready(self.write(lease, changes, true)))
    }

    fn abandon(&self, lease: Lease, changes: Changes) {
        // The thread may be gone, and with it what there was to do.
        let _ = self.write(&lease, changes, true);
    }

    fn availability<'s>(&'s self, owner: &'s Owner, thread_id: &'s str) -> StoreFuture<'s, Availability> {
        let availability = match self.lock().get(thread_id) {
            None => Ok(Availability::New),
            Some(record) if record.thread.owner != *owner => Err(SessionError::NotFound),
            Some(record) if record.held.is_some() => Ok(Availability::Busy),
            Some(_) => Ok(Availability::Free),
        };
        Box::pin(ready(availability))
    }

    fn load<'s>(&'s self, owner: &'s Owner, thread_id: &'s str) -> StoreFuture<'s, Option<Thread>> {
        let records = self.lock();
        let thread = records.get(thread_id).map(|record| &record.thread);
        let thread = thread.filter(|thread| thread.owner == *owner).cloned();
        Box::pin(ready(Ok(thread)))
    }

    fn list<'s>(
        &'s self,
        owner: &'s Owner,
        limit: usize,
        after: Option<&'s str>,
    ) -> StoreFuture<'s, ThreadPage> {
        Box::pin(ready(self.page(owner, limit, after)))
    }

    fn delete<'s>(&'s self, owner: &'s Owner, thread_id: &'s str) -> StoreFuture<'s, bool> {
        let mut records = self.lock();
        let ours = records.get(thread_id).is_some_and(|record| record.thread.owner == *owner);
        if ours && let Some(record) = records.remove(thread_id) {
            record.waiting.into_iter().for_each(Waker::wake);
        }
        Box::pin(ready(Ok(ours)))
    }

    fn delete_older_than(&self, age: Duration) -> StoreFuture<'_, u64> {
        let limit = now().saturating_sub(i64::try_from(age.as_millis()).unwrap_or(i64::MAX));
        let mut records = self.lock();
        let before = records.len();
        records.retain(|_, record| record.held.is_some() || record.thread.updated_at > limit);
        let deleted = (before - records.len()) as u64;
        Box::pin(ready(Ok(deleted)))
    }
}
