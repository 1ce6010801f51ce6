//! How the members of a union are told apart: by a required member with a constant of its own in
//! each, or (in `resolve`) by JSON type.

use crate::compose::compose;
use crate::error::Problem;
use crate::node::{Document, JsonType, Node};
use std::collections::{BTreeMap, BTreeSet};

/// A union of objects and what distinguishes them.
#[derive(Debug)]
pub(crate) struct Tagged<'d> {
    pub(crate) tag: String,
    pub(crate) variants: Vec<(String, &'d Node)>,
}

/// The members of `oneOf` or `anyOf` but `{type: null}`.
pub(crate) fn without_null(node: &Node) -> Vec<&Node> {
    node.one_of.iter().filter(|node| !is_null(node)).collect()
}

/// As [`without_null`], and of `anyOf` without what another member admits anyway: of some constants and
/// any string, any string is left.
pub(crate) fn alternatives<'d>(document: &'d Document, node: &'d Node) -> Vec<&'d Node> {
    let members = without_null(node);
    if !node.keywords.iter().any(|keyword| keyword == "anyOf") {
        return members;
    }
    let free: Vec<_> = members.iter().map(|member| free_type(document, member)).collect();
    let absorbed = |position: usize, member: &Node| {
        free.iter().enumerate().any(|(other, ty)| {
            // Of two that admit the same, the first stays.
            let rival = other < position || (other > position && free.get(position) != Some(ty));
            rival && ty.is_some_and(|ty| only_has(document, member, ty))
        })
    };
    let kept = members.iter().enumerate().filter(|(position, member)| !absorbed(*position, member));
    kept.map(|(_, member)| *member).collect()
}

/// The type of which a schema admits every value.
fn free_type(document: &Document, node: &Node) -> Option<JsonType> {
    match resolved(document, node) {
        Node { types: Some(types), keywords, .. } if keywords == &["type"] => match types[..] {
            [only] => Some(only),
            _ => None,
        },
        _ => None,
    }
}

/// Whether all values of a schema are of a type.
fn only_has(document: &Document, node: &Node, ty: JsonType) -> bool {
    let node = resolved(document, node);
    let within = |found: &JsonType| *found == ty || (*found, ty) == (JsonType::Integer, JsonType::Number);
    node.types.as_ref().is_some_and(|types| types.iter().all(within))
        || node.listed().is_some_and(|values| values.iter().all(|value| ty.has(value)))
        || (!node.one_of.is_empty()
            && node.one_of.iter().all(|member| member.reference.is_none() && only_has(document, member, ty)))
}

/// What a schema refers to in the end.
fn resolved<'d>(document: &'d Document, node: &'d Node) -> &'d Node {
    let mut node = node;
    for _ in 0..=document.definitions.len() {
        match node.reference.as_deref().and_then(|reference| crate::compose::target(document, reference)) {
            Some((_, next)) => node = next,
            None => break,
        }
    }
    node
}

/// Whether a schema admits `null` beside other values.
pub(crate) fn admits_null(node: &Node) -> bool {
    let by_type = node.types.as_deref().map(|types| types.contains(&JsonType::Null));
    let by_value = node.listed().map(|values| values.iter().any(serde_json::Value::is_null));
    let listed = match (by_type, by_value) {
        (None, None) => false,
        (by_type, by_value) => by_type.unwrap_or(true) && by_value.unwrap_or(true),
    };
    listed || node.one_of.iter().any(is_null)
}

fn is_null(node: &Node) -> bool {
    node.types.as_deref() == Some(&[JsonType::Null])
}

/// Finds the discriminator of a union of objects.
pub(crate) fn discriminate<'d>(
    document: &'d Document,
    union: &Node,
    members: &[&'d Node],
    owner: &str,
) -> Result<Tagged<'d>, Vec<Problem>> {
    let mut candidates: Option<BTreeMap<String, Vec<String>>> = None;
    for node in members {
        let constants = constants(document, node, owner)?;
        candidates = Some(match candidates {
            None => constants.into_iter().map(|(name, value)| (name, vec![value])).collect(),
            Some(before) => before
                .into_iter()
                .filter_map(|(name, mut values)| {
                    values.push(constants.get(&name)?.clone());
                    Some((name, values))
                })
                .collect(),
        });
    }
    let distinct = |values: &Vec<String>| values.iter().collect::<BTreeSet<_>>().len() == values.len();
    candidates
        .unwrap_or_default()
        .into_iter()
        .find(|(_, values)| distinct(values))
        .map(|(tag, values)| Tagged {
            tag,
            variants: values.into_iter().zip(members.iter().copied()).collect(),
        })
        .ok_or_else(|| {
            vec![Problem::new(
                &union.pointer,
                (
                    "the members of this union are objects without a discriminator",
                    "give them a property that is required in all of them, with a string `const` that \
                     differs in each",
                ),
            )]
        })
}

/// The required string constants of an object.
fn constants<'d>(
    document: &'d Document,
    node: &'d Node,
    owner: &str,
) -> Result<BTreeMap<String, String>, Vec<Problem>> {
    let composed = compose(document, resolved(document, node), owner)?;
    Ok(composed
        .properties
        .iter()
        .filter(|(name, _)| composed.required.contains(name))
        .filter_map(|(name, member)| {
            let constant = member.node.constant.as_ref()?.as_str()?;
            Some((name.clone(), constant.to_owned()))
        })
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn null_is_admitted_only_if_type_and_values_agree() {
        for (schema, admitted) in [
            (json!({ "type": ["string", "null"] }), true),
            (json!({ "enum": ["a", null] }), true),
            (json!({ "type": ["string", "null"], "enum": ["a", null] }), true),
            (json!({ "type": ["string", "null"], "enum": ["a"] }), false),
            (json!({ "type": ["string", "null"], "const": "a" }), false),
            (json!({ "oneOf": [{ "type": "string" }, { "type": "null" }] }), true),
            (json!({ "type": "string" }), false),
            (json!({}), false),
        ] {
            let document = crate::node::read(&json!({ "$defs": { "A": schema } })).0;
            assert_eq!(admits_null(&document.definitions["A"]), admitted, "{schema}");
        }
    }
}
