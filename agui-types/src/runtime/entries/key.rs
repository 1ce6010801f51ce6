//! Which of the fields a key names.

use serde::de::{self, DeserializeSeed, Deserializer, Visitor};
use std::fmt;

pub(super) struct Key<'k> {
    pub(super) fields: &'static [&'static str],
    pub(super) cursor: usize,
    pub(super) unknown: &'k mut String,
}

impl<'de> DeserializeSeed<'de> for Key<'_> {
    type Value = Option<usize>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Option<usize>, D::Error> {
        deserializer.deserialize_identifier(self)
    }
}

impl Visitor<'_> for Key<'_> {
    type Value = Option<usize>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a member name")
    }

    fn visit_str<E: de::Error>(self, key: &str) -> Result<Option<usize>, E> {
        let found = find(self.fields, self.cursor, key);
        if found.is_none() {
            self.unknown.clear();
            self.unknown.push_str(key);
        }
        Ok(found)
    }
}

/// Members mostly come in the order in which we write them, so the search starts behind the last one.
#[inline]
pub(super) fn find(fields: &[&str], cursor: usize, key: &str) -> Option<usize> {
    if fields.get(cursor) == Some(&key) {
        return Some(cursor);
    }
    fields.iter().position(|field| *field == key)
}
