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

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn laid_out(defs: Value) -> Layout {
        let document = crate::node::read(&json!({ "$defs": defs })).0;
        layout(&crate::resolve::resolve(&document).unwrap())
    }

    fn object(properties: Value) -> Value {
        json!({ "type": "object", "properties": properties, "additionalProperties": false })
    }

    #[test]
    fn a_struct_behind_an_alias_of_itself_is_boxed() {
        let layout = laid_out(json!({
            "A": object(json!({ "direct": { "$ref": "#/$defs/A" }, "alias": { "$ref": "#/$defs/B" },
                "maybe": { "$ref": "#/$defs/C" }, "list": { "$ref": "#/$defs/D" } })),
            "B": { "$ref": "#/$defs/A" },
            "C": { "oneOf": [{ "$ref": "#/$defs/A" }, { "type": "null" }] },
            "D": { "type": "array", "items": { "$ref": "#/$defs/A" } },
        }));
        let boxed: Vec<_> = layout.fields.iter().map(|(_, property)| property.as_str()).collect();
        assert_eq!(boxed, ["alias", "maybe"]);
        assert!(layout.recursive.is_empty());
    }

    #[test]
    fn a_variant_that_contains_its_union_is_boxed() {
        let tagged = |tag: &str, properties: Value| {
            let mut object = object(properties);
            object["properties"]["t"] = json!({ "const": tag });
            object["required"] = json!(["t"]);
            object
        };
        let layout = laid_out(json!({ "U": { "oneOf": [
            tagged("a", json!({ "p": { "type": "string" } })),
            tagged("b", json!({ "p": { "$ref": "#/$defs/U" } })),
            tagged("c", json!({ "p": { "type": "array", "items": { "$ref": "#/$defs/U" } } })),
        ] } }));
        assert_eq!(layout.variants, BTreeSet::from([("U".to_owned(), 1)]));
    }

    #[test]
    fn an_alias_cannot_contain_itself() {
        let list = |of: &str| json!({ "type": "array", "items": { "$ref": format!("#/$defs/{of}") } });
        let layout = laid_out(json!({
            "A": list("A"), "B": list("C"), "C": { "type": "object", "additionalProperties": { "$ref": "#/$defs/B" } },
            "D": list("A"), "E": list("F"), "F": object(json!({ "e": { "$ref": "#/$defs/E" } })),
        }));
        assert_eq!(layout.recursive.iter().collect::<Vec<_>>(), ["A", "B", "C"]);
    }
}
