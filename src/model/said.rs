//! How much a model says in one turn, which has to have a limit.

use super::ModelEvent;
use crate::error::{Error, Result};
use std::future::poll_fn;
use std::task::Poll;

/// Bytes that a model may say in one turn.
const MAX_BYTES: usize = 8 * 1024 * 1024;

/// How much a model has said.
#[derive(Default)]
pub(super) struct Said {
    events: usize,
    bytes: usize,
}

impl Said {
    /// Counts an event, and lets others have a turn now and then.
    ///
    /// # Errors
    ///
    /// When it is too much.
    pub(super) async fn count(&mut self, event: &ModelEvent) -> Result {
        self.events += 1;
        self.bytes += match event {
            ModelEvent::Text(delta)
            | ModelEvent::Arguments { delta, .. }
            | ModelEvent::Reasoning { delta, .. } => delta.len(),
            ModelEvent::ToolCall { id, name } => id.len() + name.len(),
            ModelEvent::EncryptedValue { value, .. } => value.len(),
            ModelEvent::Usage(_) | ModelEvent::CutOff => 0,
        };
        if self.bytes > MAX_BYTES {
            return Err(Error::new(format!("the model said more than {MAX_BYTES} bytes in one turn")));
        }
        if self.events.is_multiple_of(64) {
            // A stream that never waits would keep others from being polled.
            let mut waited = false;
            poll_fn(|cx| {
                if std::mem::replace(&mut waited, true) {
                    return Poll::Ready(());
                }
                cx.waker().wake_by_ref();
                Poll::Pending
            })
            .await;
        }
        Ok(())
    }
}
