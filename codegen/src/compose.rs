//! Objects put together from fragments: `allOf` flattened into one list of properties.
//!
//! A property may stand in several places; the outermost wins, provided that it narrows what it
//! overrides, since JSON Schema demands that all of them hold.

use crate::error::{Finding, Problem};
use crate::model::Presence;
use crate::node::{Document, JsonType, Members, Node, join};
use std::collections::{BTreeMap, BTreeSet};

/// A flattened object, its properties not yet resolved to types.
#[derive(Debug, Clone, Default)]
pub(crate) struct Composed<'d> {
    pub(crate) properties: BTreeMap<String, Member<'d>>,
    /// In the order of the `required` lists, fragments before the object itself.
    pub(crate) required: Vec<String>,
    pub(crate) rest: Option<&'d Members>,
    pub(crate) presence: Vec<&'d Presence>,
}

#[derive(Debug, Clone)]
pub(crate) struct Member<'d> {
    pub(crate) node: &'d Node,
    /// The definition in which the property is written.
    pub(crate) owner: String,
    /// How many fragments deep; 0 is the object itself.
    pub(crate) depth: usize,
    /// The nearest description, which an override may leave to what it overrides.
    pub(crate) description: Option<&'d str>,
}

/// Whether a schema describes objects, following references and fragments.
pub(crate) fn is_object(document: &Document, node: &Node) -> bool {
    fn visit<'d>(document: &'d Document, node: &'d Node, seen: &mut BTreeSet<&'d str>) -> bool {
        if let Some(target) = node.reference.as_deref().and_then(|reference| target(document, reference)) {
            return seen.insert(target.0) && visit(document, target.1, seen);
        }
        node.types.as_deref() == Some(&[JsonType::Object])
            || node.all_of.iter().any(|part| visit(document, part, seen))
    }
    visit(document, node, &mut BTreeSet::new())
}

/// The definition that a `$ref` names: `#/$defs/Name` or `#Anchor`.
pub(crate) fn target<'d>(document: &'d Document, reference: &str) -> Option<(&'d str, &'d Node)> {
    let name = match reference.strip_prefix("#/$defs/") {
        Some(name) => percent_decoded(name)?.replace("~1", "/").replace("~0", "~"),
        None => document.anchors.get(reference.strip_prefix('#')?)?.clone(),
    };
    document.definitions.get_key_value(&name).map(|(name, node)| (name.as_str(), node))
}

/// A `$ref` is a URI, in which a space is `%20`.
fn percent_decoded(text: &str) -> Option<String> {
    let mut bytes = text.bytes();
    let mut decoded = Vec::with_capacity(text.len());
    while let Some(byte) = bytes.next() {
        let digit =
            |byte: Option<u8>| char::from(byte?).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
        decoded.push(match byte {
            b'%' => digit(bytes.next())? * 16 + digit(bytes.next())?,
            other => other,
        });
    }
    String::from_utf8(decoded).ok()
}

/// Flattens the object `node`, which stands in the definition `owner`.
pub(crate) fn compose<'d>(
    document: &'d Document,
    node: &'d Node,
    owner: &str,
) -> Result<Composed<'d>, Vec<Problem>> {
    let mut problems = Vec::new();
    let composed = Composer { document, problems: &mut problems }.object(node, owner, &mut Vec::new());
    if problems.is_empty() { Ok(composed) } else { Err(problems) }
}

/// What may describe an object.
const KEYWORDS: &[&str] =
    &["type", "properties", "required", "additionalProperties", "unevaluatedProperties", "allOf", "not"];

struct Composer<'d, 'p> {
    document: &'d Document,
    problems: &'p mut Vec<Problem>,
}

