//! Which problems to report beside misread keywords: those that cannot be a consequence of them.

use crate::compose::target;
use crate::error::Problem;
use crate::node::{Document, Node};
use std::collections::BTreeSet;

/// The problems found in definitions that neither contain nor refer to anything misread.
pub(crate) fn independent(document: &Document, misread: &[Problem], found: Vec<Problem>) -> Vec<Problem> {
    let mut doubtful: BTreeSet<&str> =
        misread.iter().filter_map(|problem| definition(document, problem)).collect();
    loop {
        let before = doubtful.len();
        for (name, node) in &document.definitions {
            if refers(document, node, &doubtful) {
                doubtful.insert(name);
            }
        }
        if doubtful.len() == before {
            break;
        }
    }
    let sound =
        |problem: &Problem| definition(document, problem).is_some_and(|name| !doubtful.contains(name));
    found.into_iter().filter(sound).collect()
}

/// The definition in which a problem lies; `None` for the root.
fn definition<'d>(document: &'d Document, problem: &Problem) -> Option<&'d str> {
    let lies_in = |node: &Node| {
        let rest = problem.pointer.strip_prefix(&node.pointer);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    document.definitions.iter().find(|(_, node)| lies_in(node)).map(|(name, _)| name.as_str())
}

fn refers(document: &Document, node: &Node, to: &BTreeSet<&str>) -> bool {
    let target = node.reference.as_deref().and_then(|reference| target(document, reference));
    target.is_some_and(|(name, _)| to.contains(name))
        || node.children().any(|child| refers(document, child, to))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    #[test]
    fn problems_that_may_follow_from_misread_keywords_wait() {
        let schema = crate::Schema::from(json!({ "$defs": {
            "Misread": { "type": "object", "properties": { "a": { "if": {} }, "b": { "$ref": "#gone" } } },
            "Dependent": { "type": "array", "items": { "$ref": "#/$defs/Misread" }, "minLength": 1 },
            "Twice": { "oneOf": [{ "$ref": "#/$defs/Dependent" }, { "type": "array" }] },
            "Sound": { "$ref": "#gone" },
        }}));
        let error = crate::check(&schema).unwrap_err();
        assert_eq!(
            error.to_string(),
            "#/$defs/Misread/properties/a/if: the keyword `if` is not supported; correct its spelling or remove it, and say what it demands in the `description`\n\
             #/$defs/Sound/$ref: `#gone` names no definition; refer to one as `#/$defs/NAME` or `#ANCHOR`"
        );
    }
}
