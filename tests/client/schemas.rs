//! Answers and the schemas that agents have for them.

use super::support::*;
use agui::client::{Answerable, Outcome, Replay, Thread, WarningKind};
use agui::reduce::Conversation;
use agui::{Interrupt, ResumeEntry, ResumeEntryStatus};
use fastrand::Rng;
use serde_json::{Value, json};

pub(crate) fn interrupt(schema: &Value) -> Interrupt {
    Interrupt::new("i", "r").response_schema(schema.as_object().unwrap().clone())
}

/// Where an answer does not fit, and what is said of it.
pub(crate) fn misfit(schema: &Value, answer: &Value) -> Option<(String, String)> {
    let misfit = interrupt(schema).resolve(answer).err()?.misfit()?.clone();
    Some((misfit.pointer, misfit.message))
}

/// As serde and pydantic write them.
fn trip() -> Value {
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$defs": {
            "Day": { "type": "string", "pattern": "^\\d{4}-\\d{2}-\\d{2}$" },
            "Stop": {
                "type": "object",
                "properties": {
                    "city": { "type": "string", "minLength": 1 },
                    "day": { "anyOf": [{ "$ref": "#/$defs/Day" }, { "type": "null" }] },
                    "next": { "$ref": "#/$defs/Stop" },
                },
                "required": ["city"],
                "additionalProperties": false,
            },
            "Car": { "type": "object", "properties": { "by": { "const": "car" }, "seats": { "type": "integer", "minimum": 1, "exclusiveMaximum": 9 } }, "required": ["by", "seats"] },
            "Train": { "type": "object", "properties": { "by": { "const": "train" } }, "required": ["by"] },
        },
        "type": "object",
        "properties": {
            "stops": { "type": "array", "items": { "$ref": "#/$defs/Stop" }, "minItems": 1, "uniqueItems": true },
            "travel": { "oneOf": [{ "$ref": "#/$defs/Car" }, { "$ref": "#/$defs/Train" }] },
            "class": { "allOf": [{ "type": "integer" }, { "not": { "const": 3 } }] },
            "a/b~c": { "type": "string", "maxLength": 2 },
        },
        "required": ["stops"],
        "dependentRequired": { "class": ["travel"] },
        "if": { "required": ["class"] },
        "then": { "properties": { "travel": { "properties": { "by": { "const": "train" } } } } },
        "patternProperties": { "^x-": { "multipleOf": 5 } },
        "unevaluatedProperties": false,
    })
}

#[test]
fn an_answer_that_does_not_fit_names_the_place() {
    let with = |members: Value| {
        let mut answer = json!({ "stops": [{ "city": "Kyiv" }] });
        answer.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
        answer
    };
    for fits in [
        with(json!({})),
        with(
            json!({ "stops": [{ "city": "Kyiv", "day": null, "next": { "city": "Lviv", "day": "2030-01-01" } }] }),
        ),
        with(json!({ "travel": { "by": "car", "seats": 8.0 } })),
        with(json!({ "class": 2, "travel": { "by": "train" }, "a/b~c": "éé", "x-rate": 10 })),
    ] {
        assert_eq!(misfit(&trip(), &fits), None, "{fits}");
    }
    for (answer, pointer, message) in [
        (with(json!({ "stops": [] })), "/stops", "expected at least 1 elements"),
        (with(json!({ "stops": [{ "city": "" }] })), "/stops/0/city", "expected at least 1 characters"),
        (with(json!({ "stops": [{ "city": "K" }, { "city": "K" }] })), "/stops", "has an element twice"),
        (
            with(json!({ "stops": [{ "city": "K", "next": { "town": 1, "city": "L" } }] })),
            "/stops/0/next",
            "`town` is not expected",
        ),
        (
            with(json!({ "stops": [{ "city": "K", "day": "soon" }] })),
            "/stops/0/day",
            "fits no alternative (does not match `^\\d{4}-\\d{2}-\\d{2}$`; expected null)",
        ),
        (
            with(json!({ "travel": { "by": "car", "seats": 9 } })),
            "/travel",
            "fits no alternative (/seats: expected less than 9; /by: expected \"train\")",
        ),
        (with(json!({ "class": 3, "travel": { "by": "train" } })), "/class", "is what is excluded"),
        (with(json!({ "class": 2 })), "", "`travel` is missing"),
        (
            with(json!({ "class": 2, "travel": { "by": "car", "seats": 1 } })),
            "/travel/by",
            "expected \"train\"",
        ),
        (with(json!({ "a/b~c": "abc" })), "/a~1b~0c", "expected at most 2 characters"),
        (with(json!({ "x-rate": 7 })), "/x-rate", "expected a multiple of 5"),
        (with(json!({ "hotel": "" })), "", "`hotel` is not expected"),
    ] {
        assert_eq!(misfit(&trip(), &answer), Some((pointer.into(), message.into())), "{answer}");
    }
}

