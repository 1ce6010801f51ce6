//! One shape: its golden, and values that serde, the schema and the strict form agree on.

use agui::tool::schema::{Dialect, for_provider, output, parameters, remove_added_nulls};
use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use std::path::PathBuf;

/// All dialects by the names they have in goldens.
pub(super) const DIALECTS: &[(&str, Dialect)] = &[
    ("openAi", Dialect::OpenAi),
    ("openAiStrict", Dialect::OpenAiStrict),
    ("anthropic", Dialect::Anthropic),
    ("gemini", Dialect::Gemini),
    ("geminiJson", Dialect::GeminiJson),
];

pub(super) fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/integration/tool_schemas/goldens")
}

/// Values of a shape.
#[derive(Default)]
pub(super) struct Values {
    pub(super) accepted: Vec<Value>,
    pub(super) rejected: Vec<Value>,
    /// What the schema accepts and serde does not, and why that is right.
    pub(super) only_schema: Vec<(Value, &'static str)>,
    /// What serde accepts and the schema does not, and why that is right.
    pub(super) only_serde: Vec<(Value, &'static str)>,
}

pub(super) fn shape<T: JsonSchema + DeserializeOwned>(name: &str, values: &Values) {
    let plain = parameters::<T>().unwrap_or_else(|error| panic!("{name}: {error}"));
    golden(name, &plain, &output::<T>());
    let validator = validator(&plain);
    let agree = |value: &Value, serde: bool, schema: bool| {
        let decoded = serde_json::from_value::<T>(value.clone()).map(drop);
        assert_eq!(decoded.is_ok(), serde, "{name}: serde on {value}: {decoded:?}");
        assert_eq!(validator.is_valid(value), schema, "{name}: schema on {value}");
    };
    assert!(!values.accepted.is_empty() && !values.rejected.is_empty(), "{name} lacks values");
    values.accepted.iter().for_each(|value| agree(value, true, true));
    values.rejected.iter().for_each(|value| agree(value, false, false));
    values.only_schema.iter().for_each(|(value, _)| agree(value, false, true));
    values.only_serde.iter().for_each(|(value, _)| agree(value, true, false));

    let Ok(strict) = for_provider(&plain, Dialect::OpenAiStrict) else { return };
    let validator = self::validator(&strict);
    for value in &values.accepted {
        let mut value = complete(&strict, &strict, value);
        let problem = validator.validate(&value).err().map(|error| error.to_string());
        assert_eq!(problem, None, "{name}: strict form of {value}");
        remove_added_nulls(&plain, &mut value);
        let decoded = serde_json::from_value::<T>(value.clone()).map(drop);
        assert!(decoded.is_ok(), "{name}: decoding {value}: {decoded:?}");
    }
}

fn validator(schema: &Value) -> jsonschema::Validator {
    jsonschema::draft202012::meta::validate(schema).unwrap_or_else(|error| panic!("{error}: {schema}"));
    jsonschema::options().should_validate_formats(true).build(schema).unwrap()
}

fn golden(name: &str, plain: &Value, output: &Value) {
    let mut forms = json!({"plain": plain});
    if output != plain {
        forms["output"] = output.clone();
    }
    for (key, dialect) in DIALECTS {
        forms[key] =
            for_provider(plain, *dialect).unwrap_or_else(|error| json!({"error": error.to_string()}));
    }
    forms.sort_all_objects();
    let text = format!("{forms:#}\n");
    let path = folder().join(format!("{name}.json"));
    if std::env::var_os("AGUI_REWRITE").is_some() {
        std::fs::write(&path, &text).unwrap();
    }
    let pinned = std::fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(text, pinned, "{name}; AGUI_REWRITE=1 cargo test -p agui --test integration rewrites it");
}

/// A value as a model in strict mode sends it: what is absent is null, and nothing is there beside what is
/// declared.
fn complete(root: &Value, schema: &Value, value: &Value) -> Value {
    if let Some(target) = schema["$ref"].as_str() {
        return complete(root, root.pointer(&target[1..]).unwrap(), value);
    }
    if let Some(branches) = schema["anyOf"].as_array() {
        let fits = |branch: &&Value| {
            let mut whole = (*branch).clone();
            if root.get("$defs").is_some() && whole.is_object() {
                whole["$defs"] = root["$defs"].clone();
            }
            jsonschema::is_valid(&whole, &complete(root, branch, value))
        };
        return branches
            .iter()
            .find(fits)
            .map_or_else(|| value.clone(), |branch| complete(root, branch, value));
    }
    match value {
        Value::Object(members) if schema["properties"].is_object() => schema["properties"]
            .as_object()
            .unwrap()
            .iter()
            .map(|(name, schema)| {
                let member = members.get(name);
                (name.clone(), member.map_or(Value::Null, |member| complete(root, schema, member)))
            })
            .collect(),
        Value::Array(items) => items.iter().map(|item| complete(root, &schema["items"], item)).collect(),
        _ => value.clone(),
    }
}
