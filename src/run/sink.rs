//! The buffer between an agent and whoever reads its run.

use crate::error::{Error, Result};
use crate::sse;
use agui_types::Event;
use bytes::Bytes;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};
use std::time::{SystemTime, UNIX_EPOCH};

/// Bytes from which on the agent has to wait for the reader. With the event that crosses the mark,
/// and one for each task of the agent that emits at the same time, this bounds the buffer.
pub(super) const HIGH_WATER: usize = 16 * 1024;

/// Encoded frames that were not read yet.
#[derive(Debug, Default)]
pub(super) struct Sink(Mutex<Buffer>);

#[derive(Debug, Default)]
struct Buffer {
    frames: Vec<u8>,
    /// Parts of the agent that wait for room.
    writers: Vec<Waker>,
    /// The reader, if it waits.
    reader: Option<Waker>,
    /// The reader is polling the agent right now and will look at the buffer afterwards.
    reading: bool,
    closed: bool,
}

impl Sink {
    /// Encodes an event, with the current time unless it carries one.
    pub(super) fn push(&self, mut event: Event) -> Result<()> {
        event.timestamp_mut().get_or_insert_with(now);
        let mut buffer = self.lock();
        if buffer.closed {
            return Err(Error::closed());
        }
        sse::encode(&event, &mut buffer.frames).map_err(|source| Error::invalid(event.event_type(), source))?;
        // Outside of the reader's own poll somebody has to tell it: a task that the agent spawned.
        if !buffer.reading {
            if let Some(reader) = buffer.reader.take() {
                reader.wake();
            }
        }
        Ok(())
    }

    /// Ready when there is room for an event, or when there will never be.
    pub(super) fn poll_room(&self, cx: &Context<'_>) -> Poll<()> {
        let mut buffer = self.lock();
        if buffer.closed || buffer.frames.len() < HIGH_WATER {
            return Poll::Ready(());
        }
        buffer.writers.push(cx.waker().clone());
        Poll::Pending
    }

    /// What is there, if it is a full buffer.
    pub(super) fn take_full(&self) -> Option<Bytes> {
        let mut buffer = self.lock();
        if buffer.frames.len() < HIGH_WATER { None } else { buffer.take() }
    }

    /// What is there.
    pub(super) fn take(&self) -> Option<Bytes> {
        self.lock().take()
    }

    /// The reader begins to poll the agent.
    pub(super) fn reading(&self) {
        self.lock().reading = true;
    }

    /// The agent waits: hands out what it emitted, or remembers the reader.
    pub(super) fn park(&self, reader: &Waker) -> Poll<Bytes> {
        let mut buffer = self.lock();
        buffer.reading = false;
        match buffer.take() {
            Some(chunk) => Poll::Ready(chunk),
            None => {
                buffer.reader = Some(reader.clone());
                Poll::Pending
            }
        }
    }

    /// Nothing is accepted any more; what is there can still be taken.
    pub(super) fn close(&self) {
        let mut buffer = self.lock();
        buffer.closed = true;
        buffer.wake_writers();
    }

    fn lock(&self) -> MutexGuard<'_, Buffer> {
        // No code of others runs under the lock but encoding, which leaves whole frames.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Buffer {
    fn take(&mut self) -> Option<Bytes> {
        if self.frames.is_empty() {
            return None;
        }
        self.wake_writers();
        Some(Bytes::from(std::mem::take(&mut self.frames)))
    }

    fn wake_writers(&mut self) {
        self.writers.drain(..).for_each(Waker::wake);
    }
}

/// Milliseconds since the Unix epoch, the unit that everybody uses for `timestamp`.
fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(0)
}
