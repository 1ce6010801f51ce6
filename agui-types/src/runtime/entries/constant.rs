//! Members that have one legal value.

use serde::de::{self, DeserializeSeed, Deserializer, Visitor};
use serde_json::Value;
use std::fmt;

/// Compares a string in place, so that a constant costs no allocation.
pub(super) struct Constant(pub(super) &'static str);

impl<'de> DeserializeSeed<'de> for Constant {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for Constant {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the constant `\"{}\"`", self.0)
    }

    fn visit_str<E: de::Error>(self, value: &str) -> Result<(), E> {
        if value == self.0 { Ok(()) } else { Err(E::invalid_value(de::Unexpected::Str(value), &self)) }
    }
}

#[cold]
pub(super) fn unequal<E: de::Error>(found: &Value, expected: &dyn fmt::Display) -> E {
    E::custom(format_args!("invalid value: `{found}`, expected the constant `{expected}`"))
}

/// JSON Schema compares numbers by value: `1.0` is the constant `1`.
pub(super) fn same_scalar(found: &Value, expected: &str) -> bool {
    match serde_json::from_str::<Value>(expected) {
        Ok(Value::Number(expected)) => found.as_f64().is_some_and(|found| Some(found) == expected.as_f64()),
        Ok(expected) => *found == expected,
        Err(_) => false,
    }
}
