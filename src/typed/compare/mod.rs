//! What changed between a document and a value, without making a document of all of the value.
//!
//! Of a large state mostly little changes. So the value is serialized past the document that it was, and becomes JSON
//! only where it is not the same, to be compared as documents are.

mod parts;

use super::patch::{Patch, Place};
use parts::{Elements, Entries, Fields};
use serde::ser::{Error as _, Impossible, Serialize, Serializer};
use serde_json::{Error, Value};

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
                Ok(Elements::of(self.place, before, self.patch))
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
            Value::Object(before) => Ok(Entries::of(self.place, before, self.patch)),
            _ => otherwise(),
        }
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Fields<'v, 'p>, Error> {
        match self.before {
            Value::Object(before) => Ok(Fields::of(self.place, before, self.patch)),
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
