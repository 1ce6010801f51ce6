//! Two models side by side.

use super::getters::{enumeration_of_tags, getters};
use super::structure::{Seen, Structure};
use super::{Change, ChangeKind, Diff, Rust, Wire};
use crate::error::Error;
use crate::layout::{Layout, layout};
use crate::model::{
    Alternative, Definition, Enumeration, Kind, Model, Object, Property, Rest, Rule, Shape, Type, Union,
};
use crate::node::join;
use crate::schema::Schema;
use std::collections::{BTreeMap, BTreeSet};

/// Compares two schemas by what they mean; descriptions, titles and order count for nothing.
///
/// # Errors
///
/// When one of them has problems.
pub fn diff(old: &Schema, new: &Schema) -> Result<Diff, Error> {
    let (old_model, new_model) = (crate::model(old)?, crate::model(new)?);
    let renamed = renamed_definitions(&old_model, &new_model);
    let mut comparison = Comparison {
        old_layout: layout(&old_model),
        new_layout: layout(&new_model),
        old: &old_model,
        new: &new_model,
        renamed,
        changes: BTreeMap::new(),
    };
    comparison.documents(old, new);
    comparison.definitions();
    let mut changes: Vec<_> = comparison.changes.into_values().collect();
    changes.sort();
    Ok(Diff { changes })
}

struct Comparison<'m> {
    old: &'m Model,
    new: &'m Model,
    old_layout: Layout,
    new_layout: Layout,
    /// Old name to new name.
    renamed: BTreeMap<&'m str, &'m str>,
    /// By place and text: a property of a fragment is met in every object that is composed of it, and
    /// reported once, as bad as it gets.
    changes: BTreeMap<(String, ChangeKind, String), Change>,
}

impl<'m> Comparison<'m> {
    fn report(
        &mut self,
        pointer: &str,
        kind: ChangeKind,
        wire: Wire,
        rust: Rust,
        message: impl Into<String>,
    ) {
        let message = message.into();
        let change = Change { pointer: pointer.to_owned(), kind, message: message.clone(), wire, rust };
        let known = self.changes.entry((pointer.to_owned(), kind, message)).or_insert(change);
        known.wire = known.wire.max(wire);
        known.rust = known.rust.max(rust);
    }

    fn documents(&mut self, old: &Schema, new: &Schema) {
        if old.version() != new.version() {
            let name = |version: Option<&str>| version.unwrap_or("none").to_owned();
            let (before, after) = (name(old.version()), name(new.version()));
            // The constant `PROTOCOL_VERSION` comes and goes with the version.
            let rust = match (old.version(), new.version()) {
                (Some(_), None) => Rust::Breaking,
                (None, _) => Rust::Minor,
                _ => Rust::Patch,
            };
            self.report(
                "/$id",
                ChangeKind::Version,
                Wire::Compatible,
                rust,
                format!("version {before} → {after}"),
            );
        }
        let root = |schema: &Schema| schema.document().get("$ref").cloned();
        if root(old) != root(new) {
            let message = "the document describes something else";
            self.report("/$ref", ChangeKind::Root, Wire::Breaking, Rust::Patch, message);
        }
    }

    fn definitions(&mut self) {
        let (old, new) = (self.old, self.new);
        for (name, before) in &old.definitions {
            let renamed = self.renamed.get(name.as_str()).copied();
            match (new.get(name), renamed) {
                (Some(after), _) => self.definition(name, before, name, after),
                (None, Some(to)) => {
                    let Some(after) = new.get(to) else { continue };
                    let message = format!("`{name}` is called `{to}` now");
                    let kind = ChangeKind::DefinitionRenamed;
                    self.report(&after.pointer, kind, Wire::Compatible, Rust::Breaking, message);
                    self.definition(name, before, to, after);
                }
                (None, None) => {
                    let message = format!("`{name}` is gone");
                    // Inline schemas are reported where they are used; what is gone is a Rust name.
                    let wire = if is_named(before, name) { Wire::Breaking } else { Wire::Compatible };
                    self.report(
                        &before.pointer,
                        ChangeKind::DefinitionRemoved,
                        wire,
                        Rust::Breaking,
                        message,
                    );
                }
            }
        }
        let targets: BTreeSet<_> = self.renamed.values().copied().collect();
        for (name, after) in &new.definitions {
            if old.get(name).is_none() && !targets.contains(name.as_str()) {
                let message = format!("`{name}` is new");
                self.report(
                    &after.pointer,
                    ChangeKind::DefinitionAdded,
                    Wire::Compatible,
                    Rust::Minor,
                    message,
                );
            }
        }
    }

