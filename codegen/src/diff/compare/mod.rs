//! Two models side by side.

mod alternatives;
mod objects;
mod types;
mod words;

use super::structure::{Seen, Structure};
use super::{Change, ChangeKind, Diff, Rust, Wire};
use crate::error::Error;
use crate::layout::{Layout, layout};
use crate::model::{Definition, Kind, Model, Shape, Type};
use crate::node::join;
use crate::schema::Schema;
use std::collections::{BTreeMap, BTreeSet};
use words::kind_name;

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
