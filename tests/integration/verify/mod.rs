//! The verifier of the order of events: every rule by examples, and the verdicts of others on whole streams.

mod coverage;
mod notation;
pub(crate) mod random;
pub(crate) mod reference;
mod rules;
mod runs;
pub(crate) mod shared;
mod streams;
