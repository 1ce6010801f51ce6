//! The schema's definitions, read into shapes that generating and spoiling documents can work with.
//!
//! This is a second, independent reading of the schema beside the generator's: `allOf` is flattened,
//! unions get their discriminators, and a keyword it does not know stops the tests.

use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// What a value may be.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Shape {
    /// Another definition, by name.
    Reference(String),
    /// Any JSON value, with or without `null`.
    Any { null: bool },
    /// `null` alone, as an alternative of a type list.
    Null,
    /// `true` or `false`.
    Boolean,
    /// A number without a fraction, in whatever notation.
    Integer { minimum: i64, maximum: i64 },
    /// Any number.
    Number,
    /// A string, perhaps with a pattern.
    Text { pattern: Option<String> },
    /// One value only.
    Constant(Value),
    /// One of several strings.
    Enumeration(Vec<String>),
    /// An array.
    List { items: Box<Shape>, at_least: usize },
    /// An object.
    Object(Object),
    /// Objects told apart by a constant member.
    Tagged(Tagged),
    /// Alternatives told apart by their JSON type.
    ByType(Vec<Shape>),
}

/// An object with everything that it inherits.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Object {
    pub(crate) members: BTreeMap<String, Member>,
    /// What other members may be; `None` for a closed object.
    pub(crate) others: Option<Box<Shape>>,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Member {
    pub(crate) shape: Shape,
    pub(crate) required: bool,
}

/// A union, with its variants by the value of the discriminator.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Tagged {
    pub(crate) tag: String,
    pub(crate) variants: BTreeMap<String, Shape>,
}

/// Says nothing about which values are valid.
const ANNOTATIONS: [&str; 6] = ["$anchor", "title", "description", "default", "contentEncoding", "examples"];

/// The definitions of a schema document.
pub(crate) fn read(document: &Value) -> BTreeMap<String, Shape> {
    let definitions = document["$defs"].as_object().expect("a schema with definitions");
    let reader = Reader { definitions };
    definitions.iter().map(|(name, node)| (name.clone(), reader.shape(node))).collect()
}

struct Reader<'s> {
    definitions: &'s Map<String, Value>,
}

