//! `allOf` merged and alternatives made plain: what remains is at most one `anyOf`, alone.

use super::error::Pointer;
use super::merge::merged;
use super::{Object, Result, SchemaError};
use serde_json::Value;

/// How many alternatives the combination of several choices may have.
const LIMIT: usize = 64;

/// What a schema says beside its alternatives.
const ANNOTATIONS: &[&str] = &[
    "title",
    "description",
    "default",
    "examples",
    "deprecated",
    "$defs",
    "readOnly",
    "writeOnly",
    "$comment",
    "nullable",
];

/// Merges `allOf` into the schema, and makes of its choices one `anyOf` whose branches are complete.
///
/// `oneOf` becomes `anyOf`: providers know only that, and the branches of Rust enums exclude each other, save
/// those of untagged ones, where the first that fits is meant.
pub(super) fn combine(schema: &mut Object, at: &Pointer) -> Result<()> {
    let groups = choices(schema, at)?;
    if groups.is_empty() {
        return Ok(());
    }
    let annotations = take_annotations(schema);
    let mut branches = vec![std::mem::take(schema)];
    for group in groups {
        if branches.len() * group.len() > LIMIT {
            return Err(SchemaError::new(at, format!("its choices combine to more than {LIMIT}")));
        }
        let mut combined = Vec::new();
        for branch in &branches {
            for choice in &group {
                combined.push(merged(branch.clone(), choice.clone(), at)?);
            }
        }
        branches = combined;
    }
    *schema = annotations;
    if branches.len() == 1 {
        for (keyword, value) in branches.into_iter().flatten() {
            schema.entry(keyword).or_insert(value);
        }
        // What was the only choice may have choices itself.
        return combine(schema, at);
    }
    let branches = spliced(branches, schema);
    schema.insert("anyOf".into(), Value::Array(branches.into_iter().map(Value::Object).collect()));
    Ok(())
}

/// Branches that are nothing but choices themselves, as those of an optional enum are, are replaced by theirs.
fn spliced(branches: Vec<Object>, outer: &mut Object) -> Vec<Object> {
    let mut flat = Vec::new();
    for mut branch in branches {
        let about = branch.remove("description");
        let keyword = ["anyOf", "oneOf"].into_iter().find(|keyword| branch.contains_key(*keyword));
        let inner =
            keyword.filter(|_| branch.len() == 1 && (about.is_none() || !outer.contains_key("description")));
        match inner.and_then(|keyword| branch.remove(keyword)) {
            Some(Value::Array(inner)) if inner.iter().all(Value::is_object) => {
                flat.extend(inner.into_iter().filter_map(|schema| object(schema, &Pointer::default()).ok()));
                if let Some(about) = about {
                    outer.insert("description".into(), about);
                }
            }
            inner => {
                branch.extend(keyword.zip(inner).map(|(keyword, inner)| (keyword.to_owned(), inner)));
                branch.extend(about.map(|about| ("description".to_owned(), about)));
                flat.push(branch);
            }
        }
    }
    flat
}

/// Takes the choices out of a schema, after merging `allOf` into it.
pub(super) fn choices(schema: &mut Object, at: &Pointer) -> Result<Vec<Vec<Object>>> {
    let mut groups = Vec::new();
    for keyword in ["oneOf", "anyOf"] {
        if let Some(Value::Array(branches)) = schema.remove(keyword) {
            let branches =
                branches.into_iter().map(|branch| object(branch, at)).collect::<Result<Vec<_>>>()?;
            if !branches.is_empty() {
                groups.push(branches);
            }
        }
    }
    if let Some(Value::Array(parts)) = schema.remove("allOf") {
        for (index, part) in parts.into_iter().enumerate() {
            let at = at.push("allOf").push(&index.to_string());
            let mut part = object(part, &at)?;
            groups.extend(choices(&mut part, &at)?);
            *schema = merged(std::mem::take(schema), part, &at)?;
        }
    }
    // With the parts in place there is nothing evaluated elsewhere.
    if let Some(others) = schema.remove("unevaluatedProperties") {
        schema.entry("additionalProperties").or_insert(others);
    }
    Ok(groups)
}

pub(super) fn object(schema: Value, at: &Pointer) -> Result<Object> {
    match schema {
        Value::Object(object) => Ok(object),
        Value::Bool(true) => Ok(Object::new()),
        _ => Err(SchemaError::new(at, "accepts no value at all")),
    }
}

fn take_annotations(schema: &mut Object) -> Object {
    ANNOTATIONS.iter().filter_map(|keyword| Some(((*keyword).to_owned(), schema.remove(*keyword)?))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn combined(schema: Value) -> Result<Value> {
        let mut schema = object(schema, &Pointer::default())?;
        combine(&mut schema, &Pointer::default())?;
        Ok(Value::Object(schema))
    }

    #[test]
    fn parts_are_merged() {
        let schema = json!({"type": "number", "minimum": 1, "allOf": [
            {"type": "integer", "minimum": 2, "description": "a"}, {"enum": [1, 2, 3]}, {"enum": [3, 2]}]});
        let expected = json!({"type": "integer", "minimum": 2, "description": "a", "enum": [2, 3]});
        assert_eq!(combined(schema), Ok(expected));
        let schema = json!({"pattern": "a", "allOf": [{"pattern": "b"}]});
        assert!(combined(schema).unwrap_err().to_string().contains("`pattern`"));
    }

    #[test]
    fn alternatives_are_complete_and_flat() {
        let schema = json!({"type": "object", "properties": {"id": {}}, "description": "d",
            "oneOf": [{"properties": {"a": {}}}, {"properties": {"b": {}}}]});
        let expected = json!({"description": "d", "anyOf": [
            {"type": "object", "properties": {"id": {}, "a": {}}},
            {"type": "object", "properties": {"id": {}, "b": {}}}]});
        assert_eq!(combined(schema), Ok(expected));
        let schema = json!({"anyOf": [{"oneOf": [{"minimum": 1}, {"maximum": 1}], "description": "d"}, {"type": "null"}]});
        let expected =
            json!({"anyOf": [{"minimum": 1}, {"maximum": 1}, {"type": "null"}], "description": "d"});
        assert_eq!(combined(schema), Ok(expected));
    }
}
