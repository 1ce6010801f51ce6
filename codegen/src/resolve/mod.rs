//! Second pass: keywords to the model. References are followed, objects composed, unions told
//! apart, and inline schemas that need a Rust type of their own become definitions with a name.

mod alternatives;
mod listed;

use crate::clashes::clashes;
use crate::compose::{compose, is_object, target};
use crate::error::{Finding, Problem};
use crate::model::{Definition, Enumeration, Kind, Model, Object, Property, Rest, Rule, Shape, Type};
use crate::names;
use crate::node::{Document, JsonType, Members, Node, join};
use crate::rules::{self, is_unsigned};
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

    /// The type of a schema in place.
    fn ty(&mut self, node: &'d Node, place: &Place) -> Type {
        let mut ty = self.not_null_type(node, place);
        match ty.shape {
            Shape::Any if node.not_null => ty.rules.insert(0, Rule::NotNull),
            Shape::Any if unions::admits_null(node) => ty.rules.clear(),
            Shape::Any => {}
            Shape::Reference(ref name) if node.not_null => match self.null_in(name) {
                Some(Null::AmongOthers) => ty.rules.insert(0, Rule::NotNull),
                Some(Null::Optional) => {
                    let at = join(&node.pointer, "not");
                    self.problem(
                        at,
                        (format!("`{name}` admits `null` as its only other value"), "refer to what it wraps"),
                    );
                }
                None => {}
            },
            // What admits `null` by itself is not wrapped once more.
            Shape::Reference(ref name) if self.null_in(name).is_some() => {}
            _ => ty.nullable |= !node.not_null && unions::admits_null(node),
        }
        ty
    }

    fn not_null_type(&mut self, node: &'d Node, place: &Place) -> Type {
        if let Some(reference) = &node.reference {
            return self.reference(node, reference);
        }
        let alternatives = unions::alternatives(self.document, node);
        if let [only] = alternatives.as_slice() {
            self.expect(node, "`oneOf`", &["oneOf", "anyOf"]);
            let ty = self.ty(only, place);
            let twice = unions::admits_null(node) && self.takes_null(&ty);
            if twice && node.keywords.iter().any(|keyword| keyword == "oneOf") {
                let message = ("`null` is valid for two members of this and so for none", "use `anyOf`");
                self.problem(join(&node.pointer, "oneOf"), message);
            }
            return ty;
        }
        let alone = node.beside(&["allOf", "not"]).is_empty();
        if let ([only], true) = (node.all_of.as_slice(), alone || !is_object(self.document, node)) {
            let mut ty = self.ty(only, place);
            let mut expected = vec!["allOf"];
            expected.extend(json_type(&ty.shape).into_iter().flat_map(rules::keywords));
            self.expect(node, "`allOf`", &expected);
            ty.rules.extend(rules::rules(node, &ty.shape, &mut self.problems));
            return ty;
        }
        if let Some(name) = self.inline(node, &alternatives, place) {
            return Type::new(Shape::Reference(name));
        }
        if node.constant.is_some() {
            let message = (
                "a constant that is not a string is supported as a required member, if it is a scalar",
                "make the property required, or use a string",
            );
            self.problem(join(&node.pointer, "const"), message);
            return Type::new(Shape::Any);
        }
        let types = node.types_of_values();
        if types.is_empty() {
            let message = if node.types.is_some() || !node.one_of.is_empty() {
                (
                    "a schema that admits `null` alone has no use as a type",
                    "add what else it admits, or remove it",
                )
            } else {
                (
                    "these keywords constrain some JSON types and leave others free",
                    "say which `type` is meant",
                )
            };
            if !node.beside(&["not"]).is_empty() {
                self.problem(&node.pointer, message);
            }
            return Type::new(Shape::Any);
        }
        // Of integers and numbers together, which are numbers, the latter come last.
        let shape = match types.last() {
            Some(ty) => self.shape(node, *ty, place),
            None => Shape::Any,
        };
        let mut expected = vec!["type"];
        expected.extend(types.last().copied().into_iter().flat_map(rules::keywords));
        self.expect(node, "this `type`", &expected);
        let rules = rules::rules(node, &shape, &mut self.problems);
        Type { shape, rules, nullable: false }
    }

    /// What values of one JSON type are.
    fn shape(&mut self, node: &'d Node, ty: JsonType, place: &Place) -> Shape {
        match ty {
            JsonType::Null => Shape::Any,
            JsonType::Boolean => Shape::Boolean,
            JsonType::Integer => Shape::Integer { unsigned: is_unsigned(node) },
            JsonType::Number => Shape::Number,
            JsonType::String => Shape::String,
            JsonType::Array => Shape::List(Box::new(match &node.items {
                Some(items) => self.ty(items, &place.inside("Item")),
                None => Type::new(Shape::Any),
            })),
            JsonType::Object => {
                Shape::Map(Box::new(match node.additional.as_ref().or(node.unevaluated.as_ref()) {
                    Some(Members::Typed(values)) => self.ty(values, &place.inside("Value")),
                    _ => Type::new(Shape::Any),
                }))
            }
        }
    }

    fn reference(&mut self, node: &'d Node, reference: &str) -> Type {
        self.expect(node, "`$ref`", &["$ref"]);
        let Some((name, _)) = target(self.document, reference) else {
            let message =
                (format!("`{reference}` names no definition"), "refer to one as `#/$defs/NAME` or `#ANCHOR`");
            self.problem(join(&node.pointer, "$ref"), message);
            return Type::new(Shape::Any);
        };
        Type::new(Shape::Reference(name.to_owned()))
    }

    /// The definition made of an inline schema that needs one.
    fn inline(&mut self, node: &'d Node, alternatives: &[&'d Node], place: &Place) -> Option<String> {
        if let Some(name) = self.named.get(&node.pointer) {
            return Some(name.clone());
        }
        let shared = self.shared.get(&(place.member.clone(), node.signature.clone()));
        let name = match (shared, place.member.as_str()) {
            (Some(name), _) => name.clone(),
            // What a definition wraps in `null` or in a single-member union.
            (None, "") => names::inner(&place.owner, "Value"),
            (None, member) => names::inner(&place.owner, member),
        };
        if shared.is_some() && self.hoisted.contains(&name) {
            self.named.insert(node.pointer.clone(), name.clone());
            return Some(name);
        }
        let hoisted = shared.is_some();
        let inner = Place { owner: name.clone(), member: String::new() };
        // Noted before it is resolved, because an object composed of what it is in contains itself.
        self.named.insert(node.pointer.clone(), name.clone());
        let Some(kind) = self.named_kind(node, alternatives, &inner) else {
            self.named.remove(&node.pointer);
            return None;
        };
        if let Some(other) = self.model.get(&name) {
            let other = other.pointer.clone();
            self.problem(
                &node.pointer,
                (
                    format!("the name `{name}` for this inline schema is taken by #{other}"),
                    "move the inline schema to `$defs` under a name of its own",
                ),
            );
        }
        let definition =
            Definition { pointer: node.pointer.clone(), description: node.description.clone(), kind };
        self.model.definitions.insert(name.clone(), definition);
        if hoisted {
            self.hoisted.insert(name.clone());
        }
        Some(name)
    }

    fn object(&mut self, node: &'d Node, place: &Place) -> Object {
        let composed = match compose(self.document, node, &place.owner) {
            Ok(composed) => composed,
            Err(problems) => {
                self.problems.extend(problems);
                return Object { properties: Vec::new(), rest: Rest::Open, presence: Vec::new() };
            }
        };
        let mut properties = Vec::new();
        for (name, member) in &composed.properties {
            let required = composed.required.contains(name);
            let place = Place { owner: member.owner.clone(), member: name.clone() };
            let ty = match scalar_constant(member.node) {
                Some(constant) if required => {
                    self.check_listed(member.node);
                    Type::new(Shape::Constant(constant.clone()))
                }
                _ => self.ty(member.node, &place),
            };
            properties.push((
                member.depth,
                Property {
                    name: name.clone(),
                    pointer: member.node.pointer.clone(),
                    description: member.description.map(str::to_owned),
                    default: member.node.default.clone(),
                    required,
                    ty,
                },
            ));
        }
        // The wire order: constants (the tag among them), the required in the order of the
        // `required` list, the optional by name, those from fragments last. It decides the order of
        // constructor arguments too, so it must not depend on the order of JSON members.
        properties.sort_by_key(|(depth, property)| {
            let rank = composed.required.iter().position(|name| *name == property.name);
            (
                !property.is_constant(),
                rank.unwrap_or(usize::MAX),
                if rank.is_some() { 0 } else { *depth },
                property.name.clone(),
            )
        });
        let rest = match composed.rest {
            Some(Members::Closed) => Rest::Closed,
            Some(Members::Typed(values)) => Rest::Typed(self.ty(values, &place.inside("Value"))),
            Some(Members::Open) | None => Rest::Open,
        };
        let properties = properties.into_iter().map(|(_, property)| property).collect();
        Object { properties, rest, presence: composed.presence.into_iter().cloned().collect() }
    }

    /// Whether `null` is among the values of a type.
    fn takes_null(&self, ty: &Type) -> bool {
        let forbidden = ty.rules.contains(&Rule::NotNull);
        ty.nullable
            || match &ty.shape {
                Shape::Any => !forbidden,
                Shape::Reference(name) => !forbidden && self.null_in(name).is_some(),
                _ => false,
            }
    }

    /// Whether a definition admits `null`, and in which way.
    fn null_in(&self, name: &str) -> Option<Null> {
        let mut node = self.document.definitions.get(name)?;
        for _ in 0..self.document.definitions.len() {
            match &node.reference {
                Some(reference) if !node.not_null => node = target(self.document, reference)?.1,
                _ => break,
            }
        }
        if node.is_unconstrained() {
            return Some(Null::AmongOthers);
        }
        (!node.not_null && unions::admits_null(node)).then_some(Null::Optional)
    }
}

/// How a definition admits `null`.
enum Null {
    /// As it admits any other value.
    AmongOthers,
    /// Beside the values of one type.
    Optional,
}

/// The JSON type of a shape that can have rules.
fn json_type(shape: &Shape) -> Option<JsonType> {
    match shape {
        Shape::Integer { .. } | Shape::Number => Some(JsonType::Number),
        Shape::String => Some(JsonType::String),
        Shape::List(_) => Some(JsonType::Array),
        Shape::Any | Shape::Boolean | Shape::Constant(_) | Shape::Map(_) | Shape::Reference(_) => None,
    }
}

fn scalar_constant(node: &Node) -> Option<&serde_json::Value> {
    node.constant.as_ref().filter(|constant| !constant.is_object() && !constant.is_array())
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
