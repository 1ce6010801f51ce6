//! What schemars writes, in the form that readers and models understand best.

use super::words;
use schemars::Schema;
use schemars::transform::transform_subschemas;
use serde_json::{Value, json};

/// The bounds that a format of schemars' stands for, where they help: those of 64 bits and more are
/// neither exact in JSON numbers nor informative.
const BOUNDS: &[(&str, i64, i64)] = &[
    ("int8", i8::MIN as i64, i8::MAX as i64),
    ("uint8", 0, u8::MAX as i64),
    ("int16", i16::MIN as i64, i16::MAX as i64),
    ("uint16", 0, u16::MAX as i64),
    ("int32", i32::MIN as i64, i32::MAX as i64),
    ("uint32", 0, u32::MAX as i64),
];

/// Formats that only say how a number is stored.
const NUMBERS: &[&str] = &["float", "double", "int", "uint", "int64", "uint64", "int128", "uint128"];

/// Formats of JSON Schema 2020-12.
const STANDARD: &[&str] = &[
    "date-time",
    "date",
    "time",
    "duration",
    "email",
    "idn-email",
    "hostname",
    "idn-hostname",
    "ipv4",
    "ipv6",
    "uri",
    "uri-reference",
    "iri",
    "iri-reference",
    "uuid",
    "uri-template",
    "json-pointer",
    "relative-json-pointer",
    "regex",
];

/// Formats of numbers become bounds, unknown ones of strings words.
pub(super) fn formats(schema: &mut Schema) {
    let Some(format) = schema.get("format").and_then(Value::as_str).map(str::to_owned) else { return };
    if let Some((_, low, high)) = BOUNDS.iter().find(|(name, ..)| *name == format) {
        let object = schema.ensure_object();
        if !object.contains_key("exclusiveMinimum") {
            object.entry("minimum").or_insert_with(|| json!(low));
        }
        if !object.contains_key("exclusiveMaximum") {
            object.entry("maximum").or_insert_with(|| json!(high));
        }
    } else if STANDARD.contains(&format.as_str()) {
        return;
    } else if !NUMBERS.contains(&format.as_str()) {
        words::append(schema.ensure_object(), &format!("Format: {format}."));
    }
    schema.remove("format");
}

/// [`enumeration`] everywhere, from the inside out, because an optional enum is a choice of one and null.
pub(super) fn enumerations(schema: &mut Schema) {
    transform_subschemas(&mut enumerations, schema);
    enumeration(schema);
}

/// A choice of strings becomes `enum`. The descriptions of the single ones, which providers ignore or
/// refuse inside `oneOf`, become a list in the description.
fn enumeration(schema: &mut Schema) {
    let Some(object) = schema.as_object_mut() else { return };
    for keyword in ["oneOf", "anyOf"] {
        let Some(branches) = object.get(keyword).and_then(Value::as_array) else { continue };
        if object.contains_key("type") || object.contains_key("enum") || branches.is_empty() {
            continue;
        }
        let Some(found) = branches.iter().map(names).collect::<Option<Vec<_>>>() else { continue };
        let nullable = branches.iter().any(is_null);
        let mut values: Vec<Value> = Vec::new();
        let mut lines = Vec::new();
        let mut about = None;
        for (names, branch) in found.iter().zip(branches) {
            match (names.as_slice(), branch.get("description").and_then(Value::as_str)) {
                ([Value::String(name)], Some(text)) => lines.push(format!("- `{name}`: {text}")),
                (_, Some(text)) => about = Some(text.to_owned()),
                _ => {}
            }
            for name in names {
                if !values.contains(name) {
                    values.push(name.clone());
                }
            }
        }
        object.remove(keyword);
        if values.contains(&Value::Null) || nullable {
            values.retain(|value| !value.is_null());
            values.push(Value::Null);
            object.insert("type".into(), json!(["string", "null"]));
        } else {
            object.insert("type".into(), json!("string"));
        }
        object.insert("enum".into(), Value::Array(values));
        if let Some(about) = about.filter(|_| !object.contains_key("description")) {
            object.insert("description".into(), about.into());
        }
        if !lines.is_empty() {
            words::append_block(object, &lines.join("\n"));
        }
        return;
    }
}

fn is_null(schema: &Value) -> bool {
    schema.get("type").is_some_and(|kind| kind == "null")
}

/// The strings and nulls that a schema enumerates, if that is all it does.
fn names(schema: &Value) -> Option<Vec<Value>> {
    let object = schema.as_object()?;
    if object.keys().any(|key| !["type", "const", "enum", "description"].contains(&key.as_str())) {
        return None;
    }
    if is_null(schema) {
        return Some(vec![Value::Null]);
    }
    let names = match (object.get("const"), object.get("enum").and_then(Value::as_array)) {
        (Some(value), None) => vec![value.clone()],
        (None, Some(values)) => values.clone(),
        _ => return None,
    };
    names.iter().all(|name| name.is_string() || name.is_null()).then_some(names)
}

#[cfg(test)]
mod tests {
    use super::*;
    use schemars::json_schema;

    #[test]
    fn documented_names_become_one_enum() {
        let mut schema = json_schema!({"description": "A colour.", "oneOf": [
            {"type": "string", "enum": ["green", "blue"]},
            {"type": "string", "const": "red", "description": "Like roses."},
        ]});
        enumeration(&mut schema);
        assert_eq!(
            schema,
            json_schema!({"type": "string", "enum": ["green", "blue", "red"],
                "description": "A colour.\n\n- `red`: Like roses."})
        );
        let mut optional = json_schema!({"anyOf": [schema, {"type": "null"}]});
        enumeration(&mut optional);
        assert_eq!(
            optional,
            json_schema!({"type": ["string", "null"], "enum": ["green", "blue", "red", null],
                "description": "A colour.\n\n- `red`: Like roses."})
        );
    }

    #[test]
    fn other_choices_stay() {
        let choice = json_schema!({"oneOf": [{"type": "string", "const": "a"}, {"type": "integer"}]});
        let mut schema = choice.clone();
        enumeration(&mut schema);
        assert_eq!(schema, choice);
    }

    #[test]
    fn formats_become_bounds_or_words() {
        let mut schema = json_schema!({"type": "integer", "format": "int32", "minimum": 1});
        formats(&mut schema);
        assert_eq!(schema.get("minimum"), Some(&json!(1)));
        assert_eq!(schema.get("maximum"), Some(&json!(i32::MAX)));
        let mut schema = json_schema!({"type": "string", "format": "ip"});
        formats(&mut schema);
        assert_eq!(schema.get("description"), Some(&json!("Format: ip.")));
        let mut schema = json_schema!({"type": "number", "format": "double"});
        formats(&mut schema);
        assert_eq!(schema.get("description"), None);
    }
}
