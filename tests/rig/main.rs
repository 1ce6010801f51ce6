//! Models and agents of rig: conversations there and back, and answers of a provider over HTTP.
//!
//! The provider is `@copilotkit/aimock`. Without Node and npm its tests are skipped, with a line on standard error;
//! with `CI=true` they fail instead.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking, in its helpers as well"
)]

mod agents;
mod answers;
mod client;
mod history;
#[allow(dead_code, reason = "other tests need more of it")]
#[path = "../integration/support/peers.rs"]
mod peers;
mod provider;
mod providers;
mod requests;
