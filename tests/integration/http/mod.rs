//! The server: what it refuses and how, and what a run looks like from the other end of the socket.

mod agents;
mod auth;
mod cancel;
mod cors;
mod disconnect;
mod http2;
mod keep_alive;
mod limits;
mod refusals;
mod runs;
mod shutdown;
mod spans;
mod threads;

use crate::support::agents::input_of as input;
use agui::{Result, RunContext};

async fn hello(run: RunContext) -> Result {
    run.text("Hello!").await
}

/// Says something in a message that it never closes.
async fn endless(run: RunContext) -> Result {
    let mut message = run.start_text().await?;
    message.push("Once upon a time").await?;
    std::future::pending().await
}
