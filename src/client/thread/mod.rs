//! Conversations with an agent, over as many runs as they take.

mod fits;
mod interrupts;
mod report;
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
use super::outcome::{Outcome, RunReport};
use super::pipeline::Finished;
use super::transport::{Request, Transport};
use super::unsent::Unsent;
use super::warning::{WarningKind, Warnings};
use crate::compat::Era;
use crate::reduce::Conversation;
use crate::typed::PayloadError;
use agui_types::{
    Content, Context, Interrupt, Message, PROTOCOL_VERSION, ResumeEntry, RunAgentInput, Tool, ToolCall,
    ToolMessage, UserMessage,
};
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::collections::HashSet;
use std::fmt;
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
    /// The calls for which the last run waits.
    pending: Vec<String>,
    advertised: Vec<Tool>,
    toolbox: Toolbox,
    context: Vec<Context>,
    forwarded_props: Option<Value>,
    era: Option<Era>,
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
            pending: Vec::new(),
            advertised: Vec::new(),
            toolbox: Toolbox::default(),
            context: Vec::new(),
            forwarded_props: None,
            era: None,
            most_runs: MOST_RUNS,
            warnings: Warnings::default(),
        }
    }
}

/// So many runs one turn has at most, if nothing else is said.
const MOST_RUNS: usize = 16;

/// Setting up.
impl<T: Transport, M: Middleware> Thread<T, M> {
    /// Sets the id, which is random otherwise.
    #[must_use]
    pub fn id(mut self, id: impl Into<String>) -> Self {
        self.id = id.into();
        self
    }

    /// Goes on with a conversation that was kept: its messages and state, and what the agent had asked.
    #[must_use]
    pub fn restored(mut self, conversation: Conversation, interrupts: Vec<Interrupt>) -> Self {
        (self.conversation, self.interrupts) = (conversation, interrupts);
        self
    }

    /// Adds tools of the application that it answers by hand ([`Thread::answer`]).
    #[must_use]
    pub fn advertise(mut self, tools: impl IntoIterator<Item = Tool>) -> Self {
        self.advertised.extend(tools);
        self
    }

    /// Adds something that the agent should know (INPUT-10).
    #[must_use]
    pub fn context(mut self, description: impl Into<String>, value: impl Into<String>) -> Self {
        self.context.push(Context::new(description, value));
        self
    }

    /// Sets what the agent gets beside all that; the protocol gives it no meaning (INPUT-12).
    #[must_use]
    pub fn forwarded_props(mut self, props: Value) -> Self {
        self.forwarded_props = Some(props);
        self
    }

    /// Sets how many runs one turn may have at most, tools being called again and again: 16 otherwise.
    #[must_use]
    pub fn most_runs(mut self, runs: usize) -> Self {
        self.most_runs = runs;
        self
    }

    /// Says that the agent was built with an older release than 1.0, which nothing on the wire tells (VER-13): it gets
    /// what it knows, with a warning of what is lost by that.
    #[must_use]
    pub fn era(mut self, era: Era) -> Self {
        self.era = Some(era);
        self
    }

    /// Has warnings of a kind counted only.
    #[must_use]
    pub fn silence(mut self, kind: WarningKind) -> Self {
        self.warnings.silence(kind);
        self
    }

