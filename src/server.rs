//! Agents over HTTP, with axum.

use crate::agent::Agent;
use crate::error::Result;
use crate::run::{Run, RunRequest, run_shared};
use crate::sse;
use agui_types::RunAgentInput;
use agui_types::runtime::decode_lenient;
use axum::Router;
use axum::body::Body;
use axum::extract::rejection::BytesRejection;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{Extensions, HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::serve::ListenerExt;
use bytes::Bytes;
use futures_core::Stream;
use serde_json::json;
use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

/// The largest request body that [`router`] accepts, in bytes: room for a long conversation with some
/// inline images.
pub const BODY_LIMIT: usize = 16 * 1024 * 1024;

/// An axum router for one agent: `POST /agui` runs it, `GET /status` says that it is there.
///
/// What middleware left in the request's extensions, such as the principal that it authenticated, is there
/// in the run as a [dependency](crate::RunContext::dependency).
///
/// Nest it to serve several agents:
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
/// If you serve it yourself, set `TCP_NODELAY` on accepted connections as [`serve`] does: without it
/// the end of a streamed answer may wait 40 ms for the peer's delayed acknowledgement.
pub fn router<A: Agent>(agent: A) -> Router {
    Router::new()
        .route("/agui", post(run_agent::<A>))
        .route("/status", get(status))
        .layer(DefaultBodyLimit::max(BODY_LIMIT))
        .with_state(Arc::new(agent))
}

/// Serves one agent at an address such as `127.0.0.1:9001`, until the process ends.
///
/// # Errors
///
/// When the address cannot be bound.
pub async fn serve<A: Agent>(address: impl tokio::net::ToSocketAddrs, agent: A) -> Result {
    serve_on(tokio::net::TcpListener::bind(address).await?, agent).await
}

/// As [`serve`], for a listener that is bound already.
///
/// # Errors
///
/// When the listener fails for good.
pub async fn serve_on<A: Agent>(listener: tokio::net::TcpListener, agent: A) -> Result {
    let listener = listener.tap_io(|connection| {
        if let Err(error) = connection.set_nodelay(true) {
            tracing::debug!(%error, "TCP_NODELAY was refused");
        }
    });
    axum::serve(listener, router(agent)).await?;
    Ok(())
}

async fn status() -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "application/json")], r#"{"status":"available"}"#)
}

async fn run_agent<A: Agent>(
    State(agent): State<Arc<A>>,
    headers: HeaderMap,
    extensions: Extensions,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    match accept(&headers, body) {
        Ok(input) => run_shared(agent, RunRequest::new(input).extended(extensions)).into_response(),
        Err(refusal) => refusal.into_response(),
    }
}

/// The input, or why it is refused before a run starts (SSE-10, INPUT-13).
fn accept(headers: &HeaderMap, body: Result<Bytes, BytesRejection>) -> Result<RunAgentInput, Refusal> {
    let body = body.map_err(|rejection| {
        let code =
            if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE { "too_large" } else { "unreadable_body" };
        Refusal::new(rejection.status(), code, rejection.body_text())
    })?;
    if !is_json(headers.get(header::CONTENT_TYPE)) {
        return Err(Refusal::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "unsupported_media_type",
            "the run input has the content type `application/json`",
        ));
    }
    let decoded = decode_lenient::<RunAgentInput>(&body).map_err(|error| {
        let (status, code) = if error.is_syntax() {
            (StatusCode::BAD_REQUEST, "invalid_json")
        } else {
            (StatusCode::UNPROCESSABLE_ENTITY, "invalid_input")
        };
        if error.is_syntax() {
            return Refusal::new(status, code, error.to_string());
        }
        Refusal { path: Some(error.pointer().to_owned()), ..Refusal::new(status, code, error.message()) }
    })?;
    // Unrecognised members are stripped and the run starts (INPUT-14, PROC-18).
    for unrecognised in &decoded.unrecognised {
        tracing::warn!(%unrecognised, "removed from the run input");
    }
    if decoded.omitted > 0 {
        tracing::warn!(count = decoded.omitted, "more was removed from the run input");
    }
    decoded.value.ok_or_else(|| {
        Refusal::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "invalid_input",
            "nothing recognisable is left of the run input",
        )
    })
}

/// `application/json`, with any parameters. A form's content type is refused, since a page of another
/// origin can send that without asking.
fn is_json(content_type: Option<&HeaderValue>) -> bool {
    let Some(Ok(content_type)) = content_type.map(HeaderValue::to_str) else { return false };
    let essence = content_type.split(';').next().unwrap_or_default().trim();
    essence.eq_ignore_ascii_case("application/json")
}

/// A request refused before a run started.
#[derive(Debug)]
struct Refusal {
    status: StatusCode,
    code: &'static str,
    message: String,
    /// JSON Pointer to what is wrong in the run input.
    path: Option<String>,
}

impl Refusal {
    fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        Self { status, code, message: message.into(), path: None }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let body = match self.path {
            Some(path) => json!({ "code": self.code, "message": self.message, "path": path }),
            None => json!({ "code": self.code, "message": self.message }),
        };
        (self.status, [(header::CONTENT_TYPE, "application/json")], body.to_string()).into_response()
    }
}

/// The answer to the request that started the run (SSE-3).
impl IntoResponse for Run {
    fn into_response(self) -> Response {
        let headers = [
            (header::CONTENT_TYPE, sse::MEDIA_TYPE),
            (header::CACHE_CONTROL, "no-cache"),
            // Proxies of the nginx kind hold a response back until a buffer is full.
            (header::HeaderName::from_static("x-accel-buffering"), "no"),
        ];
        (headers, Body::new(self)).into_response()
    }
}

impl http_body::Body for Run {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<http_body::Frame<Bytes>, Infallible>>> {
        self.poll_next(cx).map(|chunk| chunk.map(|chunk| Ok(http_body::Frame::data(chunk))))
    }
}
