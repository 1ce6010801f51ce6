//! What goes into a `Box`: cycles through unions and aliases, and fields that would bloat every value
//! of a union. (Cycles among structs alone are boxed by typify.)

use crate::model::{Kind, Model, Rest, Shape, Type};
use std::collections::BTreeSet;

/// An inline struct of at least this many bytes is boxed inside a member of a union.
const LARGE: usize = 128;

/// Which places are boxed.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Layout {
    /// Object and property.
    pub(crate) fields: BTreeSet<(String, String)>,
    /// Union or choice, and the position of the variant.
    pub(crate) variants: BTreeSet<(String, usize)>,
    /// What contains itself as a list or map does: no alias, because an alias cannot name itself.
    pub(crate) recursive: BTreeSet<String>,
}

/// Decides on a layout.
pub(crate) fn layout(model: &Model) -> Layout {
    let mut layout = Layout::default();
    for (name, definition) in &model.definitions {
        match &definition.kind {
            Kind::Union(union) => {
                for (position, (_, target)) in union.variants.iter().enumerate() {
                    if reaches(model, target, name, &mut BTreeSet::new()) {
                        layout.variants.insert((name.clone(), position));
                    }
                    for property in model.object(target).into_iter().flat_map(|object| &object.properties) {
                        if is_large(model, &property.ty) {
                            layout.fields.insert((target.clone(), property.name.clone()));
                        }
                    }
                }
            }
            Kind::Choice(alternatives) => {
                for (position, alternative) in alternatives.iter().enumerate() {
                    let target = held(&alternative.ty);
                    if target.is_some_and(|target| reaches(model, target, name, &mut BTreeSet::new())) {
                        layout.variants.insert((name.clone(), position));
                    }
                }
            }
            Kind::Object(object) => {
                // typify does not see what is behind an alias.
                for property in &object.properties {
                    let alias = held(&property.ty).filter(|target| is_alias(model, target));
                    if alias.is_some_and(|target| reaches(model, target, name, &mut BTreeSet::new())) {
                        layout.fields.insert((name.clone(), property.name.clone()));
                    }
                }
            }
            Kind::Other(ty) => {
                if names(model, ty, name, &mut BTreeSet::new()) {
                    layout.recursive.insert(name.clone());
                }
            }
            Kind::Enumeration(_) => {}
        }
    }
    layout
}

fn is_alias(model: &Model, name: &str) -> bool {
    matches!(model.get(name).map(|definition| &definition.kind), Some(Kind::Other(_)))
}

/// Whether the type, written out to the end of its aliases, names the definition `of`.
fn names<'m>(model: &'m Model, ty: &'m Type, of: &str, seen: &mut BTreeSet<&'m str>) -> bool {
    match &ty.shape {
        Shape::List(item) | Shape::Map(item) => names(model, item, of, seen),
        Shape::Reference(name) if name == of => true,
        Shape::Reference(name) => match model.get(name).map(|definition| &definition.kind) {
            Some(Kind::Other(next)) => seen.insert(name) && names(model, next, of, seen),
            _ => false,
        },
        _ => false,
    }
}

/// Whether a value of `from` holds a value of `to` without a pointer in between.
fn reaches<'m>(model: &'m Model, from: &'m str, to: &str, seen: &mut BTreeSet<&'m str>) -> bool {
    if from == to {
        return true;
    }
    if !seen.insert(from) {
        return false;
    }
    direct(model, from).into_iter().any(|next| reaches(model, next, to, seen))
}

/// The definition that a value of the type holds in place.
fn held(ty: &Type) -> Option<&str> {
    match &ty.shape {
        Shape::Reference(name) => Some(name),
        _ => None,
    }
}

/// The definitions that a value of `name` holds in place.
fn direct<'m>(model: &'m Model, name: &str) -> Vec<&'m str> {
    match model.get(name).map(|definition| &definition.kind) {
        Some(Kind::Object(object)) => {
            object.properties.iter().filter_map(|property| held(&property.ty)).collect()
        }
        Some(Kind::Union(union)) => union.variants.iter().map(|(_, target)| target.as_str()).collect(),
        Some(Kind::Choice(alternatives)) => {
            alternatives.iter().filter_map(|alternative| held(&alternative.ty)).collect()
        }
        Some(Kind::Other(ty)) => held(ty).into_iter().collect(),
        Some(Kind::Enumeration(_)) | None => Vec::new(),
    }
}

fn is_large(model: &Model, ty: &Type) -> bool {
    match &ty.shape {
        Shape::Reference(name) => model.object(name).is_some() && size(model, ty, 8) >= LARGE,
        _ => false,
    }
}

/// About how many bytes a value takes on a 64-bit machine; coarse on purpose, and stable.
fn size(model: &Model, ty: &Type, depth: usize) -> usize {
    match &ty.shape {
        Shape::Any => 32,
        Shape::Boolean | Shape::Constant(_) => 1,
        Shape::Integer { .. } | Shape::Number => 16,
        Shape::String | Shape::List(_) | Shape::Map(_) => 24,
        Shape::Reference(_) if depth == 0 => 24,
        Shape::Reference(name) => match model.get(name).map(|definition| &definition.kind) {
            Some(Kind::Object(object)) => {
                let rest = if matches!(object.rest, Rest::Closed) { 0 } else { 24 };
                let fields = object
                    .properties
                    .iter()
                    .filter(|property| !matches!(property.ty.shape, Shape::Constant(_)));
                rest + fields.map(|property| size(model, &property.ty, depth - 1)).sum::<usize>()
            }
            Some(Kind::Other(ty)) => size(model, ty, depth - 1),
            Some(Kind::Enumeration(_)) => 1,
            Some(Kind::Union(_) | Kind::Choice(_)) | None => 32,
        },
    }
}
