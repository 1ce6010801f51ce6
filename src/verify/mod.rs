//! The order of events: a state machine that takes a stream event by event and names the rule it breaks.
//!
//! What a single event may hold is the schema's affair and checked when it is decoded or encoded
//! ([`codec`](crate::codec)). What may follow what is checked here: runs that open and close, messages,
//! tool calls, reasoning, steps and subagents that are opened before they are continued and closed before
//! their run is, chunks that fit together, events that come from whom the item belongs to.
//!
//! ```
//! use agui::verify::Verifier;
//! use agui::{Event, RunFinishedEvent, RunStartedEvent, TextMessageStartEvent};
//!
//! let mut verifier = Verifier::consumer();
//! verifier.check(&RunStartedEvent::new("thread-1", "run-1").into())?;
//! verifier.check(&TextMessageStartEvent::new("m1").into())?;
//! assert_eq!(verifier.open_text_messages()[0].id, "m1");
//!
//! let end = Event::from(RunFinishedEvent::new("thread-1", "run-1"));
//! let violation = verifier.check(&end).unwrap_err();
//! assert_eq!(violation.to_string(), "RUN_FINISHED while text message `m1` is open (RUN-11)");
//! # Ok::<(), agui::verify::OrderViolation>(())
//! ```

mod chunks;
mod history;
mod items;
mod open;
mod others;
mod outcome;
mod runs;
mod state;
mod subagents;
mod told;
mod violation;

pub use open::OpenItem;
pub use violation::OrderViolation;

use agui_types::{Event, EventType, RunAgentInput};
use history::History;
use items::Traits;
use state::{Kind, RunState};

/// Judges the events of one stream, in order.
///
/// A stream is judged as one of two parties:
///
/// - [`Verifier::consumer`] rejects what breaks the stream for everybody, and is the check of a client.
///   Producers' mistakes that leave a stream readable pass, such as a `RUN_FINISHED` of another run.
/// - [`Verifier::producer`] holds the stream to all that the protocol asks of producers and a stream can
///   show; with the input of the run, by [`Verifier::producer_for`], it can tell more.
///
/// Chunks are judged as they come; streams in which they were expanded are judged alike.
///
/// An event that breaks a rule leaves the verifier as it was, so a producer may withhold it and go on.
///
/// What is remembered of a run, for as long as it is open: ids and owners of its messages, calls,
/// reasoning, activities and subagents, closed ones included since reopening depends on them; never
/// content. Of earlier runs consumers remember nothing. Producers remember the ids of all runs, messages,
/// calls and activities, which have to stay unique.
///
/// The default is [`Verifier::consumer`].
#[derive(Debug, Clone, Default)]
pub struct Verifier {
    phase: Phase,
    run: RunState,
    /// What producers are bound to remember; `None` for consumers.
    producer: Option<Box<History>>,
}

impl Verifier {
    /// Judges as a consumer has to, no more and no less.
    #[must_use]
    pub fn consumer() -> Self {
        Self::default()
    }

    /// Judges by the rules for producers as well.
    #[must_use]
    pub fn producer() -> Self {
        Self { producer: Some(Box::default()), ..Self::default() }
    }

    /// As [`Verifier::producer`], for the answer to an input: its thread (RUN-5) and run (RUN-6), its
    /// tools, which the application answers (TOOL-20), and its messages, whose ids are taken (EVT-9).
    #[must_use]
    pub fn producer_for(input: &RunAgentInput) -> Self {
        Self { producer: Some(Box::new(History::of(input))), ..Self::default() }
    }

    /// Takes the next event.
    ///
    /// # Errors
    ///
    /// The rule that the event breaks here. The verifier is as if the event had not been.
    pub fn check(&mut self, event: &Event) -> Result<(), OrderViolation> {
        match event {
            Event::RunStarted(event) => self.run_started(event),
            Event::RunError(_) => self.run_error(),
            _ if self.phase != Phase::Running => Err(self.outside(event.event_type())),
            Event::RunFinished(event) => self.run_finished(event),
            Event::SubagentStarted(started) => self.subagent_started(At::of(event), started),
            Event::SubagentFinished(closed) => self.subagent_closed(At::of(event), &closed.subagent_run_id),
            Event::SubagentError(closed) => self.subagent_closed(At::of(event), &closed.subagent_run_id),
            _ => {
                let at = At::of(event);
                let Some(tag) = at.tag else { return self.within(at, event) };
                self.recall();
                self.within(at, event)?;
                self.attributed(tag);
                Ok(())
            }
        }
    }

    /// The thread that the stream is for, as far as a producer knows.
    pub(crate) fn thread(&self) -> Option<&str> {
        self.producer.as_ref()?.thread()
    }

