//! One request and its answer: a transport and a pipeline together.

use super::abort::AbortHandle;
use super::middleware::Middleware;
use super::pipeline::{Finished, Pipeline};
use super::transport::{Encoded, Request, Transport};
use super::unsent::Unsent;
use crate::reduce::Conversation;
use agui_types::Event;
use futures_core::Stream;
use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

/// A run under way: a stream of the events that reach the application, chunks expanded.
///
/// Reading drives it, and dropping it gives the run up. It owns everything it needs, so it can be moved into a task
/// or handed to a framework.
///
/// ```
/// use agui::client::{Exchange, InProcess};
/// use agui::{Event, Result, RunAgentInput, RunContext};
///
/// async fn hello(run: RunContext) -> Result {
///     run.text("Hello!").await
/// }
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result {
/// let input = RunAgentInput::new("thread-1", "run-1", vec![]);
/// let mut exchange = Exchange::new(&InProcess::new(hello), input)?;
/// while let Some(event) = exchange.next().await {
///     if let Event::TextMessageContent(text) = event {
///         assert_eq!(text.delta, "Hello!");
///     }
/// }
/// let finished = exchange.finish();
/// assert!(finished.outcome.is_success());
/// assert_eq!(finished.conversation.messages().len(), 1);
/// # Ok(()) }
/// ```
#[must_use = "a run does nothing unless it is read"]
pub struct Exchange<T: Transport, M = ()> {
    state: State<T>,
    pipeline: Pipeline<M>,
    abort: AbortHandle,
}

enum State<T: Transport> {
    Opening(Pin<Box<T::Opening>>),
    Reading(Pin<Box<T::Body>>),
    Over,
}

impl<T: Transport> Exchange<T> {
    /// Asks for a run.
    ///
    /// # Errors
    ///
    /// When the input is malformed. Nothing is sent then (PROC-17).
    pub fn new(transport: &T, request: impl Into<Request>) -> Result<Self, Unsent> {
        let request = request.into();
        let conversation = Conversation::of(&request.input);
        Self::with(transport, request, conversation, ())
    }
}

impl<T: Transport, M: Middleware> Exchange<T, M> {
    /// As [`Exchange::new`], with a conversation that may hold more than what is sent, and with middleware.
    ///
    /// # Errors
    ///
    /// As [`Exchange::new`].
    pub fn with(
        transport: &T,
        request: impl Into<Request>,
        conversation: Conversation,
        mut middleware: M,
    ) -> Result<Self, Unsent> {
        let mut request = request.into();
        middleware.request(&mut request);
        let encoded = request.encode()?;
        let pipeline = Pipeline::with(&request.input, conversation, middleware);
        Ok(Self::opened(transport, request, encoded, pipeline, AbortHandle::default()))
    }

    /// For a request that middleware has seen and that was checked.
    pub(super) fn opened(
        transport: &T,
        request: Request,
        encoded: Encoded,
        pipeline: Pipeline<M>,
        abort: AbortHandle,
    ) -> Self {
        let Encoded { json, lost } = encoded;
        let mut pipeline = pipeline.era(request.era);
        pipeline.sent_without(lost);
        let state = State::Opening(Box::pin(transport.open(request, json)));
        Self { state, pipeline, abort }
    }

    /// The next event; `None` when the run is over.
    pub async fn next(&mut self) -> Option<Event> {
        poll_fn(|cx| self.poll_event(cx)).await
    }

    /// A way to give the run up from elsewhere.
    #[must_use]
    pub fn abort_handle(&self) -> AbortHandle {
        self.abort.clone()
    }

    /// What came so far: the conversation, the runs, the warnings.
    #[must_use]
    pub fn pipeline(&self) -> &Pipeline<M> {
        &self.pipeline
    }

    /// As [`Exchange::pipeline`], to set limits and silence warnings.
    #[must_use]
    pub fn pipeline_mut(&mut self) -> &mut Pipeline<M> {
        &mut self.pipeline
    }

    /// What came of it. If the run is not over yet, it is given up (RUN-36).
    #[must_use]
    pub fn finish(mut self) -> Finished<M> {
        if !matches!(self.state, State::Over) {
            self.pipeline.abort();
        }
        self.pipeline.finish()
    }

    /// Reads to the end; the events are in order, as the application gets them.
    pub async fn record(mut self) -> (Vec<Event>, Finished<M>) {
        let mut events = Vec::new();
        while let Some(event) = self.next().await {
            events.push(event);
        }
        (events, self.finish())
    }

    pub(super) fn poll_event(&mut self, cx: &mut Context<'_>) -> Poll<Option<Event>> {
        if !matches!(self.state, State::Over) && self.abort.poll_aborted(cx) {
            self.state = State::Over;
            self.pipeline.abort();
        }
        loop {
            if let Some(event) = self.pipeline.next_event() {
                return Poll::Ready(Some(event));
            }
            if self.pipeline.rejection().is_some() {
                // Nobody reads on, so the connection is closed.
                self.state = State::Over;
            }
            match &mut self.state {
                State::Over => return Poll::Ready(None),
                State::Opening(opening) => match ready!(opening.as_mut().poll(cx)) {
                    Ok(body) => self.state = State::Reading(Box::pin(body)),
                    Err(error) => {
                        self.state = State::Over;
                        self.pipeline.fail(error);
                    }
                },
                State::Reading(body) => match ready!(body.as_mut().poll_next(cx)) {
                    Some(Ok(bytes)) => self.pipeline.push(&bytes),
                    Some(Err(error)) => {
                        self.state = State::Over;
                        self.pipeline.fail(error);
                    }
                    None => {
                        self.state = State::Over;
                        self.pipeline.end();
                    }
                },
            }
        }
    }
}

// The futures are in boxes of their own, so nothing is pinned by pinning this.
impl<T: Transport, M> Unpin for Exchange<T, M> {}

impl<T: Transport, M: Middleware> Stream for Exchange<T, M> {
    type Item = Event;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Event>> {
        self.get_mut().poll_event(cx)
    }
}

impl<T: Transport, M: fmt::Debug> fmt::Debug for Exchange<T, M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Exchange").field("pipeline", &self.pipeline).finish_non_exhaustive()
    }
}
