//! What a mock server answers: a status, headers, and a body in pieces.

use super::{MockRequest, until_dropped};
use agui_types::PROTOCOL_VERSION;
use axum::body::{Body, Bytes};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use serde::Serialize;
use serde_json::{Value, json};
use std::collections::VecDeque;
use std::io;
use std::time::Duration;
use tokio::sync::watch;

/// An answer of a [`MockServer`](super::MockServer). Nothing of it is checked: it may be as wrong as a test likes.
#[derive(Debug, Clone)]
#[must_use]
pub struct MockAnswer {
    status: u16,
    headers: Vec<(String, String)>,
    pieces: VecDeque<Piece>,
    cut_at: Option<usize>,
    delay: Duration,
    hangs_up: bool,
}

#[derive(Debug, Clone)]
enum Piece {
    Bytes(Bytes),
    /// The events that begin or end the run that was asked for.
    Started,
    Finished,
    Pause(Duration),
    Cut,
    Stuck,
}

impl MockAnswer {
    /// The run that was asked for, whichever it is: `RUN_STARTED`, these events, `RUN_FINISHED`.
    pub fn run(events: impl IntoIterator<Item = Value>) -> Self {
        Self::bytes("").piece(Piece::Started).then_events(events).piece(Piece::Finished)
    }

    /// A stream of these events and no others: values, [`Event`](crate::Event)s, or whatever else has a JSON form.
    pub fn events<E: Serialize>(events: impl IntoIterator<Item = E>) -> Self {
        Self::bytes("").then_events(events)
    }

    /// A stream of these bytes, such as the text of Server-Sent Events.
    pub fn bytes(body: impl Into<Bytes>) -> Self {
        let headers = vec![(header::CONTENT_TYPE.to_string(), crate::sse::MEDIA_TYPE.to_owned())];
        let (pieces, cut_at, delay) = (VecDeque::new(), None, Duration::ZERO);
        Self { status: 200, headers, pieces, cut_at, delay, hangs_up: false }.then_bytes(body)
    }

    /// No stream, but a status and a text.
    pub fn status(status: u16, body: impl Into<Bytes>) -> Self {
        let mut answer = Self::bytes(body).header("content-type", "text/plain; charset=utf-8");
        answer.status = status;
        answer
    }

    /// No answer: the connection is closed when the request was read.
    pub fn hang_up() -> Self {
        Self { hangs_up: true, ..Self::bytes("") }
    }

    /// Nothing comes for so long, neither status nor headers.
    pub fn after(mut self, time: Duration) -> Self {
        self.delay = time;
        self
    }

    /// With a header, in place of one of that name.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.retain(|(known, _)| !known.eq_ignore_ascii_case(name));
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// And then these events.
    pub fn then_events<E: Serialize>(self, events: impl IntoIterator<Item = E>) -> Self {
        events.into_iter().fold(self, |answer, event| {
            let json = serde_json::to_string(&event).unwrap_or_else(|error| error.to_string());
            answer.then_bytes(format!("data: {json}\n\n"))
        })
    }

    /// And then these bytes, in a write of their own.
    pub fn then_bytes(self, bytes: impl Into<Bytes>) -> Self {
        let bytes = bytes.into();
        if bytes.is_empty() { self } else { self.piece(Piece::Bytes(bytes)) }
    }

    /// And then nothing for so long.
    pub fn pause(self, time: Duration) -> Self {
        self.piece(Piece::Pause(time))
    }

    /// And then the connection breaks.
    pub fn cut(self) -> Self {
        self.piece(Piece::Cut)
    }

    /// The connection breaks when so many bytes of the body were sent, if there are that many.
    pub fn cut_at(mut self, bytes: usize) -> Self {
        self.cut_at = Some(bytes);
        self
    }

    /// And then nothing, without an end.
    pub fn stuck(self) -> Self {
        self.piece(Piece::Stuck)
    }

    fn piece(mut self, piece: Piece) -> Self {
        self.pieces.push_back(piece);
        self
    }

    /// Puts it on the wire; `None` if the connection is to be closed.
    pub(super) async fn response(
        self,
        request: &MockRequest,
        stopped: watch::Receiver<()>,
    ) -> Option<Response> {
        let Self { status, headers, pieces, cut_at, delay, hangs_up } = self;
        tokio::select! {
            () = tokio::time::sleep(delay) => {}
            () = until_dropped(stopped.clone()) => return None,
        }
        if hangs_up {
            return None;
        }
        let body = Playing { pieces, left: cut_at, ids: ids(request), stopped };
        let body = Body::from_stream(stream::unfold(body, async |mut body| {
            let stopped = body.stopped.clone();
            let next = tokio::select! {
                next = body.next() => next,
                () = until_dropped(stopped) => Some(Err(broken("the server was dropped"))),
            };
            next.map(|piece| (piece, body))
        }));
        let mut response = body.into_response();
        *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        for (name, value) in headers {
            if let (Ok(name), Ok(value)) = (name.parse::<header::HeaderName>(), HeaderValue::try_from(value))
            {
                response.headers_mut().insert(name, value);
            }
        }
        Some(response)
    }
}

/// A body on its way.
struct Playing {
    pieces: VecDeque<Piece>,
    /// How many bytes there are until it is cut.
    left: Option<usize>,
    ids: (Value, Value),
    stopped: watch::Receiver<()>,
}

impl Playing {
    async fn next(&mut self) -> Option<io::Result<Bytes>> {
        loop {
            let (thread, run) = &self.ids;
            if self.left == Some(0) {
                self.pieces = VecDeque::from([Piece::Cut]);
                self.left = None;
            }
            let bytes = match self.pieces.pop_front()? {
                Piece::Bytes(bytes) => bytes,
                Piece::Started => frame(&json!({
                    "type": "RUN_STARTED", "threadId": thread, "runId": run, "protocolVersion": PROTOCOL_VERSION,
                })),
                Piece::Finished => {
                    frame(&json!({ "type": "RUN_FINISHED", "threadId": thread, "runId": run }))
                }
                Piece::Pause(time) => {
                    tokio::time::sleep(time).await;
                    continue;
                }
                Piece::Cut => {
                    self.flush().await;
                    return Some(Err(broken("cut")));
                }
                Piece::Stuck => std::future::pending().await,
            };
            let Some(left) = &mut self.left else { return Some(Ok(bytes)) };
            if bytes.len() < *left {
                *left -= bytes.len();
                return Some(Ok(bytes));
            }
            self.pieces = VecDeque::from([Piece::Cut]);
            let last = bytes.slice(..*left);
            self.left = None;
            return Some(Ok(last));
        }
    }

    /// What was sent is written before the connection breaks, which would take it along.
    async fn flush(&self) {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

fn frame(event: &Value) -> Bytes {
    format!("data: {event}\n\n").into()
}

fn broken(why: &'static str) -> io::Error {
    io::Error::new(io::ErrorKind::ConnectionAborted, why)
}

/// Thread and run that a request asks for, whatever else is wrong with it.
fn ids(request: &MockRequest) -> (Value, Value) {
    let input: Value = serde_json::from_slice(&request.body).unwrap_or_default();
    let id = |name| input.get(name).cloned().unwrap_or_else(|| json!("unknown"));
    (id("threadId"), id("runId"))
}
