//! Second pass: keywords to the model. References are followed, objects composed, unions told
//! apart, and inline schemas that need a Rust type of their own become definitions with a name.

use crate::compose::{compose, is_object, target};
use crate::error::Problem;
use crate::model::{Alternative, Definition, Json, Kind, Model, Object, Property, Rest, Rule, Shape, Type, Value};
use crate::node::{Document, JsonType, Members, Node, join};
use crate::names;
use crate::unions;
use serde_json::Number;
use std::collections::BTreeMap;

/// Resolves a document; every problem is reported.
pub(crate) fn resolve(document: &Document) -> Result<Model, Vec<Problem>> {
    let mut resolver = Resolver {
        document,
        shared: names::shared(document),
        model: Model::default(),
        named: BTreeMap::new(),
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
    resolver.problems.sort();
    resolver.problems.dedup();
    if resolver.problems.is_empty() { Ok(resolver.model) } else { Err(resolver.problems) }
}

/// Where a schema stands, for the name of the type that it may need.
#[derive(Clone)]
pub(crate) struct Place {
    /// The definition it is written in.
    pub(crate) owner: String,
    /// The property it describes, with a suffix for what is inside; empty for the definition itself.
    pub(crate) member: String,
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
    problems: Vec<Problem>,
}

impl<'d> Resolver<'d> {
    fn problem(&mut self, pointer: impl Into<String>, message: impl Into<String>) {
        self.problems.push(Problem::new(pointer, message));
    }

    fn define(&mut self, name: &str, node: &'d Node) {
        if let Some(other) = self.model.get(name) {
            let other = other.pointer.clone();
            self.problem(&node.pointer, format!("the type name `{name}` is taken by #{other}"));
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

    /// What a definition is.
    fn kind(&mut self, name: &str, node: &'d Node) -> Kind {
        let place = Place { owner: name.to_owned(), member: String::new() };
        if node.reference.is_none() {
            let (alternatives, nullable) = unions::without_null(node);
            if !nullable {
                if let Some(kind) = self.named_kind(node, &alternatives, &place) {
                    return kind;
                }
            }
        }
        Kind::Other(self.ty(node, &place))
    }

    /// The kind of a schema that needs a Rust type of its own; `None` for all others.
    fn named_kind(&mut self, node: &'d Node, alternatives: &[&'d Node], place: &Place) -> Option<Kind> {
        if let Some(values) = self.enumeration(node, alternatives) {
            return Some(Kind::Enumeration(values));
        }
        if alternatives.len() > 1 {
            return Some(self.alternatives(node, alternatives, place));
        }
        if let Some(types) = node.types.as_deref() {
            let types: Vec<_> = types.iter().copied().filter(|ty| *ty != JsonType::Null).collect();
            if let [_, _, ..] = types.as_slice() {
                return self.type_list(node, &types, place);
            }
        }
        let typed_map = node.properties.is_empty()
            && node.all_of.is_empty()
            && !matches!(node.additional.as_ref().or(node.unevaluated.as_ref()), Some(Members::Closed));
        (is_object(self.document, node) && node.one_of.is_empty() && !typed_map)
            .then(|| Kind::Object(self.object(node, place)))
    }

    /// The type of a schema in place.
    fn ty(&mut self, node: &'d Node, place: &Place) -> Type {
        let (alternatives, mut nullable) = unions::without_null(node);
        nullable |= node.types.as_deref().is_some_and(|types| types.len() > 1 && types.contains(&JsonType::Null));
        nullable |= node.values.as_deref().is_some_and(|values| values.contains(&serde_json::Value::Null));
        let mut ty = self.not_null_type(node, &alternatives, place);
        if node.not_null {
            match ty.shape {
                Shape::Any => ty.rules.insert(0, Rule::NotNull),
                Shape::Reference(ref name) if self.is_any(name) => ty.rules.insert(0, Rule::NotNull),
                _ => nullable = false,
            }
        }
        ty.nullable |= nullable && ty.shape != Shape::Any;
        ty
    }

    fn not_null_type(&mut self, node: &'d Node, alternatives: &[&'d Node], place: &Place) -> Type {
        if let Some(reference) = &node.reference {
            return self.reference(node, reference);
        }
        if let [only] = alternatives {
            return self.ty(only, place);
        }
        if let [only] = node.all_of.as_slice() {
            if !node.has_object_keywords() && !is_object(self.document, only) {
                let mut ty = self.ty(only, place);
                ty.rules.extend(self.rules(node, &ty.shape));
                return ty;
            }
        }
        if let Some(name) = self.inline(node, alternatives, place) {
            return Type::new(Shape::Reference(name));
        }
        if let Some(constant) = &node.constant {
            return Type::new(Shape::Constant(constant.clone()));
        }
        let types = node.types.as_deref().unwrap_or_default();
        let shape = match types.iter().copied().find(|ty| *ty != JsonType::Null) {
            Some(JsonType::Boolean) => Shape::Boolean,
            Some(JsonType::Integer) => Shape::Integer { unsigned: is_unsigned(node) },
            Some(JsonType::Number) => Shape::Number,
            Some(JsonType::String) => Shape::String,
            Some(JsonType::Array) => Shape::List(Box::new(match &node.items {
                Some(items) => self.ty(items, &place.inside("Item")),
                None => Type::new(Shape::Any),
            })),
            Some(JsonType::Object) => match node.additional.as_ref().or(node.unevaluated.as_ref()) {
                Some(Members::Typed(values)) => Shape::Map(Box::new(self.ty(values, &place.inside("Value")))),
                _ => Shape::Map(Box::new(Type::new(Shape::Any))),
            },
            Some(JsonType::Null) | None if !types.is_empty() => {
                self.problem(&node.pointer, "a schema that admits `null` alone has no use as a type");
                Shape::Any
            }
            _ => {
                let mut bare = node.clone();
                bare.not_null = false;
                if !bare.is_unconstrained() {
                    self.problem(
                        &node.pointer,
                        "these keywords constrain some JSON types and leave others free; say which `type` is meant",
                    );
                }
                Shape::Any
            }
        };
        let rules = self.rules(node, &shape);
        Type { shape, rules, nullable: false }
    }

    fn reference(&mut self, node: &'d Node, reference: &str) -> Type {
        let at = join(&node.pointer, "$ref");
        let Some((name, _)) = target(self.document, reference) else {
            self.problem(at, format!("`{reference}` names no definition; `#/$defs/NAME` and `#ANCHOR` are understood"));
            return Type::new(Shape::Any);
        };
        let mut alone = node.clone();
        alone.reference = None;
        alone.not_null = false;
        if !alone.is_unconstrained() {
            self.problem(at, "keywords beside `$ref` are supported for annotations and `not null` only");
        }
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
            (None, "") => format!("{}Value", place.owner),
            (None, member) => format!("{}{}", place.owner, names::pascal(member)),
        };
        if shared.is_some() && self.model.get(&name).is_some() {
            self.named.insert(node.pointer.clone(), name.clone());
            return Some(name);
        }
        let inner = Place { owner: name.clone(), member: String::new() };
        let kind = self.named_kind(node, alternatives, &inner)?;
        if let Some(other) = self.model.get(&name) {
            let other = other.pointer.clone();
            self.problem(&node.pointer, format!("the name `{name}` for this inline schema is taken by #{other}"));
        }
        let definition =
            Definition { pointer: node.pointer.clone(), description: node.description.clone(), kind };
        self.model.definitions.insert(name.clone(), definition);
        self.named.insert(node.pointer.clone(), name.clone());
        Some(name)
    }

    fn object(&mut self, node: &'d Node, place: &Place) -> Object {
        let composed = match compose(self.document, node, &place.owner) {
            Ok(composed) => composed,
            Err(problems) => {
                self.problems.extend(problems);
                return Object { properties: Vec::new(), rest: Rest::Open };
            }
        };
        let mut properties = Vec::new();
        for (name, member) in &composed.properties {
            let required = composed.required.contains(name);
            let place = Place { owner: member.owner.clone(), member: name.clone() };
            let mut ty = if required && is_scalar_constant(member.node) {
                Type::new(Shape::Constant(member.node.constant.clone().unwrap_or_default()))
            } else {
                self.ty(member.node, &place)
            };
            if let (Shape::Constant(_), false) = (&ty.shape, required) {
                self.problem(&member.node.pointer, "an optional constant is supported for strings only");
                ty = Type::new(Shape::Any);
            }
            properties.push((
                member.depth,
                Property {
                    name: name.clone(),
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
            let constant = matches!(property.ty.shape, Shape::Constant(_));
            (!constant, rank.unwrap_or(usize::MAX), if rank.is_some() { 0 } else { *depth }, property.name.clone())
        });
        let rest = match composed.rest {
            Some(Members::Closed) => Rest::Closed,
            Some(Members::Typed(values)) => Rest::Typed(self.ty(values, &place.inside("Value"))),
            Some(Members::Open) | None => Rest::Open,
        };
        Object { properties: properties.into_iter().map(|(_, property)| property).collect(), rest }
    }

    /// The values of a schema that admits certain strings only.
    fn enumeration(&mut self, node: &Node, alternatives: &[&Node]) -> Option<Vec<Value>> {
        let string = |value: &serde_json::Value| value.as_str().map(str::to_owned);
        let values: Option<Vec<Value>> = if let Some(values) = &node.values {
            let texts: Option<Vec<_>> = values.iter().filter(|value| !value.is_null()).map(string).collect();
            if texts.is_none() {
                self.problem(join(&node.pointer, "enum"), "an `enum` is supported for strings and `null` only");
            }
            texts.map(|texts| texts.into_iter().map(|text| Value { text, description: None }).collect())
        } else if let Some(constant) = &node.constant {
            string(constant).map(|text| vec![Value { text, description: node.description.clone() }])
        } else if alternatives.len() > 1 {
            alternatives
                .iter()
                .map(|node| {
                    let text = string(node.constant.as_ref()?)?;
                    Some(Value { text, description: node.description.clone() })
                })
                .collect()
        } else {
            None
        };
        let values = values?;
        if values.is_empty() {
            self.problem(&node.pointer, "an enumeration without values");
        }
        Some(values)
    }

    /// A union: by tag where all members are objects, by JSON type otherwise.
    fn alternatives(&mut self, node: &'d Node, alternatives: &[&'d Node], place: &Place) -> Kind {
        if node.types.is_some() || node.has_object_keywords() || !node.all_of.is_empty() {
            self.problem(&node.pointer, "keywords beside `oneOf` are not supported; put them into its members");
        }
        if alternatives.iter().all(|alternative| is_object(self.document, alternative)) {
            return match unions::discriminate(self.document, node, alternatives, &place.owner) {
                Ok(tagged) => {
                    let variants = tagged
                        .variants
                        .into_iter()
                        .map(|(value, node)| (value.clone(), self.variant(node, place, &value)))
                        .collect();
                    Kind::Union(crate::model::Union { tag: tagged.tag, variants })
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
                let inner = Place { owner: place.owner.clone(), member: "Object".to_owned() };
                let mut plain = self.ty(alternative, &inner);
                if plain.nullable {
                    self.problem(&alternative.pointer, "`null` inside a member of a union; make it a member of its own");
                    plain.nullable = false;
                }
                (*alternative, plain)
            })
            .collect();
        self.choice(node, choices, place)
    }

    /// The definition of a union's member.
    fn variant(&mut self, node: &'d Node, place: &Place, tag: &str) -> String {
        if let Some((name, _)) = node.reference.as_deref().and_then(|reference| target(self.document, reference)) {
            return name.to_owned();
        }
        let name = format!("{}{}", place.owner, names::pascal(tag));
        self.define(&name, node);
        name
    }

    /// `type: [a, b]`, which is a union by JSON type.
    fn type_list(&mut self, node: &'d Node, types: &[JsonType], place: &Place) -> Option<Kind> {
        let types: Vec<_> = match types {
            [JsonType::Integer, JsonType::Number] => return None,
            _ if types.contains(&JsonType::Number) => {
                types.iter().copied().filter(|ty| *ty != JsonType::Integer).collect()
            }
            _ => types.to_vec(),
        };
        let choices = types
            .iter()
            .map(|ty| {
                let shape = match ty {
                    JsonType::Boolean | JsonType::Null => Shape::Boolean,
                    JsonType::Integer => Shape::Integer { unsigned: is_unsigned(node) },
                    JsonType::Number => Shape::Number,
                    JsonType::String => Shape::String,
                    JsonType::Array => Shape::List(Box::new(match &node.items {
                        Some(items) => self.ty(items, &place.inside("Item")),
                        None => Type::new(Shape::Any),
                    })),
                    JsonType::Object => {
                        if node.has_object_keywords() {
                            self.problem(&node.pointer, "object keywords beside a list of types; use `oneOf`");
                        }
                        Shape::Map(Box::new(Type::new(Shape::Any)))
                    }
                };
                let rules = self.rules(node, &shape);
                (node, Type { shape, rules, nullable: false })
            })
            .collect();
        Some(self.choice(node, choices, place))
    }

    fn choice(&mut self, node: &Node, choices: Vec<(&'d Node, Type)>, place: &Place) -> Kind {
        let single = choices.iter().all(|(of, _)| of.pointer == node.pointer);
        let mut alternatives: Vec<Alternative> = Vec::new();
        for (of, ty) in choices {
            let Some(json) = self.json(&ty.shape) else {
                self.problem(&of.pointer, "a union is told apart by a constant member or by JSON types; this is neither");
                continue;
            };
            if alternatives.iter().any(|other| other.json == json) {
                self.problem(&of.pointer, "two members of this union have the same JSON type");
                continue;
            }
            let name = names::alternative(&ty.shape, &place.owner);
            let description = if single { None } else { of.description.clone() };
            alternatives.push(Alternative { name, description, json, ty });
        }
        Kind::Choice(alternatives)
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
            Some([JsonType::Integer] | [JsonType::Number] | [JsonType::Integer, JsonType::Number]) => Some(Json::Number),
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

    fn is_any(&self, name: &str) -> bool {
        self.document.definitions.get(name).is_some_and(Node::is_unconstrained)
    }

    /// The rules among a schema's keywords; those that its shape cannot have are problems.
    fn rules(&mut self, node: &Node, shape: &Shape) -> Vec<Rule> {
        let mut rules = Vec::new();
        let integer = matches!(shape, Shape::Integer { .. });
        let numeric = integer || *shape == Shape::Number;
        let mut bound = |limit: &Option<Number>, keyword: &str, rule: fn(Number) -> Rule| {
            let Some(limit) = limit else { return };
            let at = join(&node.pointer, keyword);
            if !numeric {
                self.problems.push(Problem::new(at, "a bound without `type` integer or number"));
            } else if integer && !(limit.is_i64() || limit.is_u64()) {
                self.problems.push(Problem::new(at, "the bound of an integer is an integer"));
            } else if !(*shape == (Shape::Integer { unsigned: true }) && keyword == "minimum" && limit.as_u64() == Some(0)) {
                rules.push(rule(limit.clone()));
            }
        };
        bound(&node.minimum, "minimum", Rule::AtLeast);
        bound(&node.maximum, "maximum", Rule::AtMost);
        bound(&node.above, "exclusiveMinimum", Rule::Above);
        bound(&node.below, "exclusiveMaximum", Rule::Below);
        let lists = matches!(shape, Shape::List(_)) || node.types.as_deref().is_some_and(|types| types.contains(&JsonType::Array));
        let strings = *shape == Shape::String || node.types.as_deref().is_some_and(|types| types.contains(&JsonType::String));
        if node.min_items.is_some() || node.max_items.is_some() {
            if let Shape::List(_) = shape {
                rules.push(Rule::Items {
                    minimum: node.min_items.unwrap_or(0),
                    maximum: node.max_items.unwrap_or(usize::MAX),
                });
            } else if !lists {
                self.problem(&node.pointer, "a number of items without `type` array");
            }
        }
        if node.min_length.is_some() || node.max_length.is_some() {
            if *shape == Shape::String {
                rules.push(Rule::Length {
                    minimum: node.min_length.unwrap_or(0),
                    maximum: node.max_length.unwrap_or(usize::MAX),
                });
            } else if !strings {
                self.problem(&node.pointer, "a length without `type` string");
            }
        }
        if let Some(pattern) = &node.pattern {
            if *shape == Shape::String {
                if let Err(message) = crate::pattern::compile(pattern) {
                    self.problem(join(&node.pointer, "pattern"), message);
                }
                rules.push(Rule::Pattern(pattern.clone()));
            } else if !strings {
                self.problem(&node.pointer, "a pattern without `type` string");
            }
        }
        rules
    }
}

fn json_of_kind(kind: &Kind) -> Option<Json> {
    match kind {
        Kind::Object(_) | Kind::Union(_) => Some(Json::Object),
        Kind::Enumeration(_) => Some(Json::String),
        Kind::Choice(_) | Kind::Other(_) => None,
    }
}

fn is_unsigned(node: &Node) -> bool {
    node.minimum.as_ref().is_some_and(Number::is_u64) || node.above.as_ref().is_some_and(Number::is_u64)
}

fn is_scalar_constant(node: &Node) -> bool {
    node.reference.is_none()
        && node.constant.as_ref().is_some_and(|constant| !constant.is_object() && !constant.is_array())
}
