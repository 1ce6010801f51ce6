//! What a run sent, to be looked at.

use super::show;
use crate::content;
use crate::error::Result;
use crate::reduce::Conversation;
use crate::run::RunRequest;
use crate::run::state::read;
use crate::tool::arguments::Reader;
use crate::tool::{FrontendTool, ToolSpec};
use crate::typed::{FromCustom, ReadCustom};
use crate::verify::Verifier;
use agui_types::{
    Content, Event, Interrupt, Message, ResumeEntry, ResumeEntryStatus, RunErrorEvent, RunFinishedOutcome,
    ToolMessage,
};
use serde::de::DeserializeOwned;
use serde::{Serialize, Serializer};
use serde_json::Value;
use std::fmt;

/// All events of a run, in order.
#[derive(Clone)]
pub struct Recording {
    request: RunRequest,
    events: Vec<Event>,
}

// Nothing here is changed after it was recorded, so a test may look at it after a panic.
impl std::panic::UnwindSafe for Recording {}
impl std::panic::RefUnwindSafe for Recording {}

/// Of the events alone.
impl PartialEq for Recording {
    fn eq(&self, other: &Self) -> bool {
        self.events == other.events
    }
}

/// A tool call of a recording.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct RecordedCall {
    /// Its id.
    pub id: String,
    /// The tool.
    pub name: String,
    /// The arguments, all pieces of them together.
    pub arguments: String,
    /// The result, if it came in this run.
    pub result: Option<Content>,
}

impl RecordedCall {
    /// The text of the result; empty without any.
    #[must_use]
    pub fn result_text(&self) -> String {
        self.result.as_ref().map(|content| content::text(content, "\n")).unwrap_or_default()
    }
}

impl Recording {
    /// All events.
    #[must_use]
    pub fn events(&self) -> &[Event] {
        &self.events
    }

    /// What the agent said: the text of all messages, which line breaks separate.
    #[must_use]
    pub fn text(&self) -> String {
        let mut messages: Vec<(&str, String)> = Vec::new();
        for event in &self.events {
            let (id, delta) = match event {
                Event::TextMessageStart(start) => (&*start.message_id, ""),
                Event::TextMessageContent(content) => (&*content.message_id, &*content.delta),
                Event::TextMessageChunk(chunk) => {
                    let id = chunk.message_id.as_deref().or(messages.last().map(|(id, _)| *id));
                    (id.unwrap_or_default(), chunk.delta.as_deref().unwrap_or_default())
                }
                _ => continue,
            };
            match messages.iter_mut().find(|(known, _)| *known == id) {
                Some((_, text)) => text.push_str(delta),
                None => messages.push((id, delta.to_owned())),
            }
        }
        messages.into_iter().map(|(_, text)| text).collect::<Vec<_>>().join("\n")
    }

    /// All tool calls, in the order in which they began.
    #[must_use]
    pub fn tool_calls(&self) -> Vec<RecordedCall> {
        let mut calls: Vec<RecordedCall> = Vec::new();
        for event in &self.events {
            match event {
                // A call that is opened again goes on (TOOL-6).
                Event::ToolCallStart(start) if calls.iter().any(|call| call.id == start.tool_call_id) => {}
                Event::ToolCallStart(start) => calls.push(RecordedCall {
                    id: start.tool_call_id.clone(),
                    name: start.tool_call_name.clone(),
                    arguments: String::new(),
                    result: None,
                }),
                Event::ToolCallArgs(args) => {
                    let call = calls.iter_mut().rev().find(|call| call.id == args.tool_call_id);
                    call.into_iter().for_each(|call| call.arguments.push_str(&args.delta));
                }
                Event::ToolCallChunk(chunk) => {
                    if let (Some(id), Some(name)) = (&chunk.tool_call_id, &chunk.tool_call_name)
                        && calls.iter().all(|call| call.id != *id)
                    {
                        let (id, name) = (id.clone(), name.clone());
                        calls.push(RecordedCall { id, name, arguments: String::new(), result: None });
                    }
                    let call = calls
                        .iter_mut()
                        .rev()
                        .find(|call| chunk.tool_call_id.as_ref().is_none_or(|id| call.id == *id));
                    let delta = chunk.delta.as_deref().unwrap_or_default();
                    call.into_iter().for_each(|call| call.arguments.push_str(delta));
                }
                Event::ToolCallResult(result) => {
                    let call = calls.iter_mut().rev().find(|call| call.id == result.tool_call_id);
                    call.into_iter().for_each(|call| call.result = Some(result.content.clone()));
                }
                _ => {}
            }
        }
        calls
    }

