//! What two clients make of a stream.

use crate::support::peers::Peer;
use agui::RunAgentInput;
use agui::client::{Outcome, Pipeline, Rejection};
use serde_json::{Value, json};

/// A stream that is compared.
pub(super) struct Trial {
    pub(super) events: Vec<Value>,
    pub(super) ours: Ours,
    /// For which it was changed.
    pub(super) rules: Vec<&'static str>,
}

/// What becomes of a stream here.
#[derive(Clone, PartialEq)]
pub(super) struct Ours {
    /// Messages and state, up to where it is rejected.
    pub(super) made: Value,
    pub(super) rejection: Option<Rejection>,
}

impl Ours {
    pub(super) fn of(events: &[Value]) -> Self {
        let ours = Self::read(events);
        match &ours.rejection {
            // What an event gave before it was rejected does not count.
            Some(rejection) => Self { made: Self::read(&events[..rejection.index()]).made, ..ours },
            None => ours,
        }
    }

    fn read(events: &[Value]) -> Self {
        let mut pipeline = Pipeline::new(&RunAgentInput::new("thread", "run", vec![]));
        for event in events {
            pipeline.push(format!("data: {event}\n\n").as_bytes());
            while pipeline.next_event().is_some() {}
        }
        pipeline.end();
        while pipeline.next_event().is_some() {}
        let conversation = pipeline.conversation();
        let rejection = match pipeline.outcome() {
            Outcome::Rejected(rejection) => Some(rejection),
            _ => None,
        };
        Self {
            made: json!({ "messages": conversation.messages(), "state": conversation.state() }),
            rejection,
        }
    }
}

impl Trial {
    pub(super) fn of(events: Vec<Value>) -> Self {
        Self { ours: Ours::of(&events), events, rules: Vec::new() }
    }

    /// With other events, for a rule.
    pub(super) fn changed(&self, events: Vec<Value>, rule: &'static str) -> Self {
        let rules = self.rules.iter().copied().chain([rule]).collect();
        Self { rules, ..Self::of(events) }
    }

    pub(super) fn is_rejected(&self) -> bool {
        self.ours.rejection.is_some()
    }

    /// What the other client is asked about: the stream, or where it is rejected what comes before and that with the
    /// event that is rejected. Of what it rejects, the other client may not have applied what came before.
    fn asked(&self) -> Vec<&[Value]> {
        match &self.ours.rejection {
            Some(rejection) => vec![&self.events[..rejection.index()], &self.events[..=rejection.index()]],
            None => vec![&self.events],
        }
    }

    /// Whether messages and state are the same, and the same event is rejected, if one is.
    pub(super) fn agrees_with(&self, theirs: &[Value]) -> bool {
        let [accepted, rejected @ ..] = theirs else { return false };
        let same = ["messages", "state"].iter().all(|part| self.ours.made[part] == accepted[part]);
        same && accepted["failure"].is_null() && rejected.iter().all(|theirs| !theirs["failure"].is_null())
    }

    /// To find out what is different.
    pub(super) fn shown(&self, theirs: &[Value]) -> String {
        let Ours { made, rejection } = &self.ours;
        let theirs: String = theirs.iter().map(|theirs| format!("\ntheirs: {theirs}")).collect();
        let events: String = self.events.iter().map(|event| format!("\n  {event}")).collect();
        format!("changed for {:?}\nours: {made} {rejection:?}{theirs}{events}", self.rules)
    }
}

/// The trials, each with what the reference client makes of what it is asked.
pub(super) fn ask(node: &Peer, trials: Vec<Trial>) -> Vec<(Trial, Vec<Value>)> {
    if trials.is_empty() {
        return Vec::new();
    }
    let lines: String =
        trials.iter().flat_map(Trial::asked).map(|events| format!("{}\n", json!(events))).collect();
    let answers = node.run("reduce.mjs", &[], &lines);
    let mut answers = answers.as_array().unwrap().iter().cloned();
    let answered = trials.into_iter().map(|trial| {
        let theirs = answers.by_ref().take(trial.asked().len()).collect();
        (trial, theirs)
    });
    answered.collect()
}
