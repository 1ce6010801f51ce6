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
        // It stays known: who reads on with the same waker need not say so again.
        let reader = self.reader().clone();
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

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::AtomicUsize;

    #[derive(Default)]
    struct Reader(AtomicUsize);

    impl Wake for Reader {
        fn wake(self: Arc<Self>) {
            self.0.fetch_add(1, Ordering::Relaxed);
        }
    }

    #[test]
    fn the_reader_is_woken_and_kept_no_longer_than_it_reads() {
        let (wakes, reader) = (Arc::<Wakes>::default(), Arc::<Reader>::default());
        let waker = Waker::from(Arc::clone(&reader));
        wakes.register(&waker);
        wakes.wake_reader();
        assert!(!wakes.take_agent(), "there is something to read, and nothing to do");
        wakes.register(&waker);
        wakes.wake_by_ref();
        assert!(wakes.take_agent() && !wakes.take_agent());
        assert_eq!(reader.0.load(Ordering::Relaxed), 2);

        wakes.register(&waker);
        wakes.forget_reader();
        drop(waker);
        assert_eq!(Arc::strong_count(&reader), 1);
    }
}