    /// The arguments of all calls of a tool.
    ///
    /// # Panics
    ///
    /// When those of a call do not fit.
    #[must_use]
    #[track_caller]
    pub fn calls_of<T: ToolSpec>(&self) -> Vec<T> {
        let reader = Reader::<T>::new();
        let calls = self.tool_calls().into_iter().filter(|call| call.name == T::NAME);
        calls
            .map(|call| {
                reader.read(&call.arguments).unwrap_or_else(|error| {
                    let what = format!("the arguments of call `{}` are no `{}`: {error}", call.id, T::NAME);
                    self.fail(&what, self.index_of(|event| starts(event, &call.id)))
                })
            })
            .collect()
    }

    /// The payloads of all custom events of a type.
    ///
    /// # Panics
    ///
    /// When one does not fit.
    #[must_use]
    #[track_caller]
    pub fn custom<T: FromCustom>(&self) -> Vec<T> {
        let events = self.events.iter().enumerate();
        let payloads = events.filter_map(|(index, event)| Some((index, event.custom::<T>()?)));
        payloads
            .map(|(index, payload)| {
                payload.unwrap_or_else(|error| self.fail(&error.to_string(), Some(index)))
            })
            .collect()
    }

    /// The shared state after the run.
    ///
    /// # Panics
    ///
    /// When it does not fit the type, or a delta does not apply to the state before it.
    #[must_use]
    #[track_caller]
    pub fn state<S: DeserializeOwned>(&self) -> S {
        let stated = |event: &Event| matches!(event, Event::StateSnapshot(_) | Event::StateDelta(_));
        let known = self.request.input().state.is_some() || self.events.iter().any(stated);
        let conversation = self.conversation();
        read(Some(conversation.state()).filter(|_| known))
            .unwrap_or_else(|error| self.fail(&error.to_string(), None))
    }

    /// The messages after the run: those of its input, and what it made of them.
    ///
    /// # Panics
    ///
    /// When an event has no effect, such as a delta that does not apply.
    #[must_use]
    #[track_caller]
    pub fn messages(&self) -> Vec<Message> {
        self.conversation().into_parts().0
    }

    #[track_caller]
    fn conversation(&self) -> Conversation {
        let mut conversation = Conversation::of(self.request.input());
        for (index, event) in self.events.iter().enumerate() {
            if let Err(error) = conversation.apply(event)
                && !error.is_applied()
            {
                self.fail(&error.to_string(), Some(index));
            }
        }
        conversation
    }

    /// What the run ended with; `None` if it failed, or succeeded without saying more (RUN-13).
    #[must_use]
    pub fn outcome(&self) -> Option<&RunFinishedOutcome> {
        match self.events.last() {
            Some(Event::RunFinished(finished)) => finished.outcome.as_ref(),
            _ => None,
        }
    }

    /// The return value of the run.
    #[must_use]
    pub fn result(&self) -> Option<&Value> {
        match self.events.last() {
            Some(Event::RunFinished(finished)) => finished.result.as_ref(),
            _ => None,
        }
    }

    /// Why the run failed, if it did.
    #[must_use]
    pub fn error(&self) -> Option<&RunErrorEvent> {
        match self.events.last() {
            Some(Event::RunError(error)) => Some(error),
            _ => None,
        }
    }

    /// Whether the run succeeded, perhaps with calls left to the application.
    #[must_use]
    pub fn is_success(&self) -> bool {
        matches!(self.events.last(), Some(Event::RunFinished(_)))
            && matches!(self.outcome(), None | Some(RunFinishedOutcome::Success(_)))
    }

