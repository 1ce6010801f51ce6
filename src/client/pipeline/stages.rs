//! What becomes of an event on its way to the application, stage by stage.

use crate::client::enforce::{Enforced, judge, type_of};
use crate::client::frames::FrameTooLarge;
use crate::client::middleware::{Frame, Middleware};
use crate::client::outcome::Outcome;
use crate::client::rejection::{Rejection, RejectionKind};
use crate::client::runs::Runs;
use crate::client::transport::TransportError;
use crate::client::warning::{Warning, WarningKind, Warnings};
use crate::compat::{Conversion, Era, Upgraded, Upgrader, decode_translated, is_suspect};
use crate::reduce::{Conversation, Expander};
use crate::verify::Verifier;
use agui_types::runtime::{Context, DecodeError, Lenient, Unknown, decode, decode_into, decode_lenient};
use agui_types::{Event, RunAgentInput};
use serde_json::Value;
use std::borrow::Cow;
use std::collections::VecDeque;

/// What the stages know.
#[derive(Debug)]
pub(super) struct Stages<M> {
    upgrader: Upgrader,
    pub(super) era: Option<Era>,
    pub(super) middleware: M,
    expander: Expander,
    verifier: Verifier,
    pub(super) conversation: Conversation,
    pub(super) runs: Runs,
    pub(super) warnings: Warnings,
    /// Expanded, not yet verified, each with the index of the event that it stands for.
    pub(super) waiting: VecDeque<(usize, Event)>,
    pub(super) rejection: Option<Rejection>,
    pub(super) failure: Option<TransportError>,
    pub(super) aborted: bool,
    /// The bytes ended inside an event.
    torn: bool,
    /// How many events came.
    count: usize,
    /// The index of the event that is looked at.
    at: usize,
}

impl<M: Middleware> Stages<M> {
    pub(super) fn new(input: &RunAgentInput, conversation: Conversation, middleware: M) -> Self {
        Self {
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
            count: 0,
            at: 0,
        }
    }

    pub(super) fn is_over(&self) -> bool {
        self.rejection.is_some() || self.aborted || self.torn
    }

