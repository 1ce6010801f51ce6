//! The smallest agent.

use agui::{Result, RunContext};

async fn hello(run: RunContext) -> Result {
    run.text("Hello from Rust!").await
}

#[tokio::main]
async fn main() -> Result {
    agui::serve("127.0.0.1:9001", hello).await
}
