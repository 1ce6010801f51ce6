//! From something said to the end of the answer, over as many runs as tools of the application take.

use super::Thread;
use super::report::{Report, TurnError};
use super::tools::Answering;
use super::update::Update;
use crate::client::abort::AbortHandle;
use crate::client::exchange::Exchange;
use crate::client::middleware::Middleware;
use crate::client::outcome::{Outcome, RunReport, Truncation};
use crate::client::pipeline::Pipeline;
use crate::client::transport::Transport;
use crate::client::unsent::Unsent;
use crate::client::warning::Warnings;
use crate::reduce::Conversation;
use agui_types::{Event, Message, ResumeEntry, ToolCall, ToolMessage};
use std::collections::HashSet;
use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

/// The answer to something that was said. Made by [`Thread::send`] and its companions.
///
/// Read it with [`Turn::next`], or await it for its end alone; both may be done, one after the other. Dropping it gives
/// the run up; what came until then stays in the thread (RUN-27).
#[must_use = "a turn does nothing unless it is read or awaited"]
pub struct Turn<'t, T: Transport, M: Middleware = ()> {
    thread: &'t mut Thread<T, M>,
    stage: Stage<T, M>,
    abort: AbortHandle,
    /// What [`Turn::next`] showed last.
    shown: Option<Item>,
    /// The messages that there were before.
    known: HashSet<String>,
    /// How many runs were asked for.
    asked: usize,
    /// Whether more would have been.
    limited: bool,
    runs: Vec<RunReport>,
    warnings: Warnings,
}

enum Stage<T: Transport, M> {
    Running(Box<Exchange<T, M>>),
    /// Tools of the application run; each result is the thread's as it comes. Then comes the next run, unless the calls
    /// that are left are for others.
    Answering(Answering, Outcome),
    Over(Result<Outcome, Unsent>),
}

#[derive(Debug)]
enum Item {
    Event(Event),
    Answer(ToolMessage),
}

impl<'t, T: Transport, M: Middleware> Turn<'t, T, M> {
    pub(super) fn begin(
        thread: &'t mut Thread<T, M>,
        message: Option<Message>,
        resume: Vec<ResumeEntry>,
    ) -> Self {
        let known = thread.messages().iter().map(|message| message.id().to_owned()).collect();
        let warnings = thread.warnings.fresh();
        let mut turn = Self {
            thread,
            stage: Stage::Over(Ok(truncated())),
            abort: AbortHandle::default(),
            shown: None,
            known,
            asked: 0,
            limited: false,
            runs: Vec::new(),
            warnings,
        };
        // Going on means to run what waits to be run, first of all.
        let waits = message.is_none() && resume.is_empty();
        match waits.then(|| turn.answering()).flatten() {
            Some(answering) => {
                // Which of them wait is said when it is over.
                turn.stage =
                    Stage::Answering(answering, Outcome::Pending { calls: Vec::new(), result: None });
            }
            None => turn.ask(message, resume),
        }
        turn
    }

