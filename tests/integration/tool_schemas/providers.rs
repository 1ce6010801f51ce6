//! No form for a provider has a keyword that the provider refuses.

use super::check::{DIALECTS, folder};
use agui::tool::schema::{Dialect, for_provider};
use serde_json::{Value, json};

#[test]
fn goldens_have_no_refused_keywords() {
    if std::env::var_os("AGUI_REWRITE").is_some() {
        // They are being written.
        return;
    }
    let mut seen = 0;
    for entry in std::fs::read_dir(folder()).unwrap() {
        let path = entry.unwrap().path();
        let golden: Value = serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
        for (key, dialect) in DIALECTS {
            let form = &golden[key];
            if form.get("error").is_some() || form.is_null() {
                continue;
            }
            for keyword in ["oneOf", "anyOf", "allOf", "not", "enum", "$ref", "$schema"] {
                assert!(form.get(keyword).is_none(), "{}: {key}: {keyword} at the root", path.display());
            }
            assert_eq!(form["type"], "object", "{}: {key}", path.display());
            each(form, &mut |schema| {
                if let Some(problem) = refused(*dialect, schema) {
                    panic!("{}: {key}: {problem} in {schema}", path.display());
                }
            });
            seen += 1;
        }
    }
    assert!(seen > 100, "{seen}");
}

/// What a provider refuses in a schema, told by its documentation.
fn refused(dialect: Dialect, schema: &Value) -> Option<String> {
    let has = |keyword: &str| schema.get(keyword).is_some();
    let never: &[&str] = match dialect {
        Dialect::OpenAiStrict => &[
            "allOf",
            "oneOf",
            "not",
            "if",
            "then",
            "else",
            "const",
            "default",
            "examples",
            "minLength",
            "maxLength",
            "uniqueItems",
            "prefixItems",
            "patternProperties",
            "propertyNames",
            "unevaluatedProperties",
            "minProperties",
            "maxProperties",
            "contains",
            "dependentRequired",
            "dependentSchemas",
            "nullable",
        ],
        Dialect::Gemini => &[
            "$ref",
            "$defs",
            "additionalProperties",
            "const",
            "oneOf",
            "allOf",
            "not",
            "patternProperties",
            "prefixItems",
            "uniqueItems",
            "exclusiveMinimum",
            "exclusiveMaximum",
            "multipleOf",
            "default",
            "examples",
            "unevaluatedProperties",
            "propertyNames",
            "contains",
        ],
        Dialect::GeminiJson => &[
            "const",
            "oneOf",
            "allOf",
            "not",
            "patternProperties",
            "uniqueItems",
            "exclusiveMinimum",
            "minLength",
            "exclusiveMaximum",
            "multipleOf",
            "default",
            "examples",
            "unevaluatedProperties",
            "pattern",
            "maxLength",
        ],
        _ => &[],
    };
    if let Some(keyword) = never.iter().find(|keyword| has(keyword)) {
        return Some((*keyword).to_owned());
    }
    let object = schema["type"] == "object";
    let alone = |keyword: &str| has(keyword) && schema.as_object().unwrap().len() > 1;
    let problem = match dialect {
        Dialect::OpenAi if schema["type"] == "array" && !has("items") => "an array without items",
        Dialect::OpenAiStrict | Dialect::GeminiJson if alone("$ref") => "something beside $ref",
        Dialect::OpenAiStrict if object && schema["additionalProperties"] != false => "an open object",
        Dialect::OpenAiStrict if !has("type") && !has("anyOf") && !has("$ref") => "no type",
        Dialect::OpenAiStrict
            if object
                && schema["properties"].as_object().unwrap().len()
                    != schema["required"].as_array().unwrap().len() =>
        {
            "optional properties"
        }
        Dialect::Gemini if schema["type"].is_array() => "a list of types",
        Dialect::Gemini if !has("type") && !has("anyOf") => "no type",
        Dialect::Gemini if alone("anyOf") => "something beside anyOf",
        Dialect::Gemini if object && schema["properties"].as_object().is_none_or(|all| all.is_empty()) => {
            "an object without properties"
        }
        Dialect::Gemini if has("enum") && schema["type"] != "string" => "an enum of no strings",
        _ => return None,
    };
    Some(problem.to_owned())
}

fn each(schema: &Value, visit: &mut impl FnMut(&Value)) {
    if !schema.is_object() {
        return;
    }
    visit(schema);
    for keyword in ["properties", "$defs"] {
        schema[keyword].as_object().into_iter().flatten().for_each(|(_, schema)| each(schema, visit));
    }
    for keyword in ["anyOf", "oneOf", "allOf", "prefixItems"] {
        schema[keyword].as_array().into_iter().flatten().for_each(|schema| each(schema, visit));
    }
    for keyword in ["items", "additionalProperties"] {
        each(&schema[keyword], visit);
    }
}

#[test]
fn what_cannot_be_expressed_names_the_argument() {
    let schema = json!({"type": "object", "properties": {"order": {"type": "object",
        "properties": {"extra": {}}, "required": ["extra"]}}});
    let error = for_provider(&schema, Dialect::OpenAiStrict).unwrap_err();
    assert_eq!(
        (error.argument().as_str(), error.pointer()),
        ("order.extra", "/properties/order/properties/extra")
    );
    let schema = json!({"type": "object", "properties": {"my name": {"type": "string"}}});
    let error = for_provider(&schema, Dialect::Anthropic).unwrap_err();
    assert_eq!(error.pointer(), "/properties/my name");
}

#[test]
fn gemini_has_no_parameters_for_a_tool_without_arguments() {
    assert_eq!(for_provider(&json!({"type": "object"}), Dialect::Gemini), Ok(Value::Null));
}
