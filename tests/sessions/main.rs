//! Sessions, in every store: who may have what, runs that come at once, and what is there after a crash.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking, in its helpers as well"
)]

#[cfg(feature = "sqlite")]
mod crash;
#[cfg(feature = "sqlite")]
mod file;
mod runs;
mod stores;
mod support;
