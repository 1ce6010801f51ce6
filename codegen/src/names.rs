//! Names for what the schema leaves nameless.

use crate::model::Shape;
use crate::node::{Document, Node};
use heck::ToUpperCamelCase;
use std::collections::{BTreeMap, BTreeSet};

/// `pascal("snake_case")` is `SnakeCase`.
pub(crate) fn pascal(name: &str) -> String {
    name.to_upper_camel_case()
}

/// Inline schemas that occur more than once under the same property name, by (property, signature),
/// with the one name that they share: the property's, unless something else is called so.
pub(crate) fn shared(document: &Document) -> BTreeMap<(String, String), String> {
    let mut places: BTreeMap<(String, String), BTreeSet<String>> = BTreeMap::new();
    for node in document.definitions.values() {
        collect(node, &mut places);
    }
    collect(&document.root, &mut places);
    let repeated: Vec<_> = places.into_iter().filter(|(_, pointers)| pointers.len() > 1).map(|(key, _)| key).collect();
    let mut names = BTreeMap::new();
    for key in &repeated {
        let name = pascal(&key.0);
        let rivals = repeated.iter().filter(|other| pascal(&other.0) == name).count();
        if rivals == 1 && !document.definitions.keys().any(|definition| pascal(definition) == name) {
            names.insert(key.clone(), name);
        }
    }
    names
}

fn collect(node: &Node, places: &mut BTreeMap<(String, String), BTreeSet<String>>) {
    for (name, property) in &node.properties {
        if property.reference.is_none() && needs_name(property) {
            places
                .entry((name.clone(), property.signature.clone()))
                .or_default()
                .insert(property.pointer.clone());
        }
        collect(property, places);
    }
    for part in node.all_of.iter().chain(&node.one_of).chain(node.items.as_deref()) {
        collect(part, places);
    }
}

fn needs_name(node: &Node) -> bool {
    node.one_of.len() > 1
        || node.values.is_some()
        || !node.properties.is_empty()
        || node.types.as_deref().is_some_and(|types| types.len() > 1)
}

/// The variant name of an alternative in the union `owner`: after its type, less what the union's
/// name says already, so that `Content` has `Parts` of `ContentPart`.
pub(crate) fn alternative(shape: &Shape, owner: &str) -> String {
    match shape {
        Shape::Any | Shape::Constant(_) => "Value".to_owned(),
        Shape::Boolean => "Boolean".to_owned(),
        Shape::Integer { .. } => "Integer".to_owned(),
        Shape::Number => "Number".to_owned(),
        Shape::String => "Text".to_owned(),
        Shape::Map(_) => "Object".to_owned(),
        Shape::Reference(name) => shorten(name, owner),
        Shape::List(item) => match &item.shape {
            Shape::Reference(name) => format!("{}s", shorten(name, owner)),
            _ => "List".to_owned(),
        },
    }
}

fn shorten(name: &str, owner: &str) -> String {
    match name.strip_prefix(owner) {
        Some(rest) if rest.starts_with(|first: char| first.is_ascii_uppercase()) => rest.to_owned(),
        _ => pascal(name),
    }
}
