//! Whether anything woke the agent since it was polled.
//!
//! A reader polls its run for reasons of its own as well: it asks for more right after each chunk, and looks again when
//! its socket takes more. The agent need not be bothered then.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Wake, Waker};

/// What the agent is polled with: wakes the reader, and remembers it.
#[derive(Debug)]
pub(super) struct Wakes {
    woken: AtomicBool,
    reader: Mutex<Option<Waker>>,
}

impl Wakes {
    /// For an agent that was never polled, so that there is reason to.
    pub(super) fn new() -> Arc<Self> {
        Arc::new(Self { woken: AtomicBool::new(true), reader: Mutex::default() })
    }

    /// Whether there is reason to poll the agent. From now on it wakes this reader.
    pub(super) fn take(&self, reader: &Waker) -> bool {
        {
            let mut known = self.reader.lock().unwrap_or_else(PoisonError::into_inner);
            match &mut *known {
                Some(known) => known.clone_from(reader),
                None => *known = Some(reader.clone()),
            }
        }
        // Only now: who wakes the agent after this wakes that reader.
        self.woken.swap(false, Ordering::AcqRel)
    }
}

impl Wake for Wakes {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.woken.store(true, Ordering::Release);
        let reader = self.reader.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(reader) = reader {
            reader.wake();
        }
    }
}
