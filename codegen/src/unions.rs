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

/// The members of `oneOf` or `anyOf` but `{type: null}`, and whether that was among them.
pub(crate) fn without_null(node: &Node) -> (Vec<&Node>, bool) {
    let is_null = |node: &&Node| node.types.as_deref() == Some(&[JsonType::Null]);
    let members: Vec<_> = node.one_of.iter().filter(|node| !is_null(node)).collect();
    let nullable = members.len() < node.one_of.len();
    (members, nullable)
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
        .map(|(tag, values)| Tagged { tag, variants: values.into_iter().zip(members.iter().copied()).collect() })
        .ok_or_else(|| {
            vec![Problem::new(
                &union.pointer,
                "the members of this union are objects without a discriminator: a property that is \
                 required in all of them, with a string `const` that differs in each",
            )]
        })
}

/// The required string constants of an object.
fn constants(document: &Document, node: &Node, owner: &str) -> Result<BTreeMap<String, String>, Vec<Problem>> {
    let mut object = node;
    for _ in 0..=document.definitions.len() {
        match object.reference.as_deref().and_then(|reference| crate::compose::target(document, reference)) {
            Some((_, next)) => object = next,
            None => break,
        }
    }
    let composed = compose(document, object, owner)?;
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
