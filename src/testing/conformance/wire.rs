//! How the suite asks: requests that may be wrong, and answers as they are on the wire.

use crate::client::{
    FrameReader, HttpAgent, Request, Transport, TransportError, TransportErrorKind, unreachable,
};
use agui_types::runtime::decode_strict;
use bytes::Bytes;
use futures_core::Stream;
use futures_util::{StreamExt, TryStreamExt};
use http::header::{ACCEPT, CONTENT_TYPE, HeaderValue};
use http::{HeaderMap, StatusCode};
use serde::Deserialize;
use std::time::Duration;

/// No answer of the suite is longer than this.
const MOST: usize = 16 * 1024 * 1024;

/// How long is waited.
#[derive(Debug, Clone, Copy)]
pub(super) struct Patience {
    /// For the next byte.
    pub(super) silence: Duration,
    /// For the end of the body after the end of the run.
    pub(super) closing: Duration,
}

/// A request.
#[derive(Debug, Clone)]
pub(super) struct Ask {
    pub(super) body: Bytes,
    pub(super) content_type: &'static str,
    /// Whether the connection is closed as soon as the first bytes are there.
    pub(super) hangs_up: bool,
}

impl Ask {
    pub(super) fn new(body: impl Into<Bytes>) -> Self {
        Self { body: body.into(), content_type: "application/json", hangs_up: false }
    }
}

/// What came.
#[derive(Debug, Clone)]
pub(super) struct Answer {
    /// `None` where there is no HTTP.
    pub(super) head: Option<(StatusCode, HeaderMap)>,
    pub(super) bytes: Vec<u8>,
    pub(super) end: End,
}

/// How the body of an answer ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum End {
    Closed,
    Broken(String),
    /// The run had ended, but the body went on.
    Open,
    /// Nothing came any more, or far too much.
    Lost(String),
    HungUp,
}

/// A way to a server.
pub(super) trait Wire {
    /// What the server answers; `None` if such a request cannot be made this way.
    async fn ask(&self, ask: &Ask, patience: Patience) -> Result<Option<Answer>, TransportError>;
}

impl Wire for &HttpAgent {
    async fn ask(&self, ask: &Ask, patience: Patience) -> Result<Option<Answer>, TransportError> {
        let mut headers = self.headers(HeaderMap::new());
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(ask.content_type));
        headers.insert(ACCEPT, HeaderValue::from_static(crate::sse::MEDIA_TYPE));
        let sent = self.post(headers, ask.body.clone()).send();
        let response = match tokio::time::timeout(patience.silence, sent).await {
            Ok(response) => response.map_err(unreachable)?,
            Err(_) => return Err(slow(patience.silence)),
        };
        let head = Some((response.status(), response.headers().clone()));
        let body = http::Response::<reqwest::Body>::from(response).into_body();
        let body = http_body_frames(body);
        let (bytes, end) = read(body, ask.hangs_up, patience).await;
        Ok(Some(Answer { head, bytes, end }))
    }
}

fn http_body_frames(mut body: reqwest::Body) -> impl Stream<Item = Result<Bytes, String>> {
    futures_util::stream::poll_fn(move |cx| {
        let frame = http_body::Body::poll_frame(std::pin::Pin::new(&mut body), cx);
        // Trailers are of no interest.
        frame.map(|frame| {
            frame.map(|frame| {
                frame.map(|frame| frame.into_data().unwrap_or_default()).map_err(|error| error.to_string())
            })
        })
    })
}

/// Any transport: well-formed input alone can be sent, and there are no statuses.
pub(super) struct Plain<'t, T>(pub(super) &'t T);

impl<T: Transport> Wire for Plain<'_, T> {
    async fn ask(&self, ask: &Ask, patience: Patience) -> Result<Option<Answer>, TransportError> {
        let Ok(input) = decode_strict(&ask.body) else { return Ok(None) };
        let opening = self.0.open(Request::new(input), ask.body.clone());
        let body = match tokio::time::timeout(patience.silence, opening).await {
            Ok(body) => body?,
            Err(_) => return Err(slow(patience.silence)),
        };
        let body = body.map_err(|error| error.to_string());
        let (bytes, end) = read(body, ask.hangs_up, patience).await;
        Ok(Some(Answer { head: None, bytes, end }))
    }
}

fn slow(limit: Duration) -> TransportError {
    let text = format!("no answer came within {} seconds", limit.as_secs_f64());
    TransportError::new(TransportErrorKind::Timeout, text)
}

/// Reads a body to its end, or to where it makes no sense to go on.
async fn read(
    body: impl Stream<Item = Result<Bytes, String>>,
    hangs_up: bool,
    patience: Patience,
) -> (Vec<u8>, End) {
    let mut body = std::pin::pin!(body);
    let (mut bytes, mut frames, mut over) = (Vec::new(), FrameReader::with_limit(MOST), false);
    loop {
        let limit = if over { patience.closing } else { patience.silence };
        let chunk: Bytes = match tokio::time::timeout(limit, body.next()).await {
            Ok(Some(Ok(chunk))) => chunk,
            Ok(Some(Err(error))) => return (bytes, End::Broken(error)),
            Ok(None) => return (bytes, End::Closed),
            Err(_) if over => return (bytes, End::Open),
            Err(_) => return (bytes, End::Lost(format!("nothing came for {} seconds", limit.as_secs_f64()))),
        };
        frames.push(&chunk);
        bytes.extend_from_slice(&chunk);
        while let Ok(Some(json)) = frames.next_frame() {
            over = is_the_end(json);
        }
        if hangs_up && !bytes.is_empty() {
            return (bytes, End::HungUp);
        }
        if bytes.len() > MOST {
            return (bytes, End::Lost(format!("more than {MOST} bytes came")));
        }
    }
}

fn is_the_end(json: &[u8]) -> bool {
    #[derive(Deserialize)]
    struct Typed<'e> {
        r#type: &'e str,
    }
    serde_json::from_slice::<Typed<'_>>(json)
        .is_ok_and(|event| matches!(event.r#type, "RUN_FINISHED" | "RUN_ERROR"))
}
