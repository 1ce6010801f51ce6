//! What lists the values it may have: unions, choices of JSON types, enumerations.

use super::Comparison;
use crate::diff::getters::{enumeration_of_tags, getters};
use crate::diff::{ChangeKind, Rust, Wire};
use crate::model::{Alternative, Enumeration, Union};

impl<'m> Comparison<'m> {
    pub(super) fn union(
        &mut self,
        pointer: &str,
        old_name: &str,
        before: &'m Union,
        new_name: &str,
        after: &'m Union,
    ) {
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
    pub(super) fn getters(&mut self, pointer: &str, before: &'m Union, after: &'m Union) {
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

    pub(super) fn choice(&mut self, pointer: &str, before: &[Alternative], after: &[Alternative]) {
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

    pub(super) fn enumeration(&mut self, pointer: &str, before: &Enumeration, after: &Enumeration) {
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
}
