//! An agent that repeats what it is told, word by word. No key, no network.
//!
//! `cargo run --example quickstart [-- --port 9001]`

#![allow(clippy::print_stdout, reason = "that is how a program talks")]

use agui::{Result, RunContext};
use std::time::Duration;

async fn echo(run: RunContext) -> Result {
    let said = run.last_user_text().unwrap_or_default();
    let answer = format!("You said: {said}\n\nI only repeat things, but I do it in real time.");
    let mut message = run.start_text().await?;
    for word in answer.split_inclusive(' ') {
        message.push(word).await?;
        tokio::time::sleep(Duration::from_millis(60)).await;
    }
    message.finish().await
}

#[tokio::main]
async fn main() -> Result {
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", port()?)).await?;
    let address = listener.local_addr()?;
    println!("An agent listens on http://{address}/agui. Talk to it:\n");
    println!(
        r#"  curl -N http://{address}/agui -H 'Content-Type: application/json' -d '{{"threadId":"t1","runId":"r1","messages":[{{"id":"m1","role":"user","content":"Hello there!"}}]}}'"#
    );
    agui::serve_on(listener, echo).await
}

/// The value of `--port`, 9001 without it.
fn port() -> Result<u16> {
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [] => Ok(9001),
        ["--port", port] => Ok(port.parse()?),
        _ => Err(agui::Error::new("usage: quickstart [--port PORT]")),
    }
}
