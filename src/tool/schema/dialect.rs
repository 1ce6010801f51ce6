//! What single providers accept.

use super::convert::{Target, convert};
use super::error::Pointer;
use super::{Object, Result, SchemaError, references, root};
use schemars::Schema;
use schemars::transform::{ReplaceBoolSchemas, Transform};
use serde_json::{Value, json};

/// Which provider, and which of its ways, a schema is for.
///
/// For all of them the root is one object without alternatives: those of flattened enums are united, and
/// described in words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Dialect {
    /// OpenAI's functions without `strict`: any JSON Schema, but arrays have `items`.
    OpenAi,
    /// OpenAI's functions with `strict: true`: objects are closed and all their properties required, optional
    /// ones may be null. [`remove_added_nulls`](super::remove_added_nulls) takes these nulls out again.
    OpenAiStrict,
    /// Anthropic's `input_schema`: any JSON Schema, but arguments have simple names.
    Anthropic,
    /// Gemini's `parameters`, a subset of OpenAPI 3.0: no references, no free keys, no `const`. A tool
    /// without arguments has none, so its form is `null`, which Gemini takes as absent.
    Gemini,
    /// Gemini's `parametersJsonSchema`: a subset of JSON Schema, with references and free keys.
    GeminiJson,
}

/// Rewrites the schema of a tool's arguments for a provider.
///
/// What it does not accept is expressed in another way, if there is one, else in words in the
/// description.
///
/// # Errors
///
/// If the schema cannot be expressed there: arguments that accept anything and objects with free keys for
/// [`Dialect::OpenAiStrict`] and [`Dialect::Gemini`], recursion for the latter. Also if a reference leads nowhere or
/// the schema is too large with its references in place.
pub fn for_provider(schema: &Value, dialect: Dialect) -> Result<Value> {
    let mut rewritten = match dialect {
        Dialect::OpenAi => lenient(schema, true)?,
        Dialect::Anthropic => {
            let rewritten = lenient(schema, false)?;
            simple_names(&rewritten)?;
            rewritten
        }
        Dialect::OpenAiStrict => convert(schema, &OPENAI_STRICT)?,
        Dialect::Gemini => convert(schema, &GEMINI)?,
        Dialect::GeminiJson => convert(schema, &GEMINI_JSON)?,
    };
    rewritten.sort_all_objects();
    Ok(rewritten)
}

const OPENAI_STRICT: Target = Target {
    keywords: &[
        "$defs",
        "$ref",
        "additionalProperties",
        "anyOf",
        "description",
        "enum",
        "exclusiveMaximum",
        "exclusiveMinimum",
        "items",
        "maxItems",
        "maximum",
        "minItems",
        "minimum",
        "multipleOf",
        "pattern",
        "properties",
        "required",
        "title",
        "type",
        "format",
    ],
    formats: &["date", "date-time", "duration", "email", "hostname", "ipv4", "ipv6", "time", "uuid"],
    strict: true,
    open_api: false,
};

const GEMINI: Target = Target {
    keywords: &[
        "anyOf",
        "description",
        "enum",
        "format",
        "items",
        "maxItems",
        "maxLength",
        "maxProperties",
        "maximum",
        "minItems",
        "minLength",
        "minProperties",
        "minimum",
        "nullable",
        "pattern",
        "properties",
        "required",
        "title",
        "type",
    ],
    formats: &["date-time"],
    strict: false,
    open_api: true,
};

const GEMINI_JSON: Target = Target {
    keywords: &[
        "$defs",
        "$ref",
        "additionalProperties",
        "anyOf",
        "description",
        "enum",
        "format",
        "items",
        "maxItems",
        "maximum",
        "minItems",
        "minimum",
        "prefixItems",
        "properties",
        "required",
        "title",
        "type",
    ],
    formats: &["date", "date-time", "time"],
    strict: false,
    open_api: false,
};

