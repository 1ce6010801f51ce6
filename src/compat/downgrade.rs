//! Events for front ends that do not know today's shapes.

use super::{Conversion, Declaration, Done, older};
use crate::reduce::Expander;
use agui_types::{Content, Event, RunErrorEvent, RunFinishedOutcome};
use std::borrow::Cow;
use std::collections::HashMap;

/// Which peers get events in an older shape (VER-13).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Downgrade {
    /// None: each is taken for a current one (VER-14). The default for runs in process.
    #[default]
    Never,
    /// Those whose run input declares no `protocolVersion`, or one before 1.0. The default for runs over HTTP:
    /// deployed front ends do not declare any, and reject the whole run for a shape that they do not know.
    Older,
    /// All.
    Always,
}

impl Downgrade {
    /// Whether a peer that declares this version gets an older shape.
    pub(crate) fn applies_to(self, version: Option<&str>) -> bool {
        match self {
            Self::Never => false,
            Self::Older => Declaration::of(version).is_older(),
            Self::Always => true,
        }
    }
}

/// Puts the events of a stream into the shapes that front ends from before 1.0 know, which end a run with an error
/// for others. One for each stream.
///
/// | today | then |
/// |---|---|
/// | outcome `cancelled` | `RUN_ERROR` with the code `cancelled`: they know no such outcome, and it must not read as a success (RUN-30) |
/// | `pendingToolCallIds` | left out; it follows from the stream (TOOL-25) |
/// | content parts of tools' results | their text (TOOL-14) |
/// | parts with a `file` source | left out |
/// | `SUBAGENT_*`, and the tags that go with them | left out: the parent agent speaks for all |
/// | chunks | what they stand for, since without tags it could not be told what they continue (CHK-8) |
/// | steps of one name, open for several owners | one step, as long as any of them is open |
/// | an echoed input without `tools` or `context` | with an empty list (VER-15) |
///
/// Everything else stays as it is, members that they do not know included, which they skip.
///
/// That a cancelled run ends with an error departs from VER-17, knowingly: the alternatives are a run that is
/// rejected and one that pretends to be complete.
#[derive(Debug, Clone, Default)]
pub struct Downgrader {
    chunks: Expander,
    /// For how many owners each step is open.
    steps: HashMap<String, usize>,
}

/// What an event became.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Downgraded {
    /// What to send in its place, in this order.
    pub events: Vec<Event>,
    /// What was done that lost something. Developers have to be warned (VER-19).
    pub conversions: Vec<Conversion>,
}

impl Downgrader {
    /// For a stream that begins.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// What becomes of the next event of the stream; `None` if it stays as it is.
    pub fn downgrade(&mut self, event: &Event) -> Option<Downgraded> {
        if !self.concerns(event) {
            return None;
        }
        // A chunk that belongs nowhere is for the client to refuse.
        let expanded = self.chunks.expand(event).unwrap_or_else(|_| vec![Cow::Borrowed(event)]);
        let (mut events, mut conversions) = (Vec::with_capacity(expanded.len()), Done::default());
        for one in expanded {
            let mut one = one.into_owned();
            if one.timestamp_mut().is_none() {
                *one.timestamp_mut() = event.timestamp();
            }
            events.extend(self.older(one, &mut conversions));
        }
        Some(Downgraded { events, conversions: conversions.0 })
    }

    fn concerns(&self, event: &Event) -> bool {
        let shape = match event {
            Event::MessagesSnapshot(_) | Event::StepStarted(_) | Event::StepFinished(_) => true,
            // What was open in the run before is not (RUN-23).
            Event::RunStarted(started) => started.input.is_some() || !self.steps.is_empty(),
            Event::RunFinished(finished) => finished.outcome.is_some(),
            Event::ToolCallResult(result) => !matches!(result.content, Content::Text(_)),
            _ => false,
        };
        shape || event.subagent_run_id().is_some() || self.chunks.concerns(event)
    }

    fn older(&mut self, event: Event, done: &mut Done) -> Option<Event> {
        let mut event = older::without_subagents(event, done)?;
        match &mut event {
            Event::RunStarted(started) => {
                self.steps.clear();
                if let Some(input) = &mut started.input {
                    older::complete(input);
                    older::messages("/input/messages", &mut input.messages, done);
                }
            }
            Event::RunFinished(finished) => match &mut finished.outcome {
                Some(RunFinishedOutcome::Cancelled(_)) => {
                    let what = "the outcome `cancelled` sent as RUN_ERROR";
                    done.push(Conversion::new("/outcome", what, "RUN-30").losing("that nothing failed"));
                    let mut error = RunErrorEvent::new("The run was cancelled.").code("cancelled");
                    error.usage = finished.usage.take();
                    error.metadata = finished.metadata.take();
                    error.raw_event = finished.raw_event.take();
                    error.timestamp = finished.timestamp;
                    return Some(error.into());
                }
                Some(RunFinishedOutcome::Success(success)) => success.pending_tool_call_ids = None,
                _ => {}
            },
            Event::MessagesSnapshot(snapshot) => older::messages("/messages", &mut snapshot.messages, done),
            Event::ToolCallResult(result) => {
                older::flatten_result("/content".to_owned(), &mut result.content, done);
            }
            Event::StepStarted(step) => {
                let open = self.steps.entry(step.step_name.clone()).or_default();
                *open += 1;
                if *open > 1 {
                    let what = "steps of one name sent as one";
                    done.push(Conversion::new("", what, "VER-19").losing("whose each is"));
                    return None;
                }
            }
            Event::StepFinished(step) => {
                if let Some(open) = self.steps.get_mut(&step.step_name) {
                    *open -= 1;
                    if *open > 0 {
                        return None;
                    }
                    self.steps.remove(&step.step_name);
                }
            }
            _ => {}
        }
        Some(event)
    }
}
