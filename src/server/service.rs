//! One agent as a tower service.

use super::app::{self, Otherwise};
use super::builder::Server;
use crate::agent::Agent;
use axum::Router;
use axum::body::{Body, Bytes};
use axum::http::{Request, Response};
use axum::routing::future::RouteFuture;
use std::convert::Infallible;
use std::sync::Arc;
use std::task::{Context, Poll};
use tower_service::Service;

/// A tower service for one agent: for hyper, or for a route of a router of yours. It has all that
/// [`router`](super::router) has, except that it sends no CORS headers: which pages may ask is for a layer around it to
/// say. `POST` runs the agent at whatever other path it is put as well.
///
/// ```
/// # use agui::{Result, RunContext};
/// # async fn chat(run: RunContext) -> Result { run.text("Hi.").await }
/// // `POST /assistants/chat` runs it, and nothing else is there.
/// let app: axum::Router = axum::Router::new().route_service("/assistants/chat", agui::service(chat));
///
/// // `GET /assistants/chat/status` is there, too, and so are the threads of an agent that keeps some.
/// let app: axum::Router = axum::Router::new().nest_service("/assistants/chat", agui::service(chat));
/// ```
///
/// [`Server::into_router`] is a tower service as well, with settings and for several agents.
pub fn service<A: Agent>(agent: A) -> AgentService {
    let server = Server::new().agent("", agent);
    AgentService { router: app::router(server, &Arc::default(), Otherwise::Run) }
}

/// An agent as a tower service. Made by [`service`].
#[derive(Debug, Clone)]
pub struct AgentService {
    router: Router,
}

impl<B> Service<Request<B>> for AgentService
where
    B: http_body::Body<Data = Bytes> + Send + 'static,
    B::Error: Into<axum::BoxError>,
{
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = RouteFuture<Infallible>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        self.router.call(request)
    }
}
