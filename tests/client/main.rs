//! Agents seen from their clients: streams in memory, agents in process and over HTTP, and recordings of other
//! servers. What is in the folder that `AGUI_SHARED` names, `../shared` by default, is skipped where it is missing.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking, in its helpers as well"
)]

mod changes;
mod chunks;
mod conformance;
mod effects;
mod exchanges;
mod frames;
mod fuzz;
mod hostile;
mod http;
mod interrupts;
mod memory;
mod middleware;
mod mistakes;
mod mock;
mod pipeline;
mod proxy;
mod recorder;
mod recordings;
mod schema_costs;
mod schemas;
mod snapshots;
mod support;
mod threads;
mod tools;
mod ways;
