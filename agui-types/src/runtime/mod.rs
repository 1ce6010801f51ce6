//! What generated code calls: decoding, checking and visiting, independent of any one schema.
//!
//! The generator of `agui-codegen` emits types that implement [`Decode`] (through [`Object`],
//! [`Tagged`], [`Choice`] or [`Enumeration`]) and serde's two traits on top of this module, so that
//! templates stay short and the logic is ordinary, tested Rust. Code generated from *your* schema can
//! use it as well; it depends on serde and serde_json alone.
//!
//! Three ways to read a document, all in one pass over the bytes:
//!
//! | function | unknown members | unknown union members and enum values |
//! |---|---|---|
//! | [`decode`] (and plain serde) | skipped silently | error |
//! | [`decode_lenient`] | skipped and reported | removed as the protocol's PROC rules say, and reported |
//! | [`decode_strict`] | error | error |
//!
//! A malformed value of a *known* member is an error in all three, and every error names the JSON
//! Pointer of what is wrong.

mod any;
mod choice;
mod context;
mod decode;
#[cfg(feature = "schemars")]
mod described;
mod encode;
mod entries;
mod enumeration;
mod error;
mod object;
mod path;
mod pattern;
mod peek;
mod read;
pub mod rules;
mod tagged;

pub use choice::{Choice, decode_choice};
pub use context::{Context, Unknown, Unrecognised, UnrecognisedKind};
pub use decode::{Decode, plain, plain_strict};
pub use encode::{Encode, encode_extra, encode_member, open_object};
pub use entries::{Entries, Slot};
pub use enumeration::{Enumeration, UnknownValue, decode_enumeration};
pub use error::DecodeError;
pub use object::{Object, decode_object};
pub use pattern::Pattern;
pub use peek::peek;
pub use read::{Lenient, decode, decode_into, decode_lenient, decode_lenient_value, decode_strict};
pub use rules::{Combination, Violation};
pub use tagged::{Tagged, decode_tagged};

#[doc(hidden)]
pub use crate::__agui_decodable as decodable;
#[doc(hidden)]
pub use crate::__agui_described as described;
#[cfg(feature = "schemars")]
#[doc(hidden)]
pub use described::{describe, subschema};
#[cfg(feature = "schemars")]
#[doc(hidden)]
pub use schemars;
#[doc(hidden)]
pub use {serde, serde_json};

/// Without the feature `schemars` nothing describes itself.
#[cfg(not(feature = "schemars"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __agui_described {
    ($($tokens:tt)*) => {};
}

/// What describes itself, where types do.
#[cfg(feature = "schemars")]
pub trait Described: schemars::JsonSchema {}
#[cfg(feature = "schemars")]
impl<T: schemars::JsonSchema> Described for T {}

/// What describes itself: with the feature `schemars`, what implements its `JsonSchema`.
#[cfg(not(feature = "schemars"))]
pub trait Described {}
#[cfg(not(feature = "schemars"))]
impl<T> Described for T {}

/// The value of an optional member that must not be `null`: `null` is as good as nothing (EVT-4).
#[must_use]
pub fn non_null(value: serde_json::Value) -> Option<serde_json::Value> {
    (!value.is_null()).then_some(value)
}

/// As [`non_null`], for encoding.
#[must_use]
pub fn present(value: &Option<serde_json::Value>) -> Option<&serde_json::Value> {
    value.as_ref().filter(|value| !value.is_null())
}

/// Appends a value to a buffer as JSON; on failure the buffer is as before.
///
/// # Errors
///
/// When the value breaks its schema; the violation names the place.
pub fn encode<T: Encode>(value: &T, out: &mut Vec<u8>) -> Result<(), Violation> {
    let before = out.len();
    value.encode(out).inspect_err(|_| out.truncate(before))
}

/// What every generated type can do; implemented for everything that qualifies.
pub trait Definition:
    for<'de> Decode<'de> + Encode + serde::Serialize + Described + std::fmt::Debug + Clone + PartialEq + 'static
{
}

impl<T> Definition for T where
    T: for<'de> Decode<'de>
        + Encode
        + serde::Serialize
        + Described
        + std::fmt::Debug
        + Clone
        + PartialEq
        + 'static
{
}

/// Called once for each definition of a schema by the generated `visit_definitions`.
///
/// This is how tools and tests treat all definitions alike without a list of their names.
pub trait DefinitionVisitor {
    /// `name` is the definition's name in the schema, `T` the type generated from it.
    fn visit<T: Definition>(&mut self, name: &'static str);
}