impl Reader<'_> {
    fn shape(&self, node: &Value) -> Shape {
        let node: BTreeMap<&str, &Value> = node
            .as_object()
            .expect("a schema that is an object")
            .iter()
            .map(|(keyword, value)| (keyword.as_str(), value))
            .filter(|(keyword, _)| !ANNOTATIONS.contains(keyword))
            .collect();
        let keywords: Vec<&str> = node.keys().copied().collect();
        match keywords.as_slice() {
            [] => Shape::Any { null: true },
            ["$ref"] => Shape::Reference(referenced(node["$ref"])),
            ["$ref", "not"] => {
                assert_eq!(*node["not"], serde_json::json!({ "type": "null" }));
                let any = self.resolved(&referenced(node["$ref"]));
                assert_eq!(any, Shape::Any { null: true }, "`not` beside a reference to {any:?}");
                Shape::Any { null: false }
            }
            ["not"] => {
                assert_eq!(*node["not"], serde_json::json!({ "type": "null" }));
                Shape::Any { null: false }
            }
            ["const"] | ["const", "type"] => Shape::Constant(node["const"].clone()),
            ["enum"] | ["enum", "type"] => Shape::Enumeration(strings(node["enum"])),
            ["oneOf"] => self.union(node["oneOf"]),
            _ => match node["type"] {
                Value::String(name) => self.typed(name, &node),
                Value::Array(names) => {
                    assert_eq!(keywords, ["type"], "keywords beside a list of types");
                    let names = names.iter().map(|name| name.as_str().unwrap());
                    Shape::ByType(names.map(|name| self.typed(name, &node)).collect())
                }
                _ => panic!("keywords that the tests do not know: {keywords:?}"),
            },
        }
    }

    fn typed(&self, name: &str, node: &BTreeMap<&str, &Value>) -> Shape {
        let (known, shape): (&[&str], Shape) = match name {
            "null" => (&[], Shape::Null),
            "boolean" => (&[], Shape::Boolean),
            "number" => (&[], Shape::Number),
            "integer" => {
                let bound =
                    |keyword, default| node.get(keyword).map_or(default, |bound| bound.as_i64().unwrap());
                let (minimum, maximum) = (bound("minimum", i64::MIN), bound("maximum", i64::MAX));
                (&["minimum", "maximum"], Shape::Integer { minimum, maximum })
            }
            "string" => {
                let pattern = node.get("pattern").map(|pattern| pattern.as_str().unwrap().to_owned());
                (&["pattern"], Shape::Text { pattern })
            }
            "array" => {
                let at_least = node.get("minItems").map_or(0, |least| least.as_u64().unwrap() as usize);
                let items =
                    Box::new(node.get("items").map_or(Shape::Any { null: true }, |items| self.shape(items)));
                (&["items", "minItems"], Shape::List { items, at_least })
            }
            "object" => (
                &["properties", "required", "allOf", "additionalProperties", "unevaluatedProperties"],
                Shape::Object(self.object(node)),
            ),
            other => panic!("a type that the tests do not know: {other}"),
        };
        let unknown = node.keys().find(|keyword| **keyword != "type" && !known.contains(keyword));
        assert_eq!(unknown, None, "a keyword that the tests do not know beside the type {name}");
        shape
    }

    fn object(&self, node: &BTreeMap<&str, &Value>) -> Object {
        let mut members = BTreeMap::new();
        for base in node.get("allOf").map_or(&[][..], |bases| bases.as_array().unwrap()) {
            let Shape::Object(base) = self.resolved(&referenced(&base["$ref"])) else {
                panic!("a base that is no object: {base}");
            };
            assert!(base.others.is_some(), "a base that is closed cannot be extended");
            members.extend(base.members);
        }
        if let Some(properties) = node.get("properties") {
            for (name, property) in properties.as_object().unwrap() {
                // What an object says itself narrows what it inherits; the validator would object otherwise.
                let required = members.get(name).is_some_and(|inherited: &Member| inherited.required);
                members.insert(name.clone(), Member { shape: self.shape(property), required });
            }
        }
        for name in node.get("required").map(|names| strings(names)).unwrap_or_default() {
            members.get_mut(&name).expect("a required member with a shape").required = true;
        }
        let others = match (node.get("additionalProperties"), node.get("unevaluatedProperties")) {
            (Some(Value::Bool(false)), _) | (_, Some(Value::Bool(false))) => None,
            (None | Some(Value::Bool(true)), None | Some(Value::Bool(true))) => {
                Some(Shape::Any { null: true })
            }
            (Some(others), None) | (None, Some(others)) => Some(self.shape(others)),
            both => panic!("two keywords about other members: {both:?}"),
        };
        Object { members, others: others.map(Box::new) }
    }

    fn union(&self, alternatives: &Value) -> Shape {
        let shapes: Vec<Shape> =
            alternatives.as_array().unwrap().iter().map(|alternative| self.shape(alternative)).collect();
        let objects: Option<Vec<Object>> = shapes.iter().map(|shape| self.as_object(shape)).collect();
        let Some(objects) = objects else { return Shape::ByType(shapes) };
        let tag = objects[0]
            .members
            .keys()
            .find(|name| objects.iter().all(|object| constant(object, name).is_some()))
            .expect("a union of objects with a discriminator")
            .clone();
        let tags = objects.iter().map(|object| constant(object, &tag).unwrap().to_owned());
        let variants: BTreeMap<String, Shape> = tags.zip(shapes.clone()).collect();
        assert_eq!(variants.len(), shapes.len(), "a discriminator whose values differ");
        Shape::Tagged(Tagged { tag, variants })
    }

    fn as_object(&self, shape: &Shape) -> Option<Object> {
        match shape {
            Shape::Reference(name) => self.as_object(&self.resolved(name)),
            Shape::Object(object) => Some(object.clone()),
            _ => None,
        }
    }

    fn resolved(&self, name: &str) -> Shape {
        self.shape(self.definitions.get(name).unwrap_or_else(|| panic!("no definition {name}")))
    }
}

/// The string that a required member has to be.
fn constant<'o>(object: &'o Object, name: &str) -> Option<&'o str> {
    match object.members.get(name)? {
        Member { shape: Shape::Constant(value), required: true } => value.as_str(),
        _ => None,
    }
}

fn referenced(reference: &Value) -> String {
    let reference = reference.as_str().expect("a reference that is a string");
    reference.strip_prefix("#/$defs/").expect("a reference to a definition").to_owned()
}

fn strings(list: &Value) -> Vec<String> {
    list.as_array().unwrap().iter().map(|item| item.as_str().unwrap().to_owned()).collect()
}
