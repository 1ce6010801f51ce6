//! Events that the application does not want.

use super::{Frame, Middleware};
use std::fmt;

/// Leaves events out before anything looks at them. What bounds a run always goes on.
///
/// Events that belong together are left out together, or what is left is rejected as out of order.
///
/// ```
/// use agui::client::{EventFilter, InProcess, Thread};
/// # async fn hello(run: agui::RunContext) -> agui::Result { run.text("Hello!").await }
///
/// let quiet = EventFilter::new(|frame| !frame.event_type().starts_with("REASONING_"));
/// let thread = Thread::new(InProcess::new(hello)).with(quiet);
/// # drop(thread);
/// ```
pub struct EventFilter<F>(F);

impl<F: FnMut(&Frame) -> bool> EventFilter<F> {
    /// Keeps the events for which a function says so.
    #[must_use]
    pub fn new(keep: F) -> Self {
        Self(keep)
    }
}

impl<F: FnMut(&Frame) -> bool> Middleware for EventFilter<F> {
    fn frame(&mut self, frame: Frame, forward: &mut dyn FnMut(Frame)) {
        if matches!(frame.event_type(), "RUN_STARTED" | "RUN_FINISHED" | "RUN_ERROR") || (self.0)(&frame) {
            forward(frame);
        }
    }
}

impl<F> fmt::Debug for EventFilter<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EventFilter").finish_non_exhaustive()
    }
}
