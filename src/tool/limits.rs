//! What keeps a tool from taking its run down: panics are contained, and time is limited.

use super::entry::Calling;
use super::error::ToolError;
use super::output::ToolOutput;
use crate::error::Error;
use futures_util::FutureExt;
use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

/// Waits for a call, unless it has failed already.
pub(super) async fn limited(
    calling: Result<Calling, ToolError>,
    timeout: Option<Duration>,
) -> Result<ToolOutput, ToolError> {
    // The call is dropped after a panic, so nobody sees what the unwinding left of it.
    let calling = calling?;
    let calling = async move {
        match timeout {
            None => calling.await,
            Some(limit) => crate::time::timeout(limit, calling).await.unwrap_or_else(|_| {
                let seconds = limit.as_secs_f64();
                Err(ToolError::retry(format!("The tool did not answer within {seconds} seconds.")))
            }),
        }
    };
    AssertUnwindSafe(calling).catch_unwind().await.unwrap_or_else(|panic| Err(panicked(&*panic)))
}

/// What the function gives, unless it panics.
pub(super) fn contained<T>(call: impl FnOnce() -> T) -> Result<T, ToolError> {
    catch_unwind(AssertUnwindSafe(call)).map_err(|panic| panicked(&*panic))
}

fn panicked(panic: &(dyn Any + Send)) -> ToolError {
    Error::new(format!("the tool panicked: {}", crate::run::panic_text(panic))).into()
}
