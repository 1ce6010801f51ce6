//! One agent as a tower service.

use super::active::Active;
use super::answer::Settings;
use super::app::Endpoint;
use super::refusal::Refusal;
use crate::agent::Agent;
use axum::body::{Body, Bytes};
use axum::http::{Method, Request, Response, StatusCode, header};
use axum::response::IntoResponse;
use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use tower_service::Service;

/// A tower service for one agent that answers `POST` at whatever path it is put: for hyper, or for a route of
/// a router of yours.
///
/// ```
/// # use agui::{Result, RunContext};
/// # async fn chat(run: RunContext) -> Result { run.text("Hi.").await }
/// let app: axum::Router = axum::Router::new().route_service("/assistants/chat", agui::service(chat));
/// ```
pub fn service<A: Agent>(agent: A) -> AgentService {
    let endpoint =
        Endpoint::new("", agent, 0, super::BODY_LIMIT, Settings::default(), Arc::new(Active::default()));
    AgentService { endpoint: Arc::new(endpoint) }
}

/// An agent as a tower service. Made by [`service`].
#[derive(Debug, Clone)]
pub struct AgentService {
    endpoint: Arc<Endpoint>,
}

impl<B> Service<Request<B>> for AgentService
where
    B: http_body::Body<Data = Bytes> + Send + 'static,
    B::Error: Into<axum::BoxError>,
{
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Response<Body>, Infallible>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        let endpoint = Arc::clone(&self.endpoint);
        Box::pin(async move {
            if request.method() == Method::POST {
                return Ok(endpoint.answer(request.map(Body::new)).await);
            }
            let message = "runs are asked for by POST";
            let refusal = Refusal::new(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", message);
            Ok(([(header::ALLOW, "POST")], refusal).into_response())
        })
    }
}
