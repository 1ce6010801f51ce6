//! Unions told apart by their JSON type, such as "a string or an array of parts".

use super::context::Context;
use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{self, Deserializer, IntoDeserializer, MapAccess, SeqAccess, Unexpected, Visitor};
use std::fmt;
use std::marker::PhantomData;

/// An enum generated from a union whose members have different JSON types.
///
/// Each method decodes one type; those of absent alternatives keep the default, which refuses.
pub trait Choice<'de>: Sized {
    /// The alternatives in words, for errors.
    const EXPECTED: &'static str;

    /// From a JSON string.
    ///
    /// # Errors
    ///
    /// As [`Decode::decode`](super::Decode::decode), here and below.
    fn string<D: Deserializer<'de>>(value: D, context: &mut Context) -> Result<Option<Self>, D::Error> {
        mismatch(value, context)
    }

    /// From a JSON number.
    ///
    /// # Errors
    ///
    /// As above.
    fn number<D: Deserializer<'de>>(value: D, context: &mut Context) -> Result<Option<Self>, D::Error> {
        mismatch(value, context)
    }

    /// From `true` or `false`.
    ///
    /// # Errors
    ///
    /// As above.
    fn boolean<D: Deserializer<'de>>(value: D, context: &mut Context) -> Result<Option<Self>, D::Error> {
        mismatch(value, context)
    }

    /// From a JSON array.
    ///
    /// # Errors
    ///
    /// As above.
    fn array<D: Deserializer<'de>>(value: D, context: &mut Context) -> Result<Option<Self>, D::Error> {
        mismatch(value, context)
    }

    /// From a JSON object.
    ///
    /// # Errors
    ///
    /// As above.
    fn object<D: Deserializer<'de>>(value: D, context: &mut Context) -> Result<Option<Self>, D::Error> {
        mismatch(value, context)
    }
}

/// Decodes a [`Choice`] by looking at the JSON type that comes.
///
/// # Errors
///
/// As [`Decode::decode`](super::Decode::decode).
pub fn decode_choice<'de, T: Choice<'de>, D: Deserializer<'de>>(
    deserializer: D,
    context: &mut Context,
) -> Result<Option<T>, D::Error> {
    deserializer.deserialize_any(ChoiceVisitor(context, PhantomData))
}

struct ChoiceVisitor<'c, T>(&'c mut Context, PhantomData<T>);

impl<'de, T: Choice<'de>> Visitor<'de> for ChoiceVisitor<'_, T> {
    type Value = Option<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(T::EXPECTED)
    }

    fn visit_str<E: de::Error>(self, value: &str) -> Result<Self::Value, E> {
        T::string(value.into_deserializer(), self.0)
    }

    fn visit_string<E: de::Error>(self, value: String) -> Result<Self::Value, E> {
        T::string(value.into_deserializer(), self.0)
    }

    fn visit_bool<E: de::Error>(self, value: bool) -> Result<Self::Value, E> {
        T::boolean(value.into_deserializer(), self.0)
    }

    fn visit_i64<E: de::Error>(self, value: i64) -> Result<Self::Value, E> {
        T::number(value.into_deserializer(), self.0)
    }

    fn visit_u64<E: de::Error>(self, value: u64) -> Result<Self::Value, E> {
        T::number(value.into_deserializer(), self.0)
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<Self::Value, E> {
        T::number(value.into_deserializer(), self.0)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, elements: A) -> Result<Self::Value, A::Error> {
        T::array(SeqAccessDeserializer::new(elements), self.0)
    }

    fn visit_map<A: MapAccess<'de>>(self, entries: A) -> Result<Self::Value, A::Error> {
        T::object(MapAccessDeserializer::new(entries), self.0)
    }
}

fn mismatch<'de, T: Choice<'de>, D: Deserializer<'de>>(
    value: D,
    _: &mut Context,
) -> Result<Option<T>, D::Error> {
    struct Mismatch<T>(PhantomData<T>);

    impl<'de, T: Choice<'de>> Visitor<'de> for Mismatch<T> {
        type Value = Option<T>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str(T::EXPECTED)
        }

        // Everything but `null` has a method of its own in serde's default implementation, which
        // says what was found; sequences and maps would not be drained, so they are refused by type.
        fn visit_seq<A: SeqAccess<'de>>(self, _: A) -> Result<Self::Value, A::Error> {
            Err(de::Error::invalid_type(Unexpected::Seq, &self))
        }

        fn visit_map<A: MapAccess<'de>>(self, _: A) -> Result<Self::Value, A::Error> {
            Err(de::Error::invalid_type(Unexpected::Map, &self))
        }
    }

    value.deserialize_any(Mismatch(PhantomData))
}
