//! The ways to decode a whole document.

use super::context::{Context, Unknown, Unrecognised};
use super::decode::{Decode, Seed};
use super::error::DecodeError;
use serde::de::DeserializeSeed;
use serde_json::Value;

/// Decodes a document; unknown members are skipped.
///
/// # Errors
///
/// When the bytes are not JSON, or not a `T`.
pub fn decode<'de, T: Decode<'de>>(json: &'de [u8]) -> Result<T, DecodeError> {
    read(json, &mut Context::default()).and_then(recognised)
}

/// Decodes a document; unknown material of any kind is an error.
///
/// # Errors
///
/// As [`decode`], and for unknown members.
pub fn decode_strict<'de, T: Decode<'de>>(json: &'de [u8]) -> Result<T, DecodeError> {
    read(json, &mut Context::new(Unknown::Deny)).and_then(recognised)
}

/// Decodes a document as a receiver of protocol traffic has to: unknown material is removed and
/// reported, malformed material is an error (PROC-1 to PROC-8).
///
/// # Errors
///
/// When the bytes are not JSON, or something that `T` knows is malformed.
pub fn decode_lenient<'de, T: Decode<'de>>(json: &'de [u8]) -> Result<Lenient<T>, DecodeError> {
    let mut context = Context::new(Unknown::Report);
    let value = read(json, &mut context)?;
    let (unrecognised, omitted) = context.into_found();
    Ok(Lenient { value, unrecognised, omitted })
}

/// As [`decode_lenient`], of a document that was parsed already. Errors then know no line.
///
/// # Errors
///
/// When something that `T` knows is malformed.
pub fn decode_lenient_value<'de, T: Decode<'de>>(document: &'de Value) -> Result<Lenient<T>, DecodeError> {
    let mut context = Context::new(Unknown::Report);
    let value =
        Seed::new(&mut context).deserialize(document).map_err(|error| DecodeError::of_value(&error))?;
    let (unrecognised, omitted) = context.into_found();
    Ok(Lenient { value, unrecognised, omitted })
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

fn read<'de, T: Decode<'de>>(json: &'de [u8], context: &mut Context) -> Result<Option<T>, DecodeError> {
    // Once for the whole is faster than for each string.
    let json = std::str::from_utf8(json).map_err(|error| DecodeError::not_utf8(json, error))?;
    let mut deserializer = serde_json::Deserializer::from_str(json);
    // Values may be large, so none is handed from closure to closure.
    let value = match Seed::new(context).deserialize(&mut deserializer) {
        Ok(value) => value,
        Err(error) => return Err(DecodeError::new(json, &error)),
    };
    match deserializer.end() {
        Ok(()) => Ok(value),
        Err(error) => Err(DecodeError::new(json, &error)),
    }
}

fn recognised<T>(value: Option<T>) -> Result<T, DecodeError> {
    // Only the reporting policy yields `None`, and it does not come here.
    value.ok_or_else(|| DecodeError::new("null", &serde::de::Error::custom("unrecognised value")))
}