impl<'d> Composer<'d, '_> {
    fn problem(&mut self, pointer: &str, finding: impl Into<Finding>) {
        self.problems.push(Problem::new(pointer, finding));
    }

    fn object(&mut self, node: &'d Node, owner: &str, stack: &mut Vec<&'d str>) -> Composed<'d> {
        let mut composed = Composed::default();
        for keyword in node.beside(KEYWORDS) {
            self.problem(
                &join(&node.pointer, keyword),
                (
                    format!("`{keyword}` does not go with an object"),
                    "remove it, or say what else than an object this is",
                ),
            );
        }
        if node.types.is_some() && node.types_of_values() != [JsonType::Object] {
            self.problem(
                &join(&node.pointer, "type"),
                ("composed with objects this is an object or nothing", "write `object`, or leave it out"),
            );
        }
        for part in &node.all_of {
            let Some((fragment, fragment_owner)) = self.fragment(part, owner, stack) else { continue };
            let inner = self.object(fragment, &fragment_owner, stack);
            if part.reference.is_some() {
                stack.pop();
            }
            match (inner.rest, &node.unevaluated) {
                (None, _) | (Some(Members::Open), None | Some(Members::Open)) => {}
                (Some(Members::Open), _) => {
                    let message = (
                        "this fragment admits all members, so none is left unevaluated",
                        "remove `additionalProperties` from the fragment",
                    );
                    self.problem(&part.pointer, message);
                }
                (Some(Members::Closed | Members::Typed(_)), _) => {
                    let message = (
                        "a fragment that closes itself cannot be composed into another object",
                        "leave the closing to the objects that are composed of it",
                    );
                    self.problem(&part.pointer, message);
                }
            }
            for (name, mut member) in inner.properties {
                member.depth += 1;
                self.merge(&mut composed, name, member);
            }
            composed.presence.extend(inner.presence);
            for name in inner.required {
                if !composed.required.contains(&name) {
                    composed.required.push(name);
                }
            }
        }
        for (name, property) in &node.properties {
            let member = Member {
                node: property,
                owner: owner.to_owned(),
                depth: 0,
                description: property.description.as_deref(),
            };
            self.merge(&mut composed, name.clone(), member);
        }
        // The object's own list decides the order of what it names.
        composed.required.retain(|name| !node.required.contains(name));
        composed.required.extend(node.required.iter().cloned());
        for name in &composed.required {
            if !composed.properties.contains_key(name) {
                self.problem(
                    &join(&node.pointer, "required"),
                    (
                        format!("`{name}` is required but not among the properties"),
                        "describe it under `properties`, or correct the spelling",
                    ),
                );
            }
        }
        composed.presence.extend(&node.presence);
        for name in node.presence.iter().flat_map(|presence| &presence.sets).flatten() {
            if !composed.properties.contains_key(name) {
                let message = format!("`{name}` is required in one case but not among the properties");
                self.problem(
                    &node.pointer,
                    (message, "describe it in `properties`, or correct its spelling"),
                );
            }
        }
        if !node.all_of.is_empty() && node.additional.is_some() {
            self.problem(
                &join(&node.pointer, "additionalProperties"),
                ("beside `allOf` this does not see the fragments' properties", "use `unevaluatedProperties`"),
            );
        }
        // Whatever `additionalProperties` says, it evaluates all members.
        composed.rest = node.additional.as_ref().or(node.unevaluated.as_ref());
        composed
    }

    /// The schema that an element of `allOf` stands for, and the definition it is written in.
    fn fragment(
        &mut self,
        part: &'d Node,
        owner: &str,
        stack: &mut Vec<&'d str>,
    ) -> Option<(&'d Node, String)> {
        let Some(reference) = part.reference.as_deref() else { return Some((part, owner.to_owned())) };
        for keyword in part.beside(&["$ref", "not"]) {
            let message =
                (format!("`{keyword}` beside `$ref` is not supported"), "put it into a fragment of its own");
            self.problem(&join(&part.pointer, keyword), message);
        }
        let Some((name, fragment)) = target(self.document, reference) else {
            self.problem(
                &join(&part.pointer, "$ref"),
                (format!("`{reference}` names no definition"), "refer to one as `#/$defs/NAME` or `#ANCHOR`"),
            );
            return None;
        };
        if stack.contains(&name) {
            self.problem(
                &part.pointer,
                (format!("`{name}` is composed of itself"), "take one of the `allOf` out of the circle"),
            );
            return None;
        }
        if !is_object(self.document, fragment) {
            self.problem(
                &part.pointer,
                (
                    format!("`{name}` is not an object, so it cannot be a fragment of one"),
                    "refer to an object, or describe a property of that type",
                ),
            );
            return None;
        }
        if fragment.reference.is_some() {
            return self.fragment(fragment, name, stack);
        }
        stack.push(name);
        Some((fragment, name.to_owned()))
    }

    fn merge(&mut self, composed: &mut Composed<'d>, name: String, mut member: Member<'d>) {
        if let Some(base) = composed.properties.get(&name) {
            member.description = member.description.or(base.description);
            if member.node.is_unconstrained() {
                member.node = base.node;
                member.owner.clone_from(&base.owner);
            } else if !self.narrows(base.node, member.node) {
                self.problem(
                    &member.node.pointer,
                    (
                        format!(
                            "this does not narrow the property that it overrides, #{}",
                            base.node.pointer
                        ),
                        "admit only what is admitted there, or give the property another name",
                    ),
                );
            }
            // An override of an inherited property is as inherited as what it overrides.
            member.depth = member.depth.max(base.depth);
        }
        composed.properties.insert(name, member);
    }

    /// Whether everything that `inner` admits is admitted by `base`, as far as it can be told.
    fn narrows(&self, base: &Node, inner: &Node) -> bool {
        if base.is_unconstrained() || base.signature == inner.signature {
            return true;
        }
        let Some(constant) = &inner.constant else { return false };
        let base = match base.reference.as_deref().and_then(|reference| target(self.document, reference)) {
            Some((_, base)) => base,
            None => base,
        };
        match (&base.constant, &base.values, base.types.as_deref()) {
            (Some(only), _, _) => only == constant,
            (None, Some(values), _) => values.contains(constant),
            (None, None, Some([JsonType::String])) => constant.as_str().is_some_and(|text| {
                let length = text.chars().count();
                base.pattern.is_none()
                    && base.min_length.is_none_or(|minimum| length >= minimum)
                    && base.max_length.is_none_or(|maximum| length <= maximum)
            }),
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn composed(defs: &Value, name: &str) -> Result<(Vec<String>, Vec<String>), Vec<String>> {
        let document = crate::node::read(&json!({ "$defs": defs })).0;
        let node = &document.definitions[name];
        compose(&document, node, name)
            .map(|object| (object.properties.keys().cloned().collect(), object.required))
            .map_err(|problems| problems.iter().map(ToString::to_string).collect())
    }

    #[test]
    fn fragments_bring_their_properties_and_requirements() {
        let defs = json!({
            "Base": { "type": "object", "properties": { "id": { "type": "string" } }, "required": ["id"] },
            "Tag": { "type": "object", "allOf": [{ "$ref": "#/$defs/Base" }], "properties": { "tag": {} } },
            "Leaf": { "type": "object", "allOf": [{ "$ref": "#/$defs/Tag" }],
                "properties": { "own": {} }, "required": ["own"], "unevaluatedProperties": false },
        });
        let (properties, required) = composed(&defs, "Leaf").unwrap();
        assert_eq!(properties, ["id", "own", "tag"]);
        assert_eq!(required, ["id", "own"]);
    }

    #[test]
    fn an_override_has_to_narrow() {
        let defs = |inner: Value| {
            json!({
                "Kind": { "enum": ["a", "b"] },
                "Base": { "type": "object", "properties": { "kind": { "$ref": "#/$defs/Kind" } } },
                "Leaf": { "type": "object", "allOf": [{ "$ref": "#/$defs/Base" }], "properties": { "kind": inner } },
            })
        };
        assert!(composed(&defs(json!({ "const": "a" })), "Leaf").is_ok());
        assert!(composed(&defs(json!({ "description": "More about it." })), "Leaf").is_ok());
        for wider in [json!({ "const": "c" }), json!({ "type": "string" })] {
            let problems = composed(&defs(wider), "Leaf").unwrap_err();
            assert!(
                problems[0].starts_with("#/$defs/Leaf/properties/kind: this does not narrow"),
                "{problems:?}"
            );
        }
    }

    #[test]
    fn impossible_compositions_are_refused() {
        let closed = json!({
            "Base": { "type": "object", "unevaluatedProperties": false },
            "Leaf": { "type": "object", "allOf": [{ "$ref": "#/$defs/Base" }] },
        });
        assert!(composed(&closed, "Leaf").unwrap_err()[0].contains("closes itself"));
        let itself = json!({ "Leaf": { "type": "object", "allOf": [{ "$ref": "#/$defs/Leaf" }] } });
        assert!(composed(&itself, "Leaf").unwrap_err()[0].contains("composed of itself"));
        let bottomless = json!({
            "Base": { "type": "object", "additionalProperties": true },
            "Leaf": { "type": "object", "allOf": [{ "$ref": "#/$defs/Base" }], "unevaluatedProperties": false },
        });
        assert!(composed(&bottomless, "Leaf").unwrap_err()[0].contains("none is left unevaluated"));
        let blind = json!({
            "Base": { "type": "object" },
            "Leaf": { "type": "object", "allOf": [{ "$ref": "#/$defs/Base" }], "additionalProperties": false },
        });
        assert!(composed(&blind, "Leaf").unwrap_err()[0].contains("unevaluatedProperties"));
        let ghost = json!({ "Leaf": { "type": "object", "required": ["ghost"] } });
        assert!(composed(&ghost, "Leaf").unwrap_err()[0].contains("`ghost` is required"));
    }

    #[test]
    fn references_are_uri_fragments() {
        let defs = json!({ "a b/c~%": {}, "Plain": { "$anchor": "here" } });
        let document = crate::node::read(&json!({ "$defs": defs })).0;
        let target = |reference| target(&document, reference).map(|(name, _)| name);
        assert_eq!(target("#/$defs/a%20b~1c~0%25"), Some("a b/c~%"));
        assert_eq!(target("#here"), Some("Plain"));
        for reference in ["#/$defs/a%2", "#/$defs/%FF", "#/$defs/Other", "Plain", "#there", "#"] {
            assert_eq!(target(reference), None, "{reference}");
        }
    }

    #[test]
    fn objects_are_told_in_linear_time() {
        let defs = json!({ "A": { "allOf": [{ "$ref": "#/$defs/A" }, { "$ref": "#/$defs/A" }] } });
        let mut document = crate::node::read(&json!({ "$defs": defs })).0;
        let nested = document.definitions["A"].clone();
        for index in 0..60 {
            document.definitions.insert(format!("More{index}"), nested.clone());
        }
        assert!(!is_object(&document, &nested));
    }
}
