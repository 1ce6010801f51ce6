//! The parts of lists, structs and maps, each compared with what is at its place in the document.

use super::otherwise;
use crate::typed::patch::{Patch, Place};
use serde::ser::{
    Serialize, SerializeMap, SerializeSeq, SerializeStruct, SerializeTuple, SerializeTupleStruct,
};
use serde_json::{Error, Map, Value};
use std::collections::HashSet;

/// The elements of a list, of which there are as many as there were.
pub(super) struct Elements<'v, 'p> {
    place: &'p Place<'p>,
    before: &'v [Value],
    index: usize,
    patch: &'p mut Patch,
}

impl<'v, 'p> Elements<'v, 'p> {
    pub(super) fn of(place: &'p Place<'p>, before: &'v [Value], patch: &'p mut Patch) -> Self {
        Self { place, before, index: 0, patch }
    }

    fn element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        let Some(before) = self.before.get(self.index) else { return otherwise() };
        self.patch.compare(&Place::Element(self.place, self.index), before, value)?;
        self.index += 1;
        Ok(())
    }

    fn finish(self) -> Result<(), Error> {
        if self.index == self.before.len() { Ok(()) } else { otherwise() }
    }
}

macro_rules! elements {
    ($($of:ident: $method:ident),*) => {
        $(impl $of for Elements<'_, '_> {
            type Ok = ();
            type Error = Error;

            fn $method<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
                self.element(value)
            }

            fn end(self) -> Result<(), Error> {
                self.finish()
            }
        })*
    };
}

elements! { SerializeSeq: serialize_element, SerializeTuple: serialize_element, SerializeTupleStruct: serialize_field }

/// The members of a struct, each of which comes once.
pub(super) struct Fields<'v, 'p> {
    place: &'p Place<'p>,
    before: &'v Map<String, Value>,
    seen: usize,
    patch: &'p mut Patch,
}

impl<'v, 'p> Fields<'v, 'p> {
    pub(super) fn of(place: &'p Place<'p>, before: &'v Map<String, Value>, patch: &'p mut Patch) -> Self {
        Self { place, before, seen: 0, patch }
    }
}

impl SerializeStruct for Fields<'_, '_> {
    type Ok = ();
    type Error = Error;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Result<(), Error> {
        let before = self.before.get(name);
        self.seen += usize::from(before.is_some());
        self.patch.member(&Place::Member(self.place, name), before, value)
    }

    fn end(self) -> Result<(), Error> {
        // What is gone is known to whoever sees both documents.
        if self.seen == self.before.len() { Ok(()) } else { otherwise() }
    }
}

/// The members of a map.
pub(super) struct Entries<'v, 'p> {
    place: &'p Place<'p>,
    before: &'v Map<String, Value>,
    seen: HashSet<&'v str>,
    name: String,
    patch: &'p mut Patch,
}

impl<'v, 'p> Entries<'v, 'p> {
    pub(super) fn of(place: &'p Place<'p>, before: &'v Map<String, Value>, patch: &'p mut Patch) -> Self {
        Self { place, before, seen: HashSet::new(), name: String::new(), patch }
    }
}

impl SerializeMap for Entries<'_, '_> {
    type Ok = ();
    type Error = Error;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, name: &T) -> Result<(), Error> {
        match serde_json::to_value(name)? {
            Value::String(name) => self.name = name,
            _ => return otherwise(),
        }
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        let Some((name, before)) = self.before.get_key_value(&self.name) else {
            return self.patch.member(&Place::Member(self.place, &self.name), None, value);
        };
        if !self.seen.insert(name) {
            // The last one of a name counts.
            return otherwise();
        }
        self.patch.member(&Place::Member(self.place, name), Some(before), value)
    }

    fn end(self) -> Result<(), Error> {
        if self.seen.len() == self.before.len() { Ok(()) } else { otherwise() }
    }
}