/// Verdicts on random schemas and values are those of a validator that is no part of this.
#[tokio::test]
async fn verdicts_are_those_of_a_validator() {
    let seed = std::env::var("AGUI_SEED")
        .ok()
        .and_then(|seed| seed.parse().ok())
        .unwrap_or_else(|| fastrand::u64(..));
    println!("AGUI_SEED={seed}");
    let factor: f64 = std::env::var("AGUI_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(1.0);
    let mut random = Rng::with_seed(seed);
    let (mut fitting, mut others) = (0, 0);
    for _ in 0..(1000.0 * factor) as usize {
        let mut schema = schema(&mut random, 3);
        let definitions =
            json!({ "a": self::schema(&mut random, 2), "b": anchored(self::schema(&mut random, 1)) });
        schema["$defs"] = definitions;
        // Where it is data, an anchor is none.
        let decoy = json!({ "$anchor": "b", "type": "null" });
        schema["$defs"]["a"][random.choice(["const", "default", "enum", "examples"]).unwrap()] =
            json!([decoy, 1]);
        let validator = jsonschema::draft202012::new(&schema).unwrap();
        let values: Vec<_> = (0..10).map(|_| value(&mut random, 3)).collect();
        assert_eq!(unchecked(&schema, &values).await, None, "{schema}");
        for value in &values {
            let value = value.clone();
            let expected = validator.is_valid(&value);
            let ours = interrupt(&schema).resolve(&value);
            assert_eq!(ours.is_ok(), expected, "{value} and {schema}: {ours:?}");
            *(if expected { &mut fitting } else { &mut others }) += 1;
        }
    }
    assert!(fitting > others / 10 && others > fitting / 10, "{fitting} fit, {others} do not");
}

/// Why the thread that sends some answers says that it did not check one of them.
pub(crate) async fn unchecked(schema: &Value, answers: &[Value]) -> Option<String> {
    let id = |at: usize| format!("i{at}");
    let ask = |at| {
        let mut interrupt = interrupt(schema);
        interrupt.id = id(at);
        interrupt
    };
    let asked = (0..answers.len()).map(ask).collect();
    let entries = answers.iter().enumerate().map(|(at, answer)| by_hand(&id(at), Some(answer.clone())));
    let mut thread = Thread::new(Replay::new(run_of([]))).restored(Conversation::default(), asked);
    let report = thread.resume(entries).await.unwrap();
    let mut texts = report.warnings.all().iter().map(|warning| warning.text.clone());
    texts.find(|text| text.contains("was not checked"))
}

fn by_hand(id: &str, payload: Option<Value>) -> ResumeEntry {
    let mut entry = ResumeEntry::new(id, ResumeEntryStatus::Resolved);
    entry.payload = payload;
    entry
}

fn anchored(mut schema: Value) -> Value {
    schema["$anchor"] = json!("b");
    schema
}

/// An object with some keywords; `deep` of them in one another.
fn schema(random: &mut Rng, deep: usize) -> Value {
    let mut schema = json!({});
    for _ in 0..random.usize(1..=3) {
        let keyword = random.choice(KEYWORDS).unwrap();
        let some =
            |random: &mut Rng| if deep == 0 { json!(random.bool()) } else { self::schema(random, deep - 1) };
        schema[*keyword] = match *keyword {
            "type" if random.bool() => json!(random.choice(TYPES)),
            "type" => json!([random.choice(&TYPES[..3]), random.choice(&TYPES[3..])]),
            "const" => value(random, 1),
            "enum" => json!([value(random, 1), value(random, 1), value(random, 0)]),
            "minimum" | "maximum" | "exclusiveMinimum" | "exclusiveMaximum" => number(random),
            "multipleOf" => json!(random.choice([1.0, 2.0, 0.5, 3.0])),
            "pattern" => json!(random.choice(PATTERNS)),
            "uniqueItems" => json!(random.bool()),
            "required" if random.u8(0..4) == 0 => json!([]),
            "required" => json!([random.choice(NAMES)]),
            "dependentRequired" if random.u8(0..4) == 0 => json!({ NAMES[random.usize(0..3)]: [] }),
            "dependentRequired" => json!({ NAMES[random.usize(0..3)]: [random.choice(NAMES)] }),
            "$ref" => json!(random.choice(["#/$defs/a", "#b", "#/$defs/b"])),
            "allOf" | "anyOf" | "oneOf" | "prefixItems" => json!([some(random), some(random)]),
            "properties" | "dependentSchemas" => json!({ "a": some(random), "b/c": some(random) }),
            "patternProperties" => json!({ PATTERNS[random.usize(0..4)]: some(random) }),
            keyword if keyword.starts_with("min") || keyword.starts_with("max") => json!(random.u8(0..3)),
            _ => some(random),
        };
    }
    // A reference in what is referred to may go around for ever.
    if deep < 3 {
        schema.as_object_mut().unwrap().remove("$ref");
    }
    schema
}

const TYPES: &[&str] = &["null", "boolean", "integer", "number", "string", "array", "object"];
const NAMES: &[&str] = &["a", "b/c", "ä"];
const PATTERNS: &[&str] = &["^a", "b", "^[a-c/]*$", "^\\w+$"];
const KEYWORDS: &[&str] = &[
    "type",
    "type",
    "const",
    "enum",
    "multipleOf",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "minLength",
    "maxLength",
    "pattern",
    "minItems",
    "maxItems",
    "uniqueItems",
    "contains",
    "minContains",
    "maxContains",
    "minProperties",
    "maxProperties",
    "required",
    "dependentRequired",
    "prefixItems",
    "items",
    "properties",
    "patternProperties",
    "additionalProperties",
    "propertyNames",
    "dependentSchemas",
    "allOf",
    "anyOf",
    "oneOf",
    "not",
    "if",
    "then",
    "else",
    "unevaluatedProperties",
    "unevaluatedItems",
    "$ref",
    "$ref",
];

fn number(random: &mut Rng) -> Value {
    match random.u8(0..6) {
        0 => json!(f64::from(random.i8(-3..4)) / 2.0),
        1 => json!(f64::from(random.i8(-3..4))),
        // Neighbours, which floats do not tell apart, and one of them as a float.
        2 => json!(9_007_199_254_740_990_u64 + random.u64(0..5)),
        3 => json!(9_007_199_254_740_992.0),
        _ => json!(random.i8(-3..4)),
    }
}

fn value(random: &mut Rng, deep: usize) -> Value {
    match random.u8(0..if deep == 0 { 5 } else { 9 }) {
        0 => Value::Null,
        1 => json!(random.bool()),
        2 | 3 => number(random),
        4 => json!(random.choice(["", "a", "ab", "b/c", "ä", "cab"])),
        5 | 6 => (0..random.usize(0..4)).map(|_| value(random, deep - 1)).collect(),
        _ => {
            let count = random.usize(0..4);
            Value::Object(
                (0..count)
                    .map(|_| (random.choice(NAMES).unwrap().to_string(), value(random, deep - 1)))
                    .collect(),
            )
        }
    }
}

#[test]
fn references_lead_to_places_and_anchors_and_to_the_whole() {
    let schema = json!({
        "$id": "https://example.com/answer",
        "definitions": { "Long name": { "type": "string" } },
        "$defs": {
            "a": { "const": { "$anchor": "short", "type": "null" } },
            "b": { "$anchor": "short", "type": "boolean" },
        },
        "properties": {
            "name": { "$ref": "#/definitions/Long%20name" },
            "short": { "$ref": "#short" },
            "self": { "$ref": "https://example.com/answer" },
        },
    });
    let said =
        |answer: Value| misfit(&schema, &answer).map(|(pointer, message)| format!("{pointer} {message}"));
    assert_eq!(said(json!({ "name": "a", "short": true, "self": {} })), None);
    assert_eq!(said(json!({ "name": 1 })).unwrap(), "/name expected string");
    assert_eq!(said(json!({ "short": null })).unwrap(), "/short expected boolean");
    assert_eq!(said(json!({ "self": { "name": 1 } })).unwrap(), "/self/name expected string");
}

async fn asked(schema: &Value) -> Thread<Replay> {
    let interrupts = json!([{ "id": "i", "reason": "r", "responseSchema": schema }]);
    let asks = sse(&[started(), finished_with(json!({ "type": "interrupt", "interrupts": interrupts }))]);
    let mut thread = Thread::new(Replay::new(asks).then(run_of([]))).id("thread-1");
    assert!(matches!(thread.send("Go.").await.unwrap().outcome, Outcome::Interrupted { .. }));
    thread
}

#[tokio::test]
async fn a_schema_that_is_unusable_stands_in_nobodys_way_and_is_warned_of() {
    for (schema, why) in [
        (json!({ "$ref": "#/$defs/Gone" }), "there is nothing at \"#/$defs/Gone\""),
        (json!({ "$ref": "https://example.com/other" }), "there is nothing at \"https://example.com/other\""),
        (json!({ "type": "text" }), "\"text\" is no type"),
        (json!({ "properties": { "a": { "pattern": "(?=x)" } } }), "`(?=x)` is not understood"),
        (json!({ "properties": { "a": { "minLength": "1" } } }), "`minLength` is \"1\""),
        (json!({ "properties": [] }), "`properties` is no object"),
        (json!({ "required": "a" }), "`required` is no list"),
        (json!({ "allOf": [1] }), "1 is no schema"),
        (json!({ "not": { "$ref": "#/gone" } }), "there is nothing at \"#/gone\""),
        (json!({ "oneOf": [true, { "$ref": "#/gone" }] }), "there is nothing at \"#/gone\""),
        (
            json!({ "allOf": [{ "$ref": "#/gone" }], "unevaluatedProperties": false }),
            "there is nothing at \"#/gone\"",
        ),
        (json!({ "patternProperties": { "(": {} }, "additionalProperties": false }), "`(` is not understood"),
        (json!({ "type": [] }), "`type` is empty"),
        (json!({ "anyOf": [] }), "`anyOf` is empty"),
        (json!({ "oneOf": [] }), "`oneOf` is empty"),
        (json!({ "dependentRequired": { "a": "b" } }), "\"b\" is no list of names"),
        (json!({ "dependentSchemas": { "a": ["b"] } }), "[\"b\"] is no schema"),
        // What older drafts write.
        (json!({ "dependencies": { "a": ["b"] } }), "`dependencies` is not of JSON Schema 2020-12"),
        (json!({ "properties": { "a": { "$recursiveRef": "#" } } }), "`$recursiveRef` is not of"),
        (json!({ "definitions": { "a": { "$anchor": "a" } }, "$ref": "#a" }), "there is nothing at \"#a\""),
        // What fits is known here, but not what of it was looked at.
        (json!({ "anyOf": [true, { "$ref": "#/gone" }], "unevaluatedProperties": false }), "nothing at"),
    ] {
        let mut thread = asked(&schema).await;
        let answer = thread.interrupts()[0].resolve(&json!({ "a": "b" })).unwrap();
        let report = thread.resume([answer]).await.unwrap();
        let warned = report.warnings.all().iter().find(|warning| warning.kind == WarningKind::Unchecked);
        let warning = warned.unwrap_or_else(|| panic!("{schema}"));
        assert!(
            warning.rule == "INT-3"
                && warning.text.starts_with("the answer to `i` was not checked, its schema is unusable: ")
                && warning.text.contains(why),
            "{warning}"
        );
    }
    // What is usable of it decides, whatever stands first.
    for name in ["a", "z"] {
        let schema = json!({ "properties": { name: { "$ref": "#/gone" }, "m": { "type": "string" } } });
        assert_eq!(misfit(&schema, &json!({ name: 1, "m": 1 })).unwrap().0, "/m");
    }
    // One alternative is enough, whatever the other is.
    assert_eq!(unchecked(&json!({ "anyOf": [{ "$ref": "#/gone" }, true] }), &[json!(1)]).await, None);
    // A schema that is usable is not warned of.
    let mut thread = asked(&trip()).await;
    let answer = thread.interrupts()[0].resolve(&json!({ "stops": [{ "city": "Kyiv" }] })).unwrap();
    assert_eq!(thread.resume([answer]).await.unwrap().warnings.count(WarningKind::Unchecked), 0);
}

#[tokio::test]
async fn int_3_entries_made_by_hand_that_do_not_fit_are_warned_of_and_sent() {
    for (payload, said) in [
        (Some(json!({ "stops": [{ "city": 1 }] })), "/stops/0/city: expected string"),
        (None, "expected object"),
    ] {
        let mut thread = asked(&trip()).await;
        let report = thread.resume([by_hand("i", payload)]).await.unwrap();
        let warnings = report.warnings.all().iter().filter(|warning| warning.kind == WarningKind::Unchecked);
        let texts: Vec<_> = warnings.map(|warning| warning.text.clone()).collect();
        assert_eq!(texts, [format!("the answer to `i` does not fit its schema: {said}")]);
        assert_eq!(thread.transport().requests().len(), 2);
    }
    // Giving up is no answer that has to fit.
    let mut thread = asked(&trip()).await;
    let mut cancelled = by_hand("i", None);
    cancelled.status = ResumeEntryStatus::Cancelled;
    assert_eq!(thread.resume([cancelled]).await.unwrap().warnings.count(WarningKind::Unchecked), 0);
}

#[test]
fn numbers_are_compared_to_the_last_digit() {
    for (schema, value, fits) in [
        (json!({ "exclusiveMaximum": 1e16 }), json!(9_999_999_999_999_999_u64), true),
        (json!({ "exclusiveMaximum": 1e16 }), json!(10_000_000_000_000_000_u64), false),
        (json!({ "const": 9_007_199_254_740_992.0 }), json!(9_007_199_254_740_993_u64), false),
        (json!({ "const": 9_007_199_254_740_992.0 }), json!(9_007_199_254_740_992_u64), true),
        (json!({ "minimum": -1e300 }), json!(i64::MIN), true),
        (json!({ "maximum": 1.5 }), json!(u64::MAX), false),
    ] {
        assert_eq!(misfit(&schema, &value).is_none(), fits, "{value} and {schema}");
    }
}

/// To the last bit where it matters, and not where nobody means it.
#[test]
fn multiples_are_those_of_decimals() {
    for (value, of, is) in [
        (json!(0.3), json!(0.1), true),
        (json!(19.99), json!(0.01), true),
        (json!(0.35), json!(0.1), false),
        (json!(1e308), json!(0.5), true),
        (json!(1e308), json!(0.123_456_789), false),
        (json!(9_007_199_254_740_993_u64), json!(2), false),
        (json!(7), json!(0.5), true),
        (json!(10_000_000.005), json!(0.01), false),
        (json!(10_000_000.01), json!(0.01), true),
        (json!(600_000_000.5), json!(1), false),
    ] {
        assert_eq!(misfit(&json!({ "multipleOf": of }), &value).is_none(), is, "{value} of {of}");
    }
}
