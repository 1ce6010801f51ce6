//! Whether anything woke the agent since it was polled.
//!
//! A reader polls its run for reasons of its own as well: it asks for more right after each chunk, and looks again when
//! its socket takes more. The agent need not be bothered then.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Wake, Waker};

/// The reader of a run, and the reasons to wake it. As a waker, this is what the agent is polled with.
#[derive(Debug, Default)]
pub(super) struct Wakes {
    agent: AtomicBool,
    reader: Mutex<Option<Waker>>,
}

impl Wakes {
    /// Who reads from now on.
    pub(super) fn register(&self, reader: &Waker) {
        let mut known = self.reader();
        if !known.as_ref().is_some_and(|known| known.will_wake(reader)) {
            let former = known.replace(reader.clone());
            // Whatever goes with it may wake the agent.
            drop((known, former));
        }
    }

    /// Whether the agent was woken since this was asked last. To be asked after the reader is known: who wakes the agent
    /// later wakes that.
    pub(super) fn take_agent(&self) -> bool {
        self.agent.swap(false, Ordering::AcqRel)
    }

    /// There is something to read, though nothing for the agent to do.
    pub(super) fn wake_reader(&self) {
        let reader = self.reader().take();
        if let Some(reader) = reader {
            reader.wake();
        }
    }

    /// Nobody reads any more.
    pub(super) fn forget_reader(&self) {
        let reader = self.reader().take();
        drop(reader);
    }

    fn reader(&self) -> MutexGuard<'_, Option<Waker>> {
        self.reader.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Wake for Wakes {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.agent.store(true, Ordering::Release);
        self.wake_reader();
    }
}
