//! Rust names for what the schema calls otherwise or leaves nameless.

use crate::model::{Json, Shape};
use crate::node::{Document, Node};
use heck::{ToSnakeCase, ToUpperCamelCase};
use std::collections::{BTreeMap, BTreeSet};

/// The name of a type or variant: `pascal("snake_case")` is `SnakeCase`.
///
/// Applied to its own result it changes nothing, so typify leaves such names alone.
pub(crate) fn pascal(name: &str) -> String {
    let mut ident = words(name).to_upper_camel_case();
    // Words of one letter grow together: `a_b_cd` is `ABCd` at first, then `AbCd`.
    for _ in 0..4 {
        ident = ident.to_upper_camel_case();
    }
    identifier(ident, 'X')
}

/// The name of a field or method: `snake("camelCase")` is `camel_case`.
pub(crate) fn snake(name: &str) -> String {
    identifier(words(name).to_snake_case(), 'x')
}

/// The name of a type inside of another.
pub(crate) fn inner(owner: &str, member: &str) -> String {
    pascal(&format!("{owner} {member}"))
}

/// Whether Rust takes it for an identifier.
pub(crate) fn is_identifier(name: &str) -> bool {
    syn::parse_str::<proc_macro2::Ident>(name).is_ok()
}

/// What can stand in an identifier, the rest as spaces between words.
fn words(name: &str) -> String {
    let (sign, name) = match name.strip_prefix(['+', '-']) {
        Some(rest) if rest.starts_with(|first: char| first.is_ascii_digit()) => {
            (if name.starts_with('+') { "plus " } else { "minus " }, rest)
        }
        _ => ("", name),
    };
    let kept = |c: char| c.is_alphabetic() || c.is_ascii_digit();
    format!("{sign}{}", name.replace('\'', "").replace(|c| !kept(c), " "))
}

fn identifier(mut name: String, prefix: char) -> String {
    if !name.starts_with(char::is_alphabetic) {
        name.insert(0, prefix);
    }
    // `gen` is a keyword from the edition of 2024 on.
    if name == "gen" || !is_identifier(&name) {
        name.push('_');
    }
    name
}

/// Inline schemas that occur more than once under the same property name, by (property, signature),
/// with the one name that they share: the property's, unless something else is called so.
pub(crate) fn shared(document: &Document) -> BTreeMap<(String, String), String> {
    let mut places: BTreeMap<(String, String), BTreeSet<String>> = BTreeMap::new();
    for node in document.definitions.values() {
        collect(node, &mut places);
    }
    collect(&document.root, &mut places);
    let repeated: Vec<_> =
        places.into_iter().filter(|(_, pointers)| pointers.len() > 1).map(|(key, _)| key).collect();
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
    }
    for child in node.children() {
        collect(child, places);
    }
}

fn needs_name(node: &Node) -> bool {
    node.one_of.len() > 1
        || node.values.is_some()
        || !node.properties.is_empty()
        || node.types.as_deref().is_some_and(|types| types.len() > 1)
}

/// The variant names of the alternatives in the union `owner`: after their types, less what the
/// union's name says already, so that `Content` has `Parts` of `ContentPart`.
pub(crate) fn alternatives(alternatives: &[(Json, &Shape)], owner: &str) -> Vec<String> {
    let names: Vec<_> = alternatives.iter().map(|(_, shape)| alternative(shape, owner)).collect();
    if names.iter().collect::<BTreeSet<_>>().len() == names.len() {
        return names;
    }
    // No two alternatives have the same JSON type.
    alternatives.iter().map(|(json, _)| format!("{json:?}")).collect()
}

fn alternative(shape: &Shape, owner: &str) -> String {
    match shape {
        Shape::Any | Shape::Constant(_) => "Value".to_owned(),
        Shape::Boolean => "Boolean".to_owned(),
        Shape::Integer { .. } => "Integer".to_owned(),
        Shape::Number => "Number".to_owned(),
        Shape::String => "Text".to_owned(),
        Shape::Map(_) => "Object".to_owned(),
        Shape::Reference(name) => shorten(name, owner),
        Shape::List(item) => match &item.shape {
            Shape::Reference(name) if name != owner => pascal(&format!("{}s", shorten(name, owner))),
            _ => "List".to_owned(),
        },
    }
}

fn shorten(name: &str, owner: &str) -> String {
    match name.strip_prefix(owner) {
        Some(rest) if rest.starts_with(|first: char| first.is_ascii_uppercase()) => pascal(rest),
        _ => pascal(name),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_becomes_an_identifier() {
        for (name, type_name, field) in [
            ("camelCase", "CamelCase", "camel_case"),
            ("two words/three~", "TwoWordsThree", "two_words_three"),
            ("HTTPServer", "HttpServer", "http_server"),
            ("2nd", "X2nd", "x2nd"),
            ("+1", "Plus1", "plus_1"),
            ("-1", "Minus1", "minus_1"),
            ("don't", "Dont", "dont"),
            ("self", "Self_", "self_"),
            ("gen", "Gen", "gen_"),
            ("", "X", "x"),
            ("<=", "X", "x"),
            ("²", "X", "x"),
            ("é", "É", "é"),
        ] {
            assert_eq!((pascal(name).as_str(), snake(name).as_str()), (type_name, field), "{name:?}");
            assert!(is_identifier(&pascal(name)) && is_identifier(&snake(name)), "{name:?}");
        }
    }

    #[test]
    fn names_are_stable() {
        for name in ["a_b_cd", "A_b", "aB_c", "self", "2nd", "ß", "X_1_Y", "aBC_d_eF"] {
            assert_eq!(pascal(&pascal(name)), pascal(name));
            assert_eq!(snake(&snake(name)), snake(name));
        }
    }

    #[test]
    fn alternatives_that_would_be_called_alike_are_called_by_their_json_types() {
        let text = Shape::Reference("Text".to_owned());
        let named = |of: &[(Json, &Shape)]| alternatives(of, "Note");
        assert_eq!(
            named(&[(Json::String, &Shape::String), (Json::Number, &Shape::Number)]),
            ["Text", "Number"]
        );
        assert_eq!(named(&[(Json::String, &Shape::String), (Json::Object, &text)]), ["String", "Object"]);
    }
}
