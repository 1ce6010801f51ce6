//! Objects: which members came, went, are called otherwise or changed.

use super::Comparison;
use crate::diff::{ChangeKind, Rust, Wire};
use crate::layout::Layout;
use crate::model::{Object, Property, Rest};
use crate::node::join;

impl<'m> Comparison<'m> {
    pub(super) fn object(
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
                        && !new.is_constant()
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
            let (what, wire, rust) = match (property.required, property.is_constant()) {
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
            let argument = |p: &Property| p.required && !p.is_constant();
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
        let rust = if after.is_constant() && before.is_constant() { Rust::Patch } else { Rust::Breaking };
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

    pub(super) fn rest(&mut self, pointer: &str, before: &Rest, after: &Rest) {
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
}

fn parent(pointer: &str) -> &str {
    pointer.rsplit_once('/').map_or("", |(parent, _)| parent)
}
