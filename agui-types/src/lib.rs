//! dummy
pub mod runtime;
