//! The places in a document, each with the shape that its value has to have.

use super::json;
use super::schema::Schema;
use super::shape::{Object, Shape, Tagged};
use serde_json::Value;

/// A value in a document.
#[derive(Debug, Clone)]
pub(crate) struct Site<'s> {
    pub(crate) pointer: String,
    /// What the schema says about the value, behind references.
    pub(crate) shape: &'s Shape,
    /// The object that the value is, with its union resolved.
    pub(crate) object: Option<&'s Object>,
    /// The union that the value is a member of.
    pub(crate) union: Option<&'s Tagged>,
    /// How the value is reached.
    pub(crate) position: Position,
}

/// How a value is reached from its container.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Position {
    /// It is the document.
    Top,
    /// It is a member that the schema describes.
    Member { required: bool },
    /// It is a further member of an open object.
    Other,
    /// It is an element of a list.
    Item,
}

/// What is left to say about a value whose type the schema does not allow.
static ANYTHING: Shape = Shape::Any { null: true };

/// All sites of a document, containers before what they contain. Where it is invalid there are fewer:
/// what the schema does not describe has none, and what has the wrong type may be anything.
pub(crate) fn sites<'s>(schema: &'s Schema, shape: &'s Shape, document: &Value) -> Vec<Site<'s>> {
    let mut walk = Walk { schema, found: Vec::new() };
    walk.visit(shape, document, String::new(), Position::Top);
    walk.found
}

struct Walk<'s> {
    schema: &'s Schema,
    found: Vec<Site<'s>>,
}

impl<'s> Walk<'s> {
    fn visit(&mut self, shape: &'s Shape, value: &Value, pointer: String, position: Position) {
        let shape = self.alternative(shape, value);
        let (union, object) = match shape {
            Shape::Tagged(union) => (Some(union), self.variant(union, value)),
            Shape::Object(object) => (None, Some(object)),
            _ => (None, None),
        };
        self.found.push(Site { pointer: pointer.clone(), shape, object, union, position });
        match (shape, object, value) {
            (_, Some(object), Value::Object(members)) => {
                for (name, value) in members {
                    let at = json::member(&pointer, name);
                    match (object.members.get(name), &object.others) {
                        (Some(member), _) => {
                            let required = member.required;
                            self.visit(&member.shape, value, at, Position::Member { required });
                        }
                        (None, Some(others)) => self.visit(others, value, at, Position::Other),
                        (None, None) => {}
                    }
                }
            }
            (Shape::List { items, .. }, _, Value::Array(values)) => {
                for (index, value) in values.iter().enumerate() {
                    self.visit(items, value, format!("{pointer}/{index}"), Position::Item);
                }
            }
            _ => {}
        }
    }

    /// The shape behind references and type alternatives.
    fn alternative(&self, shape: &'s Shape, value: &Value) -> &'s Shape {
        match self.schema.resolve(shape) {
            Shape::ByType(alternatives) => alternatives
                .iter()
                .map(|alternative| self.alternative(alternative, value))
                .find(|alternative| alternative.has_type_of(value))
                .unwrap_or(&ANYTHING),
            shape if shape.has_type_of(value) => shape,
            _ => &ANYTHING,
        }
    }

    fn variant(&self, union: &'s Tagged, value: &Value) -> Option<&'s Object> {
        let tag = value.get(&union.tag)?.as_str()?;
        match self.schema.resolve(union.variants.get(tag)?) {
            Shape::Object(object) => Some(object),
            other => panic!("a variant that is no object: {other:?}"),
        }
    }
}

impl Shape {
    /// Whether values of this shape have the JSON type of `value`; for resolved shapes.
    pub(crate) fn has_type_of(&self, value: &Value) -> bool {
        match self {
            Shape::Any { null } => *null || !value.is_null(),
            Shape::Null => value.is_null(),
            Shape::Boolean => value.is_boolean(),
            Shape::Integer { .. } | Shape::Number => value.is_number(),
            Shape::Text { .. } | Shape::Enumeration(_) => value.is_string(),
            Shape::Constant(constant) => std::mem::discriminant(constant) == std::mem::discriminant(value),
            Shape::List { .. } => value.is_array(),
            Shape::Object(_) | Shape::Tagged(_) => value.is_object(),
            Shape::Reference(_) | Shape::ByType(_) => panic!("not resolved: {self:?}"),
        }
    }
}