    fn definition(&mut self, old_name: &str, before: &'m Definition, new_name: &str, after: &'m Definition) {
        let pointer = &after.pointer;
        match (&before.kind, &after.kind) {
            (Kind::Object(before), Kind::Object(after)) => {
                self.object(pointer, old_name, before, new_name, after)
            }
            (Kind::Union(before), Kind::Union(after)) => {
                self.union(pointer, old_name, before, new_name, after);
                self.getters(pointer, before, after);
            }
            (Kind::Choice(before), Kind::Choice(after)) => self.choice(pointer, before, after),
            (Kind::Enumeration(before), Kind::Enumeration(after)) => {
                self.enumeration(pointer, before, after);
            }
            (Kind::Other(before), Kind::Other(after)) => self.other(pointer, before, after),
            (before, after) => {
                let message = format!("{} became {}", kind_name(before), kind_name(after));
                self.report(pointer, ChangeKind::DefinitionKind, Wire::Breaking, Rust::Breaking, message);
            }
        }
    }

    fn object(
        &mut self,
        pointer: &str,
        old_name: &str,
        before: &'m Object,
        new_name: &str,
        after: &'m Object,
    ) {
        // Both in the same fragment, or both in the object itself, whatever it is called.
        let own = |pointer: &str, name: &str| pointer.starts_with(&join(&join("/$defs", name), "properties"));
        let beside = |old: &Property, new: &Property| {
            parent(&old.pointer) == parent(&new.pointer)
                || (own(&old.pointer, old_name) && own(&new.pointer, new_name))
        };
        let find =
            |object: &'m Object, name: &str| object.properties.iter().find(|property| property.name == name);
        let gone: Vec<_> = before.properties.iter().filter(|p| find(after, &p.name).is_none()).collect();
        let mut fresh: Vec<_> = after.properties.iter().filter(|p| find(before, &p.name).is_none()).collect();
        for property in gone {
            // A twin is a rename only if it is the one new property that stands where the old one stood.
            let beside: Vec<_> = fresh.iter().copied().filter(|new| beside(property, new)).collect();
            let twin = match beside[..] {
                [new] => Some(new).filter(|new| {
                    new.required == property.required
                        && self.same(&new.ty, &property.ty)
                        && !is_constant(&new.ty)
                }),
                _ => None,
            };
            match twin {
                Some(new) => {
                    fresh.retain(|other| other.name != new.name);
                    let message = format!("`{}` is called `{}` now", property.name, new.name);
                    let kind = ChangeKind::PropertyRenamed;
                    self.report(&new.pointer, kind, Wire::Breaking, Rust::Breaking, message);
                }
                None => {
                    let what = if property.required { "required" } else { "optional" };
                    let message = format!("the {what} property `{}` is gone", property.name);
                    let kind = ChangeKind::PropertyRemoved;
                    self.report(&property.pointer, kind, Wire::Breaking, Rust::Breaking, message);
                }
            }
        }
        for property in fresh {
            let (what, wire, rust) = match (property.required, is_constant(&property.ty)) {
                (true, true) => ("required constant", Wire::Breaking, Rust::Minor),
                (true, false) => ("required", Wire::Breaking, Rust::Breaking),
                (false, _) => ("optional", Wire::Compatible, Rust::Minor),
            };
            let message = format!("the {what} property `{}` is new", property.name);
            self.report(&property.pointer, ChangeKind::PropertyAdded, wire, rust, message);
        }
        for new in &after.properties {
            if let Some(old) = find(before, &new.name) {
                self.property(old, new);
                let boxed = |layout: &Layout, owner: &str| {
                    layout.fields.contains(&(owner.to_owned(), new.name.clone()))
                };
                if boxed(&self.old_layout, old_name) != boxed(&self.new_layout, new_name) {
                    let message = "the Rust field went into or out of a `Box`";
                    self.report(
                        &new.pointer,
                        ChangeKind::RustType,
                        Wire::Compatible,
                        Rust::Breaking,
                        message,
                    );
                }
            }
        }
        let arguments = |object: &'m Object, other: &'m Object| -> Vec<&'m str> {
            let argument = |p: &Property| p.required && !is_constant(&p.ty);
            let shared = |p: &&Property| argument(p) && find(other, &p.name).is_some_and(argument);
            object.properties.iter().filter(shared).map(|p| p.name.as_str()).collect()
        };
        if arguments(before, after) != arguments(after, before) {
            let message = "the constructor takes its arguments in another order";
            self.report(pointer, ChangeKind::RequiredOrder, Wire::Compatible, Rust::Breaking, message);
        }
        if before.presence != after.presence {
            let message = "other combinations of optional members are demanded";
            self.report(pointer, ChangeKind::Presence, Wire::Breaking, Rust::Patch, message);
        }
        self.rest(pointer, &before.rest, &after.rest);
    }

    fn property(&mut self, before: &Property, after: &Property) {
        let pointer = &after.pointer;
        let rust =
            if is_constant(&after.ty) && is_constant(&before.ty) { Rust::Patch } else { Rust::Breaking };
        match (before.required, after.required) {
            (false, true) => {
                let message = format!("`{}` became required", after.name);
                self.report(pointer, ChangeKind::PropertyRequired, Wire::Breaking, rust, message);
            }
            (true, false) => {
                let message = format!("`{}` became optional", after.name);
                self.report(pointer, ChangeKind::PropertyOptional, Wire::Breaking, rust, message);
            }
            _ => {}
        }
        if before.default != after.default {
            let text = |default: &Option<serde_json::Value>| {
                default.as_ref().map_or_else(|| "nothing".to_owned(), ToString::to_string)
            };
            let message =
                format!("absence means {} instead of {}", text(&after.default), text(&before.default));
            // Where absence meant nothing so far, nobody is contradicted.
            let wire = if before.default.is_none() { Wire::Compatible } else { Wire::Breaking };
            self.report(pointer, ChangeKind::Default, wire, Rust::Patch, message);
        }
        self.ty(pointer, &before.ty, &after.ty);
    }

    fn rest(&mut self, pointer: &str, before: &Rest, after: &Rest) {
        let kind = ChangeKind::Openness;
        match (before, after) {
            (Rest::Closed, Rest::Closed) | (Rest::Open, Rest::Open) => {}
            (Rest::Typed(before), Rest::Typed(after)) => self.ty(pointer, before, after),
            (Rest::Closed, _) => {
                self.report(
                    pointer,
                    kind,
                    Wire::Compatible,
                    Rust::Minor,
                    "the object became open to further members",
                );
            }
            (_, Rest::Closed) => {
                self.report(
                    pointer,
                    kind,
                    Wire::Breaking,
                    Rust::Breaking,
                    "the object became closed to further members",
                );
            }
            (Rest::Open, Rest::Typed(_)) | (Rest::Typed(_), Rest::Open) => {
                self.report(
                    pointer,
                    kind,
                    Wire::Breaking,
                    Rust::Breaking,
                    "further members have another type",
                );
            }
        }
    }

    fn union(&mut self, pointer: &str, old_name: &str, before: &'m Union, new_name: &str, after: &'m Union) {
        if before.tag != after.tag {
            let message =
                format!("the members are told apart by `{}` instead of `{}`", after.tag, before.tag);
            self.report(pointer, ChangeKind::Discriminator, Wire::Breaking, Rust::Breaking, message);
        }
        for (position, (tag, target)) in before.variants.iter().enumerate() {
            let found = after.variants.iter().position(|(other, _)| other == tag);
            let Some(found) = found else {
                let message = format!("the member `{tag}` is gone");
                self.report(pointer, ChangeKind::VariantRemoved, Wire::Breaking, Rust::Breaking, message);
                continue;
            };
            let Some((_, new_target)) = after.variants.get(found) else { continue };
            if target != new_target && self.renamed.get(target.as_str()) != Some(&new_target.as_str()) {
                let message = format!("the member `{tag}` is `{new_target}` instead of `{target}`");
                let same = self.same_definition(target, new_target);
                let wire = if same { Wire::Compatible } else { Wire::Breaking };
                self.report(pointer, ChangeKind::RustType, wire, Rust::Breaking, message);
            }
            let old_boxed = self.old_layout.variants.contains(&(old_name.to_owned(), position));
            let new_boxed = self.new_layout.variants.contains(&(new_name.to_owned(), found));
            if old_boxed != new_boxed {
                let message = format!("the variant of `{tag}` went into or out of a `Box`");
                self.report(pointer, ChangeKind::RustType, Wire::Compatible, Rust::Breaking, message);
            }
        }
        for (tag, _) in &after.variants {
            if !before.variants.iter().any(|(other, _)| other == tag) {
                let message = format!("the member `{tag}` is new");
                self.report(pointer, ChangeKind::VariantAdded, Wire::Compatible, Rust::Minor, message);
            }
        }
    }

    /// What gives access to a member of several variants depends on all of them.
    fn getters(&mut self, pointer: &str, before: &'m Union, after: &'m Union) {
        let (old, new) = (enumeration_of_tags(self.old, before), enumeration_of_tags(self.new, after));
        let moved = new.is_some() && old.and_then(|name| self.renamed.get(name).copied()) == new;
        if old != new && !moved {
            let name = |tags: Option<&str>| tags.map_or("a string".to_owned(), |name| format!("`{name}`"));
            let message = format!("the methods for the tag return {} instead of {}", name(new), name(old));
            self.report(pointer, ChangeKind::RustType, Wire::Compatible, Rust::Breaking, message);
        }
        let known = getters(self.new, &self.new_layout, after);
        for (name, old) in getters(self.old, &self.old_layout, before) {
            let message = match known.get(name) {
                None => format!("the method for `{name}` of all variants is gone"),
                Some(new) if old.total && !new.total => {
                    format!("the method for `{name}` of all variants returns an `Option` now")
                }
                Some(new) if !old.total && new.total => {
                    format!("the method for `{name}` of all variants returns no `Option` any more")
                }
                Some(new) if old.mutable && !new.mutable => {
                    format!("the method that changes `{name}` of all variants is gone")
                }
                Some(_) => continue,
            };
            self.report(pointer, ChangeKind::RustType, Wire::Compatible, Rust::Breaking, message);
        }
    }

    fn choice(&mut self, pointer: &str, before: &[Alternative], after: &[Alternative]) {
        for old in before {
            match after.iter().find(|new| new.json == old.json) {
                Some(new) => {
                    self.ty(pointer, &old.ty, &new.ty);
                    if new.name != old.name {
                        let message = format!("the variant `{}` is called `{}` now", old.name, new.name);
                        self.report(pointer, ChangeKind::RustType, Wire::Compatible, Rust::Breaking, message);
                    }
                }
                None => {
                    let message = format!("the alternative `{}` is gone", old.name);
                    self.report(pointer, ChangeKind::VariantRemoved, Wire::Breaking, Rust::Breaking, message);
                }
            }
        }
        for new in after {
            if !before.iter().any(|old| old.json == new.json) {
                // A value of another JSON type is malformed to an old peer, not unrecognised (PROC-20).
                let message = format!("the alternative `{}` is new", new.name);
                self.report(pointer, ChangeKind::VariantAdded, Wire::Breaking, Rust::Minor, message);
            }
        }
    }

    fn enumeration(&mut self, pointer: &str, before: &Enumeration, after: &Enumeration) {
        if before.fixed != after.fixed {
            let message = if after.fixed {
                "the enumeration became a constant: another value is malformed now, not unrecognised"
            } else {
                "the constant became an enumeration: another value is unrecognised now, not malformed"
            };
            // What peers may send is told by the values; this is how they take what they do not know.
            self.report(pointer, ChangeKind::Constant, Wire::Compatible, Rust::Patch, message);
        }
        for old in &before.values {
            if !after.values.iter().any(|new| new.text == old.text) {
                let message = format!("the value `{}` is gone", old.text);
                self.report(pointer, ChangeKind::ValueRemoved, Wire::Breaking, Rust::Breaking, message);
            }
        }
        for new in &after.values {
            if !before.values.iter().any(|old| old.text == new.text) {
                let message = format!("the value `{}` is new", new.text);
                // Who knows a constant does not expect it to have another value some day.
                let wire = if before.fixed { Wire::Breaking } else { Wire::Compatible };
                self.report(pointer, ChangeKind::ValueAdded, wire, Rust::Minor, message);
            }
        }
    }

    /// Definitions that are aliases or newtypes: a rule more or less may turn one into the other.
    fn other(&mut self, pointer: &str, before: &Type, after: &Type) {
        self.ty(pointer, before, after);
        if self.same_shape(&before.shape, &after.shape) && before.is_checked() != after.is_checked() {
            let message = "the Rust type gained or lost its check";
            self.report(pointer, ChangeKind::RustType, Wire::Compatible, Rust::Breaking, message);
        }
    }

    fn ty(&mut self, pointer: &str, before: &Type, after: &Type) {
        if before.nullable != after.nullable {
            let message =
                if after.nullable { "`null` became a value" } else { "`null` is no value any more" };
            self.report(pointer, ChangeKind::Nullable, Wire::Breaking, Rust::Breaking, message);
        }
        match (&before.shape, &after.shape) {
            (Shape::Constant(old), Shape::Constant(new)) => {
                if old != new {
                    let message = format!("the constant {old} became {new}");
                    self.report(pointer, ChangeKind::Constant, Wire::Breaking, Rust::Patch, message);
                }
            }
            (Shape::List(old), Shape::List(new)) | (Shape::Map(old), Shape::Map(new)) => {
                self.ty(pointer, old, new)
            }
            (Shape::Integer { unsigned: old }, Shape::Integer { unsigned: new }) => {
                if old != new {
                    let name = |unsigned: bool| if unsigned { "u64" } else { "i64" };
                    let message = format!("the Rust type is `{}` instead of `{}`", name(*new), name(*old));
                    self.report(pointer, ChangeKind::RustType, Wire::Compatible, Rust::Breaking, message);
                }
            }
            (Shape::Reference(old), Shape::Reference(new)) => {
                let moved = self.renamed.get(old.as_str()) == Some(&new.as_str());
                if old != new && !moved {
                    if self.same_definition(old, new) {
                        let message = format!("the Rust type is `{new}` instead of `{old}`");
                        self.report(pointer, ChangeKind::RustType, Wire::Compatible, Rust::Breaking, message);
                    } else {
                        let message = format!("`{old}` became `{new}`");
                        self.report(pointer, ChangeKind::Type, Wire::Breaking, Rust::Breaking, message);
                    }
                }
            }
            (old, new) if old == new => {}
            (old, new) => {
                let message = format!("{} became {}", shape_name(old), shape_name(new));
                // A named scalar may become an inline one and the other way round, and so may a constant.
                let same = self.same_shape(old, new)
                    || only_value(self.old, old)
                        .is_some_and(|value| Some(value) == only_value(self.new, new));
                let wire = if same { Wire::Compatible } else { Wire::Breaking };
                self.report(pointer, ChangeKind::Type, wire, Rust::Breaking, message);
                return;
            }
        }
        self.rules(pointer, before, after);
    }

    fn rules(&mut self, pointer: &str, before: &Type, after: &Type) {
        let patterns = |ty: &Type| -> Vec<String> {
            ty.rules
                .iter()
                .filter_map(|rule| if let Rule::Pattern(p) = rule { Some(p.clone()) } else { None })
                .collect()
        };
        let (old, new) = (patterns(before), patterns(after));
        if old != new {
            let name = |patterns: &[String]| {
                if patterns.is_empty() { "none".to_owned() } else { format!("`{}`", patterns.join("`, `")) }
            };
            let message = format!("the pattern is {} instead of {}", name(&new), name(&old));
            self.report(pointer, ChangeKind::Pattern, Wire::Breaking, Rust::Patch, message);
        }
        if before.rules.contains(&Rule::NotNull) != after.rules.contains(&Rule::NotNull) {
            let message = if before.rules.contains(&Rule::NotNull) {
                "`null` became a value"
            } else {
                "`null` is no value any more"
            };
            self.report(pointer, ChangeKind::Nullable, Wire::Breaking, Rust::Patch, message);
        }
        let bounds = |ty: &Type| -> Vec<String> {
            // `minimum: 0` is in the Rust type.
            let implied = (ty.shape == Shape::Integer { unsigned: true }).then(|| "≥ 0".to_owned());
            implied.into_iter().chain(ty.rules.iter().filter_map(bound_name)).collect()
        };
        let (old, new) = (bounds(before), bounds(after));
        if old != new {
            let name = |bounds: &[String]| {
                if bounds.is_empty() { "unbounded".to_owned() } else { bounds.join(", ") }
            };
            let message = format!("{} instead of {}", name(&new), name(&old));
            self.report(pointer, ChangeKind::Bounds, Wire::Breaking, Rust::Patch, message);
        }
    }

    /// Whether two types admit the same documents, whatever their definitions are called.
    fn same(&self, old: &Type, new: &Type) -> bool {
        old.nullable == new.nullable && old.rules == new.rules && self.same_shape(&old.shape, &new.shape)
    }

    fn same_shape(&self, old: &Shape, new: &Shape) -> bool {
        Structure { old: self.old, new: self.new }.shapes(old, new, &mut Seen::new())
    }

    fn same_definition(&self, old: &str, new: &str) -> bool {
        Structure { old: self.old, new: self.new }.definitions(old, new, &mut Seen::new())
    }
}

