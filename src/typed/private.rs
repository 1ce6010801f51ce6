//! What the expansions of the derives call.

use super::custom::{CustomPayload, malformed};
use super::error::PayloadError;
use crate::tool::returned::Tag;
use agui_types::{CustomEvent, Event};
use serde::de::value::{MapAccessDeserializer, MapDeserializer};
use serde_json::Value;
use serde_path_to_error::{Deserializer, Error, Track};
use std::iter::{Once, once};

/// Whether a type describes itself: the two traits are found in this order for `&&Tag<T>`.
pub use crate::tool::returned::{AskDescribed, AskUndescribed};

/// A type to be asked about.
pub type Asked<T> = Tag<T>;

/// An event as serde knows variants from the outside: its name, then its payload.
type Variant<'a> = MapAccessDeserializer<MapDeserializer<'a, Once<(&'a str, &'a Value)>, serde_json::Error>>;

/// What `From` makes of a payload.
#[track_caller]
#[allow(clippy::panic, reason = "documented where it is derived; the fallible ways are beside it")]
pub fn event<T: CustomPayload>(payload: &T) -> Event {
    match payload.to_event() {
        Ok(event) => event,
        Err(error) => {
            panic!("the payload of the custom event `{}` has no JSON form: {error}", payload.name())
        }
    }
}

/// Reads one of the events of an enum; `names` are all that it knows.
pub fn read_variant<'a, T>(
    event: &'a CustomEvent,
    names: &[&str],
    read: impl for<'t> FnOnce(Deserializer<'a, 't, Variant<'a>>) -> Result<T, serde_json::Error>,
) -> Option<Result<T, PayloadError>> {
    names.contains(&&*event.name).then(|| {
        let variant = MapAccessDeserializer::new(MapDeserializer::new(once((&*event.name, &event.value))));
        let mut track = Track::new();
        // The name is the first segment of the path.
        read(Deserializer::new(variant, &mut track))
            .map_err(|error| malformed(event, 1, Error::new(track.path(), error)))
    })
}

/// No schema.
pub fn undescribed() -> Option<Value> {
    None
}
