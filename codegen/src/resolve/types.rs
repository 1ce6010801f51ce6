//! Types in place: what a member, an item or an alias is.

use super::nulls::Null;
use super::{Place, Resolver};
use crate::compose::{is_object, target};
use crate::model::{Rule, Shape, Type};
use crate::node::{JsonType, Members, Node, join};
use crate::rules::{self, is_unsigned};
use crate::unions;

impl<'d> Resolver<'d> {
    /// The type of a schema in place.
    pub(super) fn ty(&mut self, node: &'d Node, place: &Place) -> Type {
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
    pub(super) fn shape(&mut self, node: &'d Node, ty: JsonType, place: &Place) -> Shape {
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
