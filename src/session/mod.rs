//! Conversations that the server keeps: history, state and open questions, by thread.
//!
//! Without it the client's messages are the history, and nothing is kept between two runs. [`Sessions`] around
//! an agent makes `threadId` a session: from a request it takes what is new, everything else comes from a
//! [`SessionStore`], and what the run does is written there before the client learns that it is over.
//!
//! ```
//! use agui::session::{MemoryStore, Owner, SessionStore, Sessions};
//! use agui::{Result, RunAgentInput, RunContext, RunRequest, UserMessage};
//! use futures_util::StreamExt;
//!
//! async fn counts(run: RunContext) -> Result {
//!     run.text(format!("{} messages so far.", run.input().messages.len())).await
//! }
//!
//! # #[tokio::main(flavor = "current_thread")] async fn main() -> Result {
//! let store = MemoryStore::new();
//! let agent = Sessions::new(store.clone(), counts);
//!
//! for (run, text) in [("run-1", "Hello."), ("run-2", "Are you there?")] {
//!     // The client sends its last message alone.
//!     let message = UserMessage::new(format!("{run}-message"), text);
//!     let input = RunAgentInput::new("thread-1", run, vec![message.into()]);
//!     // Who asks: over HTTP what middleware left in the extensions of the request.
//!     let request = RunRequest::new(input).with(Owner::user("ada"));
//!     agui::run(agent.clone(), request).count().await;
//! }
//!
//! let thread = store.load(&Owner::user("ada"), "thread-1").await?.unwrap();
//! assert_eq!(thread.messages.len(), 4);
//! // To others it does not exist.
//! assert_eq!(store.load(&Owner::user("eve"), "thread-1").await?, None);
//! # Ok(()) }
//! ```
//!
//! A [`Server`](crate::Server) has routes for the threads of such an agent. Routes of your own ask the store:
//! [`SessionStore::load`] for a thread, whose JSON form is made for pages, [`SessionStore::list`] and
//! [`SessionStore::delete`]; [`Owner::of`] says for whom, and a [`SessionError`] becomes a
//! [`Refusal`](crate::Refusal) with its status.
#![cfg_attr(feature = "sqlite", doc = "")]
#![cfg_attr(feature = "sqlite", doc = "[`SqliteStore`] keeps them in a file.")]

mod answers;
mod carry_out;
mod enter;
mod error;
mod held;
mod memory;
mod owner;
mod pending;
mod restore;
mod sessions;
#[cfg(feature = "sqlite")]
mod sqlite;
mod store;
mod thread;
mod threads;
mod turn;

pub use answers::{Answer, Session};
pub use error::SessionError;
pub use memory::MemoryStore;
pub use owner::Owner;
pub use restore::{Restore, restate};
pub use sessions::{History, Sessions};
#[cfg(feature = "sqlite")]
pub use sqlite::SqliteStore;
pub use store::{Availability, BeginRun, Changes, Lease, Opened, SessionStore, StoreFuture, Tail, WhenBusy};
pub use thread::{LastRun, RunOutcome, Thread, ThreadPage, ThreadSummary};
pub use threads::Threads;
