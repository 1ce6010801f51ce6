//! The routes of a server and the layers around them.

use super::active::{Active, RunKey};
use super::answer::{RunResponse, Settings};
use super::auth::{Authenticate, Principal};
use super::builder::{Mounted, Server};
use super::refusal::Refusal;
use super::{cors, input, threads};
use crate::agent::Agent;
use crate::run::{Run, RunRequest, run_shared};
use crate::session::Threads;
use crate::time;
use agui_types::{AgentCapabilities, TransportCapabilities};
use axum::Router;
use axum::extract::rejection::PathRejection;
use axum::extract::{DefaultBodyLimit, FromRequest, Path, Request};
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use serde_json::json;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

/// How long a run input may take to arrive. Who sends it byte by byte would hold on to a connection for ever.
const BODY_TIME: Duration = Duration::from_secs(60);

pub(super) const JSON: [(header::HeaderName, &str); 1] = [(header::CONTENT_TYPE, "application/json")];

/// One agent, ready to be asked.
pub(super) struct Endpoint {
    name: Arc<str>,
    index: usize,
    start: Box<dyn Fn(RunRequest) -> Run + Send + Sync>,
    capabilities: String,
    threads: Option<Threads>,
    body_limit: usize,
    settings: Settings,
    active: Arc<Active>,
}

impl Endpoint {
    pub(super) fn new<A: Agent>(
        prefix: &str,
        agent: A,
        index: usize,
        body_limit: usize,
        settings: Settings,
        active: Arc<Active>,
    ) -> Self {
        let capabilities = declared(agent.capabilities(), settings);
        let own_name = capabilities.identity.as_ref().and_then(|identity| identity.name.as_deref());
        let name = own_name.unwrap_or_else(|| prefix.trim_matches('/')).into();
        let capabilities = serde_json::to_string(&capabilities).unwrap_or_else(|error| {
            tracing::error!(%error, prefix, "the agent's capabilities break their schema");
            "{}".to_owned()
        });
        let threads = agent.threads();
        let agent = Arc::new(agent);
        let start = Box::new(move |request| run_shared(Arc::clone(&agent), request));
        Self { name, index, start, capabilities, threads, body_limit, settings, active }
    }

    /// Answers a request to run the agent.
    pub(super) async fn answer(&self, request: Request) -> Response {
        self.run(request).await.map_or_else(IntoResponse::into_response, IntoResponse::into_response)
    }

    async fn run(&self, mut request: Request) -> Result<RunResponse, Refusal> {
        // What can be refused is refused before a byte of the body is read.
        let principal = request.extensions().get::<Principal>().map(Principal::shared_id);
        self.active.has_room(principal.as_ref())?;
        if input::announces_more_than(self.body_limit, request.headers()) {
            return Err(input::too_large());
        }
        DefaultBodyLimit::max(self.body_limit).apply(&mut request);
        let request = tokio::time::timeout(BODY_TIME, RunRequest::from_request(request, &()))
            .await
            .map_err(|_| {
                Refusal::new(StatusCode::REQUEST_TIMEOUT, "timeout", "the run input did not arrive in time")
            })??;
        let mut request = request.downgrade(self.settings.downgrade);
        if !self.name.is_empty() {
            request = request.agent_name(Arc::clone(&self.name));
        }
        let key = RunKey { agent: self.index, principal, run_id: request.input().run_id.clone() };
        // Nothing happens in a run before somebody asks for it.
        let run = (self.start)(request);
        let seat = self.active.admit(key, run.handle())?;
        let admitted = run.admitted();
        let run = match self.settings.max_time {
            None => admitted.await?,
            Some(limit) => tokio::time::timeout(limit, admitted).await.map_err(|_| {
                let message = "it took too long until the run could begin";
                Refusal::new(StatusCode::SERVICE_UNAVAILABLE, "timeout", message)
            })??,
        };
        Ok(RunResponse::seated(run, self.settings, seat))
    }

    fn cancel(&self, principal: Option<&Principal>, run_id: String) -> Result<Response, Refusal> {
        let body = json!({ "status": "cancelling", "runId": run_id }).to_string();
        let key = RunKey { agent: self.index, principal: principal.map(Principal::shared_id), run_id };
        if !self.active.cancel(&key) {
            return Err(Refusal::not_found(format!("no run `{}` is active", key.run_id)));
        }
        Ok((StatusCode::ACCEPTED, JSON, body).into_response())
    }

