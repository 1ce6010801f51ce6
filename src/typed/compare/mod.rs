//! What changed between a document and a value, without making a document of all of the value.
//!
//! Of a large state mostly little changes. So the value is serialized past the document that it was, and becomes JSON
//! only where it is not the same, to be compared as documents are.

use super::patch::{Patch, Place};
use serde::ser::{
    Error as _, Impossible, Serialize, SerializeMap, SerializeSeq, SerializeStruct, SerializeTuple,
    SerializeTupleStruct, Serializer,
};
use serde_json::{Error, Map, Value};
use std::collections::HashSet;

impl Patch {
    /// Adds what makes `after` of `before`.
    pub(super) fn compare<T: Serialize + ?Sized>(
        &mut self,
        place: &Place<'_>,
        before: &Value,
        after: &T,
    ) -> Result<(), Error> {
        let known = self.operations.len();
        if after.serialize(Compare { place, before, patch: self }).is_ok() {
            return Ok(());
        }
        self.operations.truncate(known);
        self.value(place, before, &serde_json::to_value(after)?)
    }

    fn member<T: Serialize + ?Sized>(
        &mut self,
        place: &Place<'_>,
        before: Option<&Value>,
        after: &T,
    ) -> Result<(), Error> {
        match before {
            Some(before) => self.compare(place, before, after),
            None => self.add(place, serde_json::to_value(after)?),
        }
    }
}

/// Fails where the value is not what the document says, or where that cannot be told on the way; whoever has the
/// value then compares it as a document.
struct Compare<'v, 'p> {
    place: &'p Place<'p>,
    before: &'v Value,
    patch: &'p mut Patch,
}

fn otherwise<T>() -> Result<T, Error> {
    Err(Error::custom("not the same"))
}

impl Compare<'_, '_> {
    fn same(self, same: bool) -> Result<(), Error> {
        if same { Ok(()) } else { otherwise() }
    }
}

macro_rules! numbers {
    ($($method:ident: $type:ty),*) => {
        $(fn $method(self, number: $type) -> Result<(), Error> {
            let after = Value::from(number);
            let same = *self.before == after;
            self.same(same)
        })*
    };
}

impl<'v, 'p> Serializer for Compare<'v, 'p> {
    type Ok = ();
    type Error = Error;
    type SerializeSeq = Elements<'v, 'p>;
    type SerializeTuple = Elements<'v, 'p>;
    type SerializeTupleStruct = Elements<'v, 'p>;
    type SerializeTupleVariant = Impossible<(), Error>;
    type SerializeMap = Entries<'v, 'p>;
    type SerializeStruct = Fields<'v, 'p>;
    type SerializeStructVariant = Impossible<(), Error>;

    numbers! {
        serialize_i8: i8, serialize_i16: i16, serialize_i32: i32, serialize_i64: i64,
        serialize_u8: u8, serialize_u16: u16, serialize_u32: u32, serialize_u64: u64,
        serialize_f32: f32, serialize_f64: f64
    }

    fn serialize_bool(self, value: bool) -> Result<(), Error> {
        let same = self.before.as_bool() == Some(value);
        self.same(same)
    }

    fn serialize_char(self, value: char) -> Result<(), Error> {
        self.serialize_str(value.encode_utf8(&mut [0; 4]))
    }

    fn serialize_str(self, value: &str) -> Result<(), Error> {
        let same = self.before.as_str() == Some(value);
        self.same(same)
    }

    fn serialize_bytes(self, _: &[u8]) -> Result<(), Error> {
        otherwise()
    }

    fn serialize_none(self) -> Result<(), Error> {
        self.serialize_unit()
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), Error> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<(), Error> {
        let same = self.before.is_null();
        self.same(same)
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<(), Error> {
        self.serialize_unit()
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Result<(), Error> {
        self.serialize_str(variant)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        value: &T,
    ) -> Result<(), Error> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<(), Error> {
        match self.before.as_object().filter(|members| members.len() == 1).and_then(|one| one.get(variant)) {
            Some(before) => self.patch.member(&Place::Member(self.place, variant), Some(before), value),
            None => otherwise(),
        }
    }

    fn serialize_seq(self, length: Option<usize>) -> Result<Elements<'v, 'p>, Error> {
        match self.before {
            // Of lists as long as each other the elements are compared each with the one at its place.
            Value::Array(before) if length == Some(before.len()) => {
                Ok(Elements { place: self.place, before, index: 0, patch: self.patch })
            }
            _ => otherwise(),
        }
    }

    fn serialize_tuple(self, length: usize) -> Result<Elements<'v, 'p>, Error> {
        self.serialize_seq(Some(length))
    }

    fn serialize_tuple_struct(self, _: &'static str, length: usize) -> Result<Elements<'v, 'p>, Error> {
        self.serialize_seq(Some(length))
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Impossible<(), Error>, Error> {
        otherwise()
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Entries<'v, 'p>, Error> {
        match self.before {
            Value::Object(before) => Ok(Entries {
                place: self.place,
                before,
                seen: HashSet::new(),
                name: String::new(),
                patch: self.patch,
            }),
            _ => otherwise(),
        }
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Fields<'v, 'p>, Error> {
        match self.before {
            Value::Object(before) => Ok(Fields { place: self.place, before, seen: 0, patch: self.patch }),
            _ => otherwise(),
        }
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Impossible<(), Error>, Error> {
        otherwise()
    }
}

/// The elements of a list, of which there are as many as there were.
struct Elements<'v, 'p> {
    place: &'p Place<'p>,
    before: &'v [Value],
    index: usize,
    patch: &'p mut Patch,
}

impl Elements<'_, '_> {
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
struct Fields<'v, 'p> {
    place: &'p Place<'p>,
    before: &'v Map<String, Value>,
    seen: usize,
    patch: &'p mut Patch,
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
struct Entries<'v, 'p> {
    place: &'p Place<'p>,
    before: &'v Map<String, Value>,
    seen: HashSet<&'v str>,
    name: String,
    patch: &'p mut Patch,
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
