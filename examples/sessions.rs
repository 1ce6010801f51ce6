//! An agent that remembers its conversations. `cargo run --example sessions`, or with a file that survives
//! a restart: `cargo run --example sessions --features sqlite`
//!
//! ```sh
//! curl -N http://127.0.0.1:9001/agui -H 'Content-Type: application/json' \
//!     -d '{"threadId":"t1","runId":"r1","messages":[{"id":"m1","role":"user","content":"Hello!"}]}'
//! curl http://127.0.0.1:9001/threads
//! curl http://127.0.0.1:9001/threads/t1
//! curl -X DELETE http://127.0.0.1:9001/threads/t1
//! ```

use agui::session::{SessionStore, Sessions};
use agui::{Message, Result, RunContext, Server};
use std::sync::Arc;
use std::time::Duration;

/// It sees the whole conversation, although its clients need not send more than what is new.
async fn remembers(run: RunContext) -> Result {
    let texts = run.input().messages.iter().filter(|message| matches!(message, Message::User(_))).count();
    run.text(format!("That makes {texts}. Stop me and ask again!")).await
}

/// Threads in memory are gone with the process.
#[cfg(not(feature = "sqlite"))]
async fn store() -> Result<Arc<dyn SessionStore>> {
    Ok(Arc::new(agui::session::MemoryStore::new()))
}

#[cfg(feature = "sqlite")]
async fn store() -> Result<Arc<dyn SessionStore>> {
    Ok(Arc::new(agui::session::SqliteStore::open("sessions.db").await?))
}

#[tokio::main]
async fn main() -> Result {
    // Threads belong to whom `Server::authenticate` finds. Here nobody asks, and everybody who knows its id can go
    // on with a thread.
    let agent = Sessions::new(store().await?, remembers);
    let a_month = Duration::from_secs(30 * 24 * 60 * 60);
    Server::new().agent("", agent).keep_threads_for(a_month).serve("127.0.0.1:9001").await
}

#[cfg(test)]
mod tests {
    use super::*;
    use agui::session::MemoryStore;
    use agui::testing::record;
    use agui::{RunAgentInput, UserMessage};

    #[tokio::test]
    async fn only_what_is_new_is_sent() {
        let agent = Sessions::new(MemoryStore::new(), remembers);
        for (run, answer) in [("run-1", "That makes 1."), ("run-2", "That makes 2.")] {
            let message = UserMessage::new(format!("message of {run}"), "Hello!");
            let input = RunAgentInput::new("thread-1", run, vec![message.into()]);
            assert!(record(agent.clone(), input).await.text().starts_with(answer));
        }
    }
}
