//! What has no translation: refused with the place, and with what would be right.

use agui_codegen::{Error, Schema, Settings, check, generate};
use serde_json::{Value, json};

/// The problems of a document, which `generate` and `check` agree about.
#[track_caller]
fn problems(schema: Value) -> Vec<(String, String)> {
    let schema = Schema::from(schema);
    let Err(Error::Schema(problems)) = generate(&schema, &Settings::default()) else {
        panic!("no problems with {}", schema.document());
    };
    match check(&schema) {
        Err(Error::Schema(checked)) => assert_eq!(checked, problems),
        other => panic!("{other:?}"),
    }
    assert!(problems.is_sorted());
    let told = |problem: agui_codegen::Problem| {
        let help = problem.help.unwrap_or_else(|| panic!("{} says not what to do", problem.message));
        (problem.pointer, format!("{}; {help}", problem.message))
    };
    problems.into_iter().map(told).collect()
}

/// Each schema, with the places and the words of all its problems, has exactly these.
#[track_caller]
fn refused<const N: usize>(cases: [(Value, &[(&str, &str)]); N]) {
    for (defs, expected) in cases {
        let found = problems(json!({ "$defs": defs }));
        let as_expected = found.len() == expected.len()
            && found
                .iter()
                .zip(expected)
                .all(|((at, message), (pointer, words))| at == pointer && message.contains(words));
        assert!(as_expected, "{defs}\ngives {found:#?}\ninstead of {expected:#?}");
    }
}

fn object(properties: Value) -> Value {
    json!({ "type": "object", "properties": properties })
}

#[test]
fn keywords_without_a_translation() {
    refused([
        (json!({ "A": { "if": {} } }), &[("/$defs/A/if", "the keyword `if` is not supported")]),
        (
            json!({ "A": object(json!({ "p~/": { "patternProperties": {} } })) }),
            &[("/$defs/A/properties/p~0~1/patternProperties", "is not supported")],
        ),
        (
            json!({ "A": { "type": "array", "items": { "type": "string", "minimun": 1 } } }),
            &[("/$defs/A/items/minimun", "`minimun` is not supported")],
        ),
        (
            json!({ "A": { "oneOf": [{ "type": "string" }, { "type": "array", "prefixItems": [] }] } }),
            &[("/$defs/A/oneOf/1/prefixItems", "is not supported")],
        ),
        (
            json!({ "A": { "type": "object", "allOf": [{ "type": "object", "dependentSchemas": {} }] } }),
            &[("/$defs/A/allOf/0/dependentSchemas", "is not supported")],
        ),
        (
            json!({ "A": { "type": "object", "additionalProperties": { "contains": 2 } } }),
            &[("/$defs/A/additionalProperties/contains", "is not supported")],
        ),
        (
            json!({ "A": { "$defs": {} }, "B": { "properties": { "p": { "$anchor": "b" } } } }),
            &[
                ("/$defs/A/$defs", "supported at the top only"),
                ("/$defs/B/properties/p/$anchor", "supported at the top only"),
            ],
        ),
    ]);
}

#[test]
fn keywords_with_values_that_mean_nothing() {
    refused([
        (json!({ "A": { "type": "text" } }), &[("/$defs/A/type", "`text` is not a JSON type")]),
        (json!({ "A": { "type": [] } }), &[("/$defs/A/type", "a type's name or a list of them")]),
        (
            json!({ "A": { "type": "string", "minLength": "1" } }),
            &[("/$defs/A/minLength", "non-negative integer")],
        ),
        (
            json!({ "A": { "type": "number", "maximum": "1" } }),
            &[("/$defs/A/maximum", "a number was expected")],
        ),
        (json!({ "A": { "$ref": 1 } }), &[("/$defs/A/$ref", "a string was expected")]),
        (json!({ "A": { "$anchor": 1 } }), &[("/$defs/A/$anchor", "a string was expected")]),
        (json!({ "A": { "oneOf": {} } }), &[("/$defs/A/oneOf", "an array was expected")]),
        (json!({ "A": { "allOf": [] } }), &[("/$defs/A/allOf", "an empty list of schemas")]),
        (
            json!({ "A": { "properties": [] } }),
            &[("/$defs/A/properties", "an object of schemas was expected")],
        ),
        (json!({ "A": { "not": {} } }), &[("/$defs/A/not", "`not` is supported as")]),
        (json!({ "A": 1 }), &[("/$defs/A", "a schema is an object or a boolean")]),
        (json!({ "A": false }), &[("/$defs/A", "admits no value")]),
        (json!([]), &[("/$defs", "`$defs` is an object")]),
        (
            json!({ "A": { "type": "string", "pattern": "(?=a)" } }),
            &[("/$defs/A/pattern", "the group `(?=` of this regular expression is not supported")],
        ),
    ]);
    assert_eq!(
        problems(json!(true)),
        [(String::new(), "a schema document is a JSON object; write `{ \"$defs\": { … } }`".to_owned())]
    );
}

