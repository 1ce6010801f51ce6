//! The run input out of a request.

use super::problems;
use super::refusal::{Problem, Refusal};
use crate::compat::{Downgrade, Upgraded, decode_input};
use crate::run::RunRequest;
use agui_types::RunAgentInput;
use axum::RequestExt;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, FromRequest, Request};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};

/// Takes the run input out of a request: for handlers of yours that choose what to run.
///
/// The run gets the request's extensions and headers as dependencies, and a client that declares no version gets
/// events in a shape that older ones know ([`RunRequest::downgrade`]). Bodies may be as large as axum's
/// `DefaultBodyLimit` says.
///
/// ```
/// use agui::{Result, Run, RunContext, RunRequest};
/// use axum::extract::State;
///
/// #[derive(Clone)]
/// struct Greeting(String);
///
/// async fn greeter(run: RunContext) -> Result {
///     let Greeting(greeting) = run.require()?;
///     run.text(greeting).await
/// }
///
/// async fn chat(State(greeting): State<Greeting>, request: RunRequest) -> Run {
///     agui::run(greeter, request.with(greeting))
/// }
///
/// let app: axum::Router =
///     axum::Router::new().route("/chat", axum::routing::post(chat)).with_state(Greeting("Hi!".into()));
/// ```
impl<S: Send + Sync> FromRequest<S> for RunRequest {
    type Rejection = Refusal;

    async fn from_request(request: Request, state: &S) -> Result<Self, Refusal> {
        if !is_json(request.headers().get(header::CONTENT_TYPE)) {
            return Err(Refusal::new(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "unsupported_media_type",
                "the run input has the content type `application/json`",
            ));
        }
        let (parts, body) = request.with_limited_body().into_parts();
        let mut limited = Request::new(body);
        // It has the request's own limit already.
        DefaultBodyLimit::disable().apply(&mut limited);
        let body = Bytes::from_request(limited, state).await.map_err(|rejection| {
            if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE {
                too_large()
            } else {
                // The client went away, or broke the transfer coding.
                Refusal::new(rejection.status(), "unreadable_body", rejection.body_text())
            }
        })?;
        let input = decode(&body)?;
        let mut extensions = parts.extensions;
        extensions.insert(parts.headers);
        Ok(Self::new(input).downgrade(Downgrade::Older).extended(extensions))
    }
}

pub(super) fn too_large() -> Refusal {
    Refusal::new(
        StatusCode::PAYLOAD_TOO_LARGE,
        "too_large",
        "the run input is larger than this server accepts",
    )
}

/// Whether a body says by itself that it is larger than that, so that nobody has to read it.
pub(super) fn announces_more_than(limit: usize, headers: &HeaderMap) -> bool {
    let length =
        headers.get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse::<u64>().ok());
    length.is_some_and(|length| usize::try_from(length).map_or(true, |length| length > limit))
}

/// The input, or why it is refused before a run starts (INPUT-13).
fn decode(body: &[u8]) -> Result<RunAgentInput, Refusal> {
    let Upgraded { decoded, conversions, .. } = decode_input(body).map_err(|error| {
        if error.is_syntax() {
            return Refusal::new(StatusCode::BAD_REQUEST, "invalid_json", error.to_string());
        }
        let first = Problem { path: error.pointer().to_owned(), message: error.message().to_owned() };
        Refusal::invalid_input(first, problems::further(body, &error))
    })?;
    // Older clients are read (VER-32, VER-35).
    for conversion in &conversions {
        tracing::warn!(%conversion, "translated in the run input");
    }
    // Unrecognised members are stripped and the run starts (INPUT-14, PROC-18).
    for unrecognised in &decoded.unrecognised {
        tracing::warn!(%unrecognised, "removed from the run input");
    }
    if decoded.omitted > 0 {
        tracing::warn!(count = decoded.omitted, "more was removed from the run input");
    }
    decoded.value.ok_or_else(|| {
        let message = "nothing recognisable is left of the run input".to_owned();
        Refusal::invalid_input(Problem { path: String::new(), message }, Vec::new())
    })
}

/// `application/json`, with any parameters. A form's content type is refused, since a page of another
/// origin can send that without asking.
fn is_json(content_type: Option<&HeaderValue>) -> bool {
    let Some(Ok(content_type)) = content_type.map(HeaderValue::to_str) else { return false };
    let essence = content_type.split(';').next().unwrap_or_default().trim();
    essence.eq_ignore_ascii_case("application/json")
}
