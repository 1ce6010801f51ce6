//! Conversations with an agent, over as many runs as they take.

mod change;
mod fits;
mod interrupts;
mod open;
mod report;
mod settings;
mod tools;
mod turn;
mod update;

pub use fits::Misfit as AnswerMisfit;
pub use interrupts::{AnswerError, Answerable};
pub use report::{Report, TurnError};
#[cfg(feature = "tools")]
pub use tools::Approval;
pub use turn::Turn;
pub use update::{Building, Change, Update};

use super::middleware::Middleware;
use super::transport::Transport;
use super::warning::Warnings;
use crate::compat::Era;
use crate::reduce::Conversation;
use crate::typed::PayloadError;
use agui_types::{
    Content, Context, Interrupt, Message, ResumeEntry, Tool, ToolCall, ToolMessage, UserMessage,
};
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::collections::HashSet;
use std::fmt;
use std::time::SystemTime;
use tools::Toolbox;

/// A conversation with an agent: its messages, the shared state, and what the agent waits for.
///
/// [`Thread::send`] says something and gives the [`Turn`] that follows; awaiting it gives the end, reading it what
/// happens on the way:
///
/// ```
/// use agui::client::{Change, InProcess, Thread};
/// use agui::{Result, RunContext};
///
/// async fn parrot(run: RunContext) -> Result {
///     run.text(run.last_user_text().unwrap_or_default()).await
/// }
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result {
/// let mut thread = Thread::new(InProcess::new(parrot));
/// let report = thread.send("Hello!").await?;
/// assert_eq!(report.text(), "Hello!");
///
/// let mut turn = thread.send("And again.");
/// while let Some(update) = turn.next().await {
///     match update.change {
///         Change::Text { delta, .. } => print!("{delta}"),
///         Change::ToolCall { call, .. } => println!("calls {}", call.function.name),
///         _ => {}
///     }
/// }
/// let report = turn.await?;
/// assert!(report.outcome.is_success());
/// assert_eq!(thread.messages().len(), 4);
/// # Ok(()) }
/// ```
pub struct Thread<T, M = ()> {
    id: String,
    transport: T,
    /// `None` while a turn has it.
    middleware: Option<M>,
    conversation: Conversation,
    /// What the last run that was interrupted asked.
    interrupts: Vec<Interrupt>,
    /// What it asked about calls that are gone; the next run is to be told so.
    given_up: Vec<Interrupt>,
    /// What was, without a run that heard it.
    told: Vec<Interrupt>,
    /// The calls for which the last run waits.
    pending: HashSet<String>,
    /// The calls for which no run ever waited: theirs broke off, or asked about them. Nobody executes them.
    cut: HashSet<String>,
    /// The calls that were open when tools were taken away. They are the application's to answer still.
    claimed: HashSet<String>,
    advertised: Vec<Tool>,
    toolbox: Toolbox,
    context: Vec<Context>,
    forwarded_props: Option<Value>,
    era: Option<Era>,
    /// What time it is, if the standard library is not to be asked.
    clock: Option<fn() -> SystemTime>,
    /// The most runs of one turn.
    most_runs: usize,
    /// Knows which warnings are silenced.
    warnings: Warnings,
}

impl<T: Transport> Thread<T> {
    /// A conversation that begins.
    #[must_use]
    pub fn new(transport: T) -> Self {
        Self {
            id: fresh(),
            transport,
            middleware: Some(()),
            conversation: Conversation::default(),
            interrupts: Vec::new(),
            given_up: Vec::new(),
            told: Vec::new(),
            pending: HashSet::new(),
            cut: HashSet::new(),
            claimed: HashSet::new(),
            advertised: Vec::new(),
            toolbox: Toolbox::default(),
            context: Vec::new(),
            forwarded_props: None,
            era: None,
            clock: None,
            most_runs: MOST_RUNS,
            warnings: Warnings::default(),
        }
    }
}

/// So many runs one turn has at most, if nothing else is said.
const MOST_RUNS: usize = 16;

/// Looking at it.
impl<T: Transport, M: Middleware> Thread<T, M> {
    /// The id, the same for all runs (EVT-11).
    #[must_use]
    pub fn thread_id(&self) -> &str {
        &self.id
    }

    /// Messages and state.
    #[must_use]
    pub fn conversation(&self) -> &Conversation {
        &self.conversation
    }

    /// The messages, oldest first.
    #[must_use]
    pub fn messages(&self) -> &[Message] {
        self.conversation.messages()
    }

    /// The shared state as a type.
    ///
    /// # Errors
    ///
    /// When it does not fit: where, and why.
    pub fn state<S: DeserializeOwned>(&self) -> Result<S, PayloadError> {
        crate::typed::read_state(self.conversation.state())
    }

    /// What the agent asked and waits for; each has to be answered by [`Thread::resume`] (INT-6).
    #[must_use]
    pub fn interrupts(&self) -> &[Interrupt] {
        &self.interrupts
    }

    /// What the agent asked about calls that were [taken out](Thread::set_messages): the next run is told that it is given
    /// up (INT-6). It is asked again if the call comes back before that.
    #[must_use]
    pub fn given_up(&self) -> &[Interrupt] {
        &self.given_up
    }

    /// The calls of the application's tools that the last run left to it, without those that were answered since, and
    /// those that an [interrupt](Thread::interrupts) is about.
    #[must_use]
    pub fn pending_calls(&self) -> Vec<&ToolCall> {
        self.open_calls().0
    }

    /// The tools that the application answers by hand.
    #[must_use]
    pub fn advertised(&self) -> &[Tool] {
        &self.advertised
    }

    /// What the agent is to know (INPUT-10).
    #[must_use]
    pub fn current_context(&self) -> &[Context] {
        &self.context
    }

    /// What the agent gets beside all that, if it was set (INPUT-12).
    #[must_use]
    pub fn current_forwarded_props(&self) -> Option<&Value> {
        self.forwarded_props.as_ref()
    }

    /// The transport.
    #[must_use]
    pub fn transport(&self) -> &T {
        &self.transport
    }
}

/// Going on.
impl<T: Transport, M: Middleware> Thread<T, M> {
    /// Says something, and has the agent answer. Nothing happens before the turn is read.
    ///
    /// If the agent waits for answers ([`Thread::interrupts`], [`Thread::pending_calls`]) they come first: the turn
    /// ends as [unsent](super::Unsent) otherwise.
    pub fn send(&mut self, content: impl Into<Content>) -> Turn<'_, T, M> {
        let message = UserMessage::new(fresh(), content.into());
        self.turn(Some(message.into()), Vec::new())
    }

    /// Has the agent go on as things are: after [`Thread::answer`], or with tools that could not run before.
    pub fn proceed(&mut self) -> Turn<'_, T, M> {
        self.turn(None, Vec::new())
    }

    /// Answers what the agent asked, all of it (INT-6); [`Answerable`] makes the entries. If something is missing, too
    /// late, or was not asked, the turn ends as [unsent](super::Unsent) and the questions are still open.
    pub fn resume(&mut self, answers: impl IntoIterator<Item = ResumeEntry>) -> Turn<'_, T, M> {
        self.turn(None, answers.into_iter().collect())
    }

    /// Answers a call of one of the application's tools by hand; [`Thread::proceed`] sends it. What was answered before
    /// stays as it is.
    pub fn answer(&mut self, tool_call_id: &str, content: impl Into<Content>) {
        self.settle_call(ToolMessage::new(fresh(), content, tool_call_id));
    }

    /// As [`Thread::answer`], for a call that failed or was refused (TOOL-26).
    pub fn fail(&mut self, tool_call_id: &str, error: impl Into<String>) {
        let error = error.into();
        self.settle_call(ToolMessage::new(fresh(), &*error, tool_call_id).error(error));
    }

    fn turn(&mut self, message: Option<Message>, resume: Vec<ResumeEntry>) -> Turn<'_, T, M> {
        Turn::begin(self, message, resume)
    }
}

impl<T, M> fmt::Debug for Thread<T, M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Thread")
            .field("id", &self.id)
            .field("messages", &self.conversation.messages().len())
            .field("interrupts", &self.interrupts)
            .finish_non_exhaustive()
    }
}

/// An id that nobody has (EVT-8, EVT-9).
fn fresh() -> String {
    uuid::Uuid::new_v4().to_string()
}
