//! AG-UI for Rust: serve agents to user interfaces, and talk to them.
//!
//! AG-UI is the protocol by which a user interface talks to an AI agent: one POST with a
//! [`RunAgentInput`], answered by a stream of typed [`Event`]s over SSE. An agent is an async function
//! of a [`RunContext`]:
//!
//! ```no_run
//! use agui::{Result, RunContext};
//!
//! async fn hello(run: RunContext) -> Result {
//!     run.text("Hello from Rust!").await
//! }
//!
//! #[tokio::main]
//! async fn main() -> Result {
//!     agui::serve("127.0.0.1:9001", hello).await
//! }
//! ```
//!
//! # Map
//!
//! - **Types.** Everything of the protocol is a type of this crate's root, generated from its JSON
//!   Schema: [`Event`] with its 31 variants, [`RunAgentInput`], [`Message`], [`ContentPart`] and so on.
//!   How they look is told in [`agui_types`]; decoding with reports of what was not recognised is in
//!   [`codec`].
//! - **Agents.** [`Agent`] is what can be run; functions and closures are agents. A [`RunContext`] is
//!   one run seen from inside: its input, and what it emits.
//! - **Runs.** [`run()`] turns an agent and an input into a stream of SSE frames, without a web framework
//!   and on any executor. [`sse`] encodes single events.
//! - **Conversations.** [`reduce`] makes messages and state of a stream of events; [`session`] keeps them on
//!   the server.
//! - **Older peers.** What they send is read as today's, and they get what they can take: [`compat`].
//! - **Clients.** [`client`] talks to any AG-UI agent: conversations with tools and questions, or single runs, with
//!   everything that the protocol asks of who reads a stream.
//! - **Order.** A [`verify::Verifier`] takes a stream event by event and names the rule it breaks.
#![cfg_attr(
    feature = "server",
    doc = "- **Server.** [`router`] is an axum router for one agent, [`serve`] a whole server. [`Server`] has several agents and the settings: authentication, origins, limits, shutting down. In a handler of yours [`RunRequest`] is an extractor and [`Run`] a response."
)]
#![cfg_attr(
    feature = "macros",
    doc = "- **Types of yours.** [`#[derive(CustomEvent)]`](macro@CustomEvent) makes structs and enums the events of your application, [`#[derive(Activity)]`](macro@Activity) the content of activities, [`#[derive(AgentState)]`](macro@AgentState) shared state."
)]
#![cfg_attr(
    feature = "tools",
    doc = "- **Tools and models.** [`#[agui_tool]`](macro@agui_tool) makes functions [`tool`]s, which [`model::LlmAgent`] has a [`model::Model`] call.\n- **Tests.** [`testing`] runs agents and tools in process and gives recordings with types."
)]
//!
//! # Features
//!
//! | feature | default | effect |
//! |---|---|---|
//! | `client` | yes | `client::HttpAgent`, with reqwest and tokio; the rest of the client is always there |
//! | `generate` | yes | generate the wire types from the schema when building (else the committed, equal copy) |
//! | `macros` | yes | the derives and attributes; brings `tools` |
//! | `schemars` | yes | the wire types implement `schemars::JsonSchema` |
//! | `rig` | no | models and agents of rig, of whatever provider; wants Rust 1.95 |
//! | `rig-http` | no | the same with rig's HTTP client and rustls; compiles C |
//! | `rustls` | no | `https` for the client; compiles ring, which takes a C compiler |
//! | `server` | yes | the axum server; without it, `client` and `sqlite` there is no tokio |
//! | `sqlite` | no | sessions in a SQLite database; compiles SQLite, which takes a C compiler |
//! | `tools` | yes | tools, models, the loop between them, and `testing` |

mod agent;
mod agents;
mod attribution;
pub mod client;
mod clock;
pub mod compat;
mod content;
#[cfg(feature = "macros")]
mod derives;
mod error;
mod format;
mod hooks;
#[cfg(feature = "tools")]
pub mod model;
mod per_owner;
mod problems;
pub mod reduce;
mod refusal;
#[cfg(feature = "rig")]
pub mod rig;
mod run;
#[cfg(feature = "server")]
mod server;
pub mod session;
pub mod sse;
mod stateful;
#[cfg(feature = "tools")]
pub mod testing;
mod time;
#[cfg(feature = "tools")]
pub mod tool;
mod typed;
pub mod verify;

pub use agent::{Agent, Finished};
pub use agents::{DynAgent, WithCapabilities};
#[doc(inline)]
pub use agui_types::runtime as codec;
#[doc(inline)]
pub use agui_types::*;
pub use compat::Downgrade;
#[cfg(feature = "macros")]
pub use derives::{Activity, AgentState, CustomEvent, agui_tool, agui_tools};
pub use error::{Error, Result};
pub use format::Format;
pub use hooks::{Hooks, WithHooks};
pub use refusal::Refusal;
pub use run::{
    Events, Order, Reasoning, Run, RunContext, RunHandle, RunRequest, Step, Subagent, TextMessage,
    ToolCallWriter, run,
};
#[cfg(feature = "server")]
pub use server::{
    AgentService, BODY_LIMIT, OnDisconnect, Principal, RunResponse, Server, router, serve, serve_on, service,
};
#[cfg(feature = "tools")]
#[doc(inline)]
pub use tool::{
    FrontendTool, ToolContext, ToolEntry, ToolError, ToolFunction, ToolMethods, ToolOptions, ToolOutput,
    ToolSpec, Tools,
};

pub use stateful::WithState;
pub use typed::{
    Activity, ActivityWriter, AgentState, CustomKind, CustomPayload, CustomSpec, FromCustom, PayloadError,
    ReadActivity, ReadCustom,
};

/// What the derives of `agui-macros` refer to; not for use by hand.
#[doc(hidden)]
pub mod __private {
    #[cfg(all(feature = "tools", feature = "server"))]
    pub use crate::time::blocking;
    #[cfg(feature = "tools")]
    pub use crate::tool::{
        Specified, ToolAnswer, ToolArgument, ToolDefault, ToolObject, answer, argument, default, object,
        returned, set::assert_distinct,
    };
    #[cfg(feature = "macros")]
    pub use crate::typed::private as typed;
    pub use agui_types::{CustomEvent, Event, Metadata};
    #[cfg(feature = "tools")]
    pub use schemars;
    pub use serde;
    pub use serde_json;

    /// A tool's side data.
    #[must_use]
    pub fn metadata<const N: usize>(pairs: [(&str, serde_json::Value); N]) -> Metadata {
        pairs.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
    }
}

/// The programs of the README, compiled.
#[cfg(all(doctest, feature = "macros", feature = "server"))]
#[doc = include_str!("../README.md")]
struct Readme;
