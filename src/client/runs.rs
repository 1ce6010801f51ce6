//! What a stream says about its runs.
//!
//! Ids that contradict each other or the input (RUN-4, RUN-5, RUN-6) and two questions of one id (INT-2) are warned of, and the
//! stream is read on. They are faults of producers; where consumers have to reject a stream, a rule says so (RUN-2, RUN-12).
//! The reference client takes them without a word, and agents in use end runs under ids of their own, so whoever rejects
//! them loses answers that are whole. Nothing is left in doubt by them either: a run has the id with which it began, the
//! thread keeps its own, and of two questions the first is asked, since no answer could tell them apart.

use super::outcome::{Outcome, RunReport, Truncation, listed};
use super::warning::{Warning, WarningKind, Warnings};
use crate::compat::Declaration;
use agui_types::{
    Event, PROTOCOL_VERSION, RunErrorEvent, RunFinishedEvent, RunFinishedOutcome, RunStartedEvent,
};
use std::collections::HashSet;

/// Follows the runs of one stream (RUN-20).
#[derive(Debug, Clone, Default)]
pub(super) struct Runs {
    /// Those that have ended.
    ended: Vec<RunReport>,
    open: Option<Open>,
    /// What was asked for: thread and run.
    asked: Option<(String, String)>,
}

#[derive(Debug, Clone)]
struct Open {
    thread_id: String,
    run_id: String,
    protocol_version: Option<String>,
    /// Calls that began in this run, in order and as a set, and those that were answered in it.
    called: Vec<String>,
    known: HashSet<String>,
    answered: HashSet<String>,
}

impl Runs {
    pub(super) fn asked(thread_id: &str, run_id: &str) -> Self {
        Self { asked: Some((thread_id.to_owned(), run_id.to_owned())), ..Self::default() }
    }

    /// Takes the next event of a stream whose order was verified.
    pub(super) fn observe(&mut self, event: &Event, warnings: &mut Warnings) {
        match event {
            Event::ToolCallStart(start) => {
                if let Some(run) = &mut self.open
                    && run.known.insert(start.tool_call_id.clone())
                {
                    run.called.push(start.tool_call_id.clone());
                }
            }
            Event::ToolCallResult(result) => {
                if let Some(run) = &mut self.open {
                    run.answered.insert(result.tool_call_id.clone());
                }
            }
            Event::RunStarted(started) => self.started(started, warnings),
            Event::RunFinished(finished) => self.finished(finished, warnings),
            Event::RunError(error) => self.failed(error),
            _ => {}
        }
    }

    /// Those that have ended.
    pub(super) fn ended(&self) -> &[RunReport] {
        &self.ended
    }

    pub(super) fn into_ended(self) -> Vec<RunReport> {
        self.ended
    }

    /// Whether the stream, now that it is over, is so too early. `cut`: it did not end by itself.
    pub(super) fn is_truncated(&self, cut: bool) -> bool {
        match self.ended.last() {
            _ if self.open.is_some() => true,
            Some(last) => cut && !matches!(last.outcome, Outcome::Failed(_)) && self.lacks_asked(),
            None => true,
        }
    }

    /// How far a stream came that is over too early.
    pub(super) fn truncation(&self, aborted: bool) -> Truncation {
        let run_id = self.open.as_ref().map(|open| open.run_id.clone());
        let last_ended = self.ended.last().map(|run| run.run_id.clone());
        Truncation { run_id, last_ended, aborted }
    }

    /// What ended is restated; the run that was asked for would have come after it (RUN-7).
    fn lacks_asked(&self) -> bool {
        let asked = self.asked.as_ref();
        asked.is_some_and(|(_, asked)| self.ended.iter().all(|run| run.run_id != *asked))
    }

    /// Ends the run that is open by something else than its end.
    pub(super) fn broken_off(&mut self, outcome: &Outcome) {
        if let Some(open) = self.open.take() {
            self.end(open.run_id, open.protocol_version, outcome.clone(), None);
        }
    }

    /// RUN-6, RUN-7: the requested run is the last one.
    pub(super) fn judge_last(&self, warnings: &mut Warnings) {
        if let (Some((_, asked)), Some(last)) = (&self.asked, self.ended.last())
            && !last.run_id.is_empty()
            && last.run_id != *asked
        {
            let text = format!("the last run is `{}`, while run `{asked}` was asked for", last.run_id);
            warnings.add(Warning::new(WarningKind::Inconsistent, "RUN-6", text));
        }
    }

