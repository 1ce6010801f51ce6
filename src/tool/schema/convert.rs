//! Rewriting for providers that accept only some keywords.

use super::error::Pointer;
use super::{Object, Result, SchemaError, combine, open_api, references, root, tidy, tuples, walk, words};
use schemars::Schema;
use schemars::transform::{RecursiveTransform, ReplaceBoolSchemas, ReplaceConstValue, Transform};
use serde_json::{Value, json};

/// What a provider accepts.
pub(super) struct Target {
    pub(super) keywords: &'static [&'static str],
    pub(super) formats: &'static [&'static str],
    /// Objects are closed and have all of their properties.
    pub(super) strict: bool,
    /// OpenAPI instead of JSON Schema, and nothing recursive.
    pub(super) open_api: bool,
}

pub(super) fn convert(schema: &Value, target: &Target) -> Result<Value> {
    let mut schema = Schema::from(references::inline(schema)?);
    RecursiveTransform(tidy::formats).transform(&mut schema);
    tidy::enumerations(&mut schema);
    ReplaceConstValue::default().transform(&mut schema);
    let mut booleans = ReplaceBoolSchemas::default();
    booleans.skip_additional_properties = true;
    booleans.transform(&mut schema);
    let mut schema = match schema.to_value() {
        Value::Object(schema) => schema,
        _ => Object::new(),
    };
    let top = Pointer::default();
    let definitions = schema.remove("$defs");
    root::flatten(&mut schema)?;
    let mut converted = target.node(schema, &top)?;
    if target.open_api && converted.get("properties").is_none_or(|all| *all == json!({})) {
        return Ok(Value::Null);
    }
    if let Some(Value::Object(definitions)) = definitions {
        let at = top.push("$defs");
        let mut all = Object::new();
        for (name, schema) in definitions {
            let at = at.push(&name);
            let schema = target.node(combine::object(schema, &at)?, &at)?;
            all.insert(name, Value::Object(schema));
        }
        converted.insert("$defs".into(), Value::Object(all));
    }
    Ok(Value::Object(converted))
}

impl Target {
    fn node(&self, mut schema: Object, at: &Pointer) -> Result<Object> {
        combine::combine(&mut schema, at)?;
        if self.open_api && open_api::lift_null(&mut schema) {
            // What null was the alternative of may have alternatives itself.
            combine::combine(&mut schema, at)?;
        }
        if schema.contains_key("$ref") {
            return self.reference(schema, at);
        }
        if !self.accepts("prefixItems") {
            tuples::flatten(&mut schema);
        }
        if self.accepts("additionalProperties") && !self.strict {
            any_key(&mut schema);
        }
        infer_type(&mut schema);
        if self.open_api {
            open_api::rewrite(&mut schema);
        }
        if self.strict || self.open_api {
            expressible(&mut schema, at, self.strict)?;
        }
        words::move_to_description(&mut schema, |keyword, value| self.keeps(keyword, value));
        walk::children(&mut schema, at, &mut |child, at| match child {
            Value::Object(child) => Ok(Value::Object(self.node(child, at)?)),
            other => Ok(other),
        })?;
        if self.strict {
            require_all(&mut schema);
        }
        Ok(schema)
    }

    fn accepts(&self, keyword: &str) -> bool {
        self.keywords.contains(&keyword)
    }

    fn keeps(&self, keyword: &str, value: &Value) -> bool {
        let known = match keyword {
            "format" => value.as_str().is_some_and(|format| self.formats.contains(&format)),
            // Their engines have no groups that look around.
            "pattern" => !value
                .as_str()
                .is_some_and(|pattern| ["(?=", "(?!", "(?<"].iter().any(|g| pattern.contains(g))),
            _ => true,
        };
        known && self.accepts(keyword)
    }

    /// Nothing may be beside a reference, so what is goes around it.
    fn reference(&self, mut schema: Object, at: &Pointer) -> Result<Object> {
        if self.open_api {
            return Err(SchemaError::new(
                at,
                "is of a recursive type, which cannot be expressed for this provider",
            ));
        }
        let Some(target) = schema.remove("$ref") else { return Ok(schema) };
        let reference = json!({"$ref": target});
        words::move_to_description(&mut schema, |_, _| false);
        if schema.is_empty() {
            return Ok(Object::from_iter([("$ref".to_owned(), target)]));
        }
        schema.insert("anyOf".into(), json!([reference]));
        Ok(schema)
    }
}