    /// Adds middleware, nearer to the application than what was added before.
    #[must_use]
    pub fn with<N: Middleware>(self, middleware: N) -> Thread<T, (M, N)> {
        Thread {
            id: self.id,
            transport: self.transport,
            middleware: self.middleware.map(|before| (before, middleware)),
            conversation: self.conversation,
            interrupts: self.interrupts,
            pending: self.pending,
            advertised: self.advertised,
            toolbox: self.toolbox,
            context: self.context,
            forwarded_props: self.forwarded_props,
            era: self.era,
            most_runs: self.most_runs,
            warnings: self.warnings,
        }
    }
}

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

    /// The calls of the application's tools that the last run left to it, without those that were answered since, and
    /// those that an [interrupt](Thread::interrupts) is about.
    #[must_use]
    pub fn pending_calls(&self) -> Vec<&ToolCall> {
        let unanswered = unanswered(self.messages());
        unanswered.into_iter().filter(|call| self.is_pending(call)).collect()
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
    /// ends as [unsent](Unsent) otherwise.
    pub fn send(&mut self, content: impl Into<Content>) -> Turn<'_, T, M> {
        let message = UserMessage::new(fresh(), content.into());
        self.turn(Some(message.into()), Vec::new())
    }

    /// Has the agent go on as things are: after [`Thread::answer`], or with tools that could not run before.
    pub fn proceed(&mut self) -> Turn<'_, T, M> {
        self.turn(None, Vec::new())
    }

    /// Answers what the agent asked, all of it (INT-6); [`Answerable`] makes the entries. If something is missing, too
    /// late, or was not asked, the turn ends as [unsent](Unsent) and the questions are still open.
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

    fn settle_call(&mut self, answer: ToolMessage) {
        if unanswered(self.messages()).iter().any(|call| call.id == answer.tool_call_id) {
            self.conversation.answer(answer);
        }
    }

    fn turn(&mut self, message: Option<Message>, resume: Vec<ResumeEntry>) -> Turn<'_, T, M> {
        Turn::begin(self, message, resume)
    }

    fn is_pending(&self, call: &ToolCall) -> bool {
        self.pending.contains(&call.id) && self.offers(&call.function.name) && !self.is_asked_about(call)
    }

    /// Whether the agent asks about a call, which the answer then answers: it may not run before (INT-17, SEC-2).
    fn is_asked_about(&self, call: &ToolCall) -> bool {
        self.interrupts.iter().any(|interrupt| interrupt.tool_call_id.as_ref() == Some(&call.id))
    }

    /// Whether a tool is one of the application's.
    fn offers(&self, tool: &str) -> bool {
        self.toolbox.has(tool) || self.advertised.iter().any(|offered| offered.name == tool)
    }

    /// What is sent for the next run (reference client, §1), and the conversation that it is about.
    ///
    /// # Errors
    ///
    /// When something has to be answered first.
    fn next_request(
        &self,
        message: Option<Message>,
        resume: Vec<ResumeEntry>,
    ) -> Result<(Request, Conversation), Unsent> {
        interrupts::covered(&self.interrupts, &resume)?;
        let mut conversation = self.conversation.clone();
        let open: Vec<_> = unanswered(self.messages()).into_iter().cloned().collect();
        let (waiting, cut): (Vec<_>, Vec<_>) = open
            .into_iter()
            .filter(|call| self.offers(&call.function.name) && !self.is_asked_about(call))
            .partition(|call| self.pending.contains(&call.id));
        if !waiting.is_empty() {
            return Err(Unsent::UnansweredCalls(waiting.into_iter().map(|call| call.id).collect()));
        }
        // The run of these broke off, so nobody was asked to execute them; an answer they need (TOOL-26).
        for call in cut {
            let error = "The call was not executed: its run broke off.";
            conversation.answer(ToolMessage::new(fresh(), error, call.id).error(error));
        }
        message.into_iter().for_each(|message| conversation.append(message));

        let mut input = RunAgentInput::new(&*self.id, fresh(), conversation.messages().to_vec());
        input.protocol_version = Some(PROTOCOL_VERSION.to_owned());
        input.state = Some(conversation.state().clone()).filter(|state| !state.is_null());
        input.tools = Some(self.toolbox.definitions().chain(self.advertised.iter().cloned()).collect());
        input.context = Some(self.context.clone());
        input.forwarded_props =
            Some(self.forwarded_props.clone().unwrap_or_else(|| Value::Object(serde_json::Map::new())));
        input.resume = (!resume.is_empty()).then_some(resume);
        let mut request = Request::new(input);
        request.era = self.era;
        Ok((request, conversation))
    }

    /// Takes back what a run had, and what it leaves open.
    fn settle(&mut self, finished: Finished<M>) -> (Outcome, Vec<RunReport>, Warnings) {
        let Finished { outcome, runs, warnings, conversation, middleware } = finished;
        (self.conversation, self.middleware) = (conversation, Some(middleware));
        self.pending.clear();
        for run in &runs {
            match &run.outcome {
                Outcome::Success { .. } | Outcome::Pending { .. } | Outcome::Cancelled => {
                    self.interrupts.clear();
                }
                Outcome::Interrupted { interrupts, .. } => self.interrupts.clone_from(interrupts),
                // What was asked before stays open.
                _ => {}
            }
        }
        if let Outcome::Pending { calls, .. } | Outcome::Interrupted { calls, .. } = &outcome {
            self.pending.clone_from(calls);
        }
        (outcome, runs, warnings)
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

/// The calls of a conversation without a result.
fn unanswered(messages: &[Message]) -> Vec<&ToolCall> {
    let answered: HashSet<&str> = messages
        .iter()
        .filter_map(|message| match message {
            Message::Tool(answer) => Some(&*answer.tool_call_id),
            _ => None,
        })
        .collect();
    let calls = messages.iter().filter_map(|message| match message {
        Message::Assistant(message) => message.tool_calls.as_deref(),
        _ => None,
    });
    calls.flatten().filter(|call| !answered.contains(&*call.id)).collect()
}