#[test]
fn references_that_lead_nowhere() {
    refused([
        (json!({ "A": { "$ref": "#/$defs/B" } }), &[("/$defs/A/$ref", "`#/$defs/B` names no definition")]),
        (json!({ "A": { "$ref": "#b" } }), &[("/$defs/A/$ref", "`#b` names no definition")]),
        (json!({ "A": { "$ref": "other.json#/$defs/A" } }), &[("/$defs/A/$ref", "names no definition")]),
        (
            json!({ "A": object(json!({ "p": { "type": "array", "items": { "$ref": "#b" } } })) }),
            &[("/$defs/A/properties/p/items/$ref", "names no definition")],
        ),
        (
            json!({ "A": { "type": "object", "allOf": [{ "$ref": "#b" }] } }),
            &[("/$defs/A/allOf/0/$ref", "`#b` names no definition")],
        ),
        (
            json!({ "A": { "$anchor": "x" }, "B": { "$anchor": "x" } }),
            &[("/$defs/B/$anchor", "`x` is the anchor of `A` already")],
        ),
        (json!({ "A": { "$ref": "#/$defs/A" } }), &[("/$defs/A", "`A` is defined by nothing but itself")]),
        (
            json!({ "A": { "$ref": "#/$defs/B" }, "B": { "anyOf": [{ "$ref": "#/$defs/A" }, { "type": "null" }] } }),
            &[("/$defs/A", "nothing but itself"), ("/$defs/B", "nothing but itself")],
        ),
    ]);
    assert_eq!(problems(json!({ "$ref": "#/$defs/Gone" }))[0].0, "/$ref");
}

