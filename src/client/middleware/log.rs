//! Runs in the log.

use super::Middleware;
use crate::client::outcome::Outcome;
use crate::client::transport::Request;
use agui_types::Event;

/// Tells `tracing` of runs: that one is asked for and how it ended at `debug`, or at `warn` if it failed, and each event
/// as the application gets it at `trace`, its content included.
///
/// ```
/// use agui::client::{InProcess, Log, Thread};
/// # async fn hello(run: agui::RunContext) -> agui::Result { run.text("Hello!").await }
///
/// let thread = Thread::new(InProcess::new(hello)).with(Log);
/// # drop(thread);
/// ```
#[derive(Debug, Clone, Copy, Default)]
pub struct Log;

impl Middleware for Log {
    fn request(&mut self, request: &mut Request) {
        let input = &request.input;
        tracing::debug!(
            thread = input.thread_id,
            run = input.run_id,
            messages = input.messages.len(),
            "asks for a run"
        );
    }

    fn event(&mut self, event: &Event) {
        tracing::trace!(event = event.event_type().as_str(), ?event, "got");
    }

    fn ended(&mut self, outcome: &Outcome) {
        if outcome.is_failure() {
            tracing::warn!("{outcome}");
        } else {
            tracing::debug!("{outcome}");
        }
    }

    fn wants_frames(&self) -> bool {
        false
    }
}
