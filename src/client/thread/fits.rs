//! Whether an answer fits a schema, as far as that can be told without a validator.

use serde_json::{Map, Value};
use std::fmt;

/// What in an answer does not fit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Misfit {
    /// JSON Pointer into the answer; empty for the whole.
    pub pointer: String,
    /// What is wrong there.
    pub message: String,
}

impl fmt::Display for Misfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.pointer.is_empty() {
            write!(f, "{}: ", self.pointer)?;
        }
        f.write_str(&self.message)
    }
}

/// The first thing that does not fit, if there is one.
pub(super) fn check(schema: &Map<String, Value>, value: &Value) -> Result<(), Misfit> {
    let wrong = |message: String| Err(Misfit { pointer: String::new(), message });
    if let Some(expected) = schema.get("type")
        && !is_type(expected, value)
    {
        return wrong(format!("expected {}", names(expected)));
    }
    if let Some(expected) = schema.get("const")
        && expected != value
    {
        return wrong(format!("expected {expected}"));
    }
    if let Some(Value::Array(allowed)) = schema.get("enum")
        && !allowed.contains(value)
    {
        return wrong(format!("expected one of {}", Value::from(allowed.clone())));
    }
    match value {
        Value::Object(members) => check_members(schema, members),
        Value::Array(elements) => {
            let Some(Value::Object(schema)) = schema.get("items") else { return Ok(()) };
            elements.iter().enumerate().try_for_each(|(index, element)| within(index, schema, element))
        }
        _ => Ok(()),
    }
}

fn check_members(schema: &Map<String, Value>, members: &Map<String, Value>) -> Result<(), Misfit> {
    let wrong = |message: String| Err(Misfit { pointer: String::new(), message });
    let required = schema.get("required").and_then(Value::as_array);
    let missing =
        required.into_iter().flatten().filter_map(Value::as_str).find(|name| !members.contains_key(*name));
    if let Some(name) = missing {
        return wrong(format!("`{name}` is missing"));
    }
    let described = schema.get("properties").and_then(Value::as_object);
    for (name, value) in members {
        match described.and_then(|described| described.get(name)) {
            Some(Value::Object(schema)) => within(name, schema, value)?,
            Some(_) => {}
            None if schema.get("additionalProperties") == Some(&Value::Bool(false))
                && !schema.contains_key("patternProperties") =>
            {
                return wrong(format!("`{name}` is not expected"));
            }
            None => {}
        }
    }
    Ok(())
}

fn within(segment: impl fmt::Display, schema: &Map<String, Value>, value: &Value) -> Result<(), Misfit> {
    check(schema, value).map_err(|mut misfit| {
        let segment = segment.to_string().replace('~', "~0").replace('/', "~1");
        misfit.pointer.insert_str(0, &format!("/{segment}"));
        misfit
    })
}

fn is_type(expected: &Value, value: &Value) -> bool {
    match expected {
        Value::Array(names) => names.iter().any(|name| is_type(name, value)),
        Value::String(name) => match name.as_str() {
            "null" => value.is_null(),
            "boolean" => value.is_boolean(),
            "string" => value.is_string(),
            "array" => value.is_array(),
            "object" => value.is_object(),
            "number" => value.is_number(),
            "integer" => value.as_f64().is_some_and(|number| number.fract() == 0.0),
            // What is no type is for the agent to understand.
            _ => true,
        },
        _ => true,
    }
}

fn names(expected: &Value) -> String {
    match expected {
        Value::Array(several) => several.iter().map(names).collect::<Vec<_>>().join(" or "),
        Value::String(name) => name.clone(),
        other => other.to_string(),
    }
}
