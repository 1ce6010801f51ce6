//! Unions told apart by a member with a constant value.

use super::any::Any;
use super::context::{Context, Unknown, UnrecognisedKind};
use super::entries::{Early, Entries};
use super::path;
use serde::de::{self, DeserializeSeed, Deserializer, IgnoredAny, MapAccess, Visitor};
use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

/// An enum generated from a discriminated union.
pub trait Tagged<'de>: Sized {
    /// What an error calls the expected value.
    const NAME: &'static str;
    /// The discriminating member.
    const TAG: &'static str;
    /// The discriminator's values, in the order of the variants.
    const TAGS: &'static [&'static str];

    /// The variant with this value of the discriminator.
    fn variant(tag: &str) -> Option<usize>;

    /// Decodes the entries beside the discriminator as the given variant.
    ///
    /// # Errors
    ///
    /// As [`Object::decode_entries`](super::Object::decode_entries).
    fn decode_variant<A: MapAccess<'de>>(
        variant: usize,
        entries: &mut Entries<'_, 'de, A>,
    ) -> Result<Option<Self>, A::Error>;
}

/// Decodes a [`Tagged`] union in one pass, into a place, since it may be large.
///
/// When the discriminator comes first, as every known producer writes it, nothing is buffered: the
/// variant reads on from where the tag ended. Otherwise only the entries before it are kept aside.
///
/// # Errors
///
/// As [`Decode::decode`](super::Decode::decode).
pub fn decode_tagged<'de, T: Tagged<'de>, D: Deserializer<'de>>(
    deserializer: D,
    context: &mut Context,
    place: &mut Option<T>,
) -> Result<(), D::Error> {
    deserializer.deserialize_map(TaggedVisitor(context, place))
}

struct TaggedVisitor<'c, T>(&'c mut Context, &'c mut Option<T>);

impl<'de, T: Tagged<'de>> Visitor<'de> for TaggedVisitor<'_, T> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "an object ({} with a `{}`)", T::NAME, T::TAG)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let mut early = Early::default();
        loop {
            match map.next_key_seed(TagKey(T::TAG))? {
                Some(None) => break,
                Some(Some(key)) => match map.next_value_seed(Any) {
                    Ok(value) => early.push(key, value),
                    Err(error) => return Err(path::at(key, error)),
                },
                None => return Err(de::Error::missing_field(T::TAG)),
            }
        }
        let tag = map.next_value_seed(TagValue::<T>(PhantomData)).map_err(|error| path::at(T::TAG, error))?;
        match tag {
            Ok(variant) => {
                let mut entries = Entries::after_tag(map, self.0, early, Some(T::TAG));
                *self.1 = T::decode_variant(variant, &mut entries)?;
                Ok(())
            }
            Err(tag) if self.0.unknown() == Unknown::Report => {
                while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
                self.0.report(String::new(), UnrecognisedKind::Variant(tag));
                *self.1 = None;
                Ok(())
            }
            Err(tag) => Err(path::at(T::TAG, de::Error::unknown_variant(&tag, T::TAGS))),
        }
    }
}

/// `None` for the tag, otherwise the key.
pub(super) struct TagKey(pub(super) &'static str);

impl<'de> DeserializeSeed<'de> for TagKey {
    type Value = Option<Cow<'de, str>>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_identifier(self)
    }
}

impl<'de> Visitor<'de> for TagKey {
    type Value = Option<Cow<'de, str>>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a member name")
    }

    fn visit_borrowed_str<E: de::Error>(self, key: &'de str) -> Result<Self::Value, E> {
        Ok((key != self.0).then_some(Cow::Borrowed(key)))
    }

    fn visit_str<E: de::Error>(self, key: &str) -> Result<Self::Value, E> {
        Ok((key != self.0).then(|| Cow::Owned(key.to_owned())))
    }
}

/// The variant's index, or the value that names none.
struct TagValue<T>(PhantomData<T>);

impl<'de, T: Tagged<'de>> DeserializeSeed<'de> for TagValue<T> {
    type Value = Result<usize, String>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'de, T: Tagged<'de>> Visitor<'de> for TagValue<T> {
    type Value = Result<usize, String>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string")
    }

    fn visit_str<E: de::Error>(self, tag: &str) -> Result<Self::Value, E> {
        Ok(T::variant(tag).ok_or_else(|| tag.to_owned()))
    }
}
