//! The section of a definition: where it is defined, and what it consists of.

use super::brief;
use super::markdown::{anchor, code, link, paragraphs, prose, table};
use super::types::{json, limits, nested, words};
use crate::model::{Alternative, Definition, Enumeration, Kind, Model, Object, Property, Rest, Type, Union};

pub(super) fn section(model: &Model, name: &str, definition: &Definition) -> Vec<String> {
    let mut blocks = vec![format!("### <a id=\"{}\"></a>{}", anchor(name), prose(name))];
    blocks.extend(definition.description.as_deref().map(paragraphs));
    blocks.push(format!("Defined at {}.", code(&format!("#{}", definition.pointer))));
    match &definition.kind {
        Kind::Object(object) => blocks.extend(members(object)),
        Kind::Union(union) => blocks.extend(variants(model, union)),
        Kind::Choice(alternatives) => blocks.extend(choice(alternatives)),
        Kind::Enumeration(enumeration) => blocks.extend(values(enumeration)),
        Kind::Other(ty) => blocks.push(alias(ty)),
    }
    blocks
}

fn members(object: &Object) -> Vec<String> {
    let header = ["Member", "Type", "Presence", "Limits", "Default", "Description"];
    let rows: Vec<_> = object.properties.iter().map(member).collect();
    let listed = if rows.is_empty() { "No member is listed.".to_owned() } else { table(header, &rows) };
    let rest = match &object.rest {
        Rest::Closed => "Closed: there are no other members.".to_owned(),
        Rest::Open => "Open: other members may have any value.".to_owned(),
        Rest::Typed(ty) => format!("Open: the type of other members is {}.", nested(ty)),
    };
    let presence = object.presence.iter().map(|presence| {
        let sets: Vec<_> = presence.sets.iter().map(|names| join_code(names, " and ")).collect();
        let how = if presence.exactly_one { "One of these and no other" } else { "At least one of these" };
        format!("{how} is there: {}.", sets.join("; "))
    });
    [listed, rest].into_iter().chain(presence).collect()
}

fn join_code(names: &[String], separator: &str) -> String {
    names.iter().map(|name| code(name)).collect::<Vec<_>>().join(separator)
}

fn member(property: &Property) -> [String; 6] {
    [
        code(&property.name),
        words(&property.ty),
        if property.required { "required" } else { "optional" }.to_owned(),
        limits(&property.ty.rules),
        property.default.as_ref().map(|value| code(&json(value))).unwrap_or_default(),
        property.description.as_deref().map(prose).unwrap_or_default(),
    ]
}

fn variants(model: &Model, union: &Union) -> Vec<String> {
    let row = |(tag, name): &(String, String)| {
        [code(tag), link(name), model.get(name).map(brief).unwrap_or_default()]
    };
    let rows: Vec<_> = union.variants.iter().map(row).collect();
    let header = [code(&union.tag), "Definition".to_owned(), "Description".to_owned()];
    vec![format!("One of these objects, told apart by {}:", code(&union.tag)), table(header, &rows)]
}

fn choice(alternatives: &[Alternative]) -> Vec<String> {
    let types: Vec<_> = alternatives.iter().map(|alternative| nested(&alternative.ty)).collect();
    let mut blocks = vec![format!("The type is {}, told apart by JSON type.", types.join(" or "))];
    let described: Vec<_> = alternatives
        .iter()
        .filter_map(|alternative| {
            let description = alternative.description.as_deref()?;
            Some(format!("- {}: {}", words(&alternative.ty), prose(description)))
        })
        .collect();
    if !described.is_empty() {
        blocks.push(described.join("\n"));
    }
    blocks
}

fn values(enumeration: &Enumeration) -> Vec<String> {
    let row = |value: &crate::model::Value| {
        [code(&value.text), value.description.as_deref().map(prose).unwrap_or_default()]
    };
    let rows: Vec<_> = enumeration.values.iter().map(row).collect();
    let sentence = if enumeration.fixed { "This string alone:" } else { "One of these strings:" };
    vec![sentence.to_owned(), table(["Value", "Description"], &rows)]
}

fn alias(ty: &Type) -> String {
    let limits = limits(&ty.rules);
    let comma = if limits.is_empty() { "" } else { ", " };
    format!("The type is {}{comma}{limits}.", words(ty))
}
