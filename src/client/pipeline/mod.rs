//! All stages between the bytes of a response and the application, without any input or output of its own.

mod stages;

use super::frames::{FRAME_LIMIT, FrameReader};
use super::middleware::Middleware;
use super::outcome::{Outcome, RunReport};
use super::rejection::Rejection;
use super::transport::TransportError;
use super::warning::{Warning, WarningKind, Warnings};
use crate::compat::{Conversion, Era};
use crate::reduce::Conversation;
use agui_types::{Event, RunAgentInput};
use stages::Stages;

/// Takes the bytes of a response, and gives the events that reach the application.
///
/// The stages are those of the protocol, in its order (PROC-11): frames, translation of retired shapes,
/// [middleware](Middleware), [enforcement](super::enforce()), [expansion of chunks](crate::reduce::Expander),
/// [verification](crate::verify::Verifier), and the [conversation](Conversation) that the events make.
///
/// Nothing here waits or allocates per event beyond what the event is. Push bytes and take events until there are
/// none; at the end of the bytes, say so and take what is left:
///
/// ```
/// use agui::client::{Outcome, Pipeline};
/// use agui::{Message, RunAgentInput};
///
/// let mut pipeline = Pipeline::new(&RunAgentInput::new("thread-1", "run-1", vec![]));
/// pipeline.push(br#"data: {"type":"RUN_STARTED","threadId":"thread-1","runId":"run-1"}
///
/// data: {"type":"TEXT_MESSAGE_CHUNK","messageId":"m1","delta":"Hi!"}
///
/// data: {"type":"RUN_FINISHED","threadId":"thread-1","runId":"run-1"}
///
/// "#);
/// pipeline.end();
/// while let Some(event) = pipeline.next_event() {
///     println!("{}", event.event_type());
/// }
/// assert!(pipeline.outcome().is_success());
/// let Message::Assistant(message) = &pipeline.conversation().messages()[0] else { unreachable!() };
/// assert_eq!(message.content.as_deref(), Some("Hi!"));
/// ```
#[derive(Debug)]
pub struct Pipeline<M = ()> {
    frames: FrameReader,
    /// There will be no more bytes.
    ended: bool,
    stages: Stages<M>,
}

impl Pipeline {
    /// For the answer to an input.
    #[must_use]
    pub fn new(input: &RunAgentInput) -> Self {
        Self::with(input, Conversation::of(input), ())
    }
}

impl<M: Middleware> Pipeline<M> {
    /// For the answer to an input, with a conversation that may hold more than what was sent, and with middleware.
    #[must_use]
    pub fn with(input: &RunAgentInput, conversation: Conversation, middleware: M) -> Self {
        let stages = Stages::new(input, conversation, middleware);
        Self { frames: FrameReader::with_limit(FRAME_LIMIT), ended: false, stages }
    }

    /// Sets how many bytes one event may have ([`FRAME_LIMIT`] otherwise). To be called before the first byte.
    #[must_use]
    pub fn frame_limit(mut self, bytes: usize) -> Self {
        self.frames = FrameReader::with_limit(bytes);
        self
    }

    /// For an agent that is known to be older than 1.0 (VER-13).
    #[must_use]
    pub fn era(mut self, era: Option<Era>) -> Self {
        self.stages.era = era;
        self
    }

    /// Takes what the agent was not told, since it does not know it (VER-19).
    pub(super) fn sent_without(&mut self, lost: Vec<Conversion>) {
        self.stages.warnings.converted(WarningKind::Downgraded, lost, None);
    }

    /// Adds bytes of the response.
    pub fn push(&mut self, bytes: &[u8]) {
        self.frames.push(bytes);
    }

    /// Adds one event as JSON, for carriers that have frames of their own. Take the events before the next one.
    pub fn push_json(&mut self, json: &[u8]) {
        if !self.stages.is_over() {
            let mut next = None;
            self.stages.take_json(json, &mut next);
            self.stages.waits(next);
        }
    }

