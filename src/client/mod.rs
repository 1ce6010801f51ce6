//! Talking to agents: any AG-UI agent, over HTTP, in this process, or from a recording.

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
#[cfg(feature = "client")]
pub use http::{HttpAgent, HttpAgentBuilder, HttpBody};
pub use local::{InProcess, LocalBody, Replay, ReplayedBody};
pub use middleware::{Frame, Middleware};
pub use outcome::{Outcome, RunReport, Truncation};
pub use pipeline::{Finished, Pipeline};
pub use rejection::{Rejection, RejectionKind};
#[cfg(feature = "tools")]
pub use thread::Approval;
pub use thread::{
    AnswerError, AnswerMisfit, Answerable, Building, Change, Report, Thread, Turn, TurnError, Update,
};
pub use transport::{Problem, Request, Transport, TransportError, TransportErrorKind};
pub use unsent::Unsent;
pub use warning::{Warning, WarningKind, Warnings};
