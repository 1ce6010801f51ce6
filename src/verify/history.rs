//! What a producer has to keep in mind beyond the run that is open: ids and what they stand for.
//!
//! It grows with the runs, messages, calls and activities of the stream and of the input. Consumers have
//! none of it.

use super::items::Traits;
use super::state::{Kind, Owner, RunState};
use super::violation::OrderViolation;
use super::{At, named};
use agui_types::{
    EventType, Message, Role, RunAgentInput, RunStartedEvent, TextMessageRole, ToolCallResultEvent,
};
use std::collections::{HashMap, HashSet};

type Result<T = ()> = std::result::Result<T, OrderViolation>;

#[derive(Debug, Clone, Default)]
pub(super) struct History {
    thread: Option<String>,
    /// The run that the input asked for.
    requested: Option<String>,
    /// Names of the tools that the application executes.
    frontend: HashSet<Box<str>>,
    /// The thread has earlier runs, which may have made activities: they are in no input (ACT-13).
    continued: bool,
    runs: HashSet<Box<str>>,
    messages: HashMap<Box<str>, Spoken>,
    calls: HashMap<Box<str>, Called>,
    /// Whose the calls are that named a message as theirs; it may be opened after them.
    carried: HashMap<Box<str>, Box<str>>,
}

/// A message, as it was first given.
#[derive(Debug, Clone)]
struct Spoken {
    role: &'static str,
    name: Option<Box<str>>,
    owner: Owner,
}

/// A tool call, as it was first given.
#[derive(Debug, Clone)]
struct Called {
    tool: Box<str>,
    parent: Option<Box<str>>,
    owner: Owner,
}

impl History {
    pub(super) fn of(input: &RunAgentInput) -> Self {
        let tools = input.tools.iter().flatten();
        let mut history = Self {
            thread: Some(input.thread_id.clone()),
            requested: Some(input.run_id.clone()),
            frontend: tools.map(|tool| tool.name.as_str().into()).collect(),
            continued: input.resume.is_some(),
            ..Self::default()
        };
        for message in &input.messages {
            history.continued |=
                matches!(message, Message::Assistant(_) | Message::Tool(_) | Message::Reasoning(_));
            history.restated(message);
        }
        history
    }

    pub(super) fn thread(&self) -> Option<&str> {
        self.thread.as_deref()
    }

    pub(super) fn judge_run(&self, event: &RunStartedEvent) -> Result {
        let about = |rule, id: &str, text| {
            Err(OrderViolation::new(rule, EventType::RunStarted, Some(id), format!("RUN_STARTED {text}")))
        };
        let (run, thread) = (&event.run_id, &event.thread_id);
        if let Some(ours) = self.thread.as_ref().filter(|ours| *ours != thread) {
            return about("RUN-5", thread, format!("for thread `{thread}` in a stream of thread `{ours}`"));
        }
        if self.runs.contains(run.as_str()) {
            return about("EVT-8", run, format!("for run `{run}`, which there was already"));
        }
        if event.protocol_version.is_none() {
            return about("RUN-9", run, format!("for run `{run}` without the producer's protocolVersion"));
        }
        Ok(())
    }

    pub(super) fn run_started(&mut self, event: &RunStartedEvent) {
        self.thread.get_or_insert_with(|| event.thread_id.clone());
        self.runs.insert(event.run_id.as_str().into());
        for message in event.input.iter().flat_map(|input| &input.messages) {
            if !self.messages.contains_key(message.id()) {
                self.restated(message);
            }
        }
    }

    /// The last run has to be the requested one.
    pub(super) fn judge_end(&self, last: &str) -> Result {
        match &self.requested {
            Some(requested) if requested != last => {
                let text = format!("the stream ended with run `{last}`, but `{requested}` was asked for");
                Err(OrderViolation::at_the_end("RUN-6", Some(last), text))
            }
            _ => Ok(()),
        }
    }

    pub(super) fn judge_opening(&self, at: At, kind: Kind, id: &str, traits: Traits) -> Result {
        match kind {
            Kind::Text => {
                self.judge_message(at, kind, id, traits.role().as_str(), traits.name)?;
                self.judge_carrier(at, id)
            }
            Kind::Reasoning => self.judge_message(at, kind, id, Role::Reasoning.as_str(), None),
            Kind::Call => self.judge_call(at, id, traits),
            Kind::Span => Ok(()),
        }
    }

