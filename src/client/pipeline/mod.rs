//! All stages between the bytes of a response and the application, without any input or output of its own.

use super::enforce::{Enforced, judge, type_of};
use super::frames::{FRAME_LIMIT, FrameReader};
use super::middleware::{Frame, Middleware};
use super::outcome::{Outcome, RunReport};
use super::rejection::{Rejection, RejectionKind};
use super::runs::Runs;
use super::transport::TransportError;
use super::warning::{Warning, WarningKind, Warnings};
use crate::compat::{Conversion, Era, Upgraded, Upgrader};
use crate::reduce::{Conversation, Expander};
use crate::verify::Verifier;
use agui_types::runtime::{DecodeError, Lenient, decode_lenient, decode_lenient_value};
use agui_types::{Event, RunAgentInput};
use serde_json::Value;
use std::collections::VecDeque;

/// Takes the bytes of a response, and gives the events that reach the application.
///
/// The stages are those of the protocol, in its order (PROC-11): frames, translation of retired shapes,
/// [middleware](Middleware), [enforcement](super::enforce), [expansion of chunks](Expander),
/// [verification](Verifier), and the [conversation](Conversation) that the events make.
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

#[derive(Debug)]
struct Stages<M> {
    upgrader: Upgrader,
    era: Option<Era>,
    middleware: M,
    expander: Expander,
    verifier: Verifier,
    conversation: Conversation,
    runs: Runs,
    warnings: Warnings,
    /// Expanded, not yet verified.
    waiting: VecDeque<Event>,
    rejection: Option<Rejection>,
    failure: Option<TransportError>,
    aborted: bool,
    /// The bytes ended inside an event.
    torn: bool,
    /// How many events came.
    index: usize,
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
        let stages = Stages {
            upgrader: Upgrader::new(),
            era: None,
            middleware,
            expander: Expander::default(),
            verifier: Verifier::consumer(),
            conversation,
            runs: Runs::asked(&input.thread_id, &input.run_id),
            warnings: Warnings::default(),
            waiting: VecDeque::new(),
            rejection: None,
            failure: None,
            aborted: false,
            torn: false,
            index: 0,
        };
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
        if self.stages.rejection.is_none() {
            let event = self.stages.take_json(json);
            self.stages.waiting.extend(event);
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
        let Self { frames, ended, stages } = self;
        loop {
            if let Some(event) = stages.next_waiting() {
                return Some(event);
            }
            if stages.is_over() {
                return None;
            }
            let event = match frames.next_frame() {
                Ok(Some(json)) => stages.take_json(json),
                Ok(None) if *ended => match frames.finish() {
                    Ok(Some(json)) => stages.take_last(json),
                    Ok(None) => return None,
                    Err(error) => return stages.too_large(&error),
                },
                Ok(None) => return None,
                Err(error) => return stages.too_large(&error),
            };
            if let Some(event) = event
                && stages.deliver(&event)
            {
                return Some(event);
            }
        }
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

impl<M: Middleware> Stages<M> {
    fn is_over(&self) -> bool {
        self.rejection.is_some() || self.aborted || self.torn
    }

    fn outcome(&self) -> Outcome {
        if let Some(rejection) = &self.rejection {
            return Outcome::Rejected(rejection.clone());
        }
        let truncated = self.runs.is_truncated(self.aborted || self.failure.is_some());
        match (&self.failure, self.runs.ended().last()) {
            (Some(error), _) if truncated => Outcome::Transport(error.clone()),
            // Of what is torn, what was to come may have been a failure, after all.
            (_, Some(run)) if !truncated && !self.torn => run.outcome.clone(),
            _ => Outcome::Truncated(self.runs.truncation(self.aborted)),
        }
    }

    /// Takes the next event as it came. If it stands for itself it is returned; otherwise what it stands for waits.
    fn take_json(&mut self, json: &[u8]) -> Option<Event> {
        let index = self.index;
        self.index += 1;
        if self.middleware.wants_frames() {
            self.through_middleware(json);
            return None;
        }
        // Most events are just what they are. They are large, so they go on from here without being handed around.
        let event = match decode_lenient::<Event>(json) {
            Ok(Lenient { value, unrecognised, omitted: 0, .. }) if unrecognised.is_empty() => value?,
            decoded => self.unusual(decoded, json, index)?,
        };
        if self.era.is_none() && !self.expander.concerns(&event) {
            return Some(event);
        }
        let event = self.of_its_era(event)?;
        self.expand(event)
    }

    /// An event of which something is removed or translated, or which is malformed.
    #[cold]
    fn unusual(
        &mut self,
        decoded: Result<Lenient<Event>, DecodeError>,
        json: &[u8],
        index: usize,
    ) -> Option<Event> {
        let upgraded = self.upgrader.decoded(decoded, json);
        let decoded = upgraded.map(|Upgraded { decoded, conversions, .. }| {
            translated(&mut self.warnings, conversions, json);
            decoded
        });
        let enforced = judge(decoded, &|| type_of(json));
        self.enforced(enforced, index)
    }

    /// What no empty line ended is no event of its own if it breaks off.
    fn take_last(&mut self, json: &[u8]) -> Option<Event> {
        if serde_json::from_slice::<serde::de::IgnoredAny>(json).is_err() {
            self.torn = true;
            return None;
        }
        self.take_json(json)
    }

    fn through_middleware(&mut self, json: &[u8]) {
        let index = self.index - 1;
        let mut value = match serde_json::from_slice::<Value>(json) {
            Ok(value) => value,
            Err(error) => {
                let rejection = Rejection::new(RejectionKind::Frame, "PROC-10", format!("no JSON: {error}"));
                self.rejection = Some(rejection.of(index, None));
                return;
            }
        };
        let conversions = self.upgrader.upgrade(&mut value);
        translated(&mut self.warnings, conversions, json);
        let mut forwarded = Vec::new();
        self.middleware.frame(Frame::new(value), &mut |frame| forwarded.push(frame));
        for frame in forwarded {
            if self.rejection.is_some() {
                return;
            }
            let decoded = decode_lenient_value(frame.value());
            let enforced = judge(decoded, &|| Some(frame.event_type().to_owned()));
            let event = self.enforced(enforced, index).and_then(|event| self.of_its_era(event));
            let event = event.and_then(|event| self.expand(event));
            self.waiting.extend(event);
        }
    }

    fn enforced(&mut self, enforced: Result<Enforced, Rejection>, index: usize) -> Option<Event> {
        match enforced {
            Ok(Enforced { event, warnings }) => {
                warnings.into_iter().for_each(|warning| self.warnings.add(warning));
                event
            }
            Err(rejection) => {
                let event = rejection.event_type().map(str::to_owned);
                self.rejection = Some(rejection.of(index, event.as_deref()));
                None
            }
        }
    }

    /// What an event means of an agent that is known to be older.
    fn of_its_era(&mut self, event: Event) -> Option<Event> {
        let Some(era) = self.era else { return Some(event) };
        let kind = event.event_type();
        let (event, lost) = era.response(event);
        self.warnings.converted(WarningKind::Downgraded, lost, Some(kind.as_str()));
        event
    }

    fn expand(&mut self, event: Event) -> Option<Event> {
        if !self.expander.concerns(&event) {
            return Some(event);
        }
        match self.expander.expand(&event) {
            Ok(events) => self.waiting.extend(events.into_iter().map(std::borrow::Cow::into_owned)),
            Err(error) => {
                let rejection = Rejection::new(RejectionKind::Chunk, error.rule(), error.text());
                let id = event.message_id().or(event.tool_call_id());
                self.rejection = Some(self.located(rejection, &event).about(id));
            }
        }
        None
    }

    fn next_waiting(&mut self) -> Option<Event> {
        let event = self.waiting.pop_front()?;
        self.deliver(&event).then_some(event)
    }

    /// Verifies an event, and has it take effect. False if the stream is rejected.
    fn deliver(&mut self, event: &Event) -> bool {
        if let Err(violation) = self.verifier.check(event) {
            let rejection = Rejection::new(RejectionKind::Order, violation.rule(), violation.text());
            self.rejection = Some(self.located(rejection, event).about(violation.id()));
            self.waiting.clear();
            return false;
        }
        if let Err(error) = self.conversation.reduce(event) {
            let warning = Warning::new(WarningKind::NotApplied, error.rule(), error.text());
            self.warnings.add(warning.of(Some(event.event_type().as_str())));
        }
        self.runs.observe(event, &mut self.warnings);
        self.middleware.event(event);
        true
    }

    fn located(&self, rejection: Rejection, event: &Event) -> Rejection {
        rejection.of(self.index.saturating_sub(1), Some(event.event_type().as_str()))
    }

    #[cold]
    fn too_large(&mut self, error: &super::FrameTooLarge) -> Option<Event> {
        let rejection = Rejection::new(RejectionKind::Frame, "PROC-10", error.to_string());
        self.rejection = Some(rejection.of(self.index, None));
        None
    }
}

/// Takes what was read as something else (VER-20); the type is the one that was sent.
fn translated(warnings: &mut Warnings, conversions: Vec<Conversion>, json: &[u8]) {
    if !conversions.is_empty() {
        warnings.converted(WarningKind::Translated, conversions, type_of(json).as_deref());
    }
}