    /// Ends the stream.
    ///
    /// # Errors
    ///
    /// When no event has closed the last run or there was none
    /// ([`is_truncation`](OrderViolation::is_truncation)); for producers also when the last run is not
    /// the requested one.
    pub fn finish(&self) -> Result<(), OrderViolation> {
        let truncated = |id, text| Err(OrderViolation::at_the_end(violation::TRUNCATED, id, text));
        let run = self.run.run_id.as_str();
        match (self.phase, &self.producer) {
            (Phase::New, _) => truncated(None, "the stream ended before its first event".to_owned()),
            (Phase::Running, _) => {
                truncated(Some(run), format!("the stream ended while run `{run}` was open"))
            }
            (Phase::Finished, Some(history)) => history.judge_end(run),
            (Phase::Finished | Phase::Failed, _) => Ok(()),
        }
    }

    /// An event inside a run that bounds neither the run nor a subagent.
    fn within(&mut self, at: At, event: &Event) -> Result<(), OrderViolation> {
        match event {
            Event::TextMessageContent(event) => self.go_on(at, Kind::Text, &event.message_id, false),
            Event::ToolCallArgs(event) => self.go_on(at, Kind::Call, &event.tool_call_id, false),
            Event::ReasoningMessageContent(event) => {
                self.go_on(at, Kind::Reasoning, &event.message_id, false)
            }
            Event::TextMessageChunk(event) => {
                let traits = Traits { role: event.role, name: event.name.as_deref(), parent: None };
                self.chunk(at, Kind::Text, event.message_id.as_deref(), traits)
            }
            Event::ToolCallChunk(event) => {
                let (name, parent) = (event.tool_call_name.as_deref(), event.parent_message_id.as_deref());
                let traits = Traits { role: None, name, parent };
                self.chunk(at, Kind::Call, event.tool_call_id.as_deref(), traits)
            }
            Event::ReasoningMessageChunk(event) => {
                self.chunk(at, Kind::Reasoning, event.message_id.as_deref(), Traits::default())
            }
            Event::TextMessageStart(event) => {
                let traits = Traits { role: event.role, name: event.name.as_deref(), parent: None };
                self.start(at, Kind::Text, &event.message_id, traits)
            }
            Event::ToolCallStart(event) => {
                let parent = event.parent_message_id.as_deref();
                let traits = Traits { role: None, name: Some(&event.tool_call_name), parent };
                self.start(at, Kind::Call, &event.tool_call_id, traits)
            }
            Event::ReasoningStart(event) => self.start(at, Kind::Span, &event.message_id, Traits::default()),
            Event::ReasoningMessageStart(event) => {
                self.start(at, Kind::Reasoning, &event.message_id, Traits::default())
            }
            Event::TextMessageEnd(event) => self.go_on(at, Kind::Text, &event.message_id, true),
            Event::ToolCallEnd(event) => self.go_on(at, Kind::Call, &event.tool_call_id, true),
            Event::ReasoningEnd(event) => self.go_on(at, Kind::Span, &event.message_id, true),
            Event::ReasoningMessageEnd(event) => self.go_on(at, Kind::Reasoning, &event.message_id, true),
            Event::ToolCallResult(event) => self.result(at, event),
            Event::StepStarted(event) => self.step_started(at, &event.step_name),
            Event::StepFinished(event) => self.step_finished(at, &event.step_name),
            Event::MessagesSnapshot(event) => self.messages(at, event),
            Event::ActivitySnapshot(event) => self.activity(at, event),
            Event::ActivityDelta(event) => self.activity_delta(at, &event.message_id),
            Event::ReasoningEncryptedValue(event) => self.encrypted_value(at, event),
            Event::StateSnapshot(_) | Event::StateDelta(_) | Event::Custom(_) => {
                self.run.close_lane(at.tag);
                Ok(())
            }
            // RAW, and what a later version of the protocol may add: it closes nothing (CHK-21).
            _ => Ok(()),
        }
    }
}

/// Where a stream is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Phase {
    /// Before the first event.
    #[default]
    New,
    Running,
    Finished,
    Failed,
}

/// The event that is judged, and whom it is attributed to.
#[derive(Debug, Clone, Copy)]
struct At<'a> {
    event: EventType,
    tag: Option<&'a str>,
}

impl<'a> At<'a> {
    fn of(event: &'a Event) -> Self {
        Self { event: event.event_type(), tag: event.subagent_run_id().map(AsRef::as_ref) }
    }

    fn breaks(self, kind: Kind, id: &str, why: &str) -> OrderViolation {
        self.breaks_rule(kind.rule(), kind, id, why)
    }

    fn breaks_rule(self, rule: &'static str, kind: Kind, id: &str, why: &str) -> OrderViolation {
        let text = format!("{} for {} `{id}`{why}", self.event, kind.noun());
        OrderViolation::new(rule, self.event, Some(id), text)
    }

    fn disagrees(self, rule: &'static str, noun: &str, id: &str, owner: Option<&str>) -> OrderViolation {
        let text = format!(
            "{} of {} for {noun} `{id}`, which belongs to {}",
            self.event,
            named(self.tag),
            named(owner)
        );
        OrderViolation::new(rule, self.event, Some(id), text)
    }
}

/// How to name an owner.
fn named(owner: Option<&str>) -> String {
    owner.map_or_else(|| "the parent agent".to_owned(), |owner| format!("subagent `{owner}`"))
}
