//! Payloads from JSON, with the place of what does not fit.

use serde::de::DeserializeOwned;
use serde::de::value::{MapAccessDeserializer, MapDeserializer};
use serde_json::Value;
use serde_path_to_error::{Deserializer, Error, Track};
use std::iter::{Once, once};

/// An event as serde knows variants from the outside: its name, then its payload.
pub(super) type Variant<'a> =
    MapAccessDeserializer<MapDeserializer<'a, Once<(&'a str, &'a Value)>, serde_json::Error>>;

pub(super) fn read<'a, T: DeserializeOwned>(
    value: impl serde::Deserializer<'a, Error = serde_json::Error>,
) -> Result<T, Error<serde_json::Error>> {
    serde_path_to_error::deserialize(value)
}

/// Reads one of several variants; the first segment of the path in an error is the name.
#[cfg_attr(not(feature = "macros"), allow(dead_code, reason = "only derives have variants"))]
pub(super) fn variant<'a, T>(
    name: &'a str,
    value: &'a Value,
    read: impl for<'t> FnOnce(Deserializer<'a, 't, Variant<'a>>) -> Result<T, serde_json::Error>,
) -> Result<T, Error<serde_json::Error>> {
    let event = MapAccessDeserializer::new(MapDeserializer::new(once((name, value))));
    let mut track = Track::new();
    read(Deserializer::new(event, &mut track)).map_err(|error| Error::new(track.path(), error))
}
