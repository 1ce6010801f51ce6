//! Tuples, for providers whose arrays have items of one schema.

use super::{Object, words};
use serde_json::{Value, json};

/// Replaces `prefixItems` by `items` that accepts each of them, and says in words which is where.
pub(super) fn flatten(schema: &mut Object) {
    let Some(Value::Array(parts)) = schema.remove("prefixItems") else { return };
    let count = parts.len();
    let least = schema.get("minItems").and_then(Value::as_u64).unwrap_or(0);
    let open = schema.get("maxItems").and_then(Value::as_u64) != Some(count as u64);
    let mut kinds: Vec<Value> = Vec::new();
    for part in &parts {
        if !kinds.contains(part) {
            kinds.push(part.clone());
        }
    }
    if kinds.len() > 1 || open || least != count as u64 {
        let list: Vec<_> =
            parts.iter().enumerate().map(|(at, part)| format!("- {}: {}", at + 1, brief(part))).collect();
        words::append_block(schema, &format!("The items, in this order:\n{}", list.join("\n")));
    }
    match schema.remove("items") {
        Some(rest) if open && rest != false && !kinds.contains(&rest) => kinds.push(rest),
        None if open => return,
        _ => {}
    }
    let items = if kinds.len() == 1 { kinds.pop().unwrap_or_default() } else { json!({"anyOf": kinds}) };
    schema.insert("items".into(), items);
}

/// A schema in few words: its type if that is all, otherwise itself.
fn brief(schema: &Value) -> String {
    match (schema.as_object().map(Object::len), schema.get("type").and_then(Value::as_str)) {
        (Some(1), Some(kind)) => kind.to_owned(),
        _ => words::code(schema),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn flat(schema: Value) -> Value {
        let Value::Object(mut schema) = schema else { panic!() };
        flatten(&mut schema);
        Value::Object(schema)
    }

    #[test]
    fn tuples_of_one_type_are_arrays() {
        let pair =
            json!({"prefixItems": [{"type": "number"}, {"type": "number"}], "minItems": 2, "maxItems": 2});
        assert_eq!(flat(pair), json!({"items": {"type": "number"}, "minItems": 2, "maxItems": 2}));
    }

    #[test]
    fn others_say_what_is_where() {
        let pair = json!({"prefixItems": [{"type": "string"}, {"minimum": 1}], "minItems": 2, "maxItems": 2});
        let expected = json!({"items": {"anyOf": [{"type": "string"}, {"minimum": 1}]}, "minItems": 2, "maxItems": 2,
            "description": "The items, in this order:\n- 1: string\n- 2: `{\"minimum\":1}`"});
        assert_eq!(flat(pair), expected);
    }
}