    /// What happens next; `None` when the turn is over. It may be dropped and called again without losing anything.
    pub async fn next(&mut self) -> Option<Update<'_>> {
        self.shown = poll_fn(|cx| self.poll_item(cx)).await;
        match self.shown.as_ref()? {
            Item::Event(event) => Some(Update::of(event, self.conversation())),
            Item::Answer(answer) => Some(Update::answered(answer)),
        }
    }

    /// Messages and state as they are now.
    #[must_use]
    pub fn conversation(&self) -> &Conversation {
        match &self.stage {
            Stage::Running(exchange) => exchange.pipeline().conversation(),
            _ => &self.thread.conversation,
        }
    }

    /// A way to give the turn up from elsewhere.
    #[must_use]
    pub fn abort_handle(&self) -> AbortHandle {
        self.abort.clone()
    }

    fn poll_item(&mut self, cx: &mut Context<'_>) -> Poll<Option<Item>> {
        loop {
            match &mut self.stage {
                Stage::Over(_) => return Poll::Ready(None),
                Stage::Running(exchange) => match ready!(exchange.poll_event(cx)) {
                    Some(event) => return Poll::Ready(Some(Item::Event(event))),
                    None => self.run_ended(),
                },
                Stage::Answering(..) if self.abort.poll_aborted(cx) => self.stop_answering(),
                Stage::Answering(answering, _) => match ready!(answering.as_mut().poll_next(cx)) {
                    Some(answer) => {
                        self.thread.conversation.answer(answer.clone());
                        return Poll::Ready(Some(Item::Answer(answer)));
                    }
                    None => self.go_on(),
                },
            }
        }
    }

    /// Asks for a run.
    fn ask(&mut self, message: Option<Message>, resume: Vec<ResumeEntry>) {
        self.stage = match self.open(message, resume) {
            Ok(exchange) => Stage::Running(Box::new(exchange)),
            Err(unsent) => Stage::Over(Err(unsent)),
        };
    }

    fn open(&mut self, message: Option<Message>, resume: Vec<ResumeEntry>) -> Result<Exchange<T, M>, Unsent> {
        let (mut request, conversation) = self.thread.next_request(message, resume, &mut self.warnings)?;
        if let Some(middleware) = &mut self.thread.middleware {
            middleware.request(&mut request);
        }
        let encoded = request.encode()?;
        let Some(middleware) = self.thread.middleware.take() else {
            return Err(Unsent::Leaked);
        };
        self.asked += 1;
        self.thread.told.append(&mut self.thread.given_up);
        let transport = &self.thread.transport;
        let mut pipeline = Pipeline::with(&request.input, conversation, middleware);
        *pipeline.warnings_mut() = self.warnings.fresh();
        Ok(Exchange::opened(transport, request, encoded, pipeline, self.abort.clone()))
    }

    fn run_ended(&mut self) {
        let Stage::Running(exchange) = std::mem::replace(&mut self.stage, Stage::Over(Ok(truncated())))
        else {
            return;
        };
        let (outcome, runs, warnings) = self.thread.settle(exchange.finish());
        self.runs.extend(runs);
        self.warnings.absorb(warnings);
        self.limited = matches!(outcome, Outcome::Pending { .. }) && self.is_at_its_end();
        let waits = matches!(outcome, Outcome::Pending { .. } | Outcome::Interrupted { .. }) && !self.limited;
        self.stage = match waits.then(|| self.answering()).flatten() {
            Some(answering) => Stage::Answering(answering, outcome),
            None => Stage::Over(Ok(outcome)),
        };
    }

    /// Whether the results of tools would take another run, but there were as many as there may be.
    fn is_at_its_end(&self) -> bool {
        let calls = self.thread.pending_calls();
        let runs = |call: &&ToolCall| self.thread.toolbox.runs(&call.function.name);
        self.asked >= self.thread.most_runs && !calls.is_empty() && calls.iter().all(runs)
    }

    /// The calls that wait for tools that can run.
    fn answering(&self) -> Option<Answering> {
        self.thread.toolbox.answer(&self.thread.pending_calls(), &self.thread.id, self.conversation())
    }

    /// After the tools have run.
    fn go_on(&mut self) {
        self.stage = match self.waits_still() {
            Stage::Over(Ok(Outcome::Pending { calls, .. })) if calls.is_empty() => {
                return self.ask(None, Vec::new());
            }
            over => over,
        };
    }

    /// The tools that run are given up; what is there of results is kept.
    fn stop_answering(&mut self) {
        self.stage = match self.waits_still() {
            // All that is left is a run which is not asked for any more.
            Stage::Over(Ok(Outcome::Pending { calls, .. })) if calls.is_empty() => {
                Stage::Over(Ok(truncated()))
            }
            over => over,
        };
    }

    /// The end of the last run, with the calls that wait now.
    fn waits_still(&mut self) -> Stage<T, M> {
        let stage = std::mem::replace(&mut self.stage, Stage::Over(Ok(truncated())));
        let Stage::Answering(_, outcome) = stage else { return stage };
        let left = self.thread.pending_calls().iter().map(|call| call.id.clone()).collect();
        Stage::Over(Ok(match outcome {
            Outcome::Pending { result, .. } => Outcome::Pending { calls: left, result },
            Outcome::Interrupted { interrupts, .. } => Outcome::Interrupted { interrupts, calls: left },
            other => other,
        }))
    }

    fn report(&mut self) -> Result<Report, TurnError> {
        let outcome = match &self.stage {
            Stage::Over(Err(unsent)) => return Err(TurnError::Unsent(unsent.clone())),
            Stage::Over(Ok(outcome)) => outcome.clone(),
            _ => truncated(),
        };
        let new = self.thread.messages().iter().filter(|message| !self.known.contains(message.id()));
        let messages = new.cloned().collect();
        let (runs, warnings) = (std::mem::take(&mut self.runs), std::mem::take(&mut self.warnings));
        let report = Report { outcome, limited: self.limited, runs, messages, warnings };
        if report.outcome.is_failure() { Err(TurnError::Failed(Box::new(report))) } else { Ok(report) }
    }
}

/// What is to be said of a run of which nothing is known.
fn truncated() -> Outcome {
    Outcome::Truncated(Truncation { run_id: None, last_ended: None, aborted: true })
}

// Nothing in it is pinned in place.
impl<T: Transport, M: Middleware> Unpin for Turn<'_, T, M> {}

/// The end.
impl<T: Transport, M: Middleware> Future for Turn<'_, T, M> {
    type Output = Result<Report, TurnError>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let turn = self.get_mut();
        while ready!(turn.poll_item(cx)).is_some() {}
        Poll::Ready(turn.report())
    }
}

/// What the thread lent comes back to it, and what came until now with it.
impl<T: Transport, M: Middleware> Drop for Turn<'_, T, M> {
    fn drop(&mut self) {
        if let Stage::Running(_) = self.stage {
            self.run_ended();
        }
    }
}

impl<T: Transport, M: Middleware> fmt::Debug for Turn<'_, T, M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Turn")
            .field("thread", &self.thread)
            .field("runs", &self.runs)
            .field("warnings", &self.warnings)
            .finish_non_exhaustive()
    }
}
