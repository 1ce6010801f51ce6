//! What OpenAPI's schemas, which Gemini takes, say differently: null, lists of types, values of enums.

use super::{Object, words};
use serde_json::{Value, json};

/// Keywords that belong to values of one type.
const OWNERS: &[(&str, &[&str])] = &[
    ("string", &["minLength", "maxLength", "pattern", "format"]),
    ("number", &["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"]),
    ("array", &["items", "prefixItems", "minItems", "maxItems", "uniqueItems", "contains"]),
    (
        "object",
        &[
            "properties",
            "required",
            "additionalProperties",
            "minProperties",
            "maxProperties",
            "patternProperties",
            "propertyNames",
        ],
    ),
];

/// Rewrites one schema; those inside of it are the caller's.
pub(super) fn rewrite(schema: &mut Object) {
    lift_null(schema);
    split_types(schema);
    whole_bounds(schema);
    let strings = |values: &Vec<Value>| values.iter().all(Value::is_string);
    if schema.get("enum").and_then(Value::as_array).is_some_and(|values| !strings(values)) {
        words::move_to_description(schema, |keyword, _| keyword != "enum");
    }
    // Nothing may be beside `anyOf`, so every branch says it.
    if let Some(Value::Array(mut branches)) = schema.remove("anyOf") {
        let outer = std::mem::take(schema);
        for branch in branches.iter_mut().filter_map(Value::as_object_mut) {
            for (keyword, value) in &outer {
                match (keyword.as_str(), value.as_str(), branch.get("description").and_then(Value::as_str)) {
                    ("description", Some(text), Some(own)) => {
                        let both = format!("{text}\n\n{own}");
                        branch.insert("description".into(), both.into());
                    }
                    _ => drop(branch.entry(keyword.clone()).or_insert_with(|| value.clone())),
                }
            }
        }
        schema.insert("anyOf".into(), Value::Array(branches));
    }
}

/// Makes null a property of the schema, and tells whether it was one of what it accepts.
pub(super) fn lift_null(schema: &mut Object) -> bool {
    let found = take_null(schema);
    if found {
        schema.insert("nullable".into(), true.into());
    }
    found
}

/// Removes null from what a schema accepts, and tells whether it was there.
fn take_null(schema: &mut Object) -> bool {
    let mut found = schema.get("nullable") == Some(&Value::Bool(true));
    if let Some(Value::Array(kinds)) = schema.get_mut("type") {
        let before = kinds.len();
        kinds.retain(|kind| kind != "null");
        found |= kinds.len() < before;
        if kinds.len() < 2 {
            let kind = kinds.pop().unwrap_or_else(|| json!("null"));
            schema.insert("type".into(), kind);
        }
    }
    if let Some(Value::Array(values)) = schema.get_mut("enum") {
        let before = values.len();
        values.retain(|value| !value.is_null());
        found |= values.len() < before && !schema.contains_key("type");
    }
    let Some(Value::Array(branches)) = schema.get_mut("anyOf") else { return found };
    let before = branches.len();
    branches.retain(|branch| branch.get("type").is_none_or(|kind| kind != "null"));
    found |= branches.len() < before;
    if branches.len() == 1
        && let Some(Value::Object(only)) = branches.pop()
    {
        schema.remove("anyOf");
        for (keyword, value) in only {
            schema.entry(keyword).or_insert(value);
        }
        return take_null(schema) || found;
    }
    found
}

/// Several types become alternatives, each with the keywords that concern it.
fn split_types(schema: &mut Object) {
    let Some(Value::Array(kinds)) = schema.get("type").cloned() else { return };
    schema.remove("type");
    let mut branches: Vec<Object> = Vec::new();
    for kind in &kinds {
        branches.push(Object::from_iter([("type".to_owned(), kind.clone())]));
    }
    for (owner, keywords) in OWNERS {
        for keyword in *keywords {
            let Some(value) = schema.remove(*keyword) else { continue };
            for branch in &mut branches {
                let kind = branch.get("type").and_then(Value::as_str).unwrap_or_default();
                if kind == *owner || (kind == "integer" && *owner == "number") {
                    branch.insert((*keyword).to_owned(), value.clone());
                }
            }
        }
    }
    schema.insert("anyOf".into(), branches.into_iter().map(Value::Object).collect());
}

/// Of integers, exclusive bounds are bounds.
fn whole_bounds(schema: &mut Object) {
    if schema.get("type").is_none_or(|kind| kind != "integer") {
        return;
    }
    for (exclusive, inclusive, step) in
        [("exclusiveMinimum", "minimum", 1), ("exclusiveMaximum", "maximum", -1)]
    {
        let bound = schema.get(exclusive).and_then(Value::as_i64).and_then(|bound| bound.checked_add(step));
        if let Some(bound) = bound.filter(|_| !schema.contains_key(inclusive)) {
            schema.remove(exclusive);
            schema.insert(inclusive.to_owned(), json!(bound));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rewritten(schema: Value) -> Value {
        let Value::Object(mut schema) = schema else { panic!() };
        rewrite(&mut schema);
        Value::Object(schema)
    }

    #[test]
    fn null_is_a_property_of_the_schema() {
        assert_eq!(
            rewritten(json!({"type": ["string", "null"]})),
            json!({"type": "string", "nullable": true})
        );
        assert_eq!(
            rewritten(json!({"anyOf": [{"type": "object"}, {"type": "null"}], "description": "d"})),
            json!({"type": "object", "nullable": true, "description": "d"})
        );
        assert_eq!(
            rewritten(json!({"type": ["string", "null"], "enum": ["a", null]})),
            json!({"type": "string", "enum": ["a"], "nullable": true})
        );
    }

    #[test]
    fn several_types_are_alternatives() {
        assert_eq!(
            rewritten(
                json!({"type": ["string", "integer"], "minLength": 1, "minimum": 2, "description": "d"})
            ),
            json!({"anyOf": [{"type": "string", "minLength": 1, "description": "d"},
                {"type": "integer", "minimum": 2, "description": "d"}]})
        );
    }

    #[test]
    fn numbers_are_not_enumerated() {
        assert_eq!(
            rewritten(json!({"type": "integer", "enum": [1, 2], "exclusiveMinimum": 0})),
            json!({"type": "integer", "minimum": 1, "description": "One of `1`, `2`."})
        );
    }
}
