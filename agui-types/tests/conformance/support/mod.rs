//! What judging random documents takes: the schema, documents, an oracle, and the property itself.
//!
//! The conformance tests and the fuzzers (`tests/fuzz` and the folder `fuzz`) are built with it.

pub(crate) mod cases;
pub(crate) mod definitions;
pub(crate) mod generate;
pub(crate) mod json;
pub(crate) mod mutate;
pub(crate) mod property;
pub(crate) mod rng;
pub(crate) mod schema;
pub(crate) mod shape;
pub(crate) mod shared;
pub(crate) mod sites;
pub(crate) mod unrecognised;