    pub(super) fn opened(&mut self, kind: Kind, id: &str, traits: Traits, owner: Option<&str>) {
        match kind {
            Kind::Text => self.spoken(id, traits.role().as_str(), traits.name, owner),
            Kind::Reasoning => self.spoken(id, Role::Reasoning.as_str(), None, owner),
            Kind::Call if !self.calls.contains_key(id) => {
                // An untagged call goes with its message, whosever that will be (TOOL-2).
                if let (Some(parent), Some(owner)) = (traits.parent, owner) {
                    self.carried.entry(parent.into()).or_insert_with(|| owner.into());
                }
                let called = Called {
                    tool: traits.name.unwrap_or_default().into(),
                    parent: traits.parent.map(Box::from),
                    owner: owner.map(Box::from),
                };
                self.calls.insert(id.into(), called);
            }
            Kind::Call | Kind::Span => {}
        }
    }

    pub(super) fn judge_result(&self, at: At, event: &ToolCallResultEvent) -> Result {
        let (id, call) = (event.message_id.as_str(), event.tool_call_id.as_str());
        if let Some(tool) = self.frontend_tool(call) {
            let why = format!(" of `{tool}`, which is the application's to answer");
            return Err(at.breaks_rule("TOOL-20", Kind::Call, call, &why));
        }
        if self.messages.contains_key(id) {
            return Err(taken(at, "tool message", id));
        }
        Ok(())
    }

    pub(super) fn answered(&mut self, at: At, event: &ToolCallResultEvent) {
        self.spoken(&event.message_id, Role::Tool.as_str(), None, at.tag);
    }

    pub(super) fn judge_activity(&self, at: At, id: &str) -> Result {
        match self.messages.get(id) {
            Some(message) if message.role != Role::Activity.as_str() => Err(taken(at, "activity", id)),
            _ => Ok(()),
        }
    }

    pub(super) fn activity(&mut self, id: &str, owner: Option<&str>) {
        self.spoken(id, Role::Activity.as_str(), None, owner);
    }

    pub(super) fn judge_activity_delta(&self, at: At, id: &str) -> Result {
        match self.messages.get(id) {
            Some(message) if message.role == Role::Activity.as_str() => Ok(()),
            None if self.continued => Ok(()),
            _ => {
                let text = format!("{} for activity `{id}`, of which no snapshot was sent", at.event);
                Err(OrderViolation::new("ACT-8", at.event, Some(id), text))
            }
        }
    }

    pub(super) fn judge_snapshot(&self, at: At, messages: &[Message], run: &RunState) -> Result {
        let mut ids = HashSet::new();
        for message in messages {
            let known = self.messages.get(message.id());
            // To restate a message is to leave it of its kind.
            if !ids.insert(message.id()) || known.is_some_and(|known| !alike(known.role, message.tag())) {
                return Err(taken(at, &format!("{} message", message.tag()), message.id()));
            }
            if let Message::Tool(answer) = message
                && known.is_none()
                && run.started(&answer.tool_call_id)
                && let Some(tool) = self.frontend_tool(&answer.tool_call_id)
            {
                let why = format!(" of `{tool}` has a tool message, but it is the application's to answer");
                return Err(at.breaks_rule("TOOL-20", Kind::Call, &answer.tool_call_id, &why));
            }
        }
        Ok(())
    }

    /// A message of the input or of a snapshot, which replaces what was known under its id.
    pub(super) fn restated(&mut self, message: &Message) {
        let owner = message.subagent_run_id().map(AsRef::as_ref);
        self.messages.remove(message.id());
        self.spoken(message.id(), message.tag(), message.name(), owner);
        if let Message::Assistant(assistant) = message {
            for call in assistant.tool_calls.iter().flatten() {
                let called = Called {
                    tool: call.function.name.as_str().into(),
                    parent: Some(assistant.id.as_str().into()),
                    owner: owner.map(Box::from),
                };
                self.calls.insert(call.id.as_str().into(), called);
            }
        }
    }

