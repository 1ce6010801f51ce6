//! What came of a turn.

use crate::client::outcome::{Outcome, RunReport};
use crate::client::unsent::Unsent;
use crate::client::warning::Warnings;
use crate::content;
use agui_types::{Content, Message, TokenUsage};
use std::fmt;

/// What came of a turn: how it ended, and what it brought.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Report {
    /// How the last run ended.
    pub outcome: Outcome,
    /// Whether the turn had all the runs that it may have ([`most_runs`](crate::client::Thread::most_runs)): tools that
    /// would have run otherwise have not, and [`Thread::proceed`](crate::client::Thread::proceed) has them run. The outcome
    /// is [pending](Outcome::Pending) then.
    pub limited: bool,
    /// All runs, in order: more than one if tools of the application were called, or the agent replayed earlier ones.
    pub runs: Vec<RunReport>,
    /// The messages that are new since the turn began, as they are at its end, what was sent included.
    pub messages: Vec<Message>,
    /// What was out of the ordinary.
    pub warnings: Warnings,
}

impl Report {
    /// What the agent said: the text of all new messages of it, which line breaks separate.
    #[must_use]
    pub fn text(&self) -> String {
        let texts = self.messages.iter().filter_map(|message| match message {
            Message::Assistant(message) => message.content.as_deref().filter(|text| !text.is_empty()),
            _ => None,
        });
        texts.collect::<Vec<_>>().join("\n")
    }

    /// The results of tool calls, by the ids of the calls, as text.
    pub fn tool_results(&self) -> impl Iterator<Item = (&str, String)> {
        self.messages.iter().filter_map(|message| match message {
            Message::Tool(answer) => Some((&*answer.tool_call_id, text(&answer.content))),
            _ => None,
        })
    }

    /// What all runs say that they used.
    pub fn usage(&self) -> impl Iterator<Item = &TokenUsage> {
        self.runs.iter().flat_map(|run| &run.usage)
    }
}

fn text(content: &Content) -> String {
    content::text(content, "\n")
}

/// A turn that did not come to an end in order.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum TurnError {
    /// Nothing was sent.
    Unsent(Unsent),
    /// A run [failed](Outcome::is_failure), by whatever fault. What came before is in the report and the thread
    /// (RUN-27).
    Failed(Box<Report>),
}

impl TurnError {
    /// How the turn ended, if it began.
    #[must_use]
    pub fn outcome(&self) -> Option<&Outcome> {
        match self {
            Self::Unsent(_) => None,
            Self::Failed(report) => Some(&report.outcome),
        }
    }
}

impl fmt::Display for TurnError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unsent(unsent) => unsent.fmt(f),
            Self::Failed(report) => report.outcome.fmt(f),
        }
    }
}

impl std::error::Error for TurnError {}
