//! A run as a stream of events.

use super::Run;
use super::sink::Buffer;
use agui_types::Event;
use futures_core::Stream;
use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::vec::IntoIter;

/// A run in progress: a stream of its events. Made by [`Run::events`].
#[must_use = "a run does nothing unless it is polled"]
pub struct Events {
    run: Run,
    ready: IntoIter<Event>,
}

impl Events {
    pub(super) fn new(run: Run) -> Self {
        run.sink.keep_events();
        Self { run, ready: IntoIter::default() }
    }

    /// The run, to stop it or to know which it is.
    pub fn run(&self) -> &Run {
        &self.run
    }
}

impl Stream for Events {
    type Item = Event;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Event>> {
        let this = &mut *self;
        loop {
            if let Some(event) = this.ready.next() {
                return Poll::Ready(Some(event));
            }
            match ready!(this.run.poll(cx, Buffer::take_events)) {
                Some(events) => this.ready = events.into_iter(),
                None => return Poll::Ready(None),
            }
        }
    }
}

impl fmt::Debug for Events {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Events").field(&self.run).finish()
    }
}
