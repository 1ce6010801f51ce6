//! Closed sets of strings.

use super::context::{Context, Unknown, UnrecognisedKind};
use serde::de::{self, Deserializer, Visitor};
use std::fmt;
use std::marker::PhantomData;

/// An enum generated from a list of strings.
pub trait Enumeration: Copy + 'static {
    /// The strings, in the order of the variants.
    const VALUES: &'static [&'static str];
    /// Whether the set can never grow, because the schema states it as a constant: then another string
    /// is malformed, not unrecognised.
    const FIXED: bool = false;

    /// The variant written as `value`.
    fn from_value(value: &str) -> Option<Self>;
}

/// A string that is none of an enumeration's values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownValue {
    value: String,
    expected: &'static [&'static str],
}

impl UnknownValue {
    /// `value`, where one of `expected` was wanted.
    #[must_use]
    pub fn new(value: &str, expected: &'static [&'static str]) -> Self {
        Self { value: value.to_owned(), expected }
    }
}

impl fmt::Display for UnknownValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "unknown value `{}`, expected one of `{}`", self.value, self.expected.join("`, `"))
    }
}

impl std::error::Error for UnknownValue {}

/// Decodes an [`Enumeration`].
///
/// # Errors
///
/// As [`Decode::decode`](super::Decode::decode).
pub fn decode_enumeration<'de, T: Enumeration, D: Deserializer<'de>>(
    deserializer: D,
    context: &mut Context,
) -> Result<Option<T>, D::Error> {
    struct EnumerationVisitor<'c, T>(&'c mut Context, PhantomData<T>);

    impl<T: Enumeration> Visitor<'_> for EnumerationVisitor<'_, T> {
        type Value = Option<T>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a string")
        }

        fn visit_str<E: de::Error>(self, value: &str) -> Result<Option<T>, E> {
            match T::from_value(value) {
                Some(known) => Ok(Some(known)),
                None if self.0.unknown() == Unknown::Report && !T::FIXED => {
                    self.0.report(String::new(), UnrecognisedKind::Value(value.to_owned()));
                    Ok(None)
                }
                None => Err(E::custom(UnknownValue::new(value, T::VALUES))),
            }
        }
    }

    deserializer.deserialize_str(EnumerationVisitor(context, PhantomData))
}
