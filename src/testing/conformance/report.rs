//! What was found out about a server.

use serde::Serialize;
use serde_json::Value;
use std::fmt;

/// What a server was asked, and how it did.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Report {
    /// The server.
    pub target: String,
    /// Everything that was looked at, in the order of the tables.
    pub checks: Vec<Check>,
}

/// One rule, as far as it can be seen from outside.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Check {
    /// The rule, such as `RUN-9`; `HTTP` for customs of the web that are none of the protocol's.
    pub rule: &'static str,
    /// Whether it has to hold.
    pub level: Level,
    /// What has to hold.
    pub what: String,
    /// Whether it does.
    pub verdict: Verdict,
    /// Why not: the first occurrences.
    pub evidence: Vec<Evidence>,
}

/// How much a rule matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum Level {
    /// A server that breaks it does not conform.
    Must,
    /// It is worth a note.
    Should,
}

/// What became of a check.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum Verdict {
    /// It holds, as far as the answers show.
    Passed,
    /// It does not.
    Failed,
    /// The server gave no occasion.
    NotApplicable,
}

/// What shows that a rule is broken.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Evidence {
    /// What the server was asked.
    pub asked: String,
    /// What is wrong with the answer.
    pub found: String,
    /// Which event of the stream it is, from 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub index: Option<usize>,
    /// That event, or its text if it is no JSON.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub event: Option<Value>,
}

impl Report {
    /// Whether no rule is broken that has to hold.
    #[must_use]
    pub fn is_conformant(&self) -> bool {
        self.broken().next().is_none()
    }

    /// The rules that are broken and have to hold.
    pub fn broken(&self) -> impl Iterator<Item = &Check> {
        self.failed(Level::Must)
    }

    /// What is worth a note.
    pub fn notes(&self) -> impl Iterator<Item = &Check> {
        self.failed(Level::Should)
    }

    fn failed(&self, level: Level) -> impl Iterator<Item = &Check> {
        self.checks.iter().filter(move |check| check.verdict == Verdict::Failed && check.level == level)
    }

    fn count(&self, verdict: Verdict) -> usize {
        self.checks.iter().filter(|check| check.verdict == verdict).count()
    }
}

/// For people: a line a check, and below those that failed what shows it.
impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for check in &self.checks {
            check.fmt(f)?;
        }
        write!(
            f,
            "\n{}: {} passed, {} broken, {} notes, {} not applicable",
            self.target,
            self.count(Verdict::Passed),
            self.broken().count(),
            self.notes().count(),
            self.count(Verdict::NotApplicable)
        )
    }
}

impl fmt::Display for Check {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mark = match (self.verdict, self.level) {
            (Verdict::Passed, _) => "ok",
            (Verdict::NotApplicable, _) => "-",
            (Verdict::Failed, Level::Must) => "BROKEN",
            (Verdict::Failed, Level::Should) => "note",
        };
        writeln!(f, "{mark:<7}{:<9}{}", self.rule, self.what)?;
        self.evidence.iter().try_for_each(|evidence| evidence.fmt(f))
    }
}

impl fmt::Display for Evidence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{:16}{}: {}", "", self.asked, self.found)?;
        match (self.index, &self.event) {
            (Some(index), Some(event)) => writeln!(f, "{:16}event {}: {event}", "", index + 1),
            _ => Ok(()),
        }
    }
}
