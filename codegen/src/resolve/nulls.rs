//! Where `null` is a value, so that nothing is wrapped for it twice.

use super::Resolver;
use crate::compose::target;
use crate::model::{Rule, Shape, Type};
use crate::unions;

/// How a definition admits `null`.
pub(super) enum Null {
    /// As it admits any other value.
    AmongOthers,
    /// Beside the values of one type.
    Optional,
}

impl Resolver<'_> {
    /// Whether `null` is among the values of a type.
    pub(super) fn takes_null(&self, ty: &Type) -> bool {
        let forbidden = ty.rules.contains(&Rule::NotNull);
        ty.nullable
            || match &ty.shape {
                Shape::Any => !forbidden,
                Shape::Reference(name) => !forbidden && self.null_in(name).is_some(),
                _ => false,
            }
    }

    /// Whether a definition admits `null`, and in which way.
    pub(super) fn null_in(&self, name: &str) -> Option<Null> {
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