/// Definitions that are gone and that reappear under another name: same structure, and unambiguous.
fn renamed_definitions<'m>(old: &'m Model, new: &'m Model) -> BTreeMap<&'m str, &'m str> {
    let structure = Structure { old, new };
    let gone: Vec<_> = old.definitions.keys().filter(|name| new.get(name).is_none()).collect();
    let fresh: Vec<_> = new.definitions.keys().filter(|name| old.get(name).is_none()).collect();
    let twins = |name: &str| -> Vec<&&'m String> {
        fresh.iter().filter(|other| structure.definitions(name, other, &mut Seen::new())).collect()
    };
    let mut renamed = BTreeMap::new();
    for name in &gone {
        if let [twin] = twins(name)[..] {
            let rivals =
                gone.iter().filter(|other| structure.definitions(other, twin, &mut Seen::new())).count();
            if rivals == 1 {
                renamed.insert(name.as_str(), twin.as_str());
            }
        }
    }
    renamed
}

/// Whether the schema itself names the definition, as opposed to an inline schema that we named.
fn is_named(definition: &Definition, name: &str) -> bool {
    definition.pointer == join("/$defs", name)
}

/// The one string that a constant is, or that an enumeration lists.
fn only_value<'m>(model: &'m Model, shape: &'m Shape) -> Option<&'m str> {
    match shape {
        Shape::Constant(value) => value.as_str(),
        Shape::Reference(name) => match &model.get(name)?.kind {
            Kind::Enumeration(enumeration) => match enumeration.values.as_slice() {
                [only] => Some(&only.text),
                _ => None,
            },
            _ => None,
        },
        _ => None,
    }
}

