//! Constraints in words, for providers that do not accept them as keywords.

use super::Object;
use serde_json::Value;

/// Standard keywords without words of their own; anything else is an annotation of somebody's.
const ASSERTIONS: &[&str] = &[
    "allOf",
    "anyOf",
    "oneOf",
    "not",
    "if",
    "then",
    "else",
    "dependentRequired",
    "dependentSchemas",
    "dependencies",
    "items",
    "prefixItems",
    "additionalItems",
    "unevaluatedItems",
    "unevaluatedProperties",
    "contains",
    "minContains",
    "maxContains",
    "properties",
    "patternProperties",
    "additionalProperties",
    "propertyNames",
    "$ref",
    "$dynamicRef",
    "contentEncoding",
    "contentMediaType",
    "contentSchema",
];

/// Moves what `keep` does not want into the description.
pub(super) fn move_to_description(schema: &mut Object, keep: impl Fn(&str, &Value) -> bool) {
    let mut unwanted: Vec<_> = schema
        .iter()
        .filter(|(keyword, value)| *keyword != "description" && !keep(keyword, value))
        .map(|(keyword, value)| (keyword.clone(), value.clone()))
        .collect();
    // A default and examples come last, as a reader expects them; the rest in the order of names.
    unwanted.sort_by_key(|(keyword, _)| {
        (matches!(keyword.as_str(), "default" | "examples" | "example"), keyword.clone())
    });
    let mut rest = Object::new();
    for (keyword, value) in unwanted {
        schema.remove(&keyword);
        match sentence(&keyword, &value) {
            Some(sentence) => append(schema, &sentence),
            None if ASSERTIONS.contains(&keyword.as_str()) => drop(rest.insert(keyword, value)),
            None => {}
        }
    }
    if !rest.is_empty() {
        append(schema, &format!("Has to match the JSON Schema {} as well.", code(&Value::Object(rest))));
    }
}

/// Appends a sentence to the description.
pub(super) fn append(schema: &mut Object, sentence: &str) {
    join(schema, " ", sentence);
}

/// Appends a paragraph or list to the description.
pub(super) fn append_block(schema: &mut Object, block: &str) {
    join(schema, "\n\n", block);
}

/// JSON, marked as code.
pub(super) fn code(value: &Value) -> String {
    format!("`{value}`")
}

fn join(schema: &mut Object, glue: &str, text: &str) {
    let description = match schema.get("description").and_then(Value::as_str) {
        // A sentence does not belong to the last item of a list.
        Some(old) if old.contains("\n- ") => format!("{old}\n\n{text}"),
        Some(old) if !old.is_empty() => {
            let stop = if old.ends_with(['.', '!', '?', ':', '`']) || glue != " " { "" } else { "." };
            format!("{old}{stop}{glue}{text}")
        }
        _ => text.to_owned(),
    };
    schema.insert("description".into(), description.into());
}

fn sentence(keyword: &str, value: &Value) -> Option<String> {
    let plural = |least: &str, thing: &str| {
        let ending = if *value == 1 { "" } else { "s" };
        Some(format!("{least} {value} {thing}{ending}."))
    };
    let plurals = |least: &str, one: &str, many: &str| {
        Some(format!("{least} {value} {}.", if *value == 1 { one } else { many }))
    };
    let text = match keyword {
        "minLength" => return plural("At least", "character"),
        "maxLength" => return plural("At most", "character"),
        "minItems" => return plural("At least", "item"),
        "maxItems" => return plural("At most", "item"),
        "minProperties" => return plurals("At least", "property", "properties"),
        "maxProperties" => return plurals("At most", "property", "properties"),
        "minimum" => format!("At least {value}."),
        "maximum" => format!("At most {value}."),
        "exclusiveMinimum" => format!("Greater than {value}."),
        "exclusiveMaximum" => format!("Less than {value}."),
        "multipleOf" => format!("A multiple of {value}."),
        "uniqueItems" => return (value == true).then(|| "No item occurs twice.".to_owned()),
        "pattern" => format!("Matches the regular expression `{}`.", value.as_str()?),
        "format" => format!("Format: {}.", value.as_str()?),
        "const" => format!("Always {}.", code(value)),
        "enum" => format!("One of {}.", list(value)?),
        "default" if value.is_null() => return None,
        "default" => format!("Default: {}.", code(value)),
        "example" => format!("Example: {}.", code(value)),
        "examples" if value.as_array().is_some_and(|all| all.len() == 1) => {
            format!("Example: {}.", list(value)?)
        }
        "examples" => format!("Examples: {}.", list(value)?),
        "contentEncoding" => format!("Encoded as {}.", value.as_str()?),
        "contentMediaType" => format!("Content of type {}.", value.as_str()?),
        "not" => return denial(value),
        "additionalProperties" if value == false => "No other properties.".to_owned(),
        "additionalProperties" if value.as_object().is_some_and(|other| !other.is_empty()) => {
            format!("Any other property has to match the JSON Schema {}.", code(value))
        }
        _ => return None,
    };
    Some(text)
}

fn denial(schema: &Value) -> Option<String> {
    let object = schema.as_object()?;
    match (object.len(), object.get("const"), object.get("enum")) {
        (1, Some(value), _) => Some(format!("Not {}.", code(value))),
        (1, _, Some(values)) => Some(format!("Not {}.", list(values)?)),
        _ => None,
    }
}

fn list(values: &Value) -> Option<String> {
    Some(values.as_array()?.iter().map(code).collect::<Vec<_>>().join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn told(schema: Value) -> Value {
        let Value::Object(mut schema) = schema else { panic!() };
        move_to_description(&mut schema, |keyword, _| keyword == "type");
        Value::Object(schema)
    }

    #[test]
    fn every_constraint_has_words() {
        assert_eq!(
            told(json!({"type": "string", "description": "A code", "minLength": 1, "maxLength": 5,
                "pattern": "^a", "format": "email", "default": "a", "examples": ["b", "c"], "title": "T"})),
            json!({"type": "string", "description": "A code. Format: email. At most 5 characters. At least 1 \
                character. Matches the regular expression `^a`. Default: `\"a\"`. Examples: `\"b\"`, `\"c\"`."})
        );
        assert_eq!(
            told(json!({"type": "integer", "minimum": 1, "maximum": 2, "exclusiveMinimum": 3,
                "exclusiveMaximum": 4, "multipleOf": 5, "not": {"const": 0}, "enum": [1]})),
            json!({"type": "integer", "description": "One of `1`. Less than 4. Greater than 3. At most 2. \
                At least 1. A multiple of 5. Not `0`."})
        );
        assert_eq!(
            told(json!({"type": "array", "uniqueItems": true, "minItems": 1, "contains": {"const": 1}})),
            json!({"type": "array", "description": "At least 1 item. No item occurs twice. \
                Has to match the JSON Schema `{\"contains\":{\"const\":1}}` as well."})
        );
        assert_eq!(
            told(json!({"type": "object", "additionalProperties": false, "maxProperties": 2, "x-mine": 1})),
            json!({"type": "object", "description": "No other properties. At most 2 properties."})
        );
    }
}
