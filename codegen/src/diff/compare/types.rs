//! The types of values: what they are, and the rules that they keep.

use super::Comparison;
use super::words::{bound_name, shape_name};
use crate::diff::{ChangeKind, Rust, Wire};
use crate::model::{Kind, Model, Rule, Shape, Type};

impl Comparison<'_> {
    /// Definitions that are aliases or newtypes: a rule more or less may turn one into the other.
    pub(super) fn other(&mut self, pointer: &str, before: &Type, after: &Type) {
        self.ty(pointer, before, after);
        if self.same_shape(&before.shape, &after.shape) && before.is_checked() != after.is_checked() {
            let message = "the Rust type gained or lost its check";
            self.report(pointer, ChangeKind::RustType, Wire::Compatible, Rust::Breaking, message);
        }
    }

    pub(super) fn ty(&mut self, pointer: &str, before: &Type, after: &Type) {
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
