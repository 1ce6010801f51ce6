//! Agents in this process, and recordings.

use super::transport::{Request, Transport, TransportError};
use crate::agent::Agent;
use crate::run::{Run, RunRequest, run_shared};
use bytes::Bytes;
use futures_core::Stream;
use http::Extensions;
use std::collections::VecDeque;
use std::future::{Ready, ready};
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

/// An agent in this process: no network, and the same code as with one.
///
/// Headers of the request are among the dependencies of the run, as they are on a server.
#[derive(Debug)]
pub struct InProcess<A> {
    agent: Arc<A>,
    dependencies: Extensions,
}

impl<A: Agent> InProcess<A> {
    /// The way to an agent.
    #[must_use]
    pub fn new(agent: A) -> Self {
        Self { agent: Arc::new(agent), dependencies: Extensions::new() }
    }

    /// Adds a value that the agent's runs depend on ([`RunContext::dependency`](crate::RunContext::dependency)).
    ///
    /// ```
    /// use agui::client::{InProcess, Thread};
    /// use agui::{Result, RunContext};
    ///
    /// #[derive(Clone)]
    /// struct UserName(&'static str);
    ///
    /// async fn greeter(run: RunContext) -> Result {
    ///     let UserName(name) = run.require()?;
    ///     run.text(format!("Hello, {name}!")).await
    /// }
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result {
    /// let mut thread = Thread::new(InProcess::new(greeter).with(UserName("Ada")));
    /// assert_eq!(thread.send("Hi").await?.text(), "Hello, Ada!");
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn with<V: Clone + Send + Sync + 'static>(mut self, value: V) -> Self {
        self.dependencies.insert(value);
        self
    }
}

impl<A> Clone for InProcess<A> {
    fn clone(&self) -> Self {
        Self { agent: Arc::clone(&self.agent), dependencies: self.dependencies.clone() }
    }
}

impl<A: Agent> Transport for InProcess<A> {
    type Body = LocalBody;
    type Opening = Ready<Result<LocalBody, TransportError>>;

    fn open(&self, request: Request, _: Bytes) -> Self::Opening {
        let Request { input, headers, .. } = request;
        let asked = RunRequest::new(input).extended(self.dependencies.clone()).with(headers);
        ready(Ok(LocalBody(run_shared(Arc::clone(&self.agent), asked))))
    }
}

/// The answer of an agent in this process.
#[derive(Debug)]
pub struct LocalBody(Run);

impl Stream for LocalBody {
    type Item = Result<Bytes, TransportError>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        Pin::new(&mut self.0).poll_next(cx).map(|chunk| chunk.map(Ok))
    }
}

/// Answers that are there already: one for each request, in order, and an empty one when there are none left.
///
/// ```
/// use agui::RunAgentInput;
/// use agui::client::{Exchange, Outcome, Replay};
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> agui::Result {
/// let replay = Replay::new("data: {\"type\":\"RUN_ERROR\",\"message\":\"no\"}\n\n");
/// let input = RunAgentInput::new("thread-1", "run-1", vec![]);
/// let (events, finished) = Exchange::new(&replay, input)?.record().await;
/// assert_eq!(events.len(), 1);
/// assert!(matches!(finished.outcome, Outcome::Failed(_)));
/// # Ok(()) }
/// ```
#[derive(Debug, Default)]
pub struct Replay {
    answers: Mutex<VecDeque<Bytes>>,
    requests: Mutex<Vec<Request>>,
}

impl Replay {
    /// One answer.
    #[must_use]
    pub fn new(answer: impl Into<Bytes>) -> Self {
        Self::default().then(answer)
    }

    /// And another one, for the next request.
    #[must_use]
    pub fn then(self, answer: impl Into<Bytes>) -> Self {
        self.answers.lock().unwrap_or_else(PoisonError::into_inner).push_back(answer.into());
        self
    }

    /// The requests that came.
    #[must_use]
    pub fn requests(&self) -> Vec<Request> {
        self.requests.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Transport for Replay {
    type Body = ReplayedBody;
    type Opening = Ready<Result<ReplayedBody, TransportError>>;

    fn open(&self, request: Request, _: Bytes) -> Self::Opening {
        self.requests.lock().unwrap_or_else(PoisonError::into_inner).push(request);
        ready(Ok(ReplayedBody(self.answers.lock().unwrap_or_else(PoisonError::into_inner).pop_front())))
    }
}

/// An answer that is there already.
#[derive(Debug)]
pub struct ReplayedBody(Option<Bytes>);

impl Stream for ReplayedBody {
    type Item = Result<Bytes, TransportError>;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        Poll::Ready(self.0.take().map(Ok))
    }
}