    fn started(&mut self, event: &RunStartedEvent, warnings: &mut Warnings) {
        if let Some(warning) = unfamiliar_version(event) {
            warnings.add(warning);
        }
        if let Some((asked, _)) = &self.asked
            && event.thread_id != *asked
        {
            let text = format!("a run of thread `{}`, while thread `{asked}` was asked for", event.thread_id);
            warnings.add(Warning::new(WarningKind::Inconsistent, "RUN-5", text).of(Some("RUN_STARTED")));
        }
        self.open = Some(Open {
            thread_id: event.thread_id.clone(),
            run_id: event.run_id.clone(),
            protocol_version: event.protocol_version.clone(),
            called: Vec::new(),
            known: HashSet::new(),
            answered: HashSet::new(),
        });
    }

    fn finished(&mut self, event: &RunFinishedEvent, warnings: &mut Warnings) {
        let Some(open) = self.open.take() else { return };
        let mut inconsistent = |rule, text: String| {
            warnings.add(Warning::new(WarningKind::Inconsistent, rule, text).of(Some("RUN_FINISHED")));
        };
        if event.run_id != open.run_id {
            inconsistent("RUN-4", format!("ends run `{}`, while `{}` is open", event.run_id, open.run_id));
        } else if event.thread_id != open.thread_id {
            let text =
                format!("is about thread `{}`, while its run is of `{}`", event.thread_id, open.thread_id);
            inconsistent("RUN-5", text);
        }
        let Open { run_id, protocol_version, called, answered, .. } = open;
        let mut calls: Vec<_> = called.into_iter().filter(|call| !answered.contains(call)).collect();
        let result = event.result.clone();
        let outcome = match &event.outcome {
            Some(RunFinishedOutcome::Interrupt(outcome)) => {
                let mut ids = HashSet::new();
                let mut interrupts = Vec::new();
                for interrupt in &outcome.interrupts {
                    if ids.insert(&interrupt.id) {
                        interrupts.push(interrupt.clone());
                    } else {
                        inconsistent("INT-2", format!("has two interrupts `{}`", interrupt.id));
                    }
                }
                Outcome::Interrupted { interrupts, calls }
            }
            Some(RunFinishedOutcome::Cancelled(_)) => Outcome::Cancelled,
            outcome => {
                let listed_calls = match outcome {
                    Some(RunFinishedOutcome::Success(success)) => success.pending_tool_call_ids.as_deref(),
                    _ => None,
                };
                // An empty list says nothing (TOOL-25); one that is there is what the agent waits for.
                if let Some(list) = listed_calls.filter(|list| !list.is_empty()) {
                    let left: HashSet<_> = calls.iter().collect();
                    if list.len() != left.len() || list.iter().collect::<HashSet<_>>() != left {
                        let text = format!(
                            "lists {} as pending; the stream leaves {}",
                            listed(list),
                            listed(&calls)
                        );
                        inconsistent("TOOL-24", text);
                    }
                    calls = list.to_vec();
                }
                if calls.is_empty() {
                    Outcome::Success { result }
                } else {
                    Outcome::Pending { calls, result }
                }
            }
        };
        self.end(run_id, protocol_version, outcome, event.usage.as_deref());
    }

    fn failed(&mut self, event: &RunErrorEvent) {
        let outcome = Outcome::Failed(event.clone());
        match (self.open.take(), self.ended.last_mut()) {
            (Some(open), _) => {
                self.end(open.run_id, open.protocol_version, outcome, event.usage.as_deref());
            }
            // What had ended failed after all (RUN-19).
            (None, Some(last)) => {
                last.outcome = outcome;
                last.usage.extend(event.usage.iter().flatten().cloned());
            }
            (None, None) => self.end(String::new(), None, outcome, event.usage.as_deref()),
        }
    }

    fn end(
        &mut self,
        run_id: String,
        protocol_version: Option<String>,
        outcome: Outcome,
        usage: Option<&[agui_types::TokenUsage]>,
    ) {
        let usage = usage.unwrap_or_default().to_vec();
        self.ended.push(RunReport { run_id, protocol_version, outcome, usage });
    }
}

/// What to say about a version that is not one of ours (VER-5, VER-8).
pub(super) fn unfamiliar_version(event: &RunStartedEvent) -> Option<Warning> {
    let declared = event.protocol_version.as_deref()?;
    let (rule, text) = match Declaration::of(Some(declared)) {
        Declaration::Newer => {
            ("VER-8", format!("the agent speaks {declared}, newer than {PROTOCOL_VERSION}"))
        }
        Declaration::Unreadable => ("VER-5", format!("the agent speaks `{declared}`, which is no version")),
        _ => return None,
    };
    Some(Warning::new(WarningKind::Version, rule, text).of(Some("RUN_STARTED")))
}
