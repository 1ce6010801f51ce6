//! Threads as stores keep them.

use super::owner::Owner;
use agui_types::{Interrupt, Message, State};
use serde::Serialize;
use serde_json::{Map, Value};

/// A conversation as it is stored. Its JSON form is made for clients.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Thread {
    /// The thread's id, minted by the application (EVT-11).
    pub thread_id: String,
    /// Whom it belongs to.
    #[serde(rename = "userId", skip_serializing_if = "is_anonymous")]
    pub owner: Owner,
    /// What was said, oldest first, activities and reasoning included.
    pub messages: Vec<Message>,
    /// The shared state that the last run left behind (STATE-13).
    pub state: State,
    /// Questions that the last run ended with and that were not answered yet (INT-5).
    pub interrupts: Vec<Interrupt>,
    /// Calls that were left to the application and that it has not answered yet (TOOL-26).
    pub pending_tool_call_ids: Vec<String>,
    /// The newest run that was recorded.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_run: Option<LastRun>,
    /// When the thread began, in milliseconds since the Unix epoch, as timestamps of events are.
    pub created_at: i64,
    /// When it last changed.
    pub updated_at: i64,
    /// Counts the writes.
    pub revision: u64,
}

impl Thread {
    /// A thread in which nothing was said yet.
    #[must_use]
    pub fn new(thread_id: impl Into<String>, owner: Owner, now: i64) -> Self {
        Self {
            thread_id: thread_id.into(),
            owner,
            messages: Vec::new(),
            state: Value::Object(Map::new()),
            interrupts: Vec::new(),
            pending_tool_call_ids: Vec::new(),
            last_run: None,
            created_at: now,
            updated_at: now,
            revision: 0,
        }
    }

    /// Whether nothing was ever written to it.
    pub(super) fn is_new(&self) -> bool {
        self.revision == 0
    }
}

fn is_anonymous(owner: &Owner) -> bool {
    owner.user_id().is_none()
}

/// A run as its thread remembers it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct LastRun {
    /// Its id.
    pub run_id: String,
    /// How it ended; `None` while it is going on, and for ever if its process was killed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outcome: Option<RunOutcome>,
}

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum RunOutcome {
    /// It did what it was asked to.
    Success,
    /// It asked something.
    Interrupt,
    /// It was stopped on purpose.
    Cancelled,
    /// It failed.
    Failed,
    /// Its client went away.
    Abandoned,
}

impl RunOutcome {
    /// Every outcome.
    pub const ALL: [Self; 5] =
        [Self::Success, Self::Interrupt, Self::Cancelled, Self::Failed, Self::Abandoned];

    /// Its name, as in JSON.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Success => "success",
            Self::Interrupt => "interrupt",
            Self::Cancelled => "cancelled",
            Self::Failed => "failed",
            Self::Abandoned => "abandoned",
        }
    }
}

/// A thread in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ThreadSummary {
    /// The thread's id.
    pub thread_id: String,
    /// When the thread began, in milliseconds since the Unix epoch.
    pub created_at: i64,
    /// When it last changed.
    pub updated_at: i64,
    /// How many messages it has.
    pub messages: u64,
}

/// A part of a list of threads.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ThreadPage {
    /// The threads, those that changed last first.
    pub threads: Vec<ThreadSummary>,
    /// What to ask for the next part with; `None` at the end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// Where a page begins: behind the thread that ended the one before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Cursor {
    pub(super) updated_at: i64,
    pub(super) thread_id: String,
}

impl Cursor {
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (updated_at, thread_id) = text.split_once(':')?;
        Some(Self { updated_at: updated_at.parse().ok()?, thread_id: thread_id.to_owned() })
    }
}

impl ThreadPage {
    /// A page of threads in order, of which one more was looked for than fits.
    pub(super) fn of(mut threads: Vec<ThreadSummary>, limit: usize) -> Self {
        let more = threads.len() > limit;
        threads.truncate(limit);
        let last = threads.last().filter(|_| more);
        let next = last.map(|last| format!("{}:{}", last.updated_at, last.thread_id));
        Self { threads, next }
    }
}