    pub(super) fn outcome(&self) -> Outcome {
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

    /// Takes the next event as it came. If it stands for itself it is what comes next; otherwise what it stands for waits.
    ///
    /// Events are large, and most are just what they are: they stay in their place and are not handed around.
    pub(super) fn take_json(&mut self, json: &[u8], next: &mut Option<Event>) {
        self.at = self.count;
        self.count += 1;
        if self.middleware.wants_frames() {
            return self.through_middleware(json);
        }
        let mut context = Context::new(Unknown::Report);
        let decoded = decode_into(json, &mut context, next);
        if decoded.is_err() || !context.is_clean() {
            let decoded = decoded.map(|()| Lenient::of(next.take(), context));
            *next = self.unusual(decoded, json);
        }
        if next.as_ref().is_some_and(|event| self.era.is_some() || self.expander.concerns(event)) {
            *next = next.take().and_then(|event| self.expand(event));
        }
    }

    /// An event of which something is removed or translated, or which is malformed.
    #[cold]
    fn unusual(&mut self, decoded: Result<Lenient<Event>, DecodeError>, json: &[u8]) -> Option<Event> {
        let (decoded, translated) = match self.upgrader.decoded(decoded, json) {
            Ok(Upgraded { decoded, conversions, .. }) => (Ok(decoded), translated(conversions, json)),
            Err(error) => (Err(error), Vec::new()),
        };
        let enforced = judge(decoded, &|| type_of(json));
        self.enforced(enforced.map(|enforced| enforced.behind(translated)))
    }

    /// What no empty line ended is no event of its own if it breaks off.
    pub(super) fn take_last(&mut self, json: &[u8], next: &mut Option<Event>) {
        match serde_json::from_slice::<serde::de::IgnoredAny>(json) {
            Ok(_) => self.take_json(json, next),
            Err(_) => self.torn = true,
        }
    }

    /// Shows an event to the middleware. It is judged by its bytes all the same, unless it is changed: they tell more
    /// than a document does, such as that a member is there twice (PROC-15).
    fn through_middleware(&mut self, json: &[u8]) {
        let mut decoded = decode_lenient::<Event>(json);
        let mut shown = shown(json, &decoded);
        let mut conversions = Vec::new();
        let suspect = is_suspect(&decoded);
        if let Some(shown) = shown.as_mut().filter(|_| suspect || decoded.is_err()) {
            conversions = self.upgrader.upgrade(shown);
            if suspect && !conversions.is_empty() {
                decoded = decode_translated(json, shown);
            }
        }
        // No middleware can mend what it cannot see.
        let hidden = decoded.is_err() && decode::<Value>(json).is_err();
        let judged = judge(decoded, &|| type_of(json));
        let Some(shown) = shown.filter(|_| !hidden) else { return self.onward(judged) };
        let frame = Frame::judged(shown, judged, self.at, translated(conversions, json));
        let mut forwarded = Vec::new();
        self.middleware.frame(frame, &mut |frame| forwarded.push(frame));
        for frame in forwarded {
            if self.rejection.is_some() {
                return;
            }
            self.at = frame.index().unwrap_or(self.count - 1);
            self.onward(frame.enforce());
        }
    }

    fn onward(&mut self, enforced: Result<Enforced, Rejection>) {
        let event = self.enforced(enforced).and_then(|event| self.expand(event));
        self.waits(event);
    }

    fn enforced(&mut self, enforced: Result<Enforced, Rejection>) -> Option<Event> {
        match enforced {
            Ok(Enforced { event, warnings }) => {
                warnings.into_iter().for_each(|warning| self.warnings.add(warning));
                event
            }
            Err(rejection) => {
                let event = rejection.event_type().map(str::to_owned);
                self.rejection = Some(rejection.of(self.at, event.as_deref()));
                None
            }
        }
    }

    /// What an event means of an agent of its era, which waits if it is more than one event.
    fn expand(&mut self, event: Event) -> Option<Event> {
        let event = self.warnings.of_its_era(self.era, event)?;
        if !self.expander.concerns(&event) {
            return Some(event);
        }
        match self.expander.expand(&event) {
            Ok(events) => self.waits(events.into_iter().map(Cow::into_owned)),
            Err(error) => {
                let rejection = Rejection::new(RejectionKind::Chunk, error.rule(), error.text());
                let id = event.message_id().or(event.tool_call_id());
                self.rejection = Some(self.located(rejection, &event).about(id));
            }
        }
        None
    }

    /// Takes events that the one that is looked at stands for.
    pub(super) fn waits(&mut self, events: impl IntoIterator<Item = Event>) {
        self.waiting.extend(events.into_iter().map(|event| (self.at, event)));
    }

    /// The next event that waits.
    pub(super) fn next_waiting(&mut self) -> Option<Event> {
        let (at, event) = self.waiting.pop_front()?;
        self.at = at;
        Some(event)
    }

    /// Verifies an event, and has it take effect. False if the stream is rejected.
    pub(super) fn deliver(&mut self, event: &Event) -> bool {
        if let Err(violation) = self.verifier.check(event) {
            let rejection = Rejection::new(RejectionKind::Order, violation.rule(), violation.text());
            self.rejection = Some(self.located(rejection, event).about(violation.id()));
            self.waiting.clear();
            return false;
        }
        if let Err(error) = self.conversation.reduce(event) {
            let kind = if error.is_applied() { WarningKind::Inconsistent } else { WarningKind::NotApplied };
            let warning = Warning::new(kind, error.rule(), error.text());
            self.warnings.add(warning.of(Some(event.event_type().as_str())));
        }
        self.runs.observe(event, &mut self.warnings);
        self.middleware.event(event);
        true
    }

    fn located(&self, rejection: Rejection, event: &Event) -> Rejection {
        rejection.of(self.at, Some(event.event_type().as_str()))
    }

    #[cold]
    pub(super) fn too_large(&mut self, error: &FrameTooLarge) {
        let rejection = Rejection::new(RejectionKind::Frame, "PROC-10", error.to_string());
        self.rejection = Some(rejection.of(self.count, None));
    }
}

/// What middleware is shown of an event: without what no document can hold, such as a number without bounds, provided that
/// there is something left then.
fn shown(json: &[u8], decoded: &Result<Lenient<Event>, DecodeError>) -> Option<Value> {
    serde_json::from_slice(json).ok().or_else(|| {
        let event = decoded.as_ref().ok()?.value.as_ref()?;
        serde_json::to_value(event).ok()
    })
}

/// What was read as something else (VER-20); the type is the one that was sent.
fn translated(conversions: Vec<Conversion>, json: &[u8]) -> Vec<Warning> {
    if conversions.is_empty() {
        return Vec::new();
    }
    let event = type_of(json);
    let warning = |conversion| Warning::converted(WarningKind::Translated, conversion, event.as_deref());
    conversions.into_iter().map(warning).collect()
}
