//! Objects: one pass over the entries, fields found by name, nothing buffered.

mod constant;
mod early;
mod key;
mod slot;

pub(super) use early::Early;
pub use slot::Slot;

use super::any;
use super::context::{Context, Unknown, UnrecognisedKind};
use super::decode::{Decode, Returned};
use super::path;
use super::rules::Violation;
use constant::{Constant, same_scalar, unequal};
use key::{Key, find};
use serde::de::{self, DeserializeSeed, IgnoredAny, MapAccess};
use serde_json::{Map, Value};
use std::marker::PhantomData;

/// The entries of one JSON object, with whatever came before a union's tag put back in front.
pub struct Entries<'c, 'de, A> {
    rest: A,
    early: Early<'de>,
    early_value: Option<Value>,
    context: &'c mut Context,
    tag: Option<&'static str>,
    constants: u64,
    cursor: usize,
    field: &'static str,
    unknown: String,
    lifetime: PhantomData<&'de ()>,
}

impl<'c, 'de, A: MapAccess<'de>> Entries<'c, 'de, A> {
    pub(super) fn new(rest: A, context: &'c mut Context) -> Self {
        Self::after_tag(rest, context, Early::default(), None)
    }

    pub(super) fn after_tag(
        rest: A,
        context: &'c mut Context,
        early: Early<'de>,
        tag: Option<&'static str>,
    ) -> Self {
        Self {
            rest,
            early,
            early_value: None,
            context,
            tag,
            constants: 0,
            cursor: 0,
            field: "",
            unknown: String::new(),
            lifetime: PhantomData,
        }
    }

    /// The index of the next entry's key in `fields`, `usize::MAX` for an unknown key, `None` at the end.
    ///
    /// # Errors
    ///
    /// When the input does.
    pub fn next_field(&mut self, fields: &'static [&'static str]) -> Result<Option<usize>, A::Error> {
        let index = match self.early.next() {
            Some((key, value)) => {
                self.early_value = Some(value);
                let index = find(fields, self.cursor, &key);
                if index.is_none() {
                    self.unknown = key.into_owned();
                }
                Some(index)
            }
            None => {
                self.rest.next_key_seed(Key { fields, cursor: self.cursor, unknown: &mut self.unknown })?
            }
        };
        Ok(index.map(|found| match found {
            Some(index) => {
                self.cursor = index + 1;
                self.field = fields.get(index).copied().unwrap_or_default();
                index
            }
            None => usize::MAX,
        }))
    }

    /// Decodes the current entry's value into `slot`.
    ///
    /// # Errors
    ///
    /// When the value is malformed or the member occurs twice.
    pub fn fill<T: Decode<'de>>(&mut self, slot: &mut Slot<T>) -> Result<(), A::Error> {
        if !matches!(slot, Slot::Absent) {
            return Err(de::Error::duplicate_field(self.field));
        }
        *slot = match self.value()? {
            Some(value) => Slot::Filled(value),
            None => Slot::Removed,
        };
        Ok(())
    }

    /// As [`Entries::fill`], and the value has to satisfy `check`.
    ///
    /// # Errors
    ///
    /// As [`Entries::fill`], and with what `check` complains of.
    pub fn fill_checked<T: Decode<'de>>(
        &mut self,
        slot: &mut Slot<T>,
        check: impl FnOnce(&T) -> Result<(), Violation>,
    ) -> Result<(), A::Error> {
        self.fill(slot)?;
        if let Slot::Filled(value) = slot {
            check(value).map_err(|violation| path::at(self.field, de::Error::custom(violation)))?;
        }
        Ok(())
    }

    /// Reads a member that has one legal value, the string `expected`.
    ///
    /// # Errors
    ///
    /// When it is anything else, or occurs twice.
    pub fn constant(&mut self, index: usize, expected: &'static str) -> Result<(), A::Error> {
        self.constant_seen(index)?;
        let outcome = match self.early_value.take() {
            Some(value) => Constant(expected).deserialize(value).map_err(de::Error::custom),
            None => self.rest.next_value_seed(Constant(expected)),
        };
        outcome.map_err(|error| path::at(self.field, error))
    }

    /// As [`Entries::constant`] for a value that is not a string, written as JSON.
    ///
    /// # Errors
    ///
    /// When it is anything else, or occurs twice.
    pub fn constant_json(&mut self, index: usize, expected: &'static str) -> Result<(), A::Error> {
        self.constant_seen(index)?;
        match self.value::<Value>()? {
            Some(found) if same_scalar(&found, expected) => Ok(()),
            Some(found) => Err(path::at(self.field, unequal(&found, &expected))),
            None => Ok(()),
        }
    }

    /// Skips an entry that a closed object does not know, as the context says.
    ///
    /// # Errors
    ///
    /// Under [`Unknown::Deny`].
    pub fn skip_unknown(&mut self) -> Result<(), A::Error> {
        match self.context.unknown() {
            Unknown::Ignore => {}
            Unknown::Report => self.context.report(path::segment(&self.unknown), UnrecognisedKind::Member),
            Unknown::Deny => return Err(path::at(&self.unknown, de::Error::custom("unknown member"))),
        }
        if self.early_value.take().is_none() {
            self.rest.next_value::<IgnoredAny>()?;
        }
        Ok(())
    }

    /// Keeps an entry that an open object does not define (PROC-8).
    ///
    /// # Errors
    ///
    /// When the input does.
    pub fn keep_unknown(&mut self, extra: &mut Map<String, Value>) -> Result<(), A::Error> {
        let key = std::mem::take(&mut self.unknown);
        let value = self.raw_value::<Value>().map_err(|error| path::at(&key, error))?;
        match value {
            Some(value) => any::insert(extra, key, value),
            None => Ok(()),
        }
    }

    /// Keeps an entry of an object whose further members have a type.
    ///
    /// # Errors
    ///
    /// When the value is malformed.
    pub fn keep_typed<T: Decode<'de>>(
        &mut self,
        extra: &mut std::collections::BTreeMap<String, T>,
        check: impl FnOnce(&T) -> Result<(), Violation>,
    ) -> Result<(), A::Error> {
        let key = std::mem::take(&mut self.unknown);
        let mark = self.context.mark();
        let value = self.raw_value::<T>().map_err(|error| path::at(&key, error))?;
        if !T::LEAF {
            self.context.nest(mark, &key);
        }
        if let Some(value) = value {
            check(&value).map_err(|violation| path::at(&key, de::Error::custom(violation)))?;
            if extra.contains_key(&key) {
                return Err(any::repeated(&key));
            }
            extra.insert(key, value);
        }
        Ok(())
    }

    /// The value of a required member; `None` when it was removed, so the object goes too (PROC-6).
    ///
    /// # Errors
    ///
    /// When the member is missing.
    pub fn required<T>(&self, slot: Slot<T>, name: &'static str) -> Result<Option<T>, A::Error> {
        match slot {
            Slot::Filled(value) => Ok(Some(value)),
            Slot::Removed => Ok(None),
            Slot::Absent => Err(missing(name)),
        }
    }

    /// Insists on a constant member, unless it is the tag that led here.
    ///
    /// # Errors
    ///
    /// When the member is missing.
    pub fn required_constant(&self, index: usize, name: &'static str) -> Result<(), A::Error> {
        if self.constants & bit(index) != 0 || self.tag == Some(name) {
            return Ok(());
        }
        Err(missing(name))
    }

    fn constant_seen(&mut self, index: usize) -> Result<(), A::Error> {
        if self.constants & bit(index) != 0 || self.tag == Some(self.field) {
            return Err(de::Error::duplicate_field(self.field));
        }
        self.constants |= bit(index);
        Ok(())
    }

    fn value<T: Decode<'de>>(&mut self) -> Result<Option<T>, A::Error> {
        let mark = self.context.mark();
        let value = self.raw_value().map_err(|error| path::at(self.field, error))?;
        if !T::LEAF {
            self.context.nest(mark, self.field);
        }
        Ok(value)
    }

    fn raw_value<T: Decode<'de>>(&mut self) -> Result<Option<T>, A::Error> {
        match self.early_value.take() {
            Some(value) => T::decode(value, self.context).map_err(de::Error::custom),
            None => self.rest.next_value_seed(Returned(self.context, PhantomData)),
        }
    }
}

fn bit(index: usize) -> u64 {
    u32::try_from(index).ok().and_then(|index| 1_u64.checked_shl(index)).unwrap_or(0)
}

fn missing<E: de::Error>(name: &'static str) -> E {
    E::missing_field(name)
}
