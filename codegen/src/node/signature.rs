//! What schemas demand, as text that is equal where the demands are.

use super::is_annotation;
use serde_json::{Map, Value};
use std::collections::BTreeMap;

pub(super) fn signature(keywords: &Map<String, Value>) -> String {
    let sorted: BTreeMap<_, _> = keywords
        .iter()
        .filter(|(keyword, _)| !is_annotation(keyword))
        .map(|(keyword, value)| {
            let text = match keyword.as_str() {
                // Names, not keywords: a property may be called `title`.
                "properties" => by_key(value, schema_signature),
                "const" | "enum" => sorted_text(value),
                _ => schema_signature(value),
            };
            (keyword, text)
        })
        .collect();
    let members: Vec<_> = sorted.iter().map(|(key, text)| format!("{key:?}:{text}")).collect();
    format!("{{{}}}", members.join(","))
}

fn schema_signature(value: &Value) -> String {
    match value {
        Value::Object(keywords) => signature(keywords),
        Value::Array(schemas) => {
            format!("[{}]", schemas.iter().map(schema_signature).collect::<Vec<_>>().join(","))
        }
        other => other.to_string(),
    }
}

fn sorted_text(value: &Value) -> String {
    match value {
        Value::Object(_) => by_key(value, sorted_text),
        Value::Array(values) => format!("[{}]", values.iter().map(sorted_text).collect::<Vec<_>>().join(",")),
        other => other.to_string(),
    }
}

fn by_key(value: &Value, text: fn(&Value) -> String) -> String {
    let Value::Object(members) = value else { return value.to_string() };
    let sorted: BTreeMap<_, _> = members.iter().map(|(key, value)| (key, text(value))).collect();
    let members: Vec<_> = sorted.iter().map(|(key, text)| format!("{key:?}:{text}")).collect();
    format!("{{{}}}", members.join(","))
}

#[cfg(test)]
mod tests {
    use crate::node::read;
    use serde_json::{Value, json};

    #[test]
    fn equal_signatures_mean_equal_demands() {
        let signature =
            |schema: Value| read(&json!({ "$defs": { "A": schema } })).0.definitions["A"].signature.clone();
        let a = signature(
            json!({ "type": "object", "title": "T", "properties": { "p": { "description": "D" } } }),
        );
        assert_eq!(a, signature(json!({ "properties": { "p": {} }, "type": "object" })));
        // A property called as an annotation is a property.
        assert_ne!(a, signature(json!({ "type": "object", "properties": { "p": {}, "title": true } })));
        assert_ne!(signature(json!({ "const": { "title": 1 } })), signature(json!({ "const": {} })));
    }
}
