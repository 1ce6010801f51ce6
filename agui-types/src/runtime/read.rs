//! The ways to decode a whole document.

use super::context::{Context, Unknown, Unrecognised};
use super::decode::{Decode, Placed};
use super::error::DecodeError;
use serde::de::DeserializeSeed;
use serde_json::Value;

/// Decodes a document; unknown members are skipped.
///
/// # Errors
///
/// When the bytes are not JSON, or not a `T`.
pub fn decode<'de, T: Decode<'de>>(json: &'de [u8]) -> Result<T, DecodeError> {
    whole(json, Context::default())
}

/// Decodes a document; unknown material of any kind is an error.
///
/// # Errors
///
/// As [`decode`], and for unknown members.
pub fn decode_strict<'de, T: Decode<'de>>(json: &'de [u8]) -> Result<T, DecodeError> {
    whole(json, Context::new(Unknown::Deny))
}

/// Decodes a document as a receiver of protocol traffic has to: unknown material is removed and
/// reported, malformed material is an error (PROC-1 to PROC-8).
///
/// # Errors
///
/// When the bytes are not JSON, or something that `T` knows is malformed.
pub fn decode_lenient<'de, T: Decode<'de>>(json: &'de [u8]) -> Result<Lenient<T>, DecodeError> {
    let (mut context, mut value) = (Context::new(Unknown::Report), None);
    read(json, &mut context, &mut value)?;
    Ok(Lenient::of(value, context))
}

/// Decodes a document by the policy of a context, into the place where the value is wanted, which is quicker for what is
/// large. `None` if nothing recognisable is left.
///
/// # Errors
///
/// As the policy says; the place is empty then.
pub fn decode_into<'de, T: Decode<'de>>(
    json: &'de [u8],
    context: &mut Context,
    place: &mut Option<T>,
) -> Result<(), DecodeError> {
    read(json, context, place).inspect_err(|_| *place = None)
}

/// As [`decode_lenient`], of a document that was parsed already. Errors then know no line.
///
/// # Errors
///
/// When something that `T` knows is malformed.
pub fn decode_lenient_value<'de, T: Decode<'de>>(document: &'de Value) -> Result<Lenient<T>, DecodeError> {
    let (mut context, mut value) = (Context::new(Unknown::Report), None);
    T::decode_into(document, &mut context, &mut value).map_err(|error| DecodeError::of_value(&error))?;
    Ok(Lenient::of(value, context))
}

/// What [`decode_lenient`] made of a document.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Lenient<T> {
    /// The value without unknown material; `None` if nothing recognisable is left.
    pub value: Option<T>,
    /// What was removed, with paths into the document as it came. At most [`Context::MAX_FOUND`].
    pub unrecognised: Vec<Unrecognised>,
    /// How many more removals there were than `unrecognised` lists.
    pub omitted: usize,
}

impl<T> Lenient<T> {
    /// A value that was decoded, and what the context has of it.
    pub fn of(value: Option<T>, context: Context) -> Self {
        let (unrecognised, omitted) = context.into_found();
        Self { value, unrecognised, omitted }
    }
}

fn read<'de, T: Decode<'de>>(
    json: &'de [u8],
    context: &mut Context,
    place: &mut Option<T>,
) -> Result<(), DecodeError> {
    // Once for the whole is faster than for each string.
    let json = std::str::from_utf8(json).map_err(|error| DecodeError::not_utf8(json, error))?;
    let mut deserializer = serde_json::Deserializer::from_str(json);
    Placed(context, place)
        .deserialize(&mut deserializer)
        .and_then(|()| deserializer.end())
        .map_err(|error| DecodeError::new(json, &error))
}

fn whole<'de, T: Decode<'de>>(json: &'de [u8], mut context: Context) -> Result<T, DecodeError> {
    let mut value = None;
    read(json, &mut context, &mut value)?;
    // Only the reporting policy yields `None`, and it does not come here.
    value.ok_or_else(|| DecodeError::new("null", &serde::de::Error::custom("unrecognised value")))
}
