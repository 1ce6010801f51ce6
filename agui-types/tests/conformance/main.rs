//! Conformance of the generated types with the schema and the protocol's rules.
//!
//! Five groups of tests, in one binary:
//!
//! - Random documents, judged twice: by the `jsonschema` crate against the schema, and by the decoders
//!   of this crate. `round_trip` and `order` make valid ones, `rejection` spoils them in one place, and
//!   `lenient` adds what a later version of the protocol might send.
//! - `described`: the same documents, judged by what the types say of themselves (feature `schemars`).
//! - `rules`: tables of small documents, each naming the protocol rules that it pins.
//! - `limits`: hostile and broken bytes, and the promises of the public API that no schema states.
//! - `recorded`: the official conformance streams and recordings of other implementations.
//!
//! | variable | effect |
//! |---|---|
//! | `AGUI_SEED` | seed of the random documents; chosen at random and printed with failures if not set |
//! | `AGUI_CASES` | factor on the number of random documents, such as `10` or `0.1` |
//! | `AGUI_SHARED` | folder with the official schema, streams and recordings; `../shared` beside the repository if not set |
//!
//! Without that folder what needs it is skipped, with a line on standard error each.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a test fails by panicking and explains itself by printing, in the functions it calls as well"
)]

#[cfg(feature = "schemars")]
mod described;
mod lenient;
mod limits;
mod order;
mod recorded;
mod rejection;
mod round_trip;
mod rules;
mod support;
