//! A server and its settings.

use super::active::{Active, Limits};
use super::answer::{OnDisconnect, Settings};
use super::app::{self, Endpoint, Otherwise};
use super::auth::{Authenticate, Principal};
use super::cors::Origins;
use super::refusal::Refusal;
use super::{BODY_LIMIT, listen, retention};
use crate::agent::Agent;
use crate::compat::Downgrade;
use crate::error::Result;
use crate::session::Threads;
use axum::Router;
use axum::http::request::Parts;
use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, ToSocketAddrs};

/// Several agents on one server, with what there is to set.
///
/// Each agent has a prefix, and below it `POST {prefix}/agui`, `GET {prefix}/status` and
/// `GET {prefix}/capabilities`.
///
/// ```no_run
/// # use agui::{Result, RunContext};
/// # async fn chat(run: RunContext) -> Result { run.text("Hi.").await }
/// # async fn research(run: RunContext) -> Result { run.text("Hm.").await }
/// # #[tokio::main] async fn main() -> Result {
/// agui::Server::new()
///     .agent("/chat", chat)
///     .agent("/research", research)
///     .bearer_token("a long secret")
///     .allow_origins(["https://app.example"])
///     .max_concurrent_runs(100)
///     .serve("127.0.0.1:9001")
///     .await
/// # }
/// ```
///
/// Whatever is refused before a run starts is answered with a status and the JSON of a [`Refusal`].
#[must_use = "a server does nothing until it is served or mounted"]
pub struct Server {
    pub(super) agents: Vec<Mounted>,
    pub(super) authenticate: Option<Authenticate>,
    pub(super) bare_prefixes: bool,
    pub(super) body_limit: usize,
    pub(super) cancel: bool,
    pub(super) credentials: bool,
    pub(super) settings: Settings,
    limits: Limits,
    origins: Option<Origins>,
    shutdown: Option<Pin<Box<dyn Future<Output = ()> + Send>>>,
    shutdown_deadline: Duration,
    thread_age: Option<Duration>,
}

/// An agent below its prefix.
pub(super) struct Mounted {
    pub(super) prefix: String,
    threads: Option<Threads>,
    pub(super) make: MakeEndpoint,
}

/// An endpoint is made once all settings are known, in whatever order they came.
pub(super) type MakeEndpoint = Box<dyn FnOnce(&str, usize, usize, Settings, Arc<Active>) -> Endpoint + Send>;

impl Server {
    /// A server without agents.
    pub fn new() -> Self {
        Self {
            agents: Vec::new(),
            authenticate: None,
            bare_prefixes: false,
            body_limit: BODY_LIMIT,
            cancel: false,
            credentials: false,
            settings: Settings::default(),
            limits: Limits::default(),
            origins: None,
            shutdown: None,
            shutdown_deadline: Duration::from_secs(10),
            thread_age: None,
        }
    }

    /// Adds an agent below a prefix such as `/chat`; an empty one puts it at the root. A second agent below the
    /// same prefix takes the first one's place.
    ///
    /// An agent that keeps [threads](Agent::threads), as one in [`Sessions`](crate::session::Sessions) does, has routes
    /// for them, each for those of whoever asks:
    ///
    /// - `GET {prefix}/threads` lists them, those that changed last first; `?limit=` says how many, and `?after=`,
    ///   with what `next` said, goes on. Who is nobody in particular has to know the ids, and is answered with 401,
    /// - `GET {prefix}/threads/{threadId}` is one with its messages, state, open questions and last run,
    /// - `DELETE {prefix}/threads/{threadId}` deletes it, which is answered with 204.
    pub fn agent<A: Agent>(mut self, prefix: &str, agent: A) -> Self {
        let prefix = match prefix.trim_matches('/') {
            "" => String::new(),
            prefix => format!("/{prefix}"),
        };
        let threads = agent.threads();
        let make: MakeEndpoint = Box::new(move |prefix, index, body_limit, settings, active| {
            Endpoint::new(prefix, agent, index, body_limit, settings, active)
        });
        self.agents.retain(|mounted| mounted.prefix != prefix);
        self.agents.push(Mounted { prefix, threads, make });
        self
    }

    /// Runs agents at `POST {prefix}` as well, for front ends that ask there and not at `{prefix}/agui`.
    pub fn bare_prefixes(mut self) -> Self {
        self.bare_prefixes = true;
        self
    }

