//! How a stream ended.

use super::rejection::Rejection;
use super::transport::TransportError;
use agui_types::{Interrupt, RunErrorEvent, TokenUsage};
use serde_json::Value;
use std::fmt;

/// How a run ended, as far as the client could see.
///
/// The first four are ends in order, which the agent announced by `RUN_FINISHED`; the others are
/// [failures](Outcome::is_failure), each of another party.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Outcome {
    /// The agent did what it was asked for.
    Success {
        /// The return value of the run.
        result: Option<Value>,
    },
    /// The agent succeeded so far, and waits for the application to answer tool calls (TOOL-21).
    Pending {
        /// The ids of the calls, in the order in which they began. They are derived from the stream unless the agent
        /// lists them (TOOL-25).
        calls: Vec<String>,
        /// The return value of the run.
        result: Option<Value>,
    },
    /// The agent stopped to ask (INT-1).
    Interrupted {
        /// What it asks; each has to be answered by the next run.
        interrupts: Vec<Interrupt>,
        /// Calls for the application beside that (TOOL-25).
        calls: Vec<String>,
    },
    /// The run was stopped on purpose: neither a success nor a failure (RUN-35).
    Cancelled,
    /// The agent reported its own failure, perhaps after it had already finished (RUN-19, RUN-26).
    Failed(RunErrorEvent),
    /// The client rejects the stream.
    Rejected(Rejection),
    /// The stream ended before the run did: there is no outcome (TRN-3).
    Truncated(Truncation),
    /// The agent could not be reached, refused the request, or the connection broke.
    Transport(TransportError),
}

/// A stream that ended before its run did.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Truncation {
    /// The run that was open; `None` if none was.
    pub run_id: Option<String>,
    /// The run that had ended last, if one had: an earlier one that the agent restated (RUN-20), say.
    pub last_ended: Option<String>,
    /// Whether it was this side that gave the run up (RUN-36).
    pub aborted: bool,
}

impl Outcome {
    /// Whether the run ended in another way than the agent's `RUN_FINISHED`.
    #[must_use]
    pub fn is_failure(&self) -> bool {
        matches!(self, Self::Failed(_) | Self::Rejected(_) | Self::Truncated(_) | Self::Transport(_))
    }

    /// Whether the agent did what it was asked for and waits for nothing.
    #[must_use]
    pub fn is_success(&self) -> bool {
        matches!(self, Self::Success { .. })
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Success { .. } => f.write_str("the run succeeded"),
            Self::Pending { calls, .. } => write!(f, "the run waits for the results of {}", listed(calls)),
            Self::Interrupted { interrupts, .. } => {
                let ids: Vec<_> = interrupts.iter().map(|interrupt| &interrupt.id).collect();
                write!(f, "the run waits for answers to {}", listed(&ids))
            }
            Self::Cancelled => f.write_str("the run was cancelled"),
            Self::Failed(error) => {
                write!(f, "the agent failed: {}", error.message)?;
                error.code.as_ref().map_or(Ok(()), |code| write!(f, " ({code})"))
            }
            Self::Rejected(rejection) => write!(f, "the stream was rejected: {rejection}"),
            Self::Truncated(truncation) => truncation.fmt(f),
            Self::Transport(error) => error.fmt(f),
        }
    }
}

impl fmt::Display for Truncation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let how = if self.aborted { "was given up" } else { "ended" };
        match (&self.run_id, &self.last_ended) {
            (Some(run), _) => write!(f, "the stream {how} while run `{run}` was open (TRN-2)"),
            (None, Some(run)) => write!(f, "the stream {how} after run `{run}`, with more to come (TRN-2)"),
            (None, None) => write!(f, "the stream {how} before any run had begun (TRN-2)"),
        }
    }
}

/// Ids for people.
pub(super) fn listed(ids: &[impl AsRef<str>]) -> String {
    ids.iter().map(|id| format!("`{}`", id.as_ref())).collect::<Vec<_>>().join(", ")
}

/// One run of a stream.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct RunReport {
    /// The run; empty if the stream ended before one had begun.
    pub run_id: String,
    /// The version that the agent declares (VER-9).
    pub protocol_version: Option<String>,
    /// How it ended.
    pub outcome: Outcome,
    /// What the agent says that it used, from `RUN_FINISHED` or `RUN_ERROR` (USE-1).
    pub usage: Vec<TokenUsage>,
}
