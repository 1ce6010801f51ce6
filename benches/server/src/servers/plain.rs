//! axum alone, with the frames that our server sends, encoded once.

use crate::talk::{Deltas, Shape, nanoseconds};
use agui::RunAgentInput;
use axum::Router;
use axum::body::Body;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use bytes::Bytes;
use futures_util::{FutureExt, Stream, StreamExt};
use std::convert::Infallible;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll};

/// As much as our server collects.
const CHUNK: usize = 16 * 1024;

/// An event each.
pub(super) fn chunks(shape: Shape) -> Router {
    let frames = encoded();
    router(move || Frames::new(&frames, shape))
}

/// What is ready, together.
pub(super) fn coalescing(shape: Shape) -> Router {
    let frames = encoded();
    router(move || Coalescing(Frames::new(&frames, shape)))
}

fn router<S: Stream<Item = Bytes> + Send + 'static>(
    stream: impl Fn() -> S + Clone + Send + Sync + 'static,
) -> Router {
    let answer = async move |_: Bytes| -> Response {
        let headers = [(header::CONTENT_TYPE, "text/event-stream"), (header::CACHE_CONTROL, "no-cache")];
        (headers, Body::from_stream(stream().map(Ok::<_, Infallible>))).into_response()
    };
    Router::new().route("/agui", post(answer))
}

/// A run of ours, frame by frame.
fn encoded() -> Arc<[Bytes]> {
    let input = RunAgentInput::new("thread-0000", "run-0000", vec![]);
    let run = agui::run(|run| super::ours::talk(run, Shape::Burst), input);
    // It never waits for anything.
    let chunks: Vec<Bytes> = run.collect().now_or_never().unwrap_or_default();
    let mut rest = Bytes::from(chunks.concat());
    let mut frames = Vec::new();
    while let Some(end) = rest.windows(2).position(|pair| pair == b"\n\n") {
        frames.push(rest.split_to(end + 2));
    }
    frames.into()
}

struct Frames {
    frames: Arc<[Bytes]>,
    shape: Shape,
    next: usize,
    /// What to wait for; `None` once there is no more.
    deltas: Option<Deltas>,
}

impl Frames {
    /// RUN_STARTED and TEXT_MESSAGE_START.
    const BEFORE: usize = 2;

    fn new(frames: &Arc<[Bytes]>, shape: Shape) -> Self {
        let deltas = (shape != Shape::Burst).then(|| Deltas::new(shape));
        Self { frames: Arc::clone(frames), shape, next: 0, deltas }
    }
}

impl Stream for Frames {
    type Item = Bytes;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Bytes>> {
        let this = &mut *self;
        if this.next >= Self::BEFORE
            && let Some(deltas) = &mut this.deltas
        {
            let Poll::Ready(delta) = pin!(deltas.next()).poll(cx) else { return Poll::Pending };
            match delta {
                Some(time) if this.shape == Shape::Lone => {
                    let frame = format!(
                        "data: {{\"type\":\"TEXT_MESSAGE_CONTENT\",\"delta\":\"{time}\",\"timestamp\":{}}}\n\n",
                        nanoseconds() / 1_000_000
                    );
                    return Poll::Ready(Some(frame.into()));
                }
                Some(_) => {}
                None => {
                    this.deltas = None;
                    // TEXT_MESSAGE_END and RUN_FINISHED.
                    this.next = this.frames.len().saturating_sub(2);
                }
            }
        }
        let frame = this.frames.get(this.next).cloned();
        this.next += 1;
        Poll::Ready(frame)
    }
}

struct Coalescing(Frames);

impl Stream for Coalescing {
    type Item = Bytes;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Bytes>> {
        let mut chunk = Vec::new();
        loop {
            match self.0.poll_next_unpin(cx) {
                Poll::Ready(Some(frame)) => {
                    chunk.extend_from_slice(&frame);
                    if chunk.len() < CHUNK {
                        continue;
                    }
                }
                Poll::Pending if chunk.is_empty() => return Poll::Pending,
                Poll::Ready(None) if chunk.is_empty() => return Poll::Ready(None),
                Poll::Pending | Poll::Ready(None) => {}
            }
            return Poll::Ready(Some(chunk.into()));
        }
    }
}
