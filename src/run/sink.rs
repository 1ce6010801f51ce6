//! The buffer between an agent and whoever reads its run.

use super::closing::closing;
use super::farewell::Farewells;
use super::older::Older;
use super::pieces::Pieces;
use super::relay::{Opening, Relay};
use super::request::Order;
use super::run_clock::RunClock;
use super::wakes::Wakes;
use crate::error::{Error, Result};
use crate::sse;
use crate::verify::Verifier;
use agui_types::{Event, RunAgentInput};
use bytes::Bytes;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Wake, Waker, ready};

/// Bytes from which on the agent has to wait for the reader. With the event that crosses the mark,
/// and one for each task of the agent that emits at the same time, this bounds the buffer.
pub(super) const HIGH_WATER: usize = 16 * 1024;

/// The largest buffer that is used again; one that had to hold a huge event is given away.
const MOST_KEPT: usize = 2 * HIGH_WATER;

/// Room for a few events: with what the buffer begins, and what it has beyond the mark.
const ROOM: usize = 1024;

/// Encoded frames that were not read yet.
#[derive(Debug, Default)]
pub(super) struct Sink {
    buffer: Mutex<Buffer>,
    pub(super) farewells: Farewells,
}

#[derive(Debug, Default)]
pub(super) struct Buffer {
    frames: Vec<u8>,
    /// The same as events, where the reader wants those. What is bounded are the frames all the same.
    events: Option<Vec<Event>>,
    /// The client is to get shapes that it knows.
    older: Option<Box<Older>>,
    /// Parts of the agent that wait for room, or for the end.
    writers: Vec<Waker>,
    wakes: Arc<Wakes>,
    /// The reader is polling the agent right now and will look at the buffer afterwards.
    reading: bool,
    /// The reader, which is not, was told that there is something.
    told: bool,
    /// Knows what is open, and what may come next.
    pub(super) verifier: Verifier,
    order: Order,
    /// How many events were judged.
    number: u64,
    /// The number of the last, if it was in order and sent as it is.
    judged: Option<u64>,
    /// The run that is still to begin, and runs of others.
    pub(super) relay: Relay,
    closed: bool,
    /// The run is to end as cancelled as soon as somebody polls it.
    cancelled: bool,
    clock: RunClock,
    observer: Observer,
}

/// Sees each event of the protocol that was accepted, in order. It runs under the buffer's lock.
#[derive(Default)]
struct Observer(Option<Observe>);

/// What an observer does with an event.
pub(super) type Observe = Box<dyn FnMut(&Event) + Send>;

impl std::fmt::Debug for Observer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Observer").field(&self.0.is_some()).finish()
    }
}

impl Sink {
    /// `older`: the client gets older shapes. `repeatable`: timestamps are counted.
    pub(super) fn new(
        input: &RunAgentInput,
        order: Order,
        older: bool,
        repeatable: bool,
        wakes: Arc<Wakes>,
    ) -> Self {
        let verifier = Verifier::producer_for(input);
        let clock = RunClock::new(repeatable);
        let older = older.then(Box::default);
        let buffer = Buffer { verifier, order, older, clock, wakes, ..Buffer::default() };
        Self { buffer: Mutex::new(buffer), farewells: Farewells::default() }
    }

    /// Encodes an event of the agent's, with the current time unless it carries one.
    pub(super) fn push(&self, mut event: Event) -> Result {
        if matches!(event, Event::RunStarted(_) | Event::RunFinished(_) | Event::RunError(_)) {
            return Err(Error::boundary(event.event_type()));
        }
        self.lock().push(&mut event)
    }

    /// As [`Sink::push`] once there is room, for one of several pieces.
    pub(super) fn poll_push_piece(&self, cx: &Context<'_>, pieces: &mut Pieces) -> Poll<Result> {
        let buffer = &mut *self.lock();
        ready!(buffer.poll_room(cx));
        Poll::Ready(buffer.push_piece(pieces))
    }

    /// Begins the run: at once, or with the first event that comes where no run is open.
    pub(super) fn start(&self, opening: Opening, at_once: bool) -> Result {
        let mut buffer = self.lock();
        buffer.relay.opening = Some(Box::new(opening));
        if at_once { buffer.open() } else { Ok(()) }
    }

    pub(super) fn observe(&self, observer: Observe) {
        self.lock().observer = Observer(Some(observer));
    }

    /// Takes the frame of an event that is not one of the protocol's.
    pub(super) fn push_frame(&self, frame: &[u8]) -> Result {
        let mut buffer = self.lock();
        buffer.open()?;
        buffer.write(frame)
    }

