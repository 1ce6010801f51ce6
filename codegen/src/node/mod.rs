//! First pass: JSON to keywords. Every keyword is either understood or refused, by position.

mod annotations;
mod read;
mod signature;
mod values;

pub(crate) use annotations::is_annotation;
pub(crate) use read::read;

use crate::model::Presence;
use serde_json::{Number, Value};
use std::collections::BTreeMap;

/// One schema as it was written, with its keywords told apart but nothing resolved.
#[derive(Debug, Clone, Default)]
pub(crate) struct Node {
    pub(crate) pointer: String,
    /// What the schema demands, without annotations and with sorted keys: equal text, equal meaning.
    pub(crate) signature: String,
    /// The keywords that stand here and are more than annotations.
    pub(crate) keywords: Vec<String>,
    pub(crate) title: Option<String>,
    pub(crate) description: Option<String>,
    pub(crate) default: Option<Value>,
    pub(crate) reference: Option<String>,
    pub(crate) types: Option<Vec<JsonType>>,
    pub(crate) constant: Option<Value>,
    pub(crate) values: Option<Vec<Value>>,
    pub(crate) properties: BTreeMap<String, Node>,
    pub(crate) required: Vec<String>,
    /// What `oneOf` or `anyOf` demands of optional members.
    pub(crate) presence: Option<Presence>,
    pub(crate) additional: Option<Members>,
    pub(crate) unevaluated: Option<Members>,
    pub(crate) all_of: Vec<Node>,
    pub(crate) one_of: Vec<Node>,
    pub(crate) not_null: bool,
    pub(crate) items: Option<Box<Node>>,
    pub(crate) min_items: Option<usize>,
    pub(crate) max_items: Option<usize>,
    pub(crate) unique_items: bool,
    pub(crate) min_members: Option<usize>,
    pub(crate) max_members: Option<usize>,
    /// What is demanded of the names of members, beyond being strings.
    pub(crate) names: Option<Box<Node>>,
    pub(crate) min_length: Option<usize>,
    pub(crate) max_length: Option<usize>,
    pub(crate) pattern: Option<String>,
    pub(crate) minimum: Option<Number>,
    pub(crate) maximum: Option<Number>,
    pub(crate) above: Option<Number>,
    pub(crate) below: Option<Number>,
    pub(crate) multiple_of: Option<Number>,
}

/// The types of JSON values, as JSON Schema divides them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum JsonType {
    Null,
    Boolean,
    Integer,
    Number,
    String,
    Array,
    Object,
}

impl JsonType {
    /// Whether the value is of this type.
    pub(crate) fn has(self, value: &Value) -> bool {
        match self {
            Self::Null => value.is_null(),
            Self::Boolean => value.is_boolean(),
            Self::Integer => value.as_f64().is_some_and(|number| number.fract() == 0.0),
            Self::Number => value.is_number(),
            Self::String => value.is_string(),
            Self::Array => value.is_array(),
            Self::Object => value.is_object(),
        }
    }
}

/// What `additionalProperties` or `unevaluatedProperties` says.
#[derive(Debug, Clone)]
pub(crate) enum Members {
    Open,
    Closed,
    Typed(Box<Node>),
}

/// The parts of a whole document.
#[derive(Debug, Clone, Default)]
pub(crate) struct Document {
    /// The root's own schema, where it is more than a container.
    pub(crate) root: Node,
    pub(crate) definitions: BTreeMap<String, Node>,
    /// `$anchor` to definition.
    pub(crate) anchors: BTreeMap<String, String>,
}

impl Node {
    /// Whether only annotations stand here, so that every value is valid.
    pub(crate) fn is_unconstrained(&self) -> bool {
        self.keywords.is_empty()
    }

    /// The keywords that stand here beside the given ones.
    pub(crate) fn beside<'n>(&'n self, expected: &[&str]) -> Vec<&'n str> {
        self.keywords.iter().map(String::as_str).filter(|keyword| !expected.contains(keyword)).collect()
    }

    /// The schemas inside of this one.
    pub(crate) fn children(&self) -> impl Iterator<Item = &Node> {
        let members = self.additional.iter().chain(&self.unevaluated).filter_map(|members| match members {
            Members::Typed(node) => Some(&**node),
            Members::Open | Members::Closed => None,
        });
        let parts = self.all_of.iter().chain(&self.one_of).chain(self.items.as_deref());
        self.properties.values().chain(parts).chain(members)
    }

    /// The types but `null`.
    pub(crate) fn types_of_values(&self) -> Vec<JsonType> {
        self.types.iter().flatten().copied().filter(|ty| *ty != JsonType::Null).collect()
    }

    /// The strings and other constants that it is limited to, by `enum` or `const`.
    pub(crate) fn listed(&self) -> Option<&[Value]> {
        self.values.as_deref().or(self.constant.as_ref().map(std::slice::from_ref))
    }
}

/// Appends a reference token to a JSON Pointer.
pub(crate) fn join(pointer: &str, token: &str) -> String {
    format!("{pointer}/{}", token.replace('~', "~0").replace('/', "~1"))
}
