//! Whether two definitions of two models admit the same documents.

use crate::model::{Kind, Model, Object, Rest, Shape, Type, Value};
use std::collections::BTreeSet;

/// Structural equality across two models; recursion is cut by assuming what is being proved.
pub(crate) struct Structure<'m> {
    pub(crate) old: &'m Model,
    pub(crate) new: &'m Model,
}

/// Pairs that are taken for equal while they are compared.
pub(super) type Seen = BTreeSet<(String, String)>;

impl Structure<'_> {
    /// Whether both have a definition of that name, and it admits the same documents.
    pub(crate) fn same(&self, name: &str) -> bool {
        self.definitions(name, name, &mut Seen::new())
    }

    pub(super) fn definitions(&self, old: &str, new: &str, seen: &mut Seen) -> bool {
        if !seen.insert((old.to_owned(), new.to_owned())) {
            return true;
        }
        let (Some(old), Some(new)) = (self.old.get(old), self.new.get(new)) else { return false };
        match (&old.kind, &new.kind) {
            (Kind::Object(old), Kind::Object(new)) => self.objects(old, new, seen),
            (Kind::Union(old), Kind::Union(new)) => {
                old.tag == new.tag
                    && old.variants.len() == new.variants.len()
                    && old.variants.iter().all(|(tag, target)| {
                        new.variants.iter().any(|(other, new_target)| {
                            other == tag && self.definitions(target, new_target, seen)
                        })
                    })
            }
            (Kind::Choice(old), Kind::Choice(new)) => {
                old.len() == new.len()
                    && old
                        .iter()
                        .all(|a| new.iter().any(|b| a.json == b.json && self.types(&a.ty, &b.ty, seen)))
            }
            (Kind::Enumeration(old), Kind::Enumeration(new)) => {
                let texts =
                    |values: &[Value]| values.iter().map(|value| value.text.clone()).collect::<BTreeSet<_>>();
                // Another value is malformed for a constant and unrecognised for an enumeration.
                old.fixed == new.fixed && texts(&old.values) == texts(&new.values)
            }
            (Kind::Other(old), Kind::Other(new)) => self.types(old, new, seen),
            _ => false,
        }
    }

    fn objects(&self, old: &Object, new: &Object, seen: &mut Seen) -> bool {
        let rest = match (&old.rest, &new.rest) {
            (Rest::Closed, Rest::Closed) | (Rest::Open, Rest::Open) => true,
            (Rest::Typed(old), Rest::Typed(new)) => self.types(old, new, seen),
            _ => false,
        };
        rest && old.presence == new.presence
            && old.properties.len() == new.properties.len()
            && old.properties.iter().all(|a| {
                new.properties
                    .iter()
                    .any(|b| a.name == b.name && a.required == b.required && self.types(&a.ty, &b.ty, seen))
            })
    }

    fn types(&self, old: &Type, new: &Type, seen: &mut Seen) -> bool {
        old.nullable == new.nullable && old.rules == new.rules && self.shapes(&old.shape, &new.shape, seen)
    }

    pub(super) fn shapes(&self, old: &Shape, new: &Shape, seen: &mut Seen) -> bool {
        match (old, new) {
            (Shape::Reference(old), Shape::Reference(new)) => self.definitions(old, new, seen),
            // A name for a plain type makes no difference to a document.
            (Shape::Reference(old), new) => match self.old.get(old).map(|definition| &definition.kind) {
                Some(Kind::Other(ty)) => {
                    ty.rules.is_empty() && !ty.nullable && self.shapes(&ty.shape, new, seen)
                }
                _ => false,
            },
            (old, Shape::Reference(new)) => match self.new.get(new).map(|definition| &definition.kind) {
                Some(Kind::Other(ty)) => {
                    ty.rules.is_empty() && !ty.nullable && self.shapes(old, &ty.shape, seen)
                }
                _ => false,
            },
            (Shape::List(old), Shape::List(new)) | (Shape::Map(old), Shape::Map(new)) => {
                self.types(old, new, seen)
            }
            (Shape::Integer { .. }, Shape::Integer { .. }) => true,
            (old, new) => old == new,
        }
    }
}
