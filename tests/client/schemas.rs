//! Answers and the schemas that agents have for them.

use super::support::*;
use agui::client::{Answerable, Outcome, Replay, Thread, TurnError, Unsent, WarningKind};
use agui::{Interrupt, ResumeEntry, ResumeEntryStatus};
use fastrand::Rng;
use serde_json::{Value, json};

fn interrupt(schema: &Value) -> Interrupt {
    Interrupt::new("i", "r").response_schema(schema.as_object().unwrap().clone())
}

/// Where an answer does not fit, and what is said of it.
fn misfit(schema: &Value, answer: &Value) -> Option<(String, String)> {
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
#[test]
fn verdicts_are_those_of_a_validator() {
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
        let validator = jsonschema::draft202012::new(&schema).unwrap();
        for _ in 0..10 {
            let value = value(&mut random, 3);
            let expected = validator.is_valid(&value);
            let ours = interrupt(&schema).resolve(&value);
            assert_eq!(ours.is_ok(), expected, "{value} and {schema}: {ours:?}");
            *(if expected { &mut fitting } else { &mut others }) += 1;
        }
    }
    assert!(fitting > others / 10 && others > fitting / 10, "{fitting} fit, {others} do not");
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
            "required" => json!([random.choice(NAMES)]),
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
    match random.u8(0..4) {
        0 => json!(f64::from(random.i8(-3..4)) / 2.0),
        1 => json!(f64::from(random.i8(-3..4))),
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

/// What drafts before 2020-12 write.
#[test]
fn what_older_drafts_spell_otherwise_is_understood() {
    let schema = json!({
        "$id": "https://example.com/answer",
        "definitions": { "Long name": { "$anchor": "short", "type": "string" } },
        "properties": {
            "pair": { "items": [{ "$ref": "#/definitions/Long%20name" }, { "$ref": "#short" }], "additionalItems": { "type": "boolean" } },
            "self": { "$ref": "https://example.com/answer" },
        },
        "dependencies": { "pair": ["self"], "self": { "minProperties": 2 } },
    });
    let said =
        |answer: Value| misfit(&schema, &answer).map(|(pointer, message)| format!("{pointer} {message}"));
    assert_eq!(said(json!({ "pair": ["a", "b", true], "self": {} })), None);
    assert_eq!(said(json!({ "pair": ["a", 2], "self": {} })).unwrap(), "/pair/1 expected string");
    assert_eq!(said(json!({ "pair": [1], "self": {} })).unwrap(), "/pair/0 expected string");
    assert_eq!(said(json!({ "pair": ["a", "b", 3], "self": {} })).unwrap(), "/pair/2 expected boolean");
    assert_eq!(said(json!({ "pair": [] })).unwrap(), " `self` is missing");
    assert_eq!(said(json!({ "self": {} })).unwrap(), " expected at least 2 members");
    assert_eq!(said(json!({ "pair": [], "self": { "pair": [0] } })).unwrap(), "/self `self` is missing");
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
    ] {
        let mut thread = asked(&schema).await;
        let answer = thread.interrupts()[0].resolve(&json!({ "a": "b" })).unwrap();
        let report = thread.resume([answer]).await.unwrap();
        let warned = report.warnings.all().iter().find(|warning| warning.kind == WarningKind::Unchecked);
        let warning = warned.unwrap_or_else(|| panic!("{schema}"));
        assert!(
            warning.rule == "INT-3" && warning.text.contains("`i`") && warning.text.contains(why),
            "{warning}"
        );
    }
    // What is usable of it decides, whatever stands first.
    for name in ["a", "z"] {
        let schema = json!({ "properties": { name: { "$ref": "#/gone" }, "m": { "type": "string" } } });
        assert_eq!(misfit(&schema, &json!({ name: 1, "m": 1 })).unwrap().0, "/m");
    }
    // A schema that is usable is not warned of.
    let mut thread = asked(&trip()).await;
    let answer = thread.interrupts()[0].resolve(&json!({ "stops": [{ "city": "Kyiv" }] })).unwrap();
    assert_eq!(thread.resume([answer]).await.unwrap().warnings.count(WarningKind::Unchecked), 0);
}

/// A schema from an agent may neither take for ever nor the stack.
#[test]
fn sec_1_hostile_schemas_come_to_an_end() {
    let twice = |next: usize| json!({ "$ref": format!("#/$defs/{next}") });
    let doubled = |keyword: &str| {
        let link = |nth: usize| (nth.to_string(), json!({ keyword: [twice(nth + 1), twice(nth + 1)] }));
        let mut links: serde_json::Map<_, _> = (0..60).map(link).collect();
        links.insert("60".into(), json!({ "type": "string" }));
        json!({ "$defs": links, "$ref": "#/$defs/0" })
    };
    let deep = (0..60).fold(json!({ "type": "string" }), |schema, _| json!({ "not": { "allOf": [schema] } }));
    let schemas = [
        json!({ "$ref": "#" }),
        json!({ "allOf": [{ "$ref": "#" }] }),
        json!({ "$defs": { "a": { "$ref": "#/$defs/b" }, "b": { "$ref": "#/$defs/a" } }, "$ref": "#/$defs/a" }),
        json!({ "items": { "$ref": "#" }, "contains": { "$ref": "#" } }),
        json!({ "pattern": "(((a{1,900}){1,900}){1,900})$" }),
        json!({ "pattern": "^(a+)+$" }),
        json!({ "enum": vec!["x".repeat(1000); 1000] }),
        json!({ "$ref": "#anchor", "$defs": deep }),
        doubled("allOf"),
        doubled("anyOf"),
        doubled("oneOf"),
        deep,
    ];
    let deep = (0..100).fold(json!([]), |inner, _| json!([inner, inner.is_null()]));
    let answers = [json!(7), json!("a".repeat(50) + "b"), json!(vec![0; 5000]), deep];
    // Less than what threads have.
    let small = std::thread::Builder::new().stack_size(1 << 20);
    let checked = small.spawn(move || {
        for schema in &schemas {
            for answer in &answers {
                let _ = interrupt(schema).resolve(answer);
            }
        }
    });
    checked.unwrap().join().unwrap();
}

#[tokio::test]
async fn entries_made_by_hand_are_checked_before_anything_is_sent() {
    let mut thread = asked(&trip()).await;
    let by_hand = |payload: Option<Value>| {
        let mut entry = ResumeEntry::new("i", ResumeEntryStatus::Resolved);
        entry.payload = payload;
        entry
    };
    for (payload, said) in [
        (Some(json!({ "stops": [{ "city": 1 }] })), "/stops/0/city: expected string"),
        (None, "expected object"),
    ] {
        let error = thread.resume([by_hand(payload)]).await.unwrap_err();
        let TurnError::Unsent(Unsent::UnfitAnswer(unfit)) = &error else { panic!("{error}") };
        assert_eq!((unfit.interrupt_id(), unfit.misfit().unwrap().to_string()), ("i", said.to_owned()));
        assert_eq!(error.to_string(), format!("the answer to `i` does not fit its schema: {said}"));
    }
    assert_eq!(thread.transport().requests().len(), 1);
    // Giving up is no answer that has to fit.
    let mut cancelled = by_hand(None);
    cancelled.status = ResumeEntryStatus::Cancelled;
    assert!(thread.resume([cancelled]).await.unwrap().outcome.is_success());
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
    ] {
        assert_eq!(misfit(&json!({ "multipleOf": of }), &value).is_none(), is, "{value} of {of}");
    }
}
