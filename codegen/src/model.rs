//! The schema as Rust will see it: named definitions, each of one kind, everything resolved.

use std::collections::BTreeMap;

/// All definitions, by their name in the schema (or the name given to an inline schema).
#[derive(Debug, Clone, Default)]
pub(crate) struct Model {
    pub(crate) definitions: BTreeMap<String, Definition>,
}

#[derive(Debug, Clone)]
pub(crate) struct Definition {
    /// Where the schema defines it.
    pub(crate) pointer: String,
    pub(crate) description: Option<String>,
    pub(crate) kind: Kind,
}

#[derive(Debug, Clone)]
pub(crate) enum Kind {
    Object(Object),
    Union(Union),
    Choice(Vec<Alternative>),
    Enumeration(Enumeration),
    /// Anything else: an alias where the type says it all, a checked newtype where it does not.
    Other(Type),
}

#[derive(Debug, Clone)]
pub(crate) struct Object {
    /// In the order of the wire: see `compose`.
    pub(crate) properties: Vec<Property>,
    pub(crate) rest: Rest,
    /// What is demanded of optional members together.
    pub(crate) presence: Vec<Presence>,
}

/// Sets of members, of which some have to be there in full.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Presence {
    pub(crate) sets: Vec<Vec<String>>,
    /// One set and no other; otherwise at least one.
    pub(crate) exactly_one: bool,
}

/// Members that are not listed.
#[derive(Debug, Clone)]
pub(crate) enum Rest {
    Closed,
    Open,
    Typed(Type),
}

#[derive(Debug, Clone)]
pub(crate) struct Property {
    pub(crate) name: String,
    /// Where the schema describes it.
    pub(crate) pointer: String,
    pub(crate) description: Option<String>,
    pub(crate) default: Option<serde_json::Value>,
    pub(crate) required: bool,
    pub(crate) ty: Type,
}

/// A union of objects told apart by a constant member.
#[derive(Debug, Clone)]
pub(crate) struct Union {
    pub(crate) tag: String,
    /// Tag value and definition, in the order of the schema's list.
    pub(crate) variants: Vec<(String, String)>,
}

/// A member of a union told apart by JSON type.
#[derive(Debug, Clone)]
pub(crate) struct Alternative {
    pub(crate) name: String,
    pub(crate) description: Option<String>,
    pub(crate) json: Json,
    pub(crate) ty: Type,
}

/// JSON types as a reader tells them apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Json {
    Boolean,
    Number,
    String,
    Array,
    Object,
}

/// A closed set of strings.
#[derive(Debug, Clone)]
pub(crate) struct Enumeration {
    /// In the order of the schema.
    pub(crate) values: Vec<Value>,
    /// Written as a `const`: another string is a malformed value, not one of a later version.
    pub(crate) fixed: bool,
}

/// One value of an enumeration.
#[derive(Debug, Clone)]
pub(crate) struct Value {
    pub(crate) text: String,
    pub(crate) description: Option<String>,
}

/// A type in place, with what the schema demands beyond it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Type {
    pub(crate) shape: Shape,
    pub(crate) rules: Vec<Rule>,
    /// Whether `null` is a value of its own, told apart from absence.
    pub(crate) nullable: bool,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Shape {
    /// Any JSON value, `null` included unless a rule forbids it.
    Any,
    Boolean,
    Integer {
        unsigned: bool,
    },
    Number,
    String,
    Constant(serde_json::Value),
    List(Box<Type>),
    /// An object whose keys are data, with values of one type.
    Map(Box<Type>),
    Reference(String),
}

/// A demand that the Rust type does not express.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Rule {
    NotNull,
    AtLeast(serde_json::Number),
    AtMost(serde_json::Number),
    Above(serde_json::Number),
    Below(serde_json::Number),
    Items {
        minimum: usize,
        maximum: usize,
    },
    Members {
        minimum: usize,
        maximum: usize,
    },
    /// Of the names of members.
    Names(Vec<Rule>),
    MultipleOf(serde_json::Number),
    Unique,
    Length {
        minimum: usize,
        maximum: usize,
    },
    Pattern(String),
}

impl Object {
    /// The type of further members, where there is one.
    pub(crate) fn typed_rest(&self) -> Option<&Type> {
        match &self.rest {
            Rest::Typed(ty) => Some(ty),
            Rest::Closed | Rest::Open => None,
        }
    }
}

impl Property {
    /// Whether there is one legal value, which takes no room.
    pub(crate) fn is_constant(&self) -> bool {
        matches!(self.ty.shape, Shape::Constant(_))
    }
}

impl Type {
    pub(crate) fn new(shape: Shape) -> Self {
        Self { shape, rules: Vec::new(), nullable: false }
    }

    /// Whether a value of the Rust type can still break a rule.
    pub(crate) fn is_checked(&self) -> bool {
        !self.rules.is_empty()
            || match &self.shape {
                Shape::List(item) | Shape::Map(item) => item.is_checked(),
                _ => false,
            }
    }
}

impl Model {
    pub(crate) fn get(&self, name: &str) -> Option<&Definition> {
        self.definitions.get(name)
    }

    pub(crate) fn object(&self, name: &str) -> Option<&Object> {
        match &self.get(name)?.kind {
            Kind::Object(object) => Some(object),
            _ => None,
        }
    }
}