    fn routes(
        self: Arc<Self>,
        prefix: &str,
        bare: bool,
        cancel: bool,
        authenticate: Option<Authenticate>,
    ) -> Router {
        let threads = self.threads.clone();
        let (runs, capabilities, cancels) = (Arc::clone(&self), Arc::clone(&self), self);
        let run = post(async move |request: Request| runs.answer(request).await);
        let mut guarded = Router::new().route(&format!("{prefix}/agui"), run.clone()).route(
            &format!("{prefix}/capabilities"),
            get(async move || (JSON, capabilities.capabilities.clone())),
        );
        if bare {
            guarded = guarded.route(if prefix.is_empty() { "/" } else { prefix }, run);
        }
        if cancel {
            let cancel = async move |run_id: Result<Path<RunId>, PathRejection>, request: Request| {
                let Path(RunId { run_id }) = run_id.map_err(|_| Refusal::not_found("this is no run's id"))?;
                cancels.cancel(request.extensions().get(), run_id)
            };
            guarded = guarded.route(&format!("{prefix}/runs/{{run_id}}/cancel"), post(cancel));
        }
        if let Some(threads) = threads {
            guarded = guarded.merge(threads::routes(prefix, threads));
        }
        if let Some(authenticate) = authenticate {
            guarded = guarded.route_layer(axum::middleware::from_fn(move |request, next| {
                authenticate.clone().check(request, next)
            }));
        }
        // For those who look whether the server is up, who have no token.
        guarded.route(&format!("{prefix}/status"), get(async || (JSON, r#"{"status":"available"}"#)))
    }
}

/// The parameter by its name: the path that this is mounted at may have others.
#[derive(serde::Deserialize)]
struct RunId {
    run_id: String,
}

impl fmt::Debug for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Endpoint").field("name", &self.name).finish_non_exhaustive()
    }
}

/// What becomes of requests for paths that a server does not know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Otherwise {
    /// They are left to the router around it.
    Pass,
    /// They are refused, since there is nothing else.
    Refuse,
    /// They are for the agent at the root to run, if they are by `POST`. Not where requests are authenticated, which
    /// is done for known paths alone.
    Run,
}

/// The router of a server.
pub(super) fn router(server: Server, active: &Arc<Active>, otherwise: Otherwise) -> Router {
    // Which pages may ask is up to what a service is put into.
    let origins = if otherwise == Otherwise::Run { None } else { server.origins() };
    let credentials = server.credentials;
    let closed = origins.is_none();
    let refuse = async move |method: Method, headers: HeaderMap| refuse_method(&method, &headers, closed);
    let mut router = Router::new();
    for (index, Mounted { prefix, make, .. }) in server.agents.into_iter().enumerate() {
        let endpoint = Arc::new(make(&prefix, index, server.body_limit, server.settings, Arc::clone(active)));
        if otherwise == Otherwise::Run && prefix.is_empty() {
            let runs = Arc::clone(&endpoint);
            let run = post(async move |request: Request| runs.answer(request).await);
            router = router.fallback_service(run.fallback(refuse));
        }
        let routes =
            endpoint.routes(&prefix, server.bare_prefixes, server.cancel, server.authenticate.clone());
        router = router.merge(routes);
    }
    router = router.method_not_allowed_fallback(refuse);
    if otherwise == Otherwise::Refuse {
        router = router.fallback(async || Refusal::not_found("there is nothing at this path"));
    }
    match origins {
        Some(origins) => router.layer(cors::layer(&origins, credentials)),
        None => router,
    }
}

fn refuse_method(method: &Method, headers: &HeaderMap, closed: bool) -> Refusal {
    if closed
        && method == Method::OPTIONS
        && let Some(origin) = headers.get(header::ORIGIN)
    {
        // All that its author sees otherwise is that it does not work.
        tracing::warn!(?origin, "a page may not talk to this server, see `Server::allow_origins`");
    }
    let message = format!("{method} is not what this path is for");
    Refusal::new(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", message)
}

/// What an agent declares, and what this server knows of the transport and its limits.
fn declared(mut capabilities: AgentCapabilities, settings: Settings) -> AgentCapabilities {
    if let Some(limit) = settings.max_time.and_then(time::millis) {
        let most = &mut capabilities.execution.get_or_insert_default().max_execution_time;
        *most = Some(most.map_or(limit, |own| own.min(limit)));
    }
    capabilities.transport.get_or_insert_with(|| {
        TransportCapabilities::new()
            .streaming(true)
            .websocket(false)
            .http_binary(false)
            .push_notifications(false)
            .resumable(false)
    });
    capabilities
}
