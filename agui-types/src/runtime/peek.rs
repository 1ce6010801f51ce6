//! Looking at a union's discriminator without decoding the rest.

use super::error::DecodeError;
use super::tagged::{TagKey, Tagged};
use serde::de::{self, DeserializeSeed, Deserializer, IgnoredAny, MapAccess, Visitor};
use std::fmt;
use std::marker::PhantomData;

/// The variant that a document is, by its discriminator; `None` if the schema does not know the value.
///
/// What comes behind the discriminator is not looked at, so a document that is broken there is not
/// noticed. Where the discriminator comes first, this costs a few comparisons.
///
/// # Errors
///
/// When the document is no JSON object with a string there.
pub fn peek<'de, T: Tagged<'de>>(json: &'de [u8]) -> Result<Option<usize>, DecodeError> {
    if let Some(tag) = leading_tag(json, T::TAG) {
        return Ok(T::variant(tag));
    }
    let mut found = None;
    let json = std::str::from_utf8(json).map_err(|error| DecodeError::not_utf8(json, error))?;
    let result =
        Peek::<T>(&mut found, PhantomData).deserialize(&mut serde_json::Deserializer::from_str(json));
    match (found, result) {
        (Some(variant), _) => Ok(variant),
        (None, Err(error)) => Err(DecodeError::new(json, &error)),
        (None, Ok(())) => Err(DecodeError::new(json, &de::Error::missing_field(T::TAG))),
    }
}

/// The discriminator of a compact document that begins with it.
fn leading_tag<'j>(json: &'j [u8], name: &str) -> Option<&'j str> {
    let rest = json.strip_prefix(b"{\"")?.strip_prefix(name.as_bytes())?.strip_prefix(b"\":\"")?;
    let end = rest.iter().position(|byte| matches!(byte, b'"' | b'\\'))?;
    let (tag, rest) = rest.split_at_checked(end)?;
    // An escape has to be read by somebody who can.
    if rest.first() == Some(&b'\\') { None } else { std::str::from_utf8(tag).ok() }
}

struct Peek<'f, T>(&'f mut Option<Option<usize>>, PhantomData<T>);

impl<'de, T: Tagged<'de>> DeserializeSeed<'de> for Peek<'_, T> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de, T: Tagged<'de>> Visitor<'de> for Peek<'_, T> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "an object ({} with a `{}`)", T::NAME, T::TAG)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key_seed(TagKey(T::TAG))? {
            if key.is_none() {
                let tag = map.next_value::<String>().map_err(|error| super::path::at(T::TAG, error))?;
                *self.0 = Some(T::variant(&tag));
                // The way to stop: the caller looks at what was found first.
                return Err(de::Error::custom("found"));
            }
            map.next_value::<IgnoredAny>()?;
        }
        Err(de::Error::missing_field(T::TAG))
    }
}