    /// Says that there are no more bytes.
    pub fn end(&mut self) {
        self.ended = true;
    }

    /// Says that the connection broke.
    pub fn fail(&mut self, error: TransportError) {
        self.stages.failure.get_or_insert(error);
        self.end();
    }

    /// Says that this side gives the run up: whatever is left is not looked at (RUN-36).
    pub fn abort(&mut self) {
        self.stages.aborted = true;
        self.stages.waiting.clear();
    }

    /// The next event; `None` if more bytes are needed, or if the stream is over.
    pub fn next_event(&mut self) -> Option<Event> {
        let mut next = None;
        while self.advance(&mut next) {
            match &next {
                Some(event) if self.stages.deliver(event) => break,
                _ => next = None,
            }
        }
        next
    }

    /// Takes a step, which may give the next event; false if more bytes are needed, or if the stream is over.
    fn advance(&mut self, next: &mut Option<Event>) -> bool {
        let Self { frames, ended, stages } = self;
        if let Some(event) = stages.next_waiting() {
            *next = Some(event);
            return true;
        }
        if stages.is_over() {
            return false;
        }
        match frames.next_frame() {
            Ok(Some(json)) => stages.take_json(json, next),
            Ok(None) if *ended => match frames.finish() {
                Ok(Some(json)) => stages.take_last(json, next),
                Ok(None) => return false,
                Err(error) => stages.too_large(&error),
            },
            Ok(None) => return false,
            Err(error) => stages.too_large(&error),
        }
        true
    }

    /// Why the stream is rejected, if it is. It gives no more events then.
    #[must_use]
    pub fn rejection(&self) -> Option<&Rejection> {
        self.stages.rejection.as_ref()
    }

    /// Messages and state, as the events made them so far.
    #[must_use]
    pub fn conversation(&self) -> &Conversation {
        &self.stages.conversation
    }

    /// What was out of the ordinary so far.
    #[must_use]
    pub fn warnings(&self) -> &Warnings {
        &self.stages.warnings
    }

    /// As [`Pipeline::warnings`], to silence some.
    #[must_use]
    pub fn warnings_mut(&mut self) -> &mut Warnings {
        &mut self.stages.warnings
    }

    /// The runs that have ended (RUN-20).
    #[must_use]
    pub fn runs(&self) -> &[RunReport] {
        self.stages.runs.ended()
    }

    /// How the stream ended, provided that there are no more bytes: that of the last run, unless something else put an
    /// end to it. A stream that was cut is never a success.
    #[must_use]
    pub fn outcome(&self) -> Outcome {
        self.stages.outcome()
    }

    /// Ends the stream and gives what came of it. The run that is open, if one is, ends with the stream's outcome.
    #[must_use]
    pub fn finish(mut self) -> Finished<M> {
        let outcome = self.outcome();
        let stages = &mut self.stages;
        if let (Some(error), false) = (&stages.failure, matches!(outcome, Outcome::Transport(_))) {
            let warning = Warning::new(WarningKind::Connection, "TRN-2", error.to_string());
            stages.warnings.add(warning);
        }
        stages.runs.broken_off(&outcome);
        if !outcome.is_failure() {
            stages.runs.judge_last(&mut stages.warnings);
        }
        stages.middleware.ended(&outcome);
        let Stages { middleware, conversation, runs, warnings, .. } = self.stages;
        Finished { outcome, runs: runs.into_ended(), warnings, conversation, middleware }
    }
}

/// What a [`Pipeline`] leaves.
#[derive(Debug)]
#[non_exhaustive]
pub struct Finished<M = ()> {
    /// How the stream ended.
    pub outcome: Outcome,
    /// Its runs.
    pub runs: Vec<RunReport>,
    /// What was out of the ordinary.
    pub warnings: Warnings,
    /// Messages and state.
    pub conversation: Conversation,
    /// The middleware.
    pub middleware: M,
}
