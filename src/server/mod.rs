//! Agents over HTTP, with axum.

mod active;
mod answer;
mod app;
mod auth;
mod builder;
mod cors;
mod input;
mod listen;
mod problems;
mod refusal;
mod retention;
mod service;
mod threads;

pub use answer::{OnDisconnect, RunResponse};
pub use auth::Principal;
pub use builder::Server;
pub use service::{AgentService, service};

use crate::agent::Agent;
use crate::error::Result;
use axum::Router;

/// The largest request body that is accepted by default, in bytes: room for a long conversation with some
/// inline images. [`Server::body_limit`] changes it.
pub const BODY_LIMIT: usize = 16 * 1024 * 1024;

/// An axum router for one agent: `POST /agui` runs it, `GET /status` says that it is there, and
/// `GET /capabilities` what it declares.
///
/// What middleware left in the request's extensions, such as the principal that it authenticated, is there
/// in the run as a [dependency](crate::RunContext::dependency), and so are the request's headers, as
/// `http::HeaderMap`.
///
/// Nest it to serve several agents, or let a [`Server`] do that, which also has the settings:
///
/// ```
/// # use agui::{Result, RunContext};
/// # async fn chat(run: RunContext) -> Result { run.text("Hi.").await }
/// # async fn research(run: RunContext) -> Result { run.text("Hm.").await }
/// let app: axum::Router = axum::Router::new()
///     .nest("/chat", agui::router(chat))
///     .nest("/research", agui::router(research));
/// ```
///
/// Pages of any origin may talk to it, as long as no [`Server::allow_origins`] says otherwise.
///
/// If you serve it yourself, set `TCP_NODELAY` on accepted connections as [`serve`] does: without it
/// the end of a streamed answer may wait 40 ms for the peer's delayed acknowledgement.
pub fn router<A: Agent>(agent: A) -> Router {
    Server::new().agent("", agent).into_router()
}

/// Serves one agent at an address such as `127.0.0.1:9001`, until the process is told to end; see
/// [`Server::serve`].
///
/// # Errors
///
/// When the address cannot be bound.
pub async fn serve<A: Agent>(address: impl tokio::net::ToSocketAddrs, agent: A) -> Result {
    Server::new().agent("", agent).serve(address).await
}

/// As [`serve`], for a listener that is bound already.
///
/// # Errors
///
/// When the listener fails for good.
pub async fn serve_on<A: Agent>(listener: tokio::net::TcpListener, agent: A) -> Result {
    Server::new().agent("", agent).serve_on(listener).await
}
