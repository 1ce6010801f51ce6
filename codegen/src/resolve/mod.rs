//! Second pass: keywords to the model. References are followed, objects composed, unions told
//! apart, and inline schemas that need a Rust type of their own become definitions with a name.

mod alternatives;
mod inline;
mod listed;
mod nulls;
mod objects;
mod types;

use crate::clashes::clashes;
use crate::compose::is_object;
use crate::error::{Finding, Problem};
use crate::model::{Definition, Enumeration, Kind, Model, Shape, Type};
use crate::names;
use crate::node::{Document, JsonType, Members, Node, join};
use crate::unions;
use std::collections::{BTreeMap, BTreeSet};

/// Resolves a document; every problem is reported.
pub(crate) fn resolve(document: &Document) -> Result<Model, Vec<Problem>> {
    let mut resolver = Resolver {
        document,
        shared: names::shared(document),
        model: Model::default(),
        named: BTreeMap::new(),
        hoisted: BTreeSet::new(),
        problems: Vec::new(),
    };
    for (name, node) in &document.definitions {
        resolver.define(name, node);
    }
    if document.root.reference.is_some() {
        let root = Place { owner: "Root".into(), member: String::new() };
        resolver.ty(&document.root, &root);
    } else if !document.root.is_unconstrained() {
        let name = document.root.title.as_deref().map_or_else(|| "Root".to_owned(), names::pascal);
        resolver.define(&name, &document.root);
    }
    resolver.problems.extend(clashes(&resolver.model));
    resolver.problems.sort();
    resolver.problems.dedup();
    if resolver.problems.is_empty() { Ok(resolver.model) } else { Err(resolver.problems) }
}

/// Where a schema stands, for the name of the type that it may need.
#[derive(Clone)]
struct Place {
    /// The definition it is written in.
    owner: String,
    /// The property it describes, with a suffix for what is inside; empty for the definition itself.
    member: String,
}

impl Place {
    fn inside(&self, what: &str) -> Self {
        Self { owner: self.owner.clone(), member: format!("{}{what}", self.member) }
    }
}

struct Resolver<'d> {
    document: &'d Document,
    /// Inline schemas that occur alike under one property name, and the name they share.
    shared: BTreeMap<(String, String), String>,
    model: Model,
    /// Names given to inline schemas, by pointer.
    named: BTreeMap<String, String>,
    /// Those of the shared names that stand in the model.
    hoisted: BTreeSet<String>,
    problems: Vec<Problem>,
}

impl<'d> Resolver<'d> {
    fn problem(&mut self, pointer: impl Into<String>, finding: impl Into<Finding>) {
        self.problems.push(Problem::new(pointer, finding));
    }

    fn define(&mut self, name: &str, node: &'d Node) {
        if let Some(other) = self.model.get(name) {
            let other = other.pointer.clone();
            self.problem(
                &node.pointer,
                (
                    format!("the type name `{name}` is taken by #{other}"),
                    "rename this definition, or give the inline schema a name under `$defs`",
                ),
            );
            return;
        }
        let definition = Definition {
            pointer: node.pointer.clone(),
            description: node.description.clone(),
            // Taken before it is resolved, so that a clash with an inline schema inside is noticed.
            kind: Kind::Other(Type::new(Shape::Any)),
        };
        self.model.definitions.insert(name.to_owned(), definition);
        let kind = self.kind(name, node);
        if let Some(definition) = self.model.definitions.get_mut(name) {
            definition.kind = kind;
        }
    }

    /// Complains of keywords that stand beside what decides on the type.
    fn expect(&mut self, node: &Node, what: &str, expected: &[&str]) {
        for keyword in node.beside(expected) {
            if keyword != "not" {
                self.problem(
                    join(&node.pointer, keyword),
                    (
                        format!("`{keyword}` beside {what} is not supported"),
                        "remove it, or move it to where it is meant",
                    ),
                );
            }
        }
    }

    /// What a definition is.
    fn kind(&mut self, name: &str, node: &'d Node) -> Kind {
        let place = Place { owner: name.to_owned(), member: String::new() };
        if node.reference.is_none() && (node.not_null || !unions::admits_null(node)) {
            let alternatives = unions::alternatives(self.document, node);
            if let Some(kind) = self.named_kind(node, &alternatives, &place) {
                return kind;
            }
        }
        Kind::Other(self.ty(node, &place))
    }

