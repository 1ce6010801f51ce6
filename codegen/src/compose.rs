//! Objects put together from fragments: `allOf` flattened into one list of properties.
//!
//! A property may stand in several places; the outermost wins, provided that it narrows what it
//! overrides, since JSON Schema demands that all of them hold.

use crate::error::Problem;
use crate::node::{Document, JsonType, Members, Node, join};
use std::collections::BTreeMap;

/// A flattened object, its properties not yet resolved to types.
#[derive(Debug, Clone)]
pub(crate) struct Composed<'d> {
    pub(crate) properties: BTreeMap<String, Member<'d>>,
    /// In the order of the `required` lists, fragments before the object itself.
    pub(crate) required: Vec<String>,
    pub(crate) rest: Option<&'d Members>,
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
    fn visit(document: &Document, node: &Node, fuel: usize) -> bool {
        if fuel == 0 {
            return false;
        }
        if let Some(target) = node.reference.as_deref().and_then(|reference| target(document, reference)) {
            return visit(document, target.1, fuel - 1);
        }
        node.types.as_deref() == Some(&[JsonType::Object])
            || node.all_of.iter().any(|part| visit(document, part, fuel - 1))
    }
    visit(document, node, document.definitions.len() + 8)
}

/// The definition that a `$ref` names: `#/$defs/Name` or `#Anchor`.
pub(crate) fn target<'d>(document: &'d Document, reference: &str) -> Option<(&'d str, &'d Node)> {
    let name = match reference.strip_prefix("#/$defs/") {
        Some(name) => name.replace("~1", "/").replace("~0", "~"),
        None => document.anchors.get(reference.strip_prefix('#')?)?.clone(),
    };
    document.definitions.get_key_value(&name).map(|(name, node)| (name.as_str(), node))
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

struct Composer<'d, 'p> {
    document: &'d Document,
    problems: &'p mut Vec<Problem>,
}

impl<'d> Composer<'d, '_> {
    fn problem(&mut self, pointer: &str, message: impl Into<String>) {
        self.problems.push(Problem::new(pointer, message));
    }

    fn object(&mut self, node: &'d Node, owner: &str, stack: &mut Vec<&'d str>) -> Composed<'d> {
        let mut composed = Composed { properties: BTreeMap::new(), required: Vec::new(), rest: None };
        for part in &node.all_of {
            let Some((fragment, fragment_owner)) = self.fragment(part, owner, stack) else { continue };
            let inner = self.object(fragment, &fragment_owner, stack);
            if part.reference.is_some() {
                stack.pop();
            }
            if matches!(inner.rest, Some(Members::Closed | Members::Typed(_))) {
                self.problem(&part.pointer, "a fragment that closes itself cannot be composed into another object");
            }
            for (name, mut member) in inner.properties {
                member.depth += 1;
                self.merge(&mut composed, name, member);
            }
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
                    format!("`{name}` is required but not among the properties"),
                );
            }
        }
        if !node.all_of.is_empty() && node.additional.is_some() {
            self.problem(
                &join(&node.pointer, "additionalProperties"),
                "beside `allOf` this does not see the fragments' properties; use `unevaluatedProperties`",
            );
        }
        composed.rest = match (&node.unevaluated, &node.additional) {
            (Some(Members::Open) | None, additional) => additional.as_ref(),
            (unevaluated, None | Some(Members::Open)) => unevaluated.as_ref(),
            (Some(_), Some(additional)) => Some(additional),
        };
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
        let Some((name, fragment)) = target(self.document, reference) else {
            self.problem(&join(&part.pointer, "$ref"), format!("`{reference}` names no definition"));
            return None;
        };
        if stack.contains(&name) {
            self.problem(&part.pointer, format!("`{name}` is composed of itself"));
            return None;
        }
        if !is_object(self.document, fragment) {
            self.problem(&part.pointer, format!("`{name}` is not an object, so it cannot be a fragment of one"));
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
                    format!("this does not narrow the property that it overrides, #{}", base.node.pointer),
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
            (None, None, Some([JsonType::String])) => constant.is_string() && base.pattern.is_none(),
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn composed(defs: &Value, name: &str) -> Result<(Vec<String>, Vec<String>), Vec<String>> {
        let document = crate::node::read(&json!({ "$defs": defs })).unwrap();
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
            assert!(problems[0].starts_with("#/$defs/Leaf/properties/kind: this does not narrow"), "{problems:?}");
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
        let blind = json!({
            "Base": { "type": "object" },
            "Leaf": { "type": "object", "allOf": [{ "$ref": "#/$defs/Base" }], "additionalProperties": false },
        });
        assert!(composed(&blind, "Leaf").unwrap_err()[0].contains("unevaluatedProperties"));
        let ghost = json!({ "Leaf": { "type": "object", "required": ["ghost"] } });
        assert!(composed(&ghost, "Leaf").unwrap_err()[0].contains("`ghost` is required"));
    }
}
