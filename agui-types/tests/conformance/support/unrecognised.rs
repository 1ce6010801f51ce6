//! What the protocol wants done with unrecognised material, worked out on plain JSON by the schema.
//!
//! The decoders do this while they read; here it is a second implementation of the rules PROC-2, PROC-3
//! and PROC-5 to PROC-8 to hold them against. What is malformed is left in place, for the schema to
//! reject.

use super::definitions::{Removed, RemovedKind};
use super::rng::Rng;
use super::schema::Schema;
use super::shape::{Object, Shape, Tagged};
use super::{generate, json};
use serde_json::{Map, Value};

/// What is left of a document.
#[derive(Debug)]
pub(crate) struct Stripped {
    /// `None` if nothing is left.
    pub(crate) document: Option<Value>,
    /// What was removed, in the order of its pointers.
    pub(crate) removed: Vec<Removed>,
    /// What has to be valid, which is more than what is left: a malformed value does not become right
    /// because something unrecognised beside it takes their container along (PROC-4). Here the container
    /// stays, with a valid value in place of the unrecognised one.
    complete: Option<Value>,
    /// A list lost elements that it needs.
    too_short: bool,
}

impl Stripped {
    /// Whether nothing malformed was met, as the schema judges it.
    pub(crate) fn is_well_formed(&self, schema: &Schema, definition: &str) -> bool {
        !self.too_short && self.complete.as_ref().is_none_or(|complete| schema.accepts(definition, complete))
    }
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
    let mut stripping = Stripping { schema, members_only, removed: Vec::new(), too_short: false };
    let Rest { left, complete } = stripping.value(shape, document, "");
    stripping.removed.sort();
    Stripped { document: left, removed: stripping.removed, complete, too_short: stripping.too_short }
}

struct Stripping<'s> {
    schema: &'s Schema,
    members_only: bool,
    removed: Vec<Removed>,
    too_short: bool,
}

/// What remains of one value.
#[derive(Default)]
struct Rest {
    /// `None` if the container has to decide what goes.
    left: Option<Value>,
    /// As [`Stripped::complete`]; `None` if the value itself is unrecognised.
    complete: Option<Value>,
}

impl Rest {
    fn all(value: Value) -> Self {
        Self { left: Some(value.clone()), complete: Some(value) }
    }
}

impl Stripping<'_> {
    fn value(&mut self, shape: &Shape, value: Value, at: &str) -> Rest {
        match (self.schema.resolve(shape), value) {
            (Shape::Object(object), Value::Object(members)) => self.object(object, members, at),
            (Shape::Tagged(union), Value::Object(members)) => self.member_of(union, members, at),
            (Shape::Enumeration(known), Value::String(value))
                if !self.members_only && !known.contains(&value) =>
            {
                self.remove(at, RemovedKind::Value(value))
            }
            (Shape::List { items, at_least }, Value::Array(values)) => {
                let (mut left, mut complete) = (Vec::new(), Vec::new());
                for (index, value) in values.into_iter().enumerate() {
                    let rest = self.value(items, value, &format!("{at}/{index}"));
                    left.extend(rest.left);
                    complete.extend(rest.complete);
                }
                self.too_short |= left.len() < *at_least;
                Rest { left: Some(left.into()), complete: Some(complete.into()) }
            }
            (Shape::ByType(alternatives), value) => {
                let of_type = |shape: &&Shape| self.schema.resolve(shape).has_type_of(&value);
                match alternatives.iter().find(of_type) {
                    Some(alternative) => self.value(alternative, value, at),
                    None => Rest::all(value),
                }
            }
            (_, value) => Rest::all(value),
        }
    }

    fn object(&mut self, object: &Object, members: Map<String, Value>, at: &str) -> Rest {
        let (mut left, mut complete) = (Map::new(), Map::new());
        let mut incomplete = false;
        for (name, value) in members {
            let at = json::member(at, &name);
            let member = object.members.get(&name);
            let rest = match (member, &object.others) {
                (Some(member), _) => self.value(&member.shape, value, &at),
                (None, Some(others)) => self.value(others, value, &at),
                (None, None) => self.remove(&at, RemovedKind::Member),
            };
            let required = member.filter(|member| member.required);
            incomplete |= required.is_some() && rest.left.is_none();
            let stand_in = || {
                let shape = &required?.shape;
                Some(generate::document(self.schema, shape, &mut Rng::with_seed(0)))
            };
            if let Some(value) = rest.complete.or_else(stand_in) {
                complete.insert(name.clone(), value);
            }
            if let Some(value) = rest.left {
                left.insert(name, value);
            }
        }
        Rest { left: (!incomplete).then_some(left.into()), complete: Some(complete.into()) }
    }

    fn member_of(&mut self, union: &Tagged, members: Map<String, Value>, at: &str) -> Rest {
        match members.get(&union.tag) {
            Some(Value::String(tag)) => match union.variants.get(tag) {
                Some(variant) => self.value(variant, members.into(), at),
                None if self.members_only => Rest::all(members.into()),
                None => {
                    let tag = tag.clone();
                    self.remove(at, RemovedKind::Variant(tag))
                }
            },
            _ => Rest::all(members.into()),
        }
    }

    fn remove(&mut self, at: &str, kind: RemovedKind) -> Rest {
        self.removed.push(Removed { pointer: at.to_owned(), kind });
        Rest::default()
    }
}
