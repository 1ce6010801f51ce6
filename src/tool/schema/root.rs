//! The root of a tool's schema, where no provider accepts alternatives.

use super::error::Pointer;
use super::{Object, Result, SchemaError, combine, merge, words};
use serde_json::{Value, json};

/// Makes the root one object with the arguments of all alternatives. Required is what each of them
/// requires; which belong together is said in words.
pub(super) fn flatten(schema: &mut Object) -> Result<()> {
    let top = Pointer::default();
    let groups = combine::choices(schema, &top)?;
    for group in groups {
        unite(schema, group, &top)?;
    }
    match schema.get("type") {
        Some(kind) if kind == "object" => {}
        None => drop(schema.insert("type".into(), "object".into())),
        Some(Value::Array(kinds)) if kinds.contains(&json!("object")) => {
            schema.insert("type".into(), "object".into());
        }
        Some(_) => return Err(SchemaError::new(&top, "the arguments of a tool are an object")),
    }
    if !schema.get("properties").is_some_and(Value::is_object) {
        schema.insert("properties".into(), Value::Object(Object::new()));
    }
    Ok(())
}

fn unite(schema: &mut Object, group: Vec<Object>, at: &Pointer) -> Result<()> {
    let mut properties = match schema.remove("properties") {
        Some(Value::Object(properties)) => properties,
        _ => Object::new(),
    };
    let mut seen: Vec<(String, Value)> = Vec::new();
    let mut required: Option<Vec<Value>> = None;
    let mut lines = Vec::new();
    for mut branch in group {
        if branch.get("type").is_some_and(|kind| kind != "object") {
            return Err(SchemaError::new(at, "one of the alternatives is no object"));
        }
        let inner = combine::choices(&mut branch, at)?;
        if !inner.is_empty() || branch.contains_key("$ref") {
            return Err(SchemaError::new(at, "has alternatives inside of alternatives"));
        }
        lines.push(line(&branch));
        let needed = branch.get("required").and_then(Value::as_array).cloned().unwrap_or_default();
        required = Some(match required {
            None => needed,
            Some(before) => before.into_iter().filter(|name| needed.contains(name)).collect(),
        });
        if let Some(Value::Object(own)) = branch.remove("properties") {
            for (name, property) in own {
                match seen.iter_mut().find(|(other, _)| *other == name) {
                    Some((_, before)) => *before = either(before.take(), property),
                    None => seen.push((name, property)),
                }
            }
        }
    }
    for (name, property) in seen {
        let both = match properties.remove(&name) {
            Some(outer) if outer != property => {
                let at = at.push("properties").push(&name);
                let outer = combine::object(outer, &at)?;
                Value::Object(merge::merged(outer, combine::object(property, &at)?, &at)?)
            }
            _ => property,
        };
        properties.insert(name, both);
    }
    schema.insert("properties".into(), Value::Object(properties));
    let old = schema.remove("required").unwrap_or_else(|| json!([]));
    let all = merge::union(&old, &Value::Array(required.unwrap_or_default()));
    if all.as_array().is_some_and(|all| !all.is_empty()) {
        schema.insert("required".into(), all);
    }
    words::append_block(schema, &format!("One of these sets of arguments:\n{}", lines.join("\n")));
    Ok(())
}

/// An alternative in words: its arguments, with their values where these are fixed.
fn line(branch: &Object) -> String {
    let required = branch.get("required").and_then(Value::as_array);
    let mut parts = Vec::new();
    for (name, schema) in branch.get("properties").and_then(Value::as_object).into_iter().flatten() {
        let values = schema.get("enum").and_then(Value::as_array).filter(|values| values.len() == 1);
        let fixed = schema.get("const").or_else(|| values.and_then(|values| values.first()));
        let optional = !required.is_some_and(|required| required.iter().any(|other| other == name));
        parts.push(match fixed {
            Some(value) => format!("`{name}` = {}", words::code(value)),
            None if optional => format!("`{name}` (optional)"),
            None => format!("`{name}`"),
        });
    }
    let parts = if parts.is_empty() { "none".to_owned() } else { parts.join(", ") };
    match branch.get("description").and_then(Value::as_str) {
        Some(text) => format!("- {parts}: {text}"),
        None => format!("- {parts}"),
    }
}

/// A schema that accepts what one of two accepts.
fn either(left: Value, right: Value) -> Value {
    if left == right {
        return left;
    }
    let plain = |schema: &Value| {
        let keys = schema.as_object()?;
        let known = keys.keys().all(|key| ["type", "enum"].contains(&key.as_str()));
        known.then(|| schema.get("enum").cloned()).flatten()
    };
    if let (Some(one), Some(other)) = (plain(&left), plain(&right))
        && left.get("type") == right.get("type")
    {
        let mut left = left;
        if let Some(values) = left.get_mut("enum") {
            *values = merge::union(&one, &other);
        }
        return left;
    }
    json!({"anyOf": [left, right]})
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn alternatives_become_one_object() {
        let Value::Object(mut schema) = json!({
            "type": "object", "properties": {"id": {"type": "integer"}}, "required": ["id"],
            "oneOf": [
                {"type": "object", "properties": {"kind": {"enum": ["a"]}, "x": {"type": "string"}},
                    "required": ["kind", "x"], "description": "First."},
                {"type": "object", "properties": {"kind": {"enum": ["b"]}, "x": {"type": "integer"}},
                    "required": ["kind"]},
            ],
        }) else {
            panic!()
        };
        flatten(&mut schema).unwrap();
        let expected = json!({
            "type": "object",
            "properties": {"id": {"type": "integer"}, "kind": {"enum": ["a", "b"]},
                "x": {"anyOf": [{"type": "string"}, {"type": "integer"}]}},
            "required": ["id", "kind"],
            "description": "One of these sets of arguments:\n- `kind` = `\"a\"`, `x`: First.\n\
                - `kind` = `\"b\"`, `x` (optional)",
        });
        assert_eq!(Value::Object(schema), expected);
    }
}
