//! What keeps a tool from taking its run down: panics are contained, and time is limited.

use super::entry::Calling;
use super::error::ToolError;
use super::output::ToolOutput;
use crate::error::Error;
use futures_util::FutureExt;
use std::panic::AssertUnwindSafe;
use std::time::Duration;

pub(super) async fn limited(calling: Calling, timeout: Option<Duration>) -> Result<ToolOutput, ToolError> {
    // The call is dropped after a panic, so nobody sees what the unwinding left of it.
    let calling = AssertUnwindSafe(calling).catch_unwind();
    let result = match timeout {
        Some(limit) => crate::time::timeout(limit, calling).await.map_err(|_| {
            ToolError::retry(format!("The tool did not answer within {} seconds.", limit.as_secs_f64()))
        })?,
        None => calling.await,
    };
    result.unwrap_or_else(|panic| {
        let text = crate::run::panic_text(&*panic);
        Err(Error::new(format!("the tool panicked: {text}")).into())
    })
}
