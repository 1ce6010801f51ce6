//! References: put in place, except where that would not end.

use super::error::Pointer;
use super::{Object, Result, SchemaError, walk};
use serde_json::Value;
use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

/// How many schemas may come of inlining: a schema of a few lines can stand for millions.
const SIZE: usize = 20_000;
/// How deep they may be nested.
const DEPTH: usize = 256;

/// A schema with every reference replaced by what it refers to, save those to recursive definitions: these
/// are kept in `$defs`. A reference to the whole stays.
pub(super) fn inline(schema: &Value) -> Result<Object> {
    let top = Pointer::default();
    let mut root = schema.clone();
    root.sort_all_objects();
    let recursive = recursive(&root);
    let mut inliner = Inliner { root: &root, names: names(&recursive), count: 0 };
    let mut inlined = inliner.schema(&root, &top, 0)?;
    // A root that only refers to a recursive definition is that definition.
    let target = root.get("$ref").and_then(Value::as_str).filter(|target| recursive.contains(*target));
    if let Some(definition) = target.and_then(|target| resolve(&root, target)) {
        if let Value::Object(siblings) = &mut inlined {
            siblings.remove("$ref");
        }
        let body = inliner.schema(definition, &top, 0)?;
        inlined = beside(inlined, body);
    }
    let Value::Object(mut inlined) = inlined else {
        return Err(SchemaError::new(&top, "the schema of a tool's arguments is a JSON object"));
    };
    let mut definitions = Object::new();
    for (target, name) in inliner.names.clone() {
        if let Some(schema) = resolve(&root, &target).filter(|_| target != "#") {
            let at = top.push("$defs").push(&name);
            definitions.insert(name, inliner.schema(schema, &at, 0)?);
        }
    }
    if !definitions.is_empty() {
        inlined.insert("$defs".into(), Value::Object(definitions));
    }
    Ok(inlined)
}

/// What a reference inside of `root` refers to.
pub(super) fn resolve<'a>(root: &'a Value, target: &str) -> Option<&'a Value> {
    let pointer = target.strip_prefix('#')?;
    root.pointer(&decode(pointer))
}

/// A pointer in a fragment may be percent-encoded.
fn decode(pointer: &str) -> String {
    let mut bytes = Vec::with_capacity(pointer.len());
    let mut rest = pointer.as_bytes();
    while let Some((&first, tail)) = rest.split_first() {
        let code = tail.get(..2).and_then(|hex| std::str::from_utf8(hex).ok());
        let byte = code.filter(|_| first == b'%').and_then(|hex| u8::from_str_radix(hex, 16).ok());
        bytes.push(byte.unwrap_or(first));
        rest = byte.and_then(|_| tail.get(2..)).unwrap_or(tail);
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

struct Inliner<'a> {
    root: &'a Value,
    /// The names of recursive definitions.
    names: BTreeMap<String, String>,
    count: usize,
}

impl Inliner<'_> {
    fn schema(&mut self, schema: &Value, at: &Pointer, depth: usize) -> Result<Value> {
        self.count += 1;
        if self.count > SIZE || depth > DEPTH {
            return Err(SchemaError::new(at, "the schema is too large with its references put in place"));
        }
        let Value::Object(object) = schema else { return Ok(schema.clone()) };
        let mut object = object.clone();
        object.remove("$defs");
        object.remove("definitions");
        walk::children(&mut object, at, &mut |child, at| self.schema(&child, at, depth + 1))?;
        let Some(target) = object.get("$ref").and_then(Value::as_str).map(str::to_owned) else {
            return Ok(Value::Object(object));
        };
        if let Some(name) = self.names.get(&target) {
            if target != "#" {
                object.insert("$ref".into(), format!("#/$defs/{name}").into());
            }
            return Ok(Value::Object(object));
        }
        let Some(referred) = resolve(self.root, &target) else {
            let problem = format!("the reference `{target}` leads to nothing in the schema");
            return Err(SchemaError::new(at, problem));
        };
        object.remove("$ref");
        let referred = self.schema(referred, at, depth + 1)?;
        Ok(beside(Value::Object(object), referred))
    }
}

/// What is beside a reference, and what it refers to, as one schema. Annotations of the former win.
fn beside(siblings: Value, referred: Value) -> Value {
    const ANNOTATIONS: &[&str] =
        &["title", "description", "default", "examples", "deprecated", "readOnly", "writeOnly"];
    match (siblings, referred) {
        (Value::Object(siblings), Value::Object(mut referred)) => {
            let mut rest = Object::new();
            for (keyword, value) in siblings {
                if ANNOTATIONS.contains(&keyword.as_str()) {
                    referred.insert(keyword, value);
                } else {
                    rest.insert(keyword, value);
                }
            }
            if !rest.is_empty() {
                let all = referred.entry("allOf").or_insert_with(|| Value::Array(Vec::new()));
                if let Some(all) = all.as_array_mut() {
                    all.push(Value::Object(rest));
                }
            }
            Value::Object(referred)
        }
        (_, referred) => referred,
    }
}

