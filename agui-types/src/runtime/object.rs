//! Structs, which are decoded entry by entry.

use super::context::Context;
use super::entries::Entries;
use serde::de::{Deserializer, MapAccess, Visitor};
use std::fmt;
use std::marker::PhantomData;

/// A struct generated from an object definition.
pub trait Object<'de>: Sized {
    /// What an error calls the expected value.
    const NAME: &'static str;
    /// The names of its members on the wire, in the order in which they are written.
    const FIELDS: &'static [&'static str];

    /// Reads all entries and builds the value; `None` if an unrecognised value stood in a required
    /// position (PROC-6).
    ///
    /// # Errors
    ///
    /// On malformed, missing and repeated members.
    fn decode_entries<A: MapAccess<'de>>(entries: &mut Entries<'_, 'de, A>)
    -> Result<Option<Self>, A::Error>;
}

/// Decodes an [`Object`] that stands alone, as opposed to one reached through its union's tag.
///
/// # Errors
///
/// As [`Decode::decode`](super::Decode::decode).
pub fn decode_object<'de, T: Object<'de>, D: Deserializer<'de>>(
    deserializer: D,
    context: &mut Context,
) -> Result<Option<T>, D::Error> {
    struct ObjectVisitor<'c, T>(&'c mut Context, PhantomData<T>);

    impl<'de, T: Object<'de>> Visitor<'de> for ObjectVisitor<'_, T> {
        type Value = Option<T>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            write!(f, "an object ({})", T::NAME)
        }

        fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
            T::decode_entries(&mut Entries::new(map, self.0))
        }
    }

    deserializer.deserialize_map(ObjectVisitor(context, PhantomData))
}
