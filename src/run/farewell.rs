//! What hooks have still to do for a run that was dropped before its end.

use super::context::RunContext;
use super::line::{Line, Until};
use super::sink::Sink;
use crate::error::Result;
use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::{Pin, pin};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};
use std::task::{Context, Poll, Waker};
use tracing::{Instrument, Span};

/// How long that may take where somebody waits for the end of the run, or nobody for anything.
#[cfg(feature = "server")]
pub(crate) const FAREWELL_TIME: std::time::Duration = std::time::Duration::from_secs(10);

/// What is still to be done, in order. The run does it before its last event.
#[derive(Debug, Default)]
pub(super) struct Farewells {
    /// Few runs have any.
    line: OnceLock<Line>,
    /// There is no run any more that would do it.
    over: AtomicBool,
    /// How many do it in the background.
    workers: AtomicUsize,
}

impl Farewells {
    /// Ready when there is nothing left.
    pub(super) fn poll(&self, cx: &Context<'_>) -> Poll<()> {
        self.line.get().map_or(Poll::Ready(()), |line| line.poll_empty(cx))
    }

    /// Drops what is left; false if there was nothing.
    pub(super) fn clear(&self) -> bool {
        let Some(line) = self.line.get().filter(|line| !line.is(Until::Empty)) else { return false };
        if catch_unwind(AssertUnwindSafe(|| line.clear())).is_err() {
            tracing::error!("a hook panicked while it was dropped");
        }
        true
    }

    /// Whoever has something to do from now on does it in the background.
    #[cfg(any(feature = "server", feature = "tools"))]
    pub(super) fn end(&self) {
        self.over.store(true, Ordering::SeqCst);
    }
}

/// The rest of a run that nobody reads any more. What is dropped of it is not done.
pub(crate) struct Farewell(Arc<Sink>);

impl Farewell {
    /// What is left, if anything is. What comes later is done in the background.
    pub(super) fn of(sink: &Arc<Sink>) -> Option<Self> {
        sink.farewells.over.store(true, Ordering::SeqCst);
        sink.farewells.line.get().filter(|line| !line.is(Until::Empty))?;
        sink.farewells.workers.fetch_add(1, Ordering::SeqCst);
        Some(Self(Arc::clone(sink)))
    }

    /// Does it where nobody waits: at once as far as that goes, and the rest in a task, where there are tasks. `kept` is
    /// dropped when it is done.
    pub(crate) fn in_background(mut self, kept: impl Send + 'static) {
        if pin!(&mut self).poll(&mut Context::from_waker(Waker::noop())).is_ready() {
            return;
        }
        #[cfg(feature = "server")]
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            runtime.spawn(async move {
                let _ = tokio::time::timeout(FAREWELL_TIME, self).await;
                drop(kept);
            });
            return;
        }
        drop((self, kept));
    }
}

impl Future for Farewell {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        self.0.farewells.poll(cx)
    }
}

impl Drop for Farewell {
    fn drop(&mut self) {
        let others = self.0.farewells.workers.fetch_sub(1, Ordering::SeqCst) > 1;
        if !others && self.0.farewells.clear() {
            tracing::warn!("a hook was not done with a run that was cancelled, and is dropped");
        }
    }
}

impl RunContext {
    /// Has something done before the last event of the run, if it has one; otherwise in the background.
    pub(crate) fn at_farewell(&self, work: impl Future<Output = Result> + Send + 'static) {
        let sink = self.sink();
        let line = sink.farewells.line.get_or_init(Line::default);
        line.add(false, work.instrument(Span::current()));
        if sink.farewells.workers.load(Ordering::SeqCst) > 0 {
            line.wake();
        } else if !sink.farewells.over.load(Ordering::SeqCst) {
            sink.wake();
        } else if let Some(farewell) = Farewell::of(sink) {
            farewell.in_background(());
        }
    }
}