/// For those that take JSON Schema as it is, below the root.
fn lenient(schema: &Value, items: bool) -> Result<Value> {
    let mut object = match schema {
        Value::Object(object) => object.clone(),
        _ => {
            return Err(SchemaError::new(
                &Pointer::default(),
                "the schema of a tool's arguments is a JSON object",
            ));
        }
    };
    object.remove("$schema");
    if ["allOf", "anyOf", "oneOf", "$ref"].iter().any(|keyword| object.contains_key(*keyword)) {
        object = references::inline(schema)?;
    }
    root::flatten(&mut object)?;
    let mut schema = Schema::from(object);
    let mut booleans = ReplaceBoolSchemas::default();
    booleans.skip_additional_properties = true;
    booleans.transform(&mut schema);
    if items {
        schemars::transform::RecursiveTransform(|schema: &mut Schema| {
            if schema.get("type").is_some_and(is_array) && schema.get("items").is_none() {
                schema.insert("items".into(), json!({}));
            }
        })
        .transform(&mut schema);
    }
    Ok(schema.to_value())
}

/// Anthropic refuses arguments with other names than these.
fn simple_names(schema: &Value) -> Result<()> {
    let at = Pointer::default().push("properties");
    for name in schema.get("properties").and_then(Value::as_object).into_iter().flat_map(Object::keys) {
        let simple = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-');
        if !(1..=64).contains(&name.len()) || !name.chars().all(simple) {
            let problem = "the name of an argument is of 1 to 64 letters, digits, `_`, `.` and `-` only";
            return Err(SchemaError::new(&at.push(name), problem));
        }
    }
    Ok(())
}

fn is_array(kind: &Value) -> bool {
    kind == "array" || kind.as_array().is_some_and(|kinds| kinds.contains(&json!("array")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn property(schema: Value, dialect: Dialect) -> Value {
        let root = json!({"type": "object", "properties": {"p": schema}, "required": ["p"]});
        for_provider(&root, dialect).unwrap()["properties"]["p"].clone()
    }

    #[test]
    fn openai_arrays_have_items() {
        assert_eq!(
            property(json!({"type": "array"}), Dialect::OpenAi),
            json!({"type": "array", "items": {}})
        );
        assert_eq!(property(json!(true), Dialect::Anthropic), json!({}));
    }

    #[test]
    fn strict_objects_are_closed_and_whole() {
        let schema = json!({"type": "object", "properties": {"a": {"type": "string", "minLength": 1, "format": "uri"}}});
        let expected = json!({"type": "object", "additionalProperties": false, "required": ["a"], "properties": {
            "a": {"type": ["string", "null"], "description": "Format: uri. At least 1 character."}}});
        assert_eq!(property(schema, Dialect::OpenAiStrict), expected);
        let pattern = property(json!({"type": "string", "pattern": "(?=a)"}), Dialect::OpenAiStrict);
        assert_eq!(pattern["description"], "Matches the regular expression `(?=a)`.");
        assert_eq!(
            property(json!({"const": 1}), Dialect::OpenAiStrict),
            json!({"type": "integer", "enum": [1]})
        );
    }

    #[test]
    fn nothing_is_beside_references() {
        let schema = json!({"type": "object", "properties": {"p": {"$ref": "#/$defs/T", "description": "d"}},
            "$defs": {"T": {"type": "array", "items": {"$ref": "#/$defs/T"}}}});
        let strict = for_provider(&schema, Dialect::OpenAiStrict).unwrap();
        let expected = json!({"anyOf": [{"$ref": "#/$defs/T"}, {"type": "null"}], "description": "d"});
        assert_eq!(strict["properties"]["p"], expected);
        let gemini = for_provider(&schema, Dialect::GeminiJson).unwrap();
        assert_eq!(gemini["properties"]["p"], json!({"anyOf": [{"$ref": "#/$defs/T"}], "description": "d"}));
        assert_eq!(for_provider(&schema, Dialect::Gemini).unwrap_err().argument(), "p");
    }

    #[test]
    fn patterns_of_keys_are_told() {
        let schema = json!({"type": "object", "additionalProperties": false, "patternProperties": {"^a": {"type": "null"}}});
        let expected = json!({"type": "object", "additionalProperties": {"type": "null"},
            "description": "The names of other properties match the regular expression `^a`."});
        assert_eq!(property(schema, Dialect::GeminiJson), expected);
    }
}