#[test]
fn keywords_that_do_not_go_together() {
    let a = json!({ "type": "string" });
    refused([
        (
            json!({ "A": a, "B": { "$ref": "#/$defs/A", "minLength": 1, "description": "Fine." } }),
            &[("/$defs/B/minLength", "`minLength` beside `$ref` is not supported")],
        ),
        (
            json!({ "A": { "type": "string", "minimum": 1 } }),
            &[("/$defs/A/minimum", "`minimum` beside this `type` is not supported")],
        ),
        (
            json!({ "A": { "type": "integer", "pattern": "a", "items": {} } }),
            &[("/$defs/A/items", "beside this `type`"), ("/$defs/A/pattern", "beside this `type`")],
        ),
        (json!({ "A": { "minLength": 1 } }), &[("/$defs/A", "say which `type` is meant")]),
        (json!({ "A": { "properties": { "p": {} } } }), &[("/$defs/A", "say which `type` is meant")]),
        (json!({ "A": { "items": {} } }), &[("/$defs/A", "say which `type` is meant")]),
        (json!({ "A": { "type": "null" } }), &[("/$defs/A", "a schema that admits `null` alone")]),
        (
            json!({ "A": { "oneOf": [{ "type": "null" }] } }),
            &[("/$defs/A", "a schema that admits `null` alone")],
        ),
        (
            json!({ "A": { "type": "string", "oneOf": [{ "minLength": 1 }] } }),
            &[
                ("/$defs/A/oneOf/0", "say which `type` is meant"),
                ("/$defs/A/type", "`type` beside `oneOf` is not supported"),
            ],
        ),
        (
            json!({ "A": { "oneOf": [{ "type": "string" }], "anyOf": [{ "type": "string" }] } }),
            &[("/$defs/A/oneOf", "`oneOf` beside `anyOf` is not supported")],
        ),
        (
            json!({ "A": { "type": "string", "enum": ["a"], "maxLength": 1 } }),
            &[("/$defs/A/maxLength", "`maxLength` beside `enum` is not supported")],
        ),
        (
            json!({ "A": { "type": "string", "allOf": [{ "type": "string", "minLength": 1 }] } }),
            &[("/$defs/A/type", "`type` beside `allOf` is not supported")],
        ),
        (
            json!({ "A": { "type": "string", "allOf": [{ "minLength": 1 }, { "maxLength": 2 }] } }),
            &[("/$defs/A/allOf", "`allOf` beside this `type` is not supported")],
        ),
        (
            json!({ "A": { "type": "object", "properties": { "p": {} }, "minLength": 1 } }),
            &[("/$defs/A/minLength", "`minLength` does not go with an object")],
        ),
        (
            json!({ "A": { "type": "object", "properties": { "p": {} }, "minProperties": 1 } }),
            &[("/$defs/A/minProperties", "`minProperties` does not go with an object")],
        ),
        (
            json!({ "A": { "type": "object", "properties": {}, "required": [], "oneOf": [{ "required": ["p"] }, { "required": ["q"] }] } }),
            &[
                ("/$defs/A", "`p` is required in one case but not among the properties"),
                ("/$defs/A", "`q` is required in one case but not among the properties"),
            ],
        ),
        (
            json!({ "A": { "type": "object", "propertyNames": { "enum": ["a"] } }, "B": { "type": "object", "propertyNames": { "type": "integer" } } }),
            &[
                ("/$defs/A/propertyNames/enum", "`enum` is not supported for the names of members"),
                ("/$defs/B/propertyNames/type", "the names of members are strings"),
            ],
        ),
        (
            json!({ "A": { "type": "number", "multipleOf": 0.1 }, "B": { "type": "integer", "multipleOf": 0 } }),
            &[
                ("/$defs/A/multipleOf", "`multipleOf` is supported for integers only"),
                ("/$defs/B/multipleOf", "the divisor of an integer is a positive integer"),
            ],
        ),
        (
            json!({ "A": { "type": "object", "properties": { "p": { "const": 1, "minimum": 2 } }, "required": ["p"] } }),
            &[("/$defs/A/properties/p/minimum", "`minimum` beside `const` is not supported")],
        ),
        (
            json!({ "A": { "type": "array", "uniqueItems": 1 } }),
            &[("/$defs/A/uniqueItems", "a boolean was expected")],
        ),
        (
            json!({ "A": { "type": ["string", "object"], "properties": { "p": {} } } }),
            &[("/$defs/A/properties", "`properties` beside a list of types is not supported")],
        ),
        (
            json!({ "A": { "oneOf": [a, { "type": "null" }] }, "B": { "$ref": "#/$defs/A", "not": { "type": "null" } } }),
            &[("/$defs/B/not", "`A` admits `null` as its only other value")],
        ),
    ]);
}

#[test]
fn values_that_contradict_themselves() {
    refused([
        (json!({ "A": { "enum": [1, 2] } }), &[("/$defs/A/enum", "for strings and `null` only")]),
        (json!({ "A": { "enum": [] } }), &[("/$defs/A", "an enumeration without values")]),
        (json!({ "A": { "enum": [null] } }), &[("/$defs/A", "an enumeration without values")]),
        (json!({ "A": { "enum": ["a", "a"] } }), &[("/$defs/A", "`a` is listed twice")]),
        (
            json!({ "A": { "type": "integer", "enum": ["a"] } }),
            &[("/$defs/A/enum", "`\"a\"` is not of the `type` that is demanded")],
        ),
        (
            json!({ "A": { "type": "string", "enum": ["a", null] } }),
            &[("/$defs/A/enum", "`null` is not of the `type`")],
        ),
        (
            json!({ "A": { "type": "integer", "oneOf": [{ "const": "a" }, { "const": "b" }] } }),
            &[("/$defs/A/type", "the constants are strings")],
        ),
        (json!({ "A": { "const": 1 } }), &[("/$defs/A/const", "supported as a required member")]),
        (
            json!({ "A": object(json!({ "p": { "const": true } })) }),
            &[("/$defs/A/properties/p/const", "supported as a required member")],
        ),
        (
            json!({ "A": { "type": "array", "items": { "const": 1 } } }),
            &[("/$defs/A/items/const", "supported as a required member")],
        ),
        (
            json!({ "A": { "type": "object", "properties": { "p": { "const": [1] } }, "required": ["p"] } }),
            &[("/$defs/A/properties/p/const", "if it is a scalar")],
        ),
        (
            json!({ "A": { "type": "object", "properties": { "p": { "type": "string", "const": 1 } }, "required": ["p"] } }),
            &[("/$defs/A/properties/p/const", "`1` is not of the `type`")],
        ),
        (
            json!({ "A": { "type": "number", "minimum": 2, "maximum": 1 } }),
            &[("/$defs/A", "no number is within")],
        ),
        (
            json!({ "A": { "type": "array", "minItems": 2, "maxItems": 1 } }),
            &[("/$defs/A/minItems", "more than `maxItems` allows")],
        ),
        (
            json!({ "A": { "type": "integer", "maximum": 1.5 } }),
            &[("/$defs/A/maximum", "the bound of an integer is an integer")],
        ),
    ]);
}