/// The references that lead back to themselves.
fn recursive(root: &Value) -> BTreeSet<String> {
    let mut edges: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut waiting: Vec<String> = targets(root).into_iter().collect();
    while let Some(target) = waiting.pop() {
        let next = resolve(root, &target).map(targets).unwrap_or_default();
        if let Entry::Vacant(entry) = edges.entry(target) {
            waiting.extend(next.iter().cloned());
            entry.insert(next);
        }
    }
    let reaches_itself = |start: &String| {
        let mut seen = BTreeSet::new();
        let mut waiting = vec![start];
        while let Some(target) = waiting.pop() {
            for next in edges.get(target).into_iter().flatten() {
                if next == start {
                    return true;
                }
                if seen.insert(next) {
                    waiting.push(next);
                }
            }
        }
        false
    };
    edges.keys().filter(|target| reaches_itself(target)).cloned().collect()
}

/// Where a schema refers to, definitions excepted.
fn targets(schema: &Value) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut waiting = vec![schema];
    while let Some(schema) = waiting.pop() {
        let Value::Object(object) = schema else { continue };
        found.extend(object.get("$ref").and_then(Value::as_str).map(str::to_owned));
        walk::each(object, &mut |child| waiting.push(child));
    }
    found
}

/// A name in `$defs` for each target: its last step, numbered where several have the same.
fn names(targets: &BTreeSet<String>) -> BTreeMap<String, String> {
    let mut used = BTreeSet::new();
    let mut names = BTreeMap::new();
    for target in targets {
        let last = target.rsplit('/').next().unwrap_or_default();
        let base: String = last.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect();
        let mut name = base.clone();
        let mut number = 2;
        while !used.insert(name.clone()) {
            name = format!("{base}{number}");
            number += 1;
        }
        names.insert(target.clone(), name);
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn references_are_put_in_place() {
        let schema = json!({
            "type": "object",
            "properties": {"a": {"$ref": "#/$defs/A%7E0", "description": "mine"}},
            "$defs": {"A~": {"type": "array", "items": {"$ref": "#/$defs/B"}, "description": "its"},
                "B": {"type": "string"}},
        });
        let expected = json!({
            "type": "object",
            "properties": {"a": {"type": "array", "items": {"type": "string"}, "description": "mine"}},
        });
        assert_eq!(Value::Object(inline(&schema).unwrap()), expected);
    }

    #[test]
    fn recursive_ones_stay() {
        let schema = json!({
            "type": "object",
            "properties": {"tree": {"$ref": "#/definitions/Tree"}, "all": {"$ref": "#"}},
            "definitions": {"Tree": {"type": "array", "items": {"$ref": "#/definitions/Tree"}}},
        });
        let expected = json!({
            "type": "object",
            "properties": {"tree": {"$ref": "#/$defs/Tree"}, "all": {"$ref": "#"}},
            "$defs": {"Tree": {"type": "array", "items": {"$ref": "#/$defs/Tree"}}},
        });
        assert_eq!(Value::Object(inline(&schema).unwrap()), expected);
        let schema =
            json!({"$ref": "#/$defs/A", "$defs": {"A": {"properties": {"a": {"$ref": "#/$defs/A"}}}}});
        let expected = json!({"properties": {"a": {"$ref": "#/$defs/A"}},
            "$defs": {"A": {"properties": {"a": {"$ref": "#/$defs/A"}}}}});
        assert_eq!(Value::Object(inline(&schema).unwrap()), expected);
    }

    #[test]
    fn bombs_and_dead_ends_are_errors() {
        let mut definitions = Object::new();
        for level in 0..40 {
            let next = json!({"$ref": format!("#/$defs/{}", level + 1)});
            definitions.insert(level.to_string(), json!({"properties": {"a": next, "b": next}}));
        }
        definitions.insert("40".into(), json!({"type": "string"}));
        let error = inline(&json!({"$ref": "#/$defs/0", "$defs": definitions})).unwrap_err();
        assert!(error.to_string().contains("too large"), "{error}");
        let error = inline(&json!({"properties": {"a": {"$ref": "https://example.com/s"}}})).unwrap_err();
        assert_eq!(error.argument(), "a");
    }
}