/// Keys of one pattern become keys of any, and the pattern words.
fn any_key(schema: &mut Object) {
    let sole =
        schema.get("patternProperties").and_then(Value::as_object).filter(|patterns| patterns.len() == 1);
    let Some((pattern, values)) = sole.and_then(|patterns| patterns.iter().next()) else { return };
    if schema.get("additionalProperties").is_some_and(|more| *more == false) {
        let sentence = format!("The names of other properties match the regular expression `{pattern}`.");
        let values = values.clone();
        schema.remove("patternProperties");
        schema.insert("additionalProperties".into(), values);
        words::append(schema, &sentence);
    }
}

/// The type, where other keywords tell.
fn infer_type(schema: &mut Object) {
    if schema.contains_key("type") || schema.contains_key("anyOf") {
        return;
    }
    let kind = if let Some(Value::Array(values)) = schema.get("enum") {
        let mut kinds: Vec<Value> = Vec::new();
        for value in values {
            let kind = match value {
                Value::Null => "null",
                Value::Bool(_) => "boolean",
                Value::Number(number) if number.is_f64() => "number",
                Value::Number(_) => "integer",
                Value::String(_) => "string",
                Value::Array(_) => "array",
                Value::Object(_) => "object",
            };
            if !kinds.contains(&json!(kind)) {
                kinds.push(json!(kind));
            }
        }
        if kinds.len() == 1 { kinds.pop().unwrap_or_default() } else { Value::Array(kinds) }
    } else if schema.contains_key("properties") {
        json!("object")
    } else if schema.contains_key("items") {
        json!("array")
    } else {
        return;
    };
    schema.insert("type".into(), kind);
}

/// Refuses what has neither a form nor words: values of any kind, and free keys.
fn expressible(schema: &mut Object, at: &Pointer, strict: bool) -> Result<()> {
    let error = |problem| Err(SchemaError::new(at, problem));
    let kinds = match schema.get("type") {
        Some(Value::Array(kinds)) => kinds.clone(),
        Some(kind) => vec![kind.clone()],
        None if schema.contains_key("anyOf") => return Ok(()),
        None => return error("accepts any value, which cannot be expressed for this provider"),
    };
    let is = |kind: &str| kinds.iter().any(|other| other == kind);
    if is("array") && schema.get("items").is_none_or(|items| *items == json!({})) {
        return error("has items of any kind, which cannot be expressed for this provider");
    }
    if is("null") && kinds.len() == 1 && !strict {
        return error("accepts nothing but null, which cannot be expressed for this provider");
    }
    if !is("object") {
        return Ok(());
    }
    let more = schema.get("additionalProperties");
    let free = more.is_some_and(|more| *more != false) || schema.contains_key("patternProperties");
    let named = schema.get("properties").and_then(Value::as_object).is_some_and(|all| !all.is_empty());
    let closed = more.is_some_and(|more| *more == false) || schema.contains_key("properties");
    if strict && (free || !closed) {
        return error("is an object with free keys, which cannot be expressed in strict mode");
    }
    let root = at.is_root();
    if !strict && !named && (free || !root) {
        return error("is an object without named properties, which cannot be expressed for this provider");
    }
    if strict {
        schema.entry("properties").or_insert_with(|| json!({}));
        schema.insert("additionalProperties".into(), false.into());
    }
    Ok(())
}

/// Makes all properties required, and those that were not nullable.
fn require_all(schema: &mut Object) {
    let required = schema.get("required").and_then(Value::as_array).cloned().unwrap_or_default();
    let Some(Value::Object(properties)) = schema.get_mut("properties") else { return };
    for (name, property) in properties.iter_mut() {
        if let Value::Object(property) = property
            && !required.iter().any(|other| other == name)
        {
            allow_null(property);
        }
    }
    let mut all: Vec<_> = properties.keys().cloned().collect();
    all.sort();
    schema.insert("required".into(), all.into());
}

fn allow_null(schema: &mut Object) {
    if let Some(target) = schema.remove("$ref") {
        schema.insert("anyOf".into(), json!([{"$ref": target}, {"type": "null"}]));
    } else if let Some(Value::Array(branches)) = schema.get_mut("anyOf") {
        let null = |branch: &Value| match branch.get("type") {
            Some(Value::Array(kinds)) => kinds.contains(&json!("null")),
            kind => kind.is_some_and(|kind| kind == "null"),
        };
        if !branches.iter().any(null) {
            branches.push(json!({"type": "null"}));
        }
    } else {
        match schema.get_mut("type") {
            Some(Value::Array(kinds)) if !kinds.contains(&json!("null")) => kinds.push(json!("null")),
            Some(kind) if kind.is_string() && kind != "null" => *kind = json!([kind.take(), "null"]),
            _ => {}
        }
        if let Some(Value::Array(values)) = schema.get_mut("enum")
            && !values.contains(&Value::Null)
        {
            values.push(Value::Null);
        }
    }
}