    /// Answers only requests with `Authorization: Bearer` and this token, before their bodies are read, and 401
    /// to others. Only `GET {prefix}/status` stays open, for those who watch servers. An empty token lets nobody
    /// in.
    ///
    /// All who have the token are one [`Principal`], `bearer`. Tell people apart by [`Server::authenticate`].
    pub fn bearer_token(mut self, token: impl Into<String>) -> Self {
        self.authenticate = Some(Authenticate::by_token(token));
        self
    }

    /// Has a function of yours say who asks, or refuse, from a request's head: its body is read afterwards. As
    /// with [`Server::bearer_token`], `GET {prefix}/status` stays open.
    ///
    /// Each principal's runs are its own: it can cancel no other's, and their ids do not get in each other's way. So
    /// are its threads, where an agent has sessions.
    ///
    /// ```
    /// use agui::{Principal, Refusal, Server};
    /// use axum::http::request::Parts;
    ///
    /// # async fn user_of(session: &str) -> Option<String> { Some(session.into()) }
    /// async fn by_session(request: Parts) -> Result<Principal, Refusal> {
    ///     let session = request.headers.get("x-session").and_then(|id| id.to_str().ok());
    ///     let session = session.ok_or_else(|| Refusal::unauthorized("log in first"))?;
    ///     match user_of(session).await {
    ///         Some(user) => Ok(Principal::new(user)),
    ///         None => Err(Refusal::forbidden("this session may not")),
    ///     }
    /// }
    ///
    /// let server = Server::new().authenticate(by_session);
    /// # drop(server);
    /// ```
    pub fn authenticate<F, Fut>(mut self, hook: F) -> Self
    where
        F: Fn(Parts) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<Principal, Refusal>> + Send + 'static,
    {
        self.authenticate = Some(Authenticate::by(hook));
        self
    }

    /// Lets pages of these origins read the answers, such as `https://app.example`, and no others; `*` is all
    /// of them.
    ///
    /// By default that is all of them as long as anybody may talk to the server and it keeps nothing, and none once
    /// requests have to be authenticated, or an agent has sessions.
    pub fn allow_origins<O: Into<String>>(mut self, origins: impl IntoIterator<Item = O>) -> Self {
        self.origins = Some(Origins::Only(origins.into_iter().map(Into::into).collect()));
        self
    }

    /// Lets pages of the origins that [`Server::allow_origins`] names send credentials that browsers add by
    /// themselves, such as cookies. Never all pages: `*` goes without.
    pub fn allow_credentials(mut self) -> Self {
        self.credentials = true;
        self
    }

    /// The largest request body, in bytes; [`BODY_LIMIT`] by default. A larger one is answered with 413.
    pub fn body_limit(mut self, bytes: usize) -> Self {
        self.body_limit = bytes;
        self
    }

    /// How many runs the server carries at once; any number by default. Those beyond are answered with 503 and
    /// `Retry-After`.
    pub fn max_concurrent_runs(mut self, runs: usize) -> Self {
        self.limits.runs = Some(runs);
        self
    }

    /// How many runs one principal may have at once; any number by default. Those beyond are answered with 429
    /// and `Retry-After`.
    pub fn max_concurrent_runs_of_one(mut self, runs: usize) -> Self {
        self.limits.runs_of_one = Some(runs);
        self
    }

    /// How long a run may take; for ever by default. One that takes longer ends with the outcome `cancelled`.
    pub fn max_run_time(mut self, limit: Duration) -> Self {
        self.settings.max_time = Some(limit);
        self
    }

    /// Adds `POST {prefix}/runs/{runId}/cancel`: the run ends with the outcome `cancelled`. The answer is 202, or
    /// 404 if no such run is active. Where nobody is authenticated, anybody who knows a run's id can cancel it.
    pub fn cancel_endpoint(mut self) -> Self {
        self.cancel = true;
        self
    }

    /// After how much silence of a run a comment is sent, so that no proxy takes the connection for dead; 15
    /// seconds by default, `None` for never.
    pub fn keep_alive(mut self, interval: impl Into<Option<Duration>>) -> Self {
        self.settings.keep_alive = interval.into();
        self
    }

