//! The decoding trait and its implementations for the building blocks.

use super::any::{Any, AnyObject, repeated};
use super::context::{Context, Unknown};
use super::path;
use serde::de::{
    self, Deserialize, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Unexpected, Visitor,
};
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;

/// Decoding with a [`Context`]: serde's `Deserialize`, plus a say in what happens to unknown material.
pub trait Decode<'de>: Sized {
    /// Whether no value of this type can contain unknown material; saves the bookkeeping.
    const LEAF: bool = false;

    /// Decodes one value. `None` means that it was consumed but is unrecognised (only under
    /// [`Unknown::Report`](super::Unknown::Report)), so that the container decides what goes.
    ///
    /// # Errors
    ///
    /// On malformed values; the message starts with a JSON Pointer relative to this value.
    fn decode<D: Deserializer<'de>>(deserializer: D, context: &mut Context)
    -> Result<Option<Self>, D::Error>;

    /// As [`Decode::decode`], into the place where the value is wanted: what is large is then not handed from function to
    /// function. Whatever was there is replaced, by `None` if the value is unrecognised.
    ///
    /// # Errors
    ///
    /// As [`Decode::decode`]. What is in the place does not count then.
    fn decode_into<D: Deserializer<'de>>(
        deserializer: D,
        context: &mut Context,
        place: &mut Option<Self>,
    ) -> Result<(), D::Error> {
        *place = Self::decode(deserializer, context)?;
        Ok(())
    }
}

/// Implements `Deserialize` by [`Decode`] with the default context.
///
/// # Errors
///
/// As [`Decode::decode`].
pub fn plain<'de, T: Decode<'de>, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    T::decode(deserializer, &mut Context::default())?.ok_or_else(|| de::Error::custom("unrecognised value"))
}

/// As [`plain`], with unknown members as errors.
///
/// # Errors
///
/// As [`Decode::decode`].
pub fn plain_strict<'de, T: Decode<'de>, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    T::decode(deserializer, &mut Context::new(Unknown::Deny))?
        .ok_or_else(|| de::Error::custom("unrecognised value"))
}

/// Hands the context on through serde's map and sequence accessors. The value comes back, which is quicker for what is
/// small.
pub(super) struct Returned<'c, T>(pub(super) &'c mut Context, pub(super) PhantomData<T>);

impl<'de, T: Decode<'de>> DeserializeSeed<'de> for Returned<'_, T> {
    type Value = Option<T>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Option<T>, D::Error> {
        T::decode(deserializer, self.0)
    }
}

/// As [`Returned`], with the place for the value, which is quicker for what is large.
pub(super) struct Placed<'c, T>(pub(super) &'c mut Context, pub(super) &'c mut Option<T>);

impl<'de, T: Decode<'de>> DeserializeSeed<'de> for Placed<'_, T> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        T::decode_into(deserializer, self.0, self.1)
    }
}

/// Types that serde decodes just as a schema wants them.
macro_rules! decode_by_serde {
    ($($type:ty),*) => {$(
        impl<'de> Decode<'de> for $type {
            const LEAF: bool = true;

            fn decode<D: Deserializer<'de>>(deserializer: D, _: &mut Context) -> Result<Option<Self>, D::Error> {
                Self::deserialize(deserializer).map(Some)
            }
        }
    )*};
}

decode_by_serde!(String, bool);

impl<'de> Decode<'de> for Value {
    const LEAF: bool = true;

    fn decode<D: Deserializer<'de>>(deserializer: D, _: &mut Context) -> Result<Option<Self>, D::Error> {
        Any.deserialize(deserializer).map(Some)
    }
}

impl<'de> Decode<'de> for Map<String, Value> {
    const LEAF: bool = true;

    fn decode<D: Deserializer<'de>>(deserializer: D, _: &mut Context) -> Result<Option<Self>, D::Error> {
        AnyObject.deserialize(deserializer).map(Some)
    }
}

/// In JSON Schema `1.0` is an integer: what counts is the value, not the notation.
macro_rules! decode_integer {
    ($($type:ident: $method:ident),*) => {$(
        impl<'de> Decode<'de> for $type {
            const LEAF: bool = true;

            fn decode<D: Deserializer<'de>>(deserializer: D, _: &mut Context) -> Result<Option<Self>, D::Error> {
                struct Integer;

                impl Visitor<'_> for Integer {
                    type Value = $type;

                    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                        write!(f, "an integer between {} and {}", $type::MIN, $type::MAX)
                    }

                    fn visit_i64<E: de::Error>(self, value: i64) -> Result<$type, E> {
                        $type::try_from(value).map_err(|_| E::invalid_value(Unexpected::Signed(value), &self))
                    }

                    fn visit_u64<E: de::Error>(self, value: u64) -> Result<$type, E> {
                        $type::try_from(value).map_err(|_| E::invalid_value(Unexpected::Unsigned(value), &self))
                    }

                    fn visit_f64<E: de::Error>(self, value: f64) -> Result<$type, E> {
                        // `MAX as f64` rounds up to a power of two, hence the strict upper bound.
                        if value.fract() == 0.0 && value >= $type::MIN as f64 && value < $type::MAX as f64 {
                            return Ok(value as $type);
                        }
                        Err(E::invalid_type(Unexpected::Float(value), &self))
                    }
                }

                deserializer.$method(Integer).map(Some)
            }
        }
    )*};
}

decode_integer!(i64: deserialize_i64, u64: deserialize_u64);

impl<'de> Decode<'de> for f64 {
    const LEAF: bool = true;

    fn decode<D: Deserializer<'de>>(deserializer: D, _: &mut Context) -> Result<Option<Self>, D::Error> {
        f64::deserialize(deserializer).map(Some)
    }
}

