//! Agents that answer what a test wants, right or wrong: for the tests of clients.

mod answer;
mod request;

pub use answer::MockAnswer;
pub use request::MockRequest;

use axum::Router;
use axum::body::Bytes;
use axum::extract::DefaultBodyLimit;
use axum::http::{HeaderMap, Method, Uri};
use std::collections::VecDeque;
use std::fmt;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::net::TcpListener;
use tokio::sync::watch;

/// A server on a port of its own that answers as it is told, on any path, and remembers what it was asked. It stops when
/// it is dropped; answers that are under way then break off.
///
/// ```no_run
/// use agui::client::{HttpAgent, Outcome, Thread, TurnError};
/// use agui::testing::{MockAnswer, MockServer};
/// use serde_json::json;
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> agui::Result {
/// let server = MockServer::start([
///     MockAnswer::run([json!({ "type": "TEXT_MESSAGE_CHUNK", "messageId": "m1", "delta": "Hi!" })]),
///     MockAnswer::run([]).cut_at(60),
///     MockAnswer::status(503, "later"),
/// ])
/// .await?;
///
/// let mut thread = Thread::new(HttpAgent::new(server.url())?);
/// assert_eq!(thread.send("Hello!").await?.text(), "Hi!");
/// let Err(TurnError::Failed(report)) = thread.send("And now?").await else { unreachable!() };
/// assert!(matches!(report.outcome, Outcome::Transport(_)));
/// let error = thread.send("Now?").await.unwrap_err();
/// assert!(error.to_string().contains("503"));
/// assert_eq!(server.requests().len(), 3);
/// # Ok(()) }
/// ```
pub struct MockServer {
    address: SocketAddr,
    requests: Arc<Mutex<Vec<MockRequest>>>,
    /// Whoever waits for it learns that it is dropped.
    _running: watch::Sender<()>,
}

impl MockServer {
    /// A server that gives these answers, one a request, in order. When none is left, it says so with status 500.
    ///
    /// # Errors
    ///
    /// When there is no port for it.
    pub async fn start(answers: impl IntoIterator<Item = MockAnswer>) -> std::io::Result<Self> {
        let answers = Mutex::new(answers.into_iter().collect::<VecDeque<_>>());
        Self::answering(move |_| {
            let next = answers.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
            next.unwrap_or_else(|| MockAnswer::status(500, "no answer is left"))
        })
        .await
    }

    /// A server whose answers depend on the requests.
    ///
    /// # Errors
    ///
    /// As [`MockServer::start`].
    pub async fn answering(
        answer: impl Fn(&MockRequest) -> MockAnswer + Send + Sync + 'static,
    ) -> std::io::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let address = listener.local_addr()?;
        let requests = Arc::new(Mutex::new(Vec::new()));
        let (running, stopped) = watch::channel(());
        let (answer, asked, ended) = (Arc::new(answer), Arc::clone(&requests), stopped.clone());
        let handler = async move |method: Method, uri: Uri, headers: HeaderMap, body: Bytes| {
            let request = MockRequest { method, path: uri.path().to_owned(), headers, body };
            let answer = answer(&request);
            asked.lock().unwrap_or_else(PoisonError::into_inner).push(request.clone());
            answer.response(&request, stopped)
        };
        let router = Router::new().fallback(handler).layer(DefaultBodyLimit::disable());
        let shutdown = async move { until_dropped(ended).await };
        tokio::spawn(async move { axum::serve(listener, router).with_graceful_shutdown(shutdown).await });
        Ok(Self { address, requests, _running: running })
    }

    /// Where it is, with a path that agents of this crate have, too.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}/agui", self.address)
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The requests that came.
    #[must_use]
    pub fn requests(&self) -> Vec<MockRequest> {
        self.requests.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// Ready when the server was dropped.
async fn until_dropped(mut stopped: watch::Receiver<()>) {
    // Nothing is ever sent.
    while stopped.changed().await.is_ok() {}
}

impl fmt::Debug for MockServer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MockServer").field("address", &self.address).finish_non_exhaustive()
    }
}