    /// From now on nothing is refused for its order.
    pub(super) fn tolerate(&self) {
        self.lock().order = Order::Warn;
    }

    /// Whether events that make no sense are refused rather than logged.
    pub(super) fn refuses(&self) -> bool {
        self.lock().order == Order::Refuse
    }

    pub(super) fn is_closed(&self) -> bool {
        self.lock().closed
    }

    /// Keeps events for the reader beside their frames, from now on.
    pub(super) fn keep_events(&self) {
        self.lock().events.get_or_insert_default();
    }

    /// Everything was taken.
    #[cfg(feature = "server")]
    pub(super) fn is_empty(&self) -> bool {
        self.lock().frames.is_empty()
    }

    /// Ready when the run is over.
    pub(super) fn poll_closed(&self, cx: &Context<'_>) -> Poll<()> {
        let mut buffer = self.lock();
        if buffer.closed {
            return Poll::Ready(());
        }
        buffer.wait(cx);
        Poll::Pending
    }

    /// Closes what is still open (RUN-11), then emits the last event. Nothing is accepted afterwards,
    /// from whatever task it comes (RUN-16, RUN-17).
    pub(super) fn finish(&self, mut event: Event) -> Result {
        let mut buffer = self.lock();
        buffer.open()?;
        // A run of somebody else's that has ended already ends no second time (RUN-16).
        if buffer.verifier.is_running() || matches!(event, Event::RunError(_)) {
            buffer.complete_end(&mut event);
            buffer.end(event)?;
        }
        buffer.close();
        Ok(())
    }

    /// Ready when there is room for an event, or when there will never be.
    pub(super) fn poll_room(&self, cx: &Context<'_>) -> Poll<()> {
        self.lock().poll_room(cx)
    }

    /// What is there.
    pub(super) fn take<T>(&self, take: Take<T>) -> Option<T> {
        take(&mut self.lock())
    }

    /// The reader begins to poll the agent; false if the run is to be cancelled instead.
    pub(super) fn reading(&self) -> bool {
        let mut buffer = self.lock();
        buffer.reading = true;
        buffer.clock.refresh();
        !buffer.cancelled
    }

    /// Asks for the end of the run. The reader carries it out, since only it may touch the agent.
    pub(super) fn cancel(&self) {
        self.lock().cancelled = true;
        // Otherwise the reader would look no further than the frames.
        self.wake();
    }

    /// Has the reader poll the run.
    pub(super) fn wake(&self) {
        self.lock().wakes.wake_by_ref();
    }

    /// Ready when the run is to be cancelled. For the one task that took the reader's place.
    #[cfg(feature = "server")]
    pub(super) fn poll_cancelled(&self, cx: &Context<'_>) -> Poll<()> {
        let buffer = self.lock();
        if buffer.cancelled {
            return Poll::Ready(());
        }
        buffer.wakes.register(cx.waker());
        Poll::Pending
    }

    /// The agent waits: hands out what it emitted, if anything.
    pub(super) fn park<T>(&self, take: Take<T>) -> Poll<T> {
        let mut buffer = self.lock();
        (buffer.reading, buffer.told) = (false, false);
        buffer.clock.refresh();
        take(&mut buffer).map_or(Poll::Pending, Poll::Ready)
    }

    /// Nothing is accepted any more; what is there can still be taken.
    pub(super) fn close(&self) {
        self.lock().close();
    }

    pub(super) fn lock(&self) -> MutexGuard<'_, Buffer> {
        // No code of others runs under the lock but encoding, which leaves whole frames.
        self.buffer.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What a reader takes: [`Buffer::take_frames`] or [`Buffer::take_events`].
pub(super) type Take<T> = fn(&mut Buffer) -> Option<T>;

impl Buffer {
    fn push(&mut self, event: &mut Event) -> Result {
        self.open()?;
        self.emit(event)
    }

    /// Closes what is open, then emits the end of a run.
    pub(super) fn end(&mut self, event: Event) -> Result {
        closing(&self.verifier).iter_mut().try_for_each(|end| self.emit(end))?;
        self.emit_end(event)
    }

    /// Emits the end of a run, which may have a time of somebody else's. One before that of what was emitted here is none.
    pub(super) fn emit_end(&mut self, mut event: Event) -> Result {
        let last = self.clock.last();
        let time = event.timestamp_mut();
        *time = time.filter(|time| *time >= last);
        self.emit(&mut event)
    }

