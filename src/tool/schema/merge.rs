//! Schemas that have to hold together, as one.

use super::combine::object;
use super::error::Pointer;
use super::{Object, Result, SchemaError};
use serde_json::{Value, json};

/// A schema that accepts what both accept.
pub(super) fn merged(mut left: Object, right: Object, at: &Pointer) -> Result<Object> {
    let closed = [closed_to(&left, &right), closed_to(&right, &left)];
    if closed.contains(&true) {
        return Err(SchemaError::new(at, "combines a closed object with properties from elsewhere"));
    }
    for (keyword, value) in right {
        let Some(old) = left.get_mut(&keyword) else {
            left.insert(keyword, value);
            continue;
        };
        if *old == value {
            continue;
        }
        let merged = match keyword.as_str() {
            "properties" => properties(old.take(), value, at)?,
            "required" => Some(union(old, &value)),
            "enum" => Some(intersection(old, &value)),
            "type" => types(old, &value),
            "minimum" | "exclusiveMinimum" | "minLength" | "minItems" | "minProperties" => {
                Some(extreme(old, value, |old, new| new > old))
            }
            "maximum" | "exclusiveMaximum" | "maxLength" | "maxItems" | "maxProperties" => {
                Some(extreme(old, value, |old, new| new < old))
            }
            // The outer one says more about the place, the inner one about the value.
            "title" | "default" | "examples" | "deprecated" => Some(old.take()),
            "description" => Some(paragraphs(old, &value)),
            "additionalProperties" if *old == true || old.as_object().is_some_and(Object::is_empty) => {
                Some(value)
            }
            "additionalProperties" if value == true => Some(old.take()),
            _ => None,
        };
        match merged {
            Some(merged) => left.insert(keyword, merged),
            None => {
                return Err(SchemaError::new(
                    at,
                    format!("its parts differ in `{keyword}` and cannot be merged"),
                ));
            }
        };
    }
    Ok(left)
}

/// Whether one schema excludes properties that the other has.
fn closed_to(closed: &Object, other: &Object) -> bool {
    let Some(properties) = other.get("properties").and_then(Value::as_object) else { return false };
    let own = closed.get("properties").and_then(Value::as_object);
    closed.get("additionalProperties").is_some_and(|more| more == false)
        && properties.keys().any(|name| own.is_none_or(|own| !own.contains_key(name)))
}

fn properties(old: Value, new: Value, at: &Pointer) -> Result<Option<Value>> {
    let (Value::Object(mut old), Value::Object(new)) = (old, new) else { return Ok(None) };
    for (name, schema) in new {
        let at = at.push("properties").push(&name);
        let both = match old.remove(&name) {
            Some(other) if other != schema => {
                Value::Object(merged(object(other, &at)?, object(schema, &at)?, &at)?)
            }
            _ => schema,
        };
        old.insert(name, both);
    }
    Ok(Some(Value::Object(old)))
}

pub(super) fn union(old: &Value, new: &Value) -> Value {
    let mut all = old.as_array().cloned().unwrap_or_default();
    for value in new.as_array().into_iter().flatten() {
        if !all.contains(value) {
            all.push(value.clone());
        }
    }
    Value::Array(all)
}

fn intersection(old: &Value, new: &Value) -> Value {
    let both = |value: &&Value| new.as_array().is_some_and(|new| new.contains(value));
    old.as_array().into_iter().flatten().filter(both).cloned().collect()
}

fn types(old: &Value, new: &Value) -> Option<Value> {
    let list = |kinds: &Value| match kinds {
        Value::Array(kinds) => kinds.clone(),
        kind => vec![kind.clone()],
    };
    let (old, new) = (list(old), list(new));
    let fits = |kind: &&Value| new.contains(kind) || (**kind == "integer" && new.contains(&json!("number")));
    let mut both: Vec<_> = old.iter().filter(fits).cloned().collect();
    if old.contains(&json!("number")) && new.contains(&json!("integer")) && !both.contains(&json!("integer"))
    {
        both.push(json!("integer"));
    }
    match both.len() {
        0 => None,
        1 => both.pop(),
        _ => Some(Value::Array(both)),
    }
}

fn extreme(old: &Value, new: Value, better: impl Fn(f64, f64) -> bool) -> Value {
    match (old.as_f64(), new.as_f64()) {
        (Some(before), Some(after)) if better(before, after) => new,
        _ => old.clone(),
    }
}

fn paragraphs(old: &Value, new: &Value) -> Value {
    format!("{}\n\n{}", old.as_str().unwrap_or_default(), new.as_str().unwrap_or_default()).into()
}
