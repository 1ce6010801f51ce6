//! Agents that answer what a test wants, right or wrong: for the tests of clients.

mod answer;
mod request;

pub use answer::MockAnswer;
pub use request::MockRequest;

use axum::body::Bytes;
use axum::extract::DefaultBodyLimit;
use axum::http::{HeaderMap, Method, Uri};
use axum::serve::Listener;
use axum::{Extension, Router};
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto::Builder;
use hyper_util::service::TowerToHyperService;
use std::collections::VecDeque;
use std::fmt;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Notify, watch};

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
        let mut listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let address = listener.local_addr()?;
        let requests = Arc::new(Mutex::new(Vec::new()));
        let (running, stopped) = watch::channel(());
        let (answer, asked, ended) = (Arc::new(answer), Arc::clone(&requests), stopped.clone());
        let handler =
            async move |gone: Extension<Gone>, method: Method, uri: Uri, headers: HeaderMap, body: Bytes| {
                let request = MockRequest { method, path: uri.path().to_owned(), headers, body };
                let answer = answer(&request);
                asked.lock().unwrap_or_else(PoisonError::into_inner).push(request.clone());
                match answer.response(&request, stopped).await {
                    Some(response) => response,
                    None => {
                        gone.0.0.notify_one();
                        std::future::pending().await
                    }
                }
            };
        let router = Router::new().fallback(handler).layer(DefaultBodyLimit::disable());
        tokio::spawn(async move {
            loop {
                tokio::select! {
                    (connection, _) = Listener::accept(&mut listener) => {
                        tokio::spawn(carry(connection, router.clone(), ended.clone()));
                    }
                    () = until_dropped(ended.clone()) => return,
                }
            }
        });
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

/// Tells a connection to close without an answer.
#[derive(Clone, Default)]
struct Gone(Arc<Notify>);

/// One connection, until it or the server is given up.
async fn carry(connection: TcpStream, router: Router, stopped: watch::Receiver<()>) {
    let gone = Gone::default();
    let service = TowerToHyperService::new(router.layer(Extension(gone.clone())));
    let builder = Builder::new(TokioExecutor::new());
    let mut connection = std::pin::pin!(builder.serve_connection(TokioIo::new(connection), service));
    tokio::select! {
        // How it ends is for the client to see.
        _ = &mut connection => return,
        () = gone.0.notified() => return,
        () = until_dropped(stopped) => connection.as_mut().graceful_shutdown(),
    }
    tokio::select! {
        _ = connection => {}
        () = gone.0.notified() => {}
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