fn is_constant(ty: &Type) -> bool {
    matches!(ty.shape, Shape::Constant(_))
}

fn parent(pointer: &str) -> &str {
    pointer.rsplit_once('/').map_or("", |(parent, _)| parent)
}

fn kind_name(kind: &Kind) -> &'static str {
    match kind {
        Kind::Object(_) => "an object",
        Kind::Union(_) => "a union",
        Kind::Choice(_) => "a choice of JSON types",
        Kind::Enumeration(_) => "an enumeration",
        Kind::Other(ty) => match ty.shape {
            Shape::List(_) => "a list",
            Shape::Map(_) => "a map",
            Shape::String => "a string",
            _ => "another type",
        },
    }
}

fn shape_name(shape: &Shape) -> String {
    match shape {
        Shape::Any => "any value".to_owned(),
        Shape::Boolean => "a boolean".to_owned(),
        Shape::Integer { .. } => "an integer".to_owned(),
        Shape::Number => "a number".to_owned(),
        Shape::String => "a string".to_owned(),
        Shape::Constant(value) => format!("the constant {value}"),
        Shape::List(_) => "a list".to_owned(),
        Shape::Map(_) => "a map".to_owned(),
        Shape::Reference(name) => format!("`{name}`"),
    }
}

fn bound_name(rule: &Rule) -> Option<String> {
    let of = |what: &str, minimum: usize, maximum: usize| match maximum {
        usize::MAX => format!("at least {minimum} {what}"),
        maximum => format!("{minimum} to {maximum} {what}"),
    };
    Some(match rule {
        Rule::AtLeast(limit) => format!("≥ {limit}"),
        Rule::AtMost(limit) => format!("≤ {limit}"),
        Rule::Above(limit) => format!("> {limit}"),
        Rule::Below(limit) => format!("< {limit}"),
        Rule::Items { minimum, maximum } => of("items", *minimum, *maximum),
        Rule::Members { minimum, maximum } => of("members", *minimum, *maximum),
        Rule::Names(rules) => {
            let patterns = rules.iter().map(|rule| match rule {
                Rule::Pattern(pattern) => Some(format!("`{pattern}`")),
                rule => bound_name(rule),
            });
            format!("names {}", patterns.flatten().collect::<Vec<_>>().join(", "))
        }
        Rule::MultipleOf(divisor) => format!("a multiple of {divisor}"),
        Rule::Unique => "no item twice".to_owned(),
        Rule::Length { minimum, maximum } => of("characters", *minimum, *maximum),
        Rule::NotNull | Rule::Pattern(_) => return None,
    })
}