    /// Which clients get events in a shape that older front ends know: by default those that declare no
    /// `protocolVersion`, since deployed ones do not, and reject a run for a shape of today. See
    /// [`Downgrader`](crate::compat::Downgrader) for what they get; the log names what was lost.
    pub fn downgrade(mut self, downgrade: Downgrade) -> Self {
        self.settings.downgrade = downgrade;
        self
    }

    /// What becomes of an agent whose client has gone; by default it is dropped.
    pub fn on_disconnect(mut self, policy: OnDisconnect) -> Self {
        self.settings.on_disconnect = policy;
        self
    }

    /// Deletes threads that have not changed for this long, whosever they are, while the server
    /// [serves](Server::serve); by default they are kept for ever. Threads that a run holds are left alone.
    pub fn keep_threads_for(mut self, age: Duration) -> Self {
        self.thread_age = Some(age);
        self
    }

    /// Begins to shut down when this future is ready, in place of Ctrl-C and `SIGTERM`.
    pub fn shutdown_when(mut self, signal: impl Future<Output = ()> + Send + 'static) -> Self {
        self.shutdown = Some(Box::pin(signal));
        self
    }

    /// How long runs may go on when the server shuts down; 10 seconds by default. Those that are not over by
    /// then end with the outcome `cancelled`.
    pub fn shutdown_deadline(mut self, deadline: Duration) -> Self {
        self.shutdown_deadline = deadline;
        self
    }

    /// An axum router with the agents' routes, to be merged into another or nested. Paths that it does not know
    /// are left to the router around it.
    ///
    /// Shutting down is then up to you. If you serve it yourself, set `TCP_NODELAY` on accepted connections, as
    /// [`Server::serve`] does; and know that hyper by default keeps up to 400 KB for each client that does not
    /// read, which [`Server::serve`] has reduced to 24.
    pub fn into_router(self) -> Router {
        let active = self.active();
        app::router(self, &active, Otherwise::Pass)
    }

    /// Serves at an address such as `127.0.0.1:9001`, over HTTP/1.1 and HTTP/2, until the process is told to end
    /// by Ctrl-C or `SIGTERM`, or until [`Server::shutdown_when`].
    ///
    /// Then no run starts any more, those under way have [until a deadline](Server::shutdown_deadline) to end by
    /// themselves, and what is left of them is cancelled in order. A second Ctrl-C ends at once.
    ///
    /// # Errors
    ///
    /// When the address cannot be bound.
    pub async fn serve(self, address: impl ToSocketAddrs) -> Result {
        self.serve_on(TcpListener::bind(address).await?).await
    }

    /// As [`Server::serve`], for a listener that is bound already.
    ///
    /// # Errors
    ///
    /// When the listener has no address.
    pub async fn serve_on(mut self, listener: TcpListener) -> Result {
        let address = listener.local_addr()?;
        if !address.ip().is_loopback() && self.authenticate.is_none() {
            tracing::warn!(%address, "anybody who reaches this address can run the agents: nothing authenticates them");
        }
        tracing::info!(%address, "serving");
        let active = self.active();
        let signal = self.shutdown.take();
        let deadline = self.shutdown_deadline;
        let threads: Vec<_> = self.agents.iter().filter_map(|agent| agent.threads.clone()).collect();
        let age = self.thread_age.filter(|_| !threads.is_empty());
        let router = app::router(self, &active, Otherwise::Refuse);
        let served = listen::serve(listener, router, &active, signal, deadline);
        match age {
            None => served.await,
            Some(age) => tokio::select! {
                () = served => {}
                () = retention::keep(threads, age) => {}
            },
        }
        Ok(())
    }

    /// Who may read answers; `None` if that is for browsers to decide, which allow the same origin alone.
    pub(super) fn origins(&self) -> Option<Origins> {
        match &self.origins {
            Some(origins) => Some(origins.clone()),
            None => (!self.is_protected()).then_some(Origins::Any),
        }
    }

    /// Whether it is not for everybody: requests are authenticated, or agents have sessions.
    fn is_protected(&self) -> bool {
        self.authenticate.is_some() || self.agents.iter().any(|agent| agent.threads.is_some())
    }

    fn active(&self) -> Arc<Active> {
        Arc::new(Active::new(self.limits))
    }
}

impl Default for Server {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let prefixes: Vec<_> = self.agents.iter().map(|agent| &agent.prefix).collect();
        f.debug_struct("Server").field("agents", &prefixes).finish_non_exhaustive()
    }
}
