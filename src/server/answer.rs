//! The response that a run is.

use super::active::Seat;
use crate::compat::Downgrade;
use crate::format::Format;
use crate::run::{FAREWELL_TIME, Run};
use axum::body::Body;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use futures_core::Stream;
use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll, Waker, ready};
use std::time::Duration;
use tokio::time::{Instant, Sleep};

/// How long a stream may be silent before a comment is sent, so that no proxy takes it for dead.
const KEEP_ALIVE: Duration = Duration::from_secs(15);

/// A comment: consumers skip it wherever it comes (SSE-7, SSE-8).
const COMMENT: &[u8] = b":\n\n";

/// What becomes of an agent whose client has gone.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum OnDisconnect {
    /// Its future is dropped, at its next or present `await`.
    #[default]
    Drop,
    /// It is told, and has so long to end: [`RunContext::closed`](crate::RunContext::closed) is ready,
    /// [`RunContext::is_closed`](crate::RunContext::is_closed) says so, and emitting fails with an error that
    /// [`Error::is_closed`](crate::Error::is_closed). Then it is dropped.
    Tell(Duration),
}

/// A run as a response, with settings. A [`Run`] alone is a response with the default ones.
///
/// ```
/// use agui::{OnDisconnect, Result, RunContext, RunRequest, RunResponse};
/// use std::time::Duration;
///
/// # async fn save_and_go(run: RunContext) -> Result { Ok(()) }
/// async fn chat(request: RunRequest) -> RunResponse {
///     RunResponse::new(agui::run(save_and_go, request))
///         .on_disconnect(OnDisconnect::Tell(Duration::from_secs(5)))
/// }
/// # let app: axum::Router = axum::Router::new().route("/chat", axum::routing::post(chat));
/// ```
#[derive(Debug)]
#[must_use = "a run does nothing unless its response is sent"]
pub struct RunResponse {
    run: Run,
    settings: Settings,
    seat: Option<Seat>,
}

/// How a run is answered.
#[derive(Debug, Clone, Copy)]
pub(super) struct Settings {
    pub(super) keep_alive: Option<Duration>,
    pub(super) on_disconnect: OnDisconnect,
    pub(super) max_time: Option<Duration>,
    pub(super) downgrade: Downgrade,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            keep_alive: Some(KEEP_ALIVE),
            on_disconnect: OnDisconnect::Drop,
            max_time: None,
            downgrade: Downgrade::Older,
        }
    }
}

impl RunResponse {
    /// With the default settings.
    pub fn new(run: Run) -> Self {
        Self { run, settings: Settings::default(), seat: None }
    }

    /// After how much silence a comment is sent; 15 seconds by default, `None` for never.
    pub fn keep_alive(mut self, interval: impl Into<Option<Duration>>) -> Self {
        self.settings.keep_alive = interval.into();
        self
    }

    /// After how long the run ends as cancelled; never by default.
    pub fn max_time(mut self, limit: impl Into<Option<Duration>>) -> Self {
        self.settings.max_time = limit.into();
        self
    }

    /// What becomes of the agent when the client has gone.
    pub fn on_disconnect(mut self, policy: OnDisconnect) -> Self {
        self.settings.on_disconnect = policy;
        self
    }

    pub(super) fn seated(run: Run, settings: Settings, seat: Seat) -> Self {
        Self { run, settings, seat: Some(seat) }
    }
}

/// The answer to the request that started the run (SSE-3).
///
/// It is an event stream whatever the request's `Accept` says: that is the framing which everybody reads, and
/// consumers go by the content type of what they get.
impl IntoResponse for RunResponse {
    fn into_response(self) -> Response {
        let headers = [
            (header::CONTENT_TYPE, Format::Sse.media_type()),
            // What compresses holds events back until it has enough of them.
            (header::CACHE_CONTROL, "no-cache, no-transform"),
            // Proxies of the nginx kind hold a response back until a buffer is full.
            (header::HeaderName::from_static("x-accel-buffering"), "no"),
        ];
        let Self { run, settings, seat } = self;
        let end = settings.max_time.map(|limit| Box::pin(tokio::time::sleep(limit)));
        (headers, Body::new(RunBody { run, settings, seat, silence: None, end, farewell: None }))
            .into_response()
    }
}

