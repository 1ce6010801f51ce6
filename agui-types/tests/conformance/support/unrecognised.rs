//! What the protocol wants done with unrecognised material, worked out on plain JSON by the schema.
//!
//! The decoders do this while they read; here it is a second implementation of the rules PROC-2, PROC-3
//! and PROC-5 to PROC-8 to hold them against. What is malformed is left in place, for the schema to
//! reject.

use super::definitions::{Removed, RemovedKind};
use super::json;
use super::schema::Schema;
use super::shape::{Object, Shape, Tagged};
use serde_json::{Map, Value};

/// What is left of a document.
#[derive(Debug)]
pub(crate) struct Stripped {
    /// `None` if nothing is left.
    pub(crate) document: Option<Value>,
    /// What was removed, in the order of its pointers.
    pub(crate) removed: Vec<Removed>,
}

/// Removes everything that the schema does not describe.
pub(crate) fn strip(schema: &Schema, shape: &Shape, document: Value) -> Stripped {
    run(schema, shape, document, false)
}

/// Removes unknown members of closed objects and nothing else.
pub(crate) fn strip_members(schema: &Schema, shape: &Shape, document: Value) -> Stripped {
    run(schema, shape, document, true)
}

fn run(schema: &Schema, shape: &Shape, document: Value, members_only: bool) -> Stripped {
    let mut stripping = Stripping { schema, members_only, removed: Vec::new() };
    let document = stripping.value(shape, document, "");
    stripping.removed.sort();
    Stripped { document, removed: stripping.removed }
}

struct Stripping<'s> {
    schema: &'s Schema,
    members_only: bool,
    removed: Vec<Removed>,
}

impl Stripping<'_> {
    /// What is left of a value; `None` if the container has to decide what goes.
    fn value(&mut self, shape: &Shape, value: Value, at: &str) -> Option<Value> {
        match (self.schema.resolve(shape), value) {
            (Shape::Object(object), Value::Object(members)) => self.object(object, members, at),
            (Shape::Tagged(union), Value::Object(members)) => self.member_of(union, members, at),
            (Shape::Enumeration(known), Value::String(value))
                if !self.members_only && !known.contains(&value) =>
            {
                self.remove(at, RemovedKind::Value(value))
            }
            (Shape::List { items, .. }, Value::Array(values)) => {
                let values = values.into_iter().enumerate();
                let values =
                    values.filter_map(|(index, value)| self.value(items, value, &format!("{at}/{index}")));
                Some(values.collect())
            }
            (Shape::ByType(alternatives), value) => {
                let of_type = |shape: &&Shape| self.schema.resolve(shape).has_type_of(&value);
                match alternatives.iter().find(of_type) {
                    Some(alternative) => self.value(alternative, value, at),
                    None => Some(value),
                }
            }
            (_, value) => Some(value),
        }
    }

    fn object(&mut self, object: &Object, members: Map<String, Value>, at: &str) -> Option<Value> {
        let mut left = Map::new();
        let mut incomplete = false;
        for (name, value) in members {
            let at = json::member(at, &name);
            let (value, required) = match (object.members.get(&name), &object.others) {
                (Some(member), _) => (self.value(&member.shape, value, &at), member.required),
                (None, Some(others)) => (self.value(others, value, &at), false),
                (None, None) => (self.remove(&at, RemovedKind::Member), false),
            };
            match value {
                Some(value) => drop(left.insert(name, value)),
                None => incomplete |= required,
            }
        }
        (!incomplete).then_some(left.into())
    }

    fn member_of(&mut self, union: &Tagged, members: Map<String, Value>, at: &str) -> Option<Value> {
        match members.get(&union.tag) {
            Some(Value::String(tag)) => match union.variants.get(tag) {
                Some(variant) => self.value(variant, members.into(), at),
                None if self.members_only => Some(members.into()),
                None => {
                    let tag = tag.clone();
                    self.remove(at, RemovedKind::Variant(tag))
                }
            },
            _ => Some(members.into()),
        }
    }

    fn remove(&mut self, at: &str, kind: RemovedKind) -> Option<Value> {
        self.removed.push(Removed { pointer: at.to_owned(), kind });
        None
    }
}
