//! The generated types, all behind one interface.

use agui_types::runtime::{
    Context, DecodeError, Definition as Generated, DefinitionVisitor, UnrecognisedKind, decode,
    decode_lenient, decode_strict,
};
use serde_json::Value;
use std::any::Any;
use std::collections::BTreeMap;
use std::fmt::Debug;
use std::sync::LazyLock;

/// A generated type with its decoders.
#[derive(Clone, Copy)]
pub(crate) struct Definition {
    pub(crate) name: &'static str,
    strict: fn(&[u8]) -> Result<Boxed, DecodeError>,
    tolerant: fn(&[u8]) -> Result<Boxed, DecodeError>,
    lenient: fn(&[u8]) -> Result<Lenient, DecodeError>,
    indirect: fn(Value) -> Result<Boxed, serde_json::Error>,
    #[cfg(feature = "schemars")]
    described: fn() -> schemars::Schema,
}

/// A value of a generated type.
pub(crate) trait Decoded: Debug {
    /// The value as JSON text.
    fn encode(&self) -> Result<String, serde_json::Error>;
    /// The value as serde_json's own.
    fn to_value(&self) -> Result<Value, serde_json::Error>;
    /// Whether both are of one type and equal.
    fn equals(&self, other: &dyn Decoded) -> bool;
    #[doc(hidden)]
    fn as_any(&self) -> &dyn Any;
}

/// A value of whatever type.
pub(crate) type Boxed = Box<dyn Decoded>;

/// What a lenient decode returned.
#[derive(Debug)]
pub(crate) struct Lenient {
    pub(crate) value: Option<Boxed>,
    /// What was removed, in the order of its pointers.
    pub(crate) removed: Vec<Removed>,
    /// How many more removals there were than are listed.
    pub(crate) omitted: usize,
}

/// Something unrecognised that was removed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Removed {
    pub(crate) pointer: String,
    pub(crate) kind: RemovedKind,
}

/// The kinds of [`UnrecognisedKind`], in a type that sorts.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum RemovedKind {
    Member,
    Variant(String),
    Value(String),
}

impl<T: Generated> Decoded for T {
    fn encode(&self) -> Result<String, serde_json::Error> {
        // Both ways to encode write the same text.
        let text = serde_json::to_string(self)?;
        let mut direct = Vec::new();
        agui_types::runtime::encode(self, &mut direct).map_err(serde::de::Error::custom)?;
        if direct == text.as_bytes() {
            return Ok(text);
        }
        let direct = direct.escape_ascii();
        Err(serde::de::Error::custom(format_args!("`encode` writes {direct}, serde {text}")))
    }

    fn to_value(&self) -> Result<Value, serde_json::Error> {
        serde_json::to_value(self)
    }

    fn equals(&self, other: &dyn Decoded) -> bool {
        other.as_any().downcast_ref::<T>() == Some(self)
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

impl Definition {
    /// The definition of that name.
    pub(crate) fn named(name: &str) -> Self {
        *ALL.get(name).unwrap_or_else(|| panic!("no type was generated for {name}"))
    }

    /// All of them, sorted by name.
    pub(crate) fn all() -> impl Iterator<Item = Self> {
        ALL.values().copied()
    }

    pub(crate) fn strict(&self, json: impl AsRef<[u8]>) -> Result<Boxed, DecodeError> {
        (self.strict)(json.as_ref())
    }

    pub(crate) fn tolerant(&self, json: impl AsRef<[u8]>) -> Result<Boxed, DecodeError> {
        (self.tolerant)(json.as_ref())
    }

    pub(crate) fn lenient(&self, json: impl AsRef<[u8]>) -> Result<Lenient, DecodeError> {
        (self.lenient)(json.as_ref())
    }

    /// Decodes from another serde data format than text, and as `decode` does.
    pub(crate) fn indirect(&self, value: Value) -> Result<Boxed, serde_json::Error> {
        (self.indirect)(value)
    }

    /// What the type says of itself.
    #[cfg(feature = "schemars")]
    pub(crate) fn described(&self) -> Value {
        (self.described)().to_value()
    }
}

static ALL: LazyLock<BTreeMap<&'static str, Definition>> = LazyLock::new(|| {
    struct Collect(BTreeMap<&'static str, Definition>);

    impl DefinitionVisitor for Collect {
        fn visit<T: Generated>(&mut self, name: &'static str) {
            let definition = Definition {
                name,
                strict: |json| decode_strict::<T>(json).map(boxed),
                tolerant: |json| decode::<T>(json).map(boxed),
                lenient: lenient::<T>,
                indirect: |value| {
                    T::decode(value, &mut Context::default())
                        .map(|value| boxed(value.expect("nothing is removed")))
                },
                #[cfg(feature = "schemars")]
                described: || schemars::SchemaGenerator::default().into_root_schema_for::<T>(),
            };
            assert!(self.0.insert(name, definition).is_none(), "{name} is visited twice");
        }
    }

    let mut collect = Collect(BTreeMap::new());
    agui_types::visit_definitions(&mut collect);
    collect.0
});

fn boxed<T: Generated>(value: T) -> Boxed {
    Box::new(value)
}

fn lenient<T: Generated>(json: &[u8]) -> Result<Lenient, DecodeError> {
    let lenient = decode_lenient::<T>(json)?;
    let mut removed: Vec<Removed> = lenient
        .unrecognised
        .into_iter()
        .map(|unrecognised| Removed {
            pointer: unrecognised.pointer,
            kind: match unrecognised.kind {
                UnrecognisedKind::Member => RemovedKind::Member,
                UnrecognisedKind::Variant(tag) => RemovedKind::Variant(tag),
                UnrecognisedKind::Value(value) => RemovedKind::Value(value),
                other => panic!("a kind that the tests do not know: {other:?}"),
            },
        })
        .collect();
    removed.sort();
    Ok(Lenient { value: lenient.value.map(boxed), removed, omitted: lenient.omitted })
}