#[test]
fn unions_that_cannot_be_told_apart() {
    let tagged = |value: Value| json!({ "type": "object", "properties": { "t": value }, "required": ["t"] });
    refused([
        (
            json!({ "U": { "oneOf": [{ "$ref": "#/$defs/A" }, { "$ref": "#/$defs/B" }] },
                "A": tagged(json!({ "const": "a" })), "B": object(json!({ "t": { "const": "b" } })) }),
            &[("/$defs/U", "objects without a discriminator")],
        ),
        (
            json!({ "U": { "oneOf": [{ "$ref": "#/$defs/A" }, { "$ref": "#/$defs/B" }] },
                "A": tagged(json!({ "const": "same" })), "B": tagged(json!({ "const": "same" })) }),
            &[("/$defs/U", "objects without a discriminator")],
        ),
        (
            json!({ "U": { "oneOf": [{ "type": "string" }, { "const": "a" }] } }),
            &[("/$defs/U/oneOf/1", "two members of this union have the same JSON type")],
        ),
        (
            json!({ "U": { "oneOf": [{ "type": "integer" }, { "$ref": "#/$defs/N" }] }, "N": { "type": "number" } }),
            &[("/$defs/U/oneOf/1", "two members of this union have the same JSON type")],
        ),
        (json!({ "U": { "oneOf": [{ "type": "string" }, {}] } }), &[("/$defs/U/oneOf/1", "this is neither")]),
        (
            json!({ "A": { "oneOf": [{ "type": ["string", "null"] }, { "type": "null" }] },
                "B": { "oneOf": [{ "type": "null" }, { "$ref": "#/$defs/D" }] },
                "C": { "oneOf": [{}, { "type": "null" }] },
                "D": { "$ref": "#/$defs/E" }, "E": { "enum": ["a", null] } }),
            &[
                ("/$defs/A/oneOf", "`null` is valid for two members of this and so for none"),
                ("/$defs/B/oneOf", "use `anyOf`"),
                ("/$defs/C/oneOf", "use `anyOf`"),
            ],
        ),
        (
            json!({ "U": { "oneOf": [{ "type": "boolean" }, { "type": ["string", "null"] }] } }),
            &[("/$defs/U/oneOf/1", "`null` inside a member of a union")],
        ),
        (
            json!({ "U": { "description": "Fine.", "oneOf": [{ "type": "string" }, { "type": "boolean" }], "minItems": 1 } }),
            &[("/$defs/U/minItems", "keywords beside `oneOf` are not supported")],
        ),
        (
            json!({ "U": { "type": "object", "oneOf": [tagged(json!({ "const": "a" })), tagged(json!({ "const": "b" }))] } }),
            &[("/$defs/U/type", "keywords beside `oneOf` are not supported")],
        ),
    ]);
}

