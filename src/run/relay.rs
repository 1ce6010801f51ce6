//! Runs that others began, passed on with their own beginnings and ends (RUN-20).

use super::context::RunContext;
use super::sink::Buffer;
use crate::error::Result;
use agui_types::{Event, RunStartedEvent};

/// What the run that was asked for begins with.
#[derive(Debug)]
pub(super) struct Opening {
    started: RunStartedEvent,
    /// The state, where the client has another.
    state: Option<Event>,
}

impl Opening {
    pub(super) fn new(started: RunStartedEvent, state: Option<Event>) -> Self {
        Self { started, state }
    }
}

/// What is known of the beginnings and ends of runs.
#[derive(Debug, Default)]
pub(super) struct Relay {
    /// The run that was asked for has not begun.
    pub(super) opening: Option<Box<Opening>>,
    /// Thread and run that began last, if it is not the one that was asked for.
    restated: Option<(String, String)>,
    /// What the last event has beside what the agent ends with.
    ending: Option<Box<Event>>,
}

impl Buffer {
    /// Begins the run that was asked for, unless it has begun or another one is open.
    pub(super) fn open(&mut self) -> Result {
        if self.verifier.is_running() {
            return Ok(());
        }
        let Some(opening) = self.relay.opening.take() else { return Ok(()) };
        self.relay.restated = None;
        self.begin(opening.started, opening.state)
    }

    fn begin(&mut self, started: RunStartedEvent, state: Option<Event>) -> Result {
        self.emit(&mut started.into())?;
        state.map_or(Ok(()), |mut snapshot| self.emit(&mut snapshot))
    }

    fn relay_start(&mut self, mut sent: RunStartedEvent, asked: bool, thread: &str) -> Result<bool> {
        if self.verifier.is_running() {
            return Ok(false);
        }
        match &mut self.relay.opening {
            Some(opening) if asked => {
                let RunStartedEvent { metadata, raw_event, timestamp, .. } = sent;
                opening.started.metadata = metadata;
                opening.started.raw_event = raw_event;
                opening.started.timestamp = timestamp;
                self.open()?;
            }
            opening => {
                // What was asked for under another id is told under the client's (RUN-5).
                if let Some(ours) = self.verifier.thread() {
                    let input = sent.input.as_mut().map(|input| &mut input.thread_id);
                    let told = [Some(&mut sent.thread_id), input];
                    told.into_iter().flatten().filter(|id| **id == thread).for_each(|id| ours.clone_into(id));
                }
                // The client has to know it before whatever comes first.
                let state = opening.as_mut().and_then(|opening| opening.state.take());
                self.relay.restated = Some((sent.thread_id.clone(), sent.run_id.clone()));
                self.begin(sent, state)?;
            }
        }
        Ok(true)
    }

    /// Gives the last event what is known of it beside what the agent ends with.
    pub(super) fn complete_end(&mut self, event: &mut Event) {
        let ending = self.relay.ending.take().filter(|ending| ending.event_type() == event.event_type());
        match (event, ending.map(|ending| *ending)) {
            (Event::RunFinished(event), ending) => {
                if let Some((thread, run)) = self.relay.restated.take() {
                    (event.thread_id, event.run_id) = (thread, run);
                }
                if let Some(Event::RunFinished(sent)) = ending {
                    let envelope = (sent.metadata, sent.raw_event, sent.timestamp);
                    (event.metadata, event.raw_event, event.timestamp) = envelope;
                }
            }
            (Event::RunError(event), Some(Event::RunError(sent))) => {
                let envelope = (sent.metadata, sent.raw_event, sent.timestamp);
                (event.metadata, event.raw_event, event.timestamp) = envelope;
            }
            _ => {}
        }
    }
}

impl RunContext {
    /// Begins a run as it began elsewhere; the one that was `asked` for with the ids that the client asked for. False if
    /// a run is open here already, of which that one is a part then.
    pub(crate) async fn relay_start(&self, started: RunStartedEvent, asked: bool) -> Result<bool> {
        self.room().await;
        self.settled().await;
        self.sink().lock().relay_start(started, asked, self.thread_id())
    }

    /// Ends the run that is open as it ended elsewhere, where another one is to follow.
    pub(crate) async fn relay_end(&self, end: Event) -> Result {
        self.room().await;
        self.settled().await;
        let mut buffer = self.sink().lock();
        match end {
            Event::RunFinished(mut event) => {
                if let Some((thread, _)) = &buffer.relay.restated {
                    event.thread_id.clone_from(thread);
                }
                buffer.end(event.into())
            }
            // That ends what is open, too (RUN-23).
            _ => buffer.emit_end(end),
        }
    }

    /// Has the last event carry what it carries elsewhere, beside what the agent ends with.
    pub(crate) fn ends_as(&self, end: Event) {
        self.sink().lock().relay.ending = Some(Box::new(end));
    }
}