    /// The calls of a tool that the application is to answer.
    #[must_use]
    #[track_caller]
    pub fn pending<T: FrontendTool>(&self) -> Vec<T> {
        self.calls_of()
    }

    /// The request that continues the conversation: what this run added to it, the state as it is now, and a result
    /// for every call that it left to the application (TOOL-26, STATE-13). What the run was given beside its input
    /// is given again.
    ///
    /// # Errors
    ///
    /// When the result has no JSON form.
    ///
    /// # Panics
    ///
    /// As [`Recording::messages`].
    pub fn answer(&self, result: impl Serialize) -> Result<RunRequest> {
        let text = match serde_json::to_value(result)? {
            Value::String(text) => text,
            other => other.to_string(),
        };
        let mut request = self.next();
        let input = request.input_mut();
        let pending = self.tool_calls().into_iter().filter(|call| call.result.is_none());
        for (index, call) in pending.enumerate() {
            let id = format!("{}-answer-{index}", self.request.input().run_id);
            input.messages.push(ToolMessage::new(id, &*text, call.id).into());
        }
        Ok(request)
    }

    /// What the run asked before it can go on; empty if it did not end with questions.
    #[must_use]
    pub fn interrupts(&self) -> &[Interrupt] {
        match self.outcome() {
            Some(RunFinishedOutcome::Interrupt(outcome)) => &outcome.interrupts,
            _ => &[],
        }
    }

    /// The request that continues the conversation as [`Recording::answer`] does, with an answer to every question of
    /// this run (INT-14).
    ///
    /// # Errors
    ///
    /// When the answer has no JSON form.
    ///
    /// # Panics
    ///
    /// As [`Recording::messages`].
    pub fn resume(&self, answer: impl Serialize) -> Result<RunRequest> {
        let answer = serde_json::to_value(answer)?;
        let resolved = |interrupt: &Interrupt| {
            ResumeEntry::new(&*interrupt.id, ResumeEntryStatus::Resolved).payload(answer.clone())
        };
        let mut request = self.next();
        request.input_mut().resume = Some(self.interrupts().iter().map(resolved).collect());
        Ok(request)
    }

    /// The next run, with nothing new to it.
    #[track_caller]
    fn next(&self) -> RunRequest {
        let mut request = self.request.clone();
        let (messages, state) = self.conversation().into_parts();
        let input = request.input_mut();
        (input.messages, input.state, input.resume) = (messages, Some(state), None);
        input.run_id = format!("{}-next", input.run_id);
        request
    }

    pub(super) fn new(request: RunRequest, events: Vec<Event>) -> Self {
        Self { request, events }
    }

    /// The recording, if it keeps to the protocol's order.
    pub(super) fn checked(self) -> Self {
        let mut verifier = Verifier::producer_for(self.request.input());
        for (index, event) in self.events.iter().enumerate() {
            if let Err(violation) = verifier.check(event) {
                self.fail(&violation.to_string(), Some(index));
            }
        }
        if let Err(violation) = verifier.finish() {
            self.fail(&violation.to_string(), None);
        }
        self
    }

    fn index_of(&self, matches: impl Fn(&Event) -> bool) -> Option<usize> {
        self.events.iter().position(matches)
    }

    #[allow(clippy::panic, reason = "documented where it is called; that is how tests fail")]
    #[track_caller]
    fn fail(&self, what: &str, marked: Option<usize>) -> ! {
        panic!("{what}\n\n{}", Marked { recording: self, marked })
    }
}

fn starts(event: &Event, id: &str) -> bool {
    matches!(event, Event::ToolCallStart(start) if start.tool_call_id == id)
}

struct Marked<'r> {
    recording: &'r Recording,
    marked: Option<usize>,
}

impl fmt::Display for Marked<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        show::stream(&self.recording.events, self.marked, f)
    }
}

/// The stream in readable form, a line an event.
impl fmt::Debug for Recording {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        show::stream(&self.events, None, f)
    }
}

/// The events as they were sent.
impl Serialize for Recording {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.events.serialize(serializer)
    }
}
