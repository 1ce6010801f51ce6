//! Models of [rig](https://docs.rs/rig-core) as [`Model`](crate::model::Model)s, and its agents as
//! [`Agent`](crate::Agent)s.
//!
//! Whatever provider rig has a completion model of, an [`LlmAgent`](crate::model::LlmAgent) can have:
//!
#![cfg_attr(feature = "rig-http", doc = "```no_run")]
#![cfg_attr(not(feature = "rig-http"), doc = "```ignore")]
//! use agui::Result;
//! use agui::model::LlmAgent;
//! use agui::rig::RigModel;
//! use agui::rig::core::providers::openai::OpenAI;
//!
//! #[tokio::main]
//! async fn main() -> Result {
//!     // `OPENAI_API_KEY`, and `OPENAI_BASE_URL` for whatever else speaks as OpenAI does.
//!     let model = RigModel::new(OpenAI::from_env()?.chat("gpt-5.2"));
//!     let agent = LlmAgent::new(model).instructions("Be brief.");
//!     agui::serve("127.0.0.1:9001", agent).await
//! }
//! ```
//!
//! The feature `rig` brings no HTTP client, since applications choose their own; `rig-http` has the one of rig.
//! Both want a newer Rust than the rest of this crate: 1.95.
//!
//! # Conversations
//!
//! [`to_rig`] and [`from_rig`] turn messages of the protocol into rig's and back. Nothing that a message refers to is
//! fetched: URLs and file handles reach the provider as they are, those with other schemes than `https`, `http` and
//! `data` not at all.
//!
//! What a provider wants back on later turns, such as signatures of reasoning, travels through the client as
//! encrypted values (REAS-7), signed with [`RigModel::key`]: what a client made up or changed never reaches the
//! provider. Without its value a message is still there, in words.

mod answer;
mod error;
mod history;
mod media;
mod model;
mod seal;
mod serve;

pub use history::{from_rig, to_rig};
pub use model::RigModel;

/// The crate `rig-agent`, whose agents are [`Agent`](crate::Agent)s, in the version that this crate speaks.
pub use rig_agent as agent;
/// The crate `rig-core`, in the version that this crate speaks.
pub use rig_core as core;
