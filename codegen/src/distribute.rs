//! Keywords beside `oneOf` and `anyOf`, moved to where they mean the same and have a translation.

use crate::model::Presence;
use crate::node::{JsonType, Node};
use crate::rules;

/// Rewrites what stands beside a union; what cannot be rewritten stays and is refused later.
pub(crate) fn distribute(node: &mut Node) {
    if !node.one_of.is_empty() {
        choose_members(node);
        hand_down(node);
    }
}

/// Lists of required members alone choose among the members of one object, not among types.
fn choose_members(node: &mut Node) {
    let only_requires = |member: &Node| member.keywords == ["required"];
    if node.types.as_deref() != Some(&[JsonType::Object]) || !node.one_of.iter().all(only_requires) {
        return;
    }
    let exactly_one = node.keywords.iter().any(|keyword| keyword == "oneOf");
    let mut sets: Vec<_> = node.one_of.drain(..).map(|member| member.required).collect();
    node.keywords.retain(|keyword| keyword != "oneOf" && keyword != "anyOf");
    node.keywords.push("required".to_owned());
    match (sets.pop(), sets.is_empty()) {
        (Some(only), true) => {
            let fresh: Vec<_> = only.into_iter().filter(|name| !node.required.contains(name)).collect();
            node.required.extend(fresh);
        }
        (last, _) => {
            sets.extend(last);
            node.presence = Some(Presence { sets, exactly_one });
        }
    }
}

/// A keyword for values of one JSON type is handed down to the members of that type: it means nothing
/// for the others.
fn hand_down(node: &mut Node) {
    for ty in [JsonType::Number, JsonType::String, JsonType::Array] {
        let moved: Vec<String> = node
            .keywords
            .iter()
            .filter(|keyword| rules::keywords(ty).contains(&keyword.as_str()))
            .cloned()
            .collect();
        let is_heir = |member: &Node| match member.types.as_deref() {
            Some([JsonType::Integer]) => ty == JsonType::Number,
            Some([only]) => *only == ty,
            _ => false,
        };
        // Behind a reference, or with several types, there is no place to put them.
        let told = node.one_of.iter().all(|member| matches!(member.types.as_deref(), Some([_])));
        let free = |member: &Node| !member.keywords.iter().any(|keyword| moved.contains(keyword));
        let heirs = node.one_of.iter().filter(|member| is_heir(member)).count();
        let willing = node.one_of.iter().filter(|member| is_heir(member)).all(free);
        if moved.is_empty() || !told || heirs == 0 || !willing {
            continue;
        }
        let inheritance = node.clone();
        for heir in node.one_of.iter_mut().filter(|member| is_heir(member)) {
            for keyword in &moved {
                inherit(heir, keyword, &inheritance);
            }
            heir.keywords.extend(moved.iter().cloned());
            heir.signature.push_str(&inheritance.signature);
        }
        node.keywords.retain(|keyword| !moved.contains(keyword));
    }
}

fn inherit(heir: &mut Node, keyword: &str, from: &Node) {
    match keyword {
        "items" => heir.items.clone_from(&from.items),
        "minItems" => heir.min_items = from.min_items,
        "maxItems" => heir.max_items = from.max_items,
        "uniqueItems" => heir.unique_items = from.unique_items,
        "minLength" => heir.min_length = from.min_length,
        "maxLength" => heir.max_length = from.max_length,
        "pattern" => heir.pattern.clone_from(&from.pattern),
        "minimum" => heir.minimum.clone_from(&from.minimum),
        "maximum" => heir.maximum.clone_from(&from.maximum),
        "multipleOf" => heir.multiple_of.clone_from(&from.multiple_of),
        "exclusiveMinimum" => heir.above.clone_from(&from.above),
        "exclusiveMaximum" => heir.below.clone_from(&from.below),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use crate::model::Presence;
    use crate::node::Node;
    use serde_json::{Value, json};

    fn read(schema: Value) -> Node {
        let (document, problems) = crate::node::read(&json!({ "$defs": { "A": schema } }));
        assert!(problems.is_empty(), "{problems:?}");
        document.definitions["A"].clone()
    }

    #[test]
    fn lists_of_required_members_choose_among_members() {
        let properties = json!({ "a": {}, "b": {}, "c": {} });
        let sets = json!([{ "required": ["a"] }, { "required": ["b", "c"] }]);
        for (keyword, exactly_one) in [("oneOf", true), ("anyOf", false)] {
            let node = read(json!({ "type": "object", "properties": properties, keyword: sets }));
            let sets = vec![vec!["a".to_owned()], vec!["b".to_owned(), "c".to_owned()]];
            assert_eq!(node.presence, Some(Presence { sets, exactly_one }));
            assert!(node.one_of.is_empty());
        }
        let one = read(json!({ "type": "object", "required": ["b"], "oneOf": [{ "required": ["b", "a"] }] }));
        assert_eq!((one.required, one.presence), (vec!["b".to_owned(), "a".to_owned()], None));
    }

    #[test]
    fn keywords_go_to_the_members_that_they_concern() {
        let node = read(json!({ "oneOf": [{ "type": "string" }, { "type": "array" }, { "type": "integer" }],
            "items": { "type": "string" }, "minLength": 1, "maximum": 3 }));
        assert_eq!(node.keywords, ["oneOf"]);
        let kept: Vec<_> = node.one_of.iter().map(|member| member.keywords.join(" ")).collect();
        assert_eq!(kept, ["type minLength", "type items", "type maximum"]);
        assert!(node.one_of[1].items.is_some());
    }

    #[test]
    fn keywords_without_an_heir_stay() {
        for schema in [
            json!({ "oneOf": [{ "type": "string" }, { "type": "array", "items": {} }], "items": true }),
            json!({ "oneOf": [{ "type": "string" }, { "$ref": "#/$defs/A" }], "minLength": 1 }),
            json!({ "oneOf": [{ "type": "string" }, { "type": "boolean" }], "items": {} }),
        ] {
            assert_eq!(read(schema).keywords.len(), 2);
        }
    }
}