    /// The kind of a schema that needs a Rust type of its own; `None` for all others.
    fn named_kind(&mut self, node: &'d Node, alternatives: &[&'d Node], place: &Place) -> Option<Kind> {
        if let Some(values) = self.enumeration(node, alternatives) {
            let fixed = node.values.is_none() && node.constant.is_some();
            return Some(Kind::Enumeration(Enumeration { values, fixed }));
        }
        if alternatives.len() > 1 {
            return Some(self.alternatives(node, alternatives, place));
        }
        if !node.one_of.is_empty() {
            return None;
        }
        let types = node.types_of_values();
        if let [_, _, ..] = types.as_slice() {
            return self.type_list(node, &types, place);
        }
        let map = node.properties.is_empty()
            && node.required.is_empty()
            && node.presence.is_none()
            && node.all_of.is_empty()
            && !matches!(node.additional.as_ref().or(node.unevaluated.as_ref()), Some(Members::Closed));
        let object = is_object(self.document, node) || types == [JsonType::Object];
        (object && !map).then(|| Kind::Object(self.object(node, place)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn kinds(defs: Value) -> BTreeMap<String, Kind> {
        let document = crate::node::read(&json!({ "$defs": defs })).0;
        let model = resolve(&document).unwrap();
        model.definitions.into_iter().map(|(name, definition)| (name, definition.kind)).collect()
    }

    #[test]
    fn a_nullable_definition_wraps_what_it_would_be() {
        for schema in [
            json!({ "enum": ["a", null] }),
            json!({ "type": ["string", "integer", "null"] }),
            json!({ "type": ["object", "null"], "properties": { "p": {} } }),
            json!({ "oneOf": [{ "enum": ["a"] }, { "type": "null" }] }),
        ] {
            let kinds = kinds(json!({ "A": schema }));
            let Kind::Other(ty) = &kinds["A"] else { panic!("{schema} is {:?}", kinds["A"]) };
            assert!(ty.nullable && ty.shape == Shape::Reference("AValue".to_owned()), "{schema} is {ty:?}");
            assert!(!matches!(kinds["AValue"], Kind::Other(_)), "{schema}");
        }
    }

    #[test]
    fn null_is_not_wrapped_twice() {
        let maybe = json!({ "anyOf": [{ "$ref": "#/$defs/B" }, { "type": "null" }] });
        let kinds =
            kinds(json!({ "A": maybe, "B": { "$ref": "#/$defs/C" }, "C": { "type": ["string", "null"] } }));
        assert!(matches!(&kinds["A"], Kind::Other(ty) if !ty.nullable), "{:?}", kinds["A"]);
        assert!(matches!(&kinds["C"], Kind::Other(ty) if ty.nullable), "{:?}", kinds["C"]);
    }

    #[test]
    fn shapes_are_those_of_the_widest_type() {
        let shape = |schema: Value| match kinds(json!({ "A": schema })).remove("A") {
            Some(Kind::Other(ty)) => ty.shape,
            other => panic!("{other:?}"),
        };
        assert_eq!(shape(json!({ "type": ["integer", "number"] })), Shape::Number);
        assert_eq!(shape(json!({ "type": "integer", "minimum": 0 })), Shape::Integer { unsigned: true });
        assert_eq!(shape(json!({ "type": "object" })), Shape::Map(Box::new(Type::new(Shape::Any))));
        assert_eq!(shape(json!({ "type": "object", "properties": {} })), shape(json!({ "type": "object" })));
    }

    #[test]
    fn an_object_composed_of_what_it_is_in_is_resolved_once() {
        let inner = json!({ "allOf": [{ "$ref": "#/$defs/A" }], "required": ["p"] });
        let kinds = kinds(json!({ "A": { "type": "object", "properties": { "p": inner } } }));
        assert_eq!(kinds.keys().collect::<Vec<_>>(), ["A", "Ap"]);
    }

    #[test]
    fn equal_inline_schemas_share_a_name_only_with_each_other() {
        let size = json!({ "enum": ["a", "b"] });
        let object = |name: &str, schema: &Value| json!({ "type": "object", "properties": { name: schema } });
        let other = json!({ "enum": ["c"] });
        let kinds = kinds(json!({
            "A": object("size", &size), "B": object("size", &size), "C": object("size", &other),
        }));
        assert_eq!(kinds.keys().collect::<Vec<_>>(), ["A", "B", "C", "CSize", "Size"]);
    }
}