impl<'de, T: Decode<'de>> Decode<'de> for Box<T> {
    const LEAF: bool = T::LEAF;

    fn decode<D: Deserializer<'de>>(
        deserializer: D,
        context: &mut Context,
    ) -> Result<Option<Self>, D::Error> {
        Ok(T::decode(deserializer, context)?.map(Box::new))
    }
}

/// A value that may be `null`, as opposed to a member that may be absent.
impl<'de, T: Decode<'de>> Decode<'de> for Option<T> {
    const LEAF: bool = T::LEAF;

    fn decode<D: Deserializer<'de>>(
        deserializer: D,
        context: &mut Context,
    ) -> Result<Option<Self>, D::Error> {
        struct Nullable<'c, T>(&'c mut Context, PhantomData<T>);

        impl<'de, T: Decode<'de>> Visitor<'de> for Nullable<'_, T> {
            type Value = Option<Option<T>>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a value or null")
            }

            fn visit_none<E: de::Error>(self) -> Result<Self::Value, E> {
                Ok(Some(None))
            }

            fn visit_unit<E: de::Error>(self) -> Result<Self::Value, E> {
                Ok(Some(None))
            }

            fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
                Ok(T::decode(deserializer, self.0)?.map(Some))
            }
        }

        deserializer.deserialize_option(Nullable(context, PhantomData))
    }
}

/// A list. Unrecognised elements are dropped, the list stays (PROC-7).
impl<'de, T: Decode<'de>> Decode<'de> for Vec<T> {
    const LEAF: bool = T::LEAF;

    fn decode<D: Deserializer<'de>>(
        deserializer: D,
        context: &mut Context,
    ) -> Result<Option<Self>, D::Error> {
        struct List<'c, T>(&'c mut Context, PhantomData<T>);

        impl<'de, T: Decode<'de>> Visitor<'de> for List<'_, T> {
            type Value = Vec<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an array")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Vec<T>, A::Error> {
                let mut list = Vec::new();
                let mut index = 0_usize;
                loop {
                    let mark = self.0.mark();
                    let mut element = None;
                    match elements.next_element_seed(Placed(self.0, &mut element)) {
                        Ok(Some(())) => list.extend(element),
                        Ok(None) => return Ok(list),
                        Err(error) => return Err(path::at(index, error)),
                    }
                    if !T::LEAF {
                        self.0.nest(mark, index);
                    }
                    index += 1;
                }
            }
        }

        deserializer.deserialize_seq(List(context, PhantomData)).map(Some)
    }
}

/// An object whose keys are data.
impl<'de, T: Decode<'de>> Decode<'de> for BTreeMap<String, T> {
    const LEAF: bool = T::LEAF;

    fn decode<D: Deserializer<'de>>(
        deserializer: D,
        context: &mut Context,
    ) -> Result<Option<Self>, D::Error> {
        struct Entries<'c, T>(&'c mut Context, PhantomData<T>);

        impl<'de, T: Decode<'de>> Visitor<'de> for Entries<'_, T> {
            type Value = BTreeMap<String, T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Self::Value, A::Error> {
                let mut map = BTreeMap::new();
                while let Some(key) = entries.next_key::<String>()? {
                    let mark = self.0.mark();
                    let mut value = None;
                    entries
                        .next_value_seed(Placed(self.0, &mut value))
                        .map_err(|error| path::at(&key, error))?;
                    if !T::LEAF {
                        self.0.nest(mark, &key);
                    }
                    if map.contains_key(&key) {
                        return Err(repeated(&key));
                    }
                    if let Some(value) = value {
                        map.insert(key, value);
                    }
                }
                Ok(map)
            }
        }

        deserializer.deserialize_map(Entries(context, PhantomData)).map(Some)
    }
}

/// Implements [`Decode`] by one of the runtime's functions, and `Deserialize` by [`Decode`].
#[doc(hidden)]
#[macro_export]
macro_rules! __agui_decodable {
    ($type:ident, decode_tagged, $plain:ident) => {
        impl<'de> $crate::runtime::Decode<'de> for $type {
            fn decode<D: $crate::runtime::serde::Deserializer<'de>>(
                deserializer: D,
                context: &mut $crate::runtime::Context,
            ) -> ::std::result::Result<::std::option::Option<Self>, D::Error> {
                let mut place = ::std::option::Option::None;
                $crate::runtime::decode_tagged(deserializer, context, &mut place)?;
                ::std::result::Result::Ok(place)
            }

            fn decode_into<D: $crate::runtime::serde::Deserializer<'de>>(
                deserializer: D,
                context: &mut $crate::runtime::Context,
                place: &mut ::std::option::Option<Self>,
            ) -> ::std::result::Result<(), D::Error> {
                $crate::runtime::decode_tagged(deserializer, context, place)
            }
        }

        $crate::__agui_decodable!($type; $plain);
    };
    ($type:ident, $function:ident, $plain:ident) => {
        impl<'de> $crate::runtime::Decode<'de> for $type {
            fn decode<D: $crate::runtime::serde::Deserializer<'de>>(
                deserializer: D,
                context: &mut $crate::runtime::Context,
            ) -> ::std::result::Result<::std::option::Option<Self>, D::Error> {
                $crate::runtime::$function(deserializer, context)
            }
        }

        $crate::__agui_decodable!($type; $plain);
    };
    ($type:ident; $plain:ident) => {
        impl<'de> $crate::runtime::serde::Deserialize<'de> for $type {
            fn deserialize<D: $crate::runtime::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::std::result::Result<Self, D::Error> {
                $crate::runtime::$plain(deserializer)
            }
        }
    };
}
