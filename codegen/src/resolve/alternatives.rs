//! Unions, told apart by a tag or by JSON type.

use super::{Place, Resolver};
use crate::compose::{is_object, target};
use crate::model::{Alternative, Json, Kind, Shape, Type, Union};
use crate::names;
use crate::node::{JsonType, Node, join};
use crate::{rules, unions};

impl<'d> Resolver<'d> {
    /// A union: by tag where all members are objects, by JSON type otherwise.
    pub(super) fn alternatives(&mut self, node: &'d Node, alternatives: &[&'d Node], place: &Place) -> Kind {
        let message = ("keywords beside `oneOf` are not supported", "put them into its members");
        for keyword in node.beside(&["oneOf", "anyOf", "not"]) {
            self.problem(join(&node.pointer, keyword), message);
        }
        if alternatives.iter().all(|alternative| is_object(self.document, alternative)) {
            return match unions::discriminate(self.document, node, alternatives, &place.owner) {
                Ok(tagged) => {
                    let variants = tagged
                        .variants
                        .into_iter()
                        .map(|(value, node)| (value.clone(), self.variant(node, place, &value)))
                        .collect();
                    Kind::Union(Union { tag: tagged.tag, variants })
                }
                Err(problems) => {
                    self.problems.extend(problems);
                    Kind::Choice(Vec::new())
                }
            };
        }
        let choices = alternatives
            .iter()
            .map(|alternative| {
                // No two members have the same JSON type, so neither have their types the same name.
                let json = self.json_of_node(alternative, self.document.definitions.len());
                let member = json.map_or_else(|| "Value".to_owned(), |json| format!("{json:?}"));
                let inner = Place { owner: place.owner.clone(), member };
                let mut plain = self.ty(alternative, &inner);
                if plain.nullable {
                    self.problem(
                        &alternative.pointer,
                        ("`null` inside a member of a union", "make it a member of its own"),
                    );
                    plain.nullable = false;
                }
                (*alternative, plain)
            })
            .collect();
        self.choice(node, choices, place)
    }

    /// The definition of a union's member.
    fn variant(&mut self, node: &'d Node, place: &Place, tag: &str) -> String {
        let mut referred = None;
        let mut at = node;
        // It is an object, so the references come to an end.
        while let Some((name, next)) =
            at.reference.as_deref().and_then(|reference| target(self.document, reference))
        {
            referred = Some(name.to_owned());
            at = next;
        }
        if let Some(name) = referred {
            return name;
        }
        let name = names::inner(&place.owner, tag);
        self.define(&name, node);
        name
    }

    /// `type: [a, b]`, which is a union by JSON type.
    pub(super) fn type_list(&mut self, node: &'d Node, types: &[JsonType], place: &Place) -> Option<Kind> {
        let types: Vec<_> = match types {
            [JsonType::Integer, JsonType::Number] => return None,
            _ if types.contains(&JsonType::Number) => {
                types.iter().copied().filter(|ty| *ty != JsonType::Integer).collect()
            }
            _ => types.to_vec(),
        };
        let mut expected = vec!["type"];
        expected.extend(types.iter().copied().filter(|ty| *ty != JsonType::Object).flat_map(rules::keywords));
        self.expect(node, "a list of types", &expected);
        let choices = types
            .iter()
            .map(|ty| {
                let shape = self.shape(node, *ty, place);
                let rules = rules::rules(node, &shape, &mut self.problems);
                (node, Type { shape, rules, nullable: false })
            })
            .collect();
        Some(self.choice(node, choices, place))
    }

    fn choice(&mut self, node: &Node, choices: Vec<(&'d Node, Type)>, place: &Place) -> Kind {
        let single = choices.iter().all(|(of, _)| of.pointer == node.pointer);
        let mut told: Vec<(Json, &Node, Type)> = Vec::new();
        for (of, ty) in choices {
            match self.json(&ty.shape) {
                None => {
                    let message = (
                        "a union is told apart by a constant member or by JSON types, and this is neither",
                        "say the `type` of each member, or give all of them a required string `const`",
                    );
                    self.problem(&of.pointer, message);
                }
                Some(json) if told.iter().any(|(other, ..)| *other == json) => {
                    self.problem(
                        &of.pointer,
                        (
                            "two members of this union have the same JSON type",
                            "merge them, or make all members objects with a required string `const`",
                        ),
                    );
                }
                Some(json) => told.push((json, of, ty)),
            }
        }
        let shapes: Vec<_> = told.iter().map(|(json, _, ty)| (*json, &ty.shape)).collect();
        let names = names::alternatives(&shapes, &place.owner);
        let described = |of: &Node| if single { None } else { of.description.clone() };
        let alternatives = names.into_iter().zip(told).map(|(name, (json, of, ty))| Alternative {
            name,
            description: described(of),
            json,
            ty,
        });
        Kind::Choice(alternatives.collect())
    }

    /// The JSON type of a shape, through references.
    fn json(&self, shape: &Shape) -> Option<Json> {
        Some(match shape {
            Shape::Boolean => Json::Boolean,
            Shape::Integer { .. } | Shape::Number => Json::Number,
            Shape::String => Json::String,
            Shape::List(_) => Json::Array,
            Shape::Map(_) => Json::Object,
            Shape::Any | Shape::Constant(_) => return None,
            Shape::Reference(name) => {
                let node = match self.document.definitions.get(name) {
                    Some(node) => node,
                    None => return self.model.get(name).and_then(|inline| json_of_kind(&inline.kind)),
                };
                return self.json_of_node(node, self.document.definitions.len());
            }
        })
    }

    fn json_of_node(&self, node: &Node, fuel: usize) -> Option<Json> {
        if let Some(reference) = &node.reference {
            let (_, node) = target(self.document, reference)?;
            return self.json_of_node(node, fuel.checked_sub(1)?);
        }
        if is_object(self.document, node) {
            return Some(Json::Object);
        }
        let same = |nodes: &[Node]| {
            let mut kinds = nodes.iter().map(|node| self.json_of_node(node, fuel.checked_sub(1)?));
            let first = kinds.next()??;
            kinds.all(|kind| kind == Some(first)).then_some(first)
        };
        match node.types.as_deref() {
            Some([JsonType::Boolean]) => Some(Json::Boolean),
            Some([JsonType::Integer] | [JsonType::Number] | [JsonType::Integer, JsonType::Number]) => {
                Some(Json::Number)
            }
            Some([JsonType::String]) => Some(Json::String),
            Some([JsonType::Array]) => Some(Json::Array),
            Some(_) => None,
            None if !node.one_of.is_empty() => same(&node.one_of),
            None => match (&node.constant, &node.values) {
                (Some(serde_json::Value::String(_)), _) => Some(Json::String),
                (_, Some(values)) if values.iter().all(serde_json::Value::is_string) => Some(Json::String),
                _ => None,
            },
        }
    }
}

fn json_of_kind(kind: &Kind) -> Option<Json> {
    match kind {
        Kind::Object(_) | Kind::Union(_) => Some(Json::Object),
        Kind::Enumeration(_) => Some(Json::String),
        Kind::Choice(_) | Kind::Other(_) => None,
    }
}
