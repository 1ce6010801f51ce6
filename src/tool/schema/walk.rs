//! Where schemas are inside schemas.

use super::error::Pointer;
use super::{Object, Result};
use serde_json::Value;

/// Replaces every direct subschema, definitions excepted, by what `change` makes of it and its place.
pub(super) fn children(
    schema: &mut Object,
    at: &Pointer,
    change: &mut impl FnMut(Value, &Pointer) -> Result<Value>,
) -> Result<()> {
    for (keyword, value) in schema.iter_mut() {
        let at = at.push(keyword);
        match (holds(keyword), value) {
            (Holds::One, Value::Array(values)) | (Holds::Many, Value::Array(values)) => {
                for (index, value) in values.iter_mut().enumerate() {
                    *value = change(value.take(), &at.push(&index.to_string()))?;
                }
            }
            (Holds::One, value) => *value = change(value.take(), &at)?,
            (Holds::Named, Value::Object(values)) => {
                for (name, value) in values {
                    *value = change(value.take(), &at.push(name))?;
                }
            }
            _ => {}
        }
    }
    Ok(())
}

/// The direct subschemas, definitions excepted.
pub(super) fn each<'a>(schema: &'a Object, visit: &mut impl FnMut(&'a Value)) {
    for (keyword, value) in schema {
        match (holds(keyword), value) {
            (Holds::One | Holds::Many, Value::Array(values)) => values.iter().for_each(&mut *visit),
            (Holds::One, value) => visit(value),
            (Holds::Named, Value::Object(values)) => values.values().for_each(&mut *visit),
            _ => {}
        }
    }
}

enum Holds {
    One,
    Many,
    Named,
    Nothing,
}

fn holds(keyword: &str) -> Holds {
    match keyword {
        "not"
        | "if"
        | "then"
        | "else"
        | "items"
        | "additionalItems"
        | "unevaluatedItems"
        | "contains"
        | "additionalProperties"
        | "unevaluatedProperties"
        | "propertyNames"
        | "contentSchema" => Holds::One,
        "allOf" | "anyOf" | "oneOf" | "prefixItems" => Holds::Many,
        "properties" | "patternProperties" | "dependentSchemas" => Holds::Named,
        _ => Holds::Nothing,
    }
}