    pub(super) fn emit(&mut self, event: &mut Event) -> Result {
        if self.closed {
            return Err(Error::closed());
        }
        let clock = &mut self.clock;
        event.timestamp_mut().get_or_insert_with(|| clock.now());
        let before = self.frames.len();
        self.encode(event)?;
        self.number += 1;
        self.judged = Some(self.number);
        // What breaks its schema has never been, so the order is looked at after that.
        if let Err(violation) = self.verifier.check(event) {
            self.judged = None;
            match self.order {
                Order::Refuse => {
                    self.frames.truncate(before);
                    return Err(Error::out_of_order(violation));
                }
                Order::Warn => tracing::warn!(%violation, "an event breaks the protocol's order"),
            }
        }
        match self.older.as_mut().and_then(|older| older.shapes(event)) {
            None => self.sent(event),
            Some(shapes) => {
                self.judged = None;
                self.frames.truncate(before);
                self.observed(event);
                for shape in shapes {
                    self.encode(&shape)?;
                    if let Some(events) = &mut self.events {
                        events.push(shape);
                    }
                }
            }
        }
        Ok(())
    }

    fn push_piece(&mut self, pieces: &mut Pieces) -> Result {
        let time = self.clock.of_piece(self.reading);
        // If nothing came in between, it is in order as the one before.
        let known = pieces.judged.is_some() && pieces.judged == self.judged;
        if known && pieces.encode_again(time, self.room()) {
            self.sent(&pieces.event);
            return Ok(());
        }
        *pieces.event.timestamp_mut() = Some(time);
        if known {
            self.encode(&pieces.event)?;
            self.sent(&pieces.event);
        } else {
            self.push(&mut pieces.event)?;
            pieces.judged = self.judged;
        }
        Ok(())
    }

    fn encode(&mut self, event: &Event) -> Result {
        sse::encode(event, self.room()).map_err(|source| Error::invalid(event.event_type(), source))
    }

    /// The frames, with room for another.
    fn room(&mut self) -> &mut Vec<u8> {
        let used = self.frames.len();
        if self.frames.capacity() - used < ROOM {
            // In two steps, rather than by doubling.
            self.frames.reserve_exact(if used < ROOM {
                ROOM
            } else {
                (HIGH_WATER + ROOM).saturating_sub(used)
            });
        }
        &mut self.frames
    }

    /// An event is in the buffer as it is.
    fn sent(&mut self, event: &Event) {
        self.observed(event);
        if let Some(events) = &mut self.events {
            events.push(event.clone());
        }
    }

    fn observed(&mut self, event: &Event) {
        self.wake_reader();
        if let Observer(Some(observer)) = &mut self.observer {
            observer(event);
        }
    }

    fn write(&mut self, frame: &[u8]) -> Result {
        if self.closed {
            return Err(Error::closed());
        }
        // Among events there is no place for it.
        if self.events.is_none() {
            self.frames.extend_from_slice(frame);
        }
        self.wake_reader();
        Ok(())
    }

    /// Outside of the reader's own poll somebody has to tell it: a task that the agent spawned.
    fn wake_reader(&mut self) {
        if !self.reading && !std::mem::replace(&mut self.told, true) {
            self.wakes.wake_reader();
        }
    }

    fn poll_room(&mut self, cx: &Context<'_>) -> Poll<()> {
        if self.closed || self.frames.len() < HIGH_WATER {
            return Poll::Ready(());
        }
        self.wait(cx);
        Poll::Pending
    }

    /// Once for each task, however often it is polled while it waits.
    fn wait(&mut self, cx: &Context<'_>) {
        if !self.writers.iter().any(|writer| writer.will_wake(cx.waker())) {
            self.writers.push(cx.waker().clone());
        }
    }

    fn close(&mut self) {
        self.closed = true;
        self.judged = None;
        self.wake_writers();
    }

    pub(super) fn take_events(&mut self) -> Option<Vec<Event>> {
        let events = self.events.as_mut().filter(|events| !events.is_empty()).map(std::mem::take)?;
        self.frames.clear();
        self.wake_writers();
        Some(events)
    }

    pub(super) fn take_frames(&mut self) -> Option<Bytes> {
        if self.frames.is_empty() {
            return None;
        }
        self.wake_writers();
        if self.closed || self.frames.capacity() > MOST_KEPT {
            return Some(Bytes::from(std::mem::take(&mut self.frames)));
        }
        // A copy costs less than a buffer that grows anew for each chunk.
        let chunk = Bytes::copy_from_slice(&self.frames);
        self.frames.clear();
        Some(chunk)
    }

    fn wake_writers(&mut self) {
        self.writers.drain(..).for_each(Waker::wake);
    }
}