    /// The name of the tool that a call is for, if the application executes it.
    pub(super) fn frontend_tool(&self, call: &str) -> Option<&str> {
        let tool = &*self.calls.get(call)?.tool;
        self.frontend.contains(tool).then_some(tool)
    }

    fn spoken(&mut self, id: &str, role: &'static str, name: Option<&str>, owner: Option<&str>) {
        if !self.messages.contains_key(id) {
            let spoken = Spoken { role, name: name.map(Box::from), owner: owner.map(Box::from) };
            self.messages.insert(id.into(), spoken);
        }
    }

    fn judge_message(&self, at: At, kind: Kind, id: &str, role: &'static str, name: Option<&str>) -> Result {
        let Some(known) = self.messages.get(id) else { return Ok(()) };
        if !alike(known.role, role) {
            return Err(taken(at, kind.noun(), id));
        }
        if known.role != role {
            let why = format!(" reopens it with role `{role}` instead of `{}`", known.role);
            return Err(at.breaks_rule("TXT-5", kind, id, &why));
        }
        if let Some(name) = name.filter(|name| known.name.as_deref() != Some(*name)) {
            let why = format!(" reopens it with another name, `{name}`");
            return Err(at.breaks_rule("TXT-5", kind, id, &why));
        }
        judge_owner(at, "TXT-5", kind, id, known.owner.as_deref())
    }

    /// A message that calls have named already belongs to whom they belong.
    fn judge_carrier(&self, at: At, id: &str) -> Result {
        let owner = self.messages.get(id).map_or(at.tag, |known| known.owner.as_deref());
        match self.carried.get(id) {
            Some(of_calls) if owner != Some(of_calls) => {
                let why = format!(" of {}, but it carries a call of {}", named(owner), named(Some(of_calls)));
                Err(at.breaks_rule("SUB-15", Kind::Text, id, &why))
            }
            _ => Ok(()),
        }
    }

    fn judge_call(&self, at: At, id: &str, traits: Traits) -> Result {
        // The message may be of an earlier run, or still to come.
        let of_parent = traits.parent.and_then(|parent| {
            let known = self.messages.get(parent).map(|known| known.owner.as_deref());
            known.or_else(|| self.carried.get(parent).map(|owner| Some(&**owner)))
        });
        if let Some(owner) = of_parent
            && at.tag.is_some()
            && at.tag != owner
        {
            let why = format!(" of {}, but its message is of {}", named(at.tag), named(owner));
            return Err(at.breaks_rule("SUB-15", Kind::Call, id, &why));
        }
        let Some(known) = self.calls.get(id) else { return Ok(()) };
        if let Some(tool) = traits.name.filter(|tool| **tool != *known.tool) {
            let why = format!(" reopens it for tool `{tool}` instead of `{}`", known.tool);
            return Err(at.breaks_rule("TOOL-7", Kind::Call, id, &why));
        }
        if let Some(parent) = traits.parent.filter(|parent| known.parent.as_deref() != Some(*parent)) {
            let why = format!(" reopens it under another message, `{parent}`");
            return Err(at.breaks_rule("TOOL-7", Kind::Call, id, &why));
        }
        judge_owner(at, "TOOL-7", Kind::Call, id, known.owner.as_deref())
    }
}

/// Who omits the tag when reopening leaves the owner as it is.
fn judge_owner(at: At, rule: &'static str, kind: Kind, id: &str, owner: Option<&str>) -> Result {
    if at.tag.is_some() && at.tag != owner {
        let why = format!(" of {} reopens what {} began", named(at.tag), named(owner));
        return Err(at.breaks_rule(rule, kind, id, &why));
    }
    Ok(())
}

/// Whether messages of these roles are of one kind: text messages may differ in role, others may not.
fn alike(one: &str, other: &str) -> bool {
    let text = |role| TextMessageRole::ALL.iter().any(|text| text.as_str() == role);
    one == other || (text(one) && text(other))
}

fn taken(at: At, noun: &str, id: &str) -> OrderViolation {
    let text = format!("{} for {noun} `{id}`, which is the id of another message", at.event);
    OrderViolation::new("EVT-9", at.event, Some(id), text)
}
