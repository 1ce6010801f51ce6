//! The crate as its users and its peers see it: runs in process and over HTTP, the examples as programs,
//! and the reference implementations of the protocol on the other end.
//!
//! What needs Node, npm, Python or curl is skipped where that is missing, with a line on standard error
//! each; with `CI=true` it fails instead. The peers' packages are installed below `tests/peers` when they
//! are first needed.

#![cfg(feature = "server")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking, in its helpers as well"
)]

mod support {
    pub(crate) mod agents;
    pub(crate) mod catalogue;
    pub(crate) mod frames;
    pub(crate) mod http;
    pub(crate) mod http2;
    pub(crate) mod log;
    pub(crate) mod peers;
    pub(crate) mod programs;
}

mod all_events;
#[cfg(feature = "client")]
mod chat;
mod compat;
mod custom_events;
mod hello_world;
mod hooks;
mod http;
mod model;
mod named_rules;
mod peers_bugs;
#[cfg(feature = "client")]
mod pipeline;
#[cfg(feature = "client")]
mod proxy;
mod quickstart;
mod reduce;
mod run_events;
mod runs;
mod scopes;
mod sequences;
mod sessions;
mod state;
#[cfg(feature = "schemars")]
mod tool_schemas;
mod tools;
mod verify;
