//! What events pass between the agent and the buffer.

use super::context::RunContext;
use crate::error::{Error, Result};
use agui_types::Event;
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

/// What goes on in an event's place.
pub(crate) trait Change: Fn(&RunContext, Event) -> Result<Vec<Event>> + Send + Sync + 'static {}

impl<F: Fn(&RunContext, Event) -> Result<Vec<Event>> + Send + Sync + 'static> Change for F {}

/// A change, and the one that comes after it.
pub(super) struct Tap {
    change: Box<dyn Change>,
    next: Option<Arc<Tap>>,
}

impl Tap {
    pub(super) fn new(change: impl Change, next: Option<Arc<Self>>) -> Self {
        Self { change: Box::new(change), next }
    }

    /// Emits what becomes of an event. What cannot be changed is not sent as it was: it may be what nobody should
    /// see.
    pub(super) fn push(&self, run: &RunContext, event: Event) -> Result {
        let changed = catch_unwind(AssertUnwindSafe(|| (self.change)(run, event)))
            .unwrap_or_else(|panic| Err(Error::panicked("a hook", &*panic)))
            .inspect_err(
                |error| tracing::error!(run = run.run_id(), %error, "a hook failed with an event"),
            )?;
        changed.into_iter().try_for_each(|event| match &self.next {
            Some(next) => next.push(run, event),
            None => run.sink().push(event),
        })
    }
}

impl fmt::Debug for Tap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Tap")
    }
}
