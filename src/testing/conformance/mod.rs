//! Whether a server keeps to the protocol: any AG-UI server, seen from outside.
//!
//! ```no_run
//! use agui::testing::conformance;
//!
//! # async fn example() -> agui::Result {
//! let report = conformance::check("http://127.0.0.1:9001/agui").await?;
//! println!("{report}");
//! assert!(report.is_conformant());
//! # Ok(()) }
//! ```
//!
//! The suite asks for about thirty runs, well-formed and not, two of them at once; it leaves in mid-stream, has a tool of
//! its own called by agents that like to, and continues what was interrupted, where it approves of nothing. Each
//! answer is held to all rules for producers that a stream can show. What a server gives no occasion for is not
//! applicable, which says nothing about it: an agent that never reasons may do so wrongly.
//!
//! Each run is one of a thread of its own. An agent behind it is asked for real, so this may cost tokens.

mod content;
mod course;
mod ended;
mod flows;
mod judge;
mod report;
mod requests;
mod rules;
mod wire;

pub use report::{Check, Evidence, Level, Report, Verdict};

use crate::client::{HttpAgent, Transport, TransportError};
use course::Course;
use std::time::Duration;
use wire::{Patience, Plain};

/// Checks a server: one at a URL, or the one of an agent that has headers, say.
///
/// # Errors
///
/// When the URL is none, when the server cannot be reached, or does not let the suite in: 401, 403, 404, 405.
pub async fn check(server: impl Into<Target>) -> Result<Report, TransportError> {
    Suite::new().check(server).await
}

/// A server to check, by its URL or as an [`HttpAgent`].
#[derive(Debug)]
pub struct Target(Result<HttpAgent, TransportError>);

impl From<HttpAgent> for Target {
    fn from(agent: HttpAgent) -> Self {
        Self(Ok(agent))
    }
}

impl From<&HttpAgent> for Target {
    fn from(agent: &HttpAgent) -> Self {
        agent.clone().into()
    }
}

impl From<&str> for Target {
    fn from(url: &str) -> Self {
        Self(HttpAgent::new(url))
    }
}

impl From<String> for Target {
    fn from(url: String) -> Self {
        url.as_str().into()
    }
}

/// How the suite is set up.
#[derive(Debug, Clone)]
pub struct Suite {
    patience: Patience,
}

impl Default for Suite {
    fn default() -> Self {
        Self { patience: Patience { silence: Duration::from_secs(60), closing: Duration::from_secs(5) } }
    }
}

impl Suite {
    /// With the settings that [`check`] has.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// How long a server may be silent: 60 seconds if nothing is said.
    #[must_use]
    pub fn silence(mut self, limit: Duration) -> Self {
        self.patience.silence = limit;
        self
    }

    /// How soon after the end of a run the body has to be closed (SSE-9): 5 seconds if nothing is said.
    #[must_use]
    pub fn closing(mut self, limit: Duration) -> Self {
        self.patience.closing = limit;
        self
    }

    /// Checks a server.
    ///
    /// # Errors
    ///
    /// As [`check`].
    pub async fn check(&self, server: impl Into<Target>) -> Result<Report, TransportError> {
        let agent = server.into().0?;
        Course::new(&agent, self.patience).run(agent.url().to_owned()).await
    }

    /// Checks what is behind a transport, such as an agent in this process, as far as well-formed input shows it.
    ///
    /// # Errors
    ///
    /// When the first run is not answered.
    pub async fn check_transport<T: Transport>(&self, transport: &T) -> Result<Report, TransportError> {
        Course::new(Plain(transport), self.patience).run(std::any::type_name::<T>().to_owned()).await
    }
}
