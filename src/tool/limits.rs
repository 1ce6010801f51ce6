//! What keeps a tool from taking its run down: panics are contained, and time is limited.

use super::entry::Calling;
use super::error::ToolError;
use super::output::ToolOutput;
use crate::error::Error;
use std::any::Any;
use std::future::{Future, poll_fn};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::task::Poll;
use std::time::Duration;

/// Waits for a call, unless it has failed already.
pub(super) async fn limited(
    calling: Result<Calling, ToolError>,
    timeout: Option<Duration>,
) -> Result<ToolOutput, ToolError> {
    let mut calling = calling?;
    let result = match timeout {
        None => guarded(&mut calling).await,
        Some(limit) => guarded(Box::pin(crate::time::timeout(limit, calling))).await.map(|answer| {
            answer.unwrap_or_else(|_| {
                let seconds = limit.as_secs_f64();
                Err(ToolError::retry(format!("The tool did not answer within {seconds} seconds.")))
            })
        }),
    };
    result.unwrap_or_else(|panic| Err(panicked(&*panic)))
}

/// What the future gives, unless it panics. It is dropped after that, so nobody sees what the unwinding left of
/// it.
async fn guarded<F: Future + Unpin>(mut future: F) -> Result<F::Output, Box<dyn Any + Send>> {
    poll_fn(|cx| match catch_unwind(AssertUnwindSafe(|| Pin::new(&mut future).poll(cx))) {
        Ok(Poll::Ready(output)) => Poll::Ready(Ok(output)),
        Ok(Poll::Pending) => Poll::Pending,
        Err(panic) => Poll::Ready(Err(panic)),
    })
    .await
}

/// What the function gives, unless it panics.
pub(super) fn contained<T>(call: impl FnOnce() -> T) -> Result<T, ToolError> {
    catch_unwind(AssertUnwindSafe(call)).map_err(|panic| panicked(&*panic))
}

fn panicked(panic: &(dyn Any + Send)) -> ToolError {
    Error::panicked("the tool", panic).into()
}