#[test]
fn compositions_that_do_not_work() {
    let of = |fragment: &str, properties: Value| json!({ "type": "object", "allOf": [{ "$ref": format!("#/$defs/{fragment}") }], "properties": properties });
    let base = object(json!({ "p": { "type": "string", "maxLength": 3 }, "q": { "enum": ["a", "b"] } }));
    refused([
        (json!({ "A": of("A", json!({})) }), &[("/$defs/A/allOf/0", "`A` is composed of itself")]),
        (
            json!({ "A": of("B", json!({})), "B": of("A", json!({})) }),
            &[("/$defs/A/allOf/0", "composed of itself"), ("/$defs/B/allOf/0", "composed of itself")],
        ),
        (
            json!({ "A": of("B", json!({})), "B": { "type": "object", "unevaluatedProperties": false } }),
            &[("/$defs/A/allOf/0", "a fragment that closes itself")],
        ),
        (
            json!({ "A": { "allOf": [{ "$ref": "#/$defs/B" }], "unevaluatedProperties": false },
                "B": { "type": "object", "properties": { "p": {} }, "additionalProperties": true } }),
            &[("/$defs/A/allOf/0", "none is left unevaluated")],
        ),
        (
            json!({ "A": { "allOf": [{ "$ref": "#/$defs/B" }], "additionalProperties": false }, "B": base }),
            &[("/$defs/A/additionalProperties", "use `unevaluatedProperties`")],
        ),
        (
            json!({ "A": { "type": "object", "allOf": [{ "$ref": "#/$defs/B" }] }, "B": { "type": "string" } }),
            &[("/$defs/A/allOf/0", "`B` is not an object")],
        ),
        (
            json!({ "A": { "allOf": [{ "$ref": "#/$defs/B", "required": ["p"] }] }, "B": base }),
            &[("/$defs/A/allOf/0/required", "`required` beside `$ref` is not supported")],
        ),
        (
            json!({ "A": of("B", json!({ "q": { "type": "string" } })), "B": base }),
            &[(
                "/$defs/A/properties/q",
                "does not narrow the property that it overrides, #/$defs/B/properties/q",
            )],
        ),
        (
            json!({ "A": of("B", json!({ "q": { "const": "c" } })), "B": base }),
            &[("/$defs/A/properties/q", "does not narrow")],
        ),
        (
            json!({ "A": of("B", json!({ "p": { "const": "long" } })), "B": base }),
            &[("/$defs/A/properties/p", "does not narrow")],
        ),
        (
            json!({ "A": { "type": "object", "required": ["ghost"] } }),
            &[("/$defs/A/required", "`ghost` is required but not among the properties")],
        ),
        (
            json!({ "A": { "type": "string", "allOf": [{ "$ref": "#/$defs/B" }] }, "B": base }),
            &[("/$defs/A/type", "composed with objects this is an object or nothing")],
        ),
    ]);
}

#[test]
fn names_that_rust_would_not_tell_apart() {
    let tagged =
        |tag| json!({ "type": "object", "properties": { "t": { "const": tag } }, "required": ["t"] });
    refused([
        (
            json!({ "event": {}, "Event": {} }),
            &[("/$defs/event", "would be the type `Event` in Rust, as is `Event`, #/$defs/Event")],
        ),
        (json!({ "a_b": {}, "a-b": {} }), &[("/$defs/a_b", "would be the type `Ab` in Rust")]),
        (
            json!({ "Order": object(json!({ "kind": { "enum": ["x"] } })), "OrderKind": {} }),
            &[("/$defs/OrderKind", "the type name `OrderKind` is taken by #/$defs/Order/properties/kind")],
        ),
        (
            json!({ "A": object(json!({ "fooBar": {}, "foo_bar": {} })) }),
            &[("/$defs/A/properties/foo_bar", "would be the field `foo_bar` in Rust, as is `fooBar`")],
        ),
        (
            json!({ "A": { "enum": ["a-b", "a_b"] } }),
            &[("/$defs/A", "would both be the variant `Ab` in Rust")],
        ),
        (
            json!({ "A": { "enum": ["<", "<="] } }),
            &[("/$defs/A", "`<` and `<=` would both be the variant `X`")],
        ),
        (
            json!({ "U": { "oneOf": [tagged("a b"), tagged("a.b")] } }),
            &[("/$defs/U", "both be the variant `Ab`"), ("/$defs/U/oneOf/1", "the type name `Uab` is taken")],
        ),
        (json!({ "²ⓐ": {} }), &[("/$defs/²ⓐ", "cannot be made the name of a type in Rust")]),
    ]);
    let titled = json!({ "title": "an order", "type": "object", "$defs": { "AnOrder": {} } });
    assert_eq!(problems(titled)[0].0, "");
}

#[test]
fn all_problems_are_reported_at_once() {
    let found = problems(json!({
        "$ref": "#/$defs/Root",
        "$defs": {
            "Keyword": { "type": "string", "contentSchema": {} },
            "Two": { "type": "object", "contains": 1, "properties": { "p": { "type": "text" } } },
            "Reference": { "$ref": "#gone" },
            "Union": { "oneOf": [{ "type": "string" }, { "enum": ["a"] }] },
            "clash": { "type": "integer" },
            "Clash": { "type": "integer" },
            "Values": { "enum": ["a", "A"] },
        },
    }));
    let places: Vec<_> = found.iter().map(|(pointer, _)| pointer.as_str()).collect();
    assert_eq!(
        places,
        [
            "/$defs/Keyword/contentSchema",
            "/$defs/Reference/$ref",
            "/$defs/Two/contains",
            "/$defs/Two/properties/p/type",
            "/$defs/Union/oneOf/1",
            "/$defs/Values",
            "/$defs/clash",
        ]
    );
}
