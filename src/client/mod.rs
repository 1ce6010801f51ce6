//! Talking to agents: any AG-UI agent, over HTTP, in this process, or from a recording.
//!
//! ```no_run
//! use agui::client::{Change, HttpAgent, Thread};
//!
//! #[tokio::main]
//! async fn main() -> agui::Result {
//!     let mut thread = Thread::new(HttpAgent::new("http://127.0.0.1:9001/agui")?);
//!     let mut turn = thread.send("What is the weather in Kyiv?");
//!     while let Some(update) = turn.next().await {
//!         if let Change::Text { delta, .. } = update.change {
//!             print!("{delta}");
//!         }
//!     }
//!     println!("\n{}", turn.await?.outcome);
//!     Ok(())
//! }
//! ```
//!
//! Three layers, each of use by itself:
//!
//! | | what it is | for whom |
//! |---|---|---|
//! | [`Thread`] | a conversation: messages, state, tools of the application, interrupts, as many runs as it takes | user interfaces |
//! | [`Exchange`] | one run over a [`Transport`]: a stream of typed events, in the end a verdict | proxies, recorders, tests |
//! | [`Pipeline`] | bytes in, events out, without waiting for anything | other carriers, other languages' loops |
//!
//! What a pipeline consists of can be used alone as well: [`FrameReader`], [`Upgrader`](crate::compat::Upgrader),
//! [`enforce`], [`Expander`](crate::reduce::Expander), [`Verifier`](crate::verify::Verifier),
//! [`Conversation`](crate::reduce::Conversation).
//!
//! What is built on them: [`Proxy`], an agent that forwards to another one, [`Recorder`] and [`Playback`] for runs in
//! files, and [`Middleware`].
//!
//! How a run ended is an [`Outcome`]: success, calls or questions that wait for the application, cancelled, failed by the
//! agent, rejected by us, cut off, or not reached. What was out of the ordinary on the way are [`Warnings`].
//!
//! Apart from [`HttpAgent`] nothing here needs tokio, a socket or `Send`; a [`Transport`] of yours may go without as well,
//! such as over `fetch` in a browser, where `uuid` wants its feature `js`, and a thread is told the time by
//! [`Thread::clock`].

mod abort;
mod enforce;
mod exchange;
mod frames;
#[cfg(feature = "client")]
mod http;
mod local;
mod middleware;
mod outcome;
mod pipeline;
mod proxy;
mod record;
mod rejection;
mod runs;
mod thread;
mod transport;
mod unsent;
mod warning;

pub use abort::AbortHandle;
pub use enforce::{Enforced, enforce};
pub use exchange::Exchange;
pub use frames::{FRAME_LIMIT, FrameReader, FrameTooLarge};
#[cfg(all(feature = "client", feature = "tools"))]
pub(crate) use http::unreachable;
#[cfg(feature = "client")]
pub use http::{HttpAgent, HttpAgentBuilder, HttpBody};
pub use local::{InProcess, LocalBody, Replay, ReplayedBody};
pub use middleware::{EventFilter, Frame, Headers, Log, Middleware, ToolFilter};
pub use outcome::{Outcome, RunReport, Truncation};
pub use pipeline::{Finished, Pipeline};
pub use proxy::Proxy;
pub use record::{Playback, PlaybackBody, Recorder, RecordingBody, RecordingOpening};
pub use rejection::{Rejection, RejectionKind};
#[cfg(feature = "tools")]
pub use thread::Approval;
pub use thread::{
    AnswerError, AnswerMisfit, Answerable, Building, Change, Report, Thread, Turn, TurnError, Update,
};
pub use transport::{Problem, Request, Transport, TransportError, TransportErrorKind};
pub use unsent::Unsent;
pub use warning::{Warning, WarningKind, Warnings};