impl IntoResponse for Run {
    fn into_response(self) -> Response {
        RunResponse::new(self).into_response()
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

    fn is_end_stream(&self) -> bool {
        self.is_over()
    }
}

/// A run, kept alive, with its seat on the server.
struct RunBody {
    run: Run,
    settings: Settings,
    seat: Option<Seat>,
    silence: Option<Silence>,
    /// When the run has to be over.
    end: Option<Pin<Box<Sleep>>>,
    /// How long hooks have for what they do with a run that was cancelled.
    farewell: Option<Pin<Box<Sleep>>>,
}

impl RunBody {
    /// Cancels the run when its time is up.
    fn poll_end(&mut self, cx: &mut Context<'_>) {
        if let Some(end) = &mut self.end
            && end.as_mut().poll(cx).is_ready()
        {
            self.end = None;
            tracing::info!("a run took longer than it may");
            self.run.handle().cancel();
        }
    }

    fn poll_run(&mut self, cx: &mut Context<'_>) -> Poll<Option<Bytes>> {
        if self.run.is_ending() {
            self.poll_farewell(cx);
        }
        let polled = Pin::new(&mut self.run).poll_next(cx);
        if polled.is_pending() && self.run.is_ending() && self.poll_farewell(cx) {
            return Pin::new(&mut self.run).poll_next(cx);
        }
        polled
    }

    /// Ends the run at once when hooks have had their time; true if they have.
    #[cold]
    fn poll_farewell(&mut self, cx: &mut Context<'_>) -> bool {
        let farewell = self.farewell.get_or_insert_with(|| Box::pin(tokio::time::sleep(FAREWELL_TIME)));
        let over = farewell.as_mut().poll(cx).is_ready();
        if over {
            tracing::warn!("a hook took too long with a run that was cancelled, and is dropped");
            self.run.end_at_once();
        }
        over
    }
}

/// How long nothing was sent. Made when a run waits for the first time, and set anew only when it rings: an
/// event costs a look at the clock at most.
struct Silence {
    since: Instant,
    alarm: Pin<Box<Sleep>>,
    /// Whom the alarm wakes.
    waker: Option<Waker>,
}

impl Silence {
    fn new(interval: Duration) -> Self {
        Self { since: Instant::now(), alarm: Box::pin(tokio::time::sleep(interval)), waker: None }
    }

    /// Ready when so much time has passed without a chunk.
    fn poll(&mut self, interval: Duration, cx: &mut Context<'_>) -> Poll<()> {
        let known = self.waker.as_ref().is_some_and(|waker| waker.will_wake(cx.waker()));
        if known && !self.alarm.is_elapsed() {
            return Poll::Pending;
        }
        self.waker = Some(cx.waker().clone());
        loop {
            ready!(self.alarm.as_mut().poll(cx));
            let due = self.since + interval;
            let now = Instant::now();
            if now >= due {
                self.since = now;
                self.alarm.as_mut().reset(now + interval);
                return Poll::Ready(());
            }
            self.alarm.as_mut().reset(due);
        }
    }
}

impl http_body::Body for RunBody {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<http_body::Frame<Bytes>, Infallible>>> {
        let this = &mut *self;
        // Before the run, which then ends without another word.
        this.poll_end(cx);
        let chunk = match this.poll_run(cx) {
            Poll::Ready(chunk) => chunk,
            Poll::Pending => {
                let Some(interval) = this.settings.keep_alive else { return Poll::Pending };
                ready!(this.silence.get_or_insert_with(|| Silence::new(interval)).poll(interval, cx));
                Some(Bytes::from_static(COMMENT))
            }
        };
        if let Some(silence) = &mut this.silence {
            silence.since = Instant::now();
        }
        if this.run.is_over() {
            // Before the client can see the end, so that it may use the run's id again at once.
            this.seat = None;
        }
        Poll::Ready(chunk.map(|chunk| Ok(http_body::Frame::data(chunk))))
    }

    fn is_end_stream(&self) -> bool {
        self.run.is_over()
    }
}

impl Drop for RunBody {
    fn drop(&mut self) {
        let seat = self.seat.take();
        // Outside of a runtime nobody could carry the agent on.
        if let OnDisconnect::Tell(grace) = self.settings.on_disconnect
            && let Ok(runtime) = tokio::runtime::Handle::try_current()
            && let Some(agent) = self.run.detach()
        {
            let handle = agent.handle();
            runtime.spawn(async move {
                if tokio::time::timeout(grace, agent).await.is_err() {
                    tracing::debug!("an agent whose client has gone took too long to end");
                }
                if let Some(farewell) = handle.farewell() {
                    farewell.in_background(seat);
                }
            });
        } else if let Some(farewell) = self.run.abandon() {
            farewell.in_background(seat);
        }
    }
}
