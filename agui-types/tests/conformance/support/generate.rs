//! Random documents that a shape allows.

use super::rng::Rng;
use super::schema::Schema;
use super::shape::{Object, Shape};
use serde_json::{Map, Number, Value};

/// Beyond this nesting optional members are left out and lists are short.
const DEPTH: usize = 6;

/// Integers up to this size can be written as floats.
pub(crate) const EXACT: i64 = 9_007_199_254_740_991;

/// The one pattern of the schema; documents for others have to be taught.
const JSON_POINTER: &str = "^(/([^/~]|~[01])*)*$";

/// A random document of the shape.
pub(crate) fn document(schema: &Schema, shape: &Shape, rng: &mut Rng) -> Value {
    Generator { schema, rng }.value(shape, 0)
}

struct Generator<'a> {
    schema: &'a Schema,
    rng: &'a mut Rng,
}

impl Generator<'_> {
    fn value(&mut self, shape: &Shape, depth: usize) -> Value {
        match shape {
            Shape::Reference(name) => self.value(self.schema.shape(name), depth),
            Shape::Any { null: true } => any(self.rng),
            Shape::Any { null: false } => not_null(self.rng),
            Shape::Null => Value::Null,
            Shape::Boolean => self.rng.bool().into(),
            Shape::Integer { minimum, maximum } => {
                let integer = integer(*minimum, *maximum, self.rng);
                perhaps_float(integer, self.rng)
            }
            Shape::Number => number(self.rng),
            Shape::Text { pattern: None } => text(self.rng).into(),
            Shape::Text { pattern: Some(pattern) } => {
                assert_eq!(pattern, JSON_POINTER, "a pattern that the tests do not know");
                json_pointer(self.rng).into()
            }
            Shape::Constant(value) => value.clone(),
            Shape::Enumeration(values) => self.rng.choice(values).unwrap().clone().into(),
            Shape::List { items, at_least } => {
                let more = if depth < DEPTH { few(self.rng) } else { 0 };
                (0..at_least + more).map(|_| self.value(items, depth + 1)).collect()
            }
            Shape::Object(object) => self.object(object, depth),
            Shape::Tagged(union) => {
                let variant = self.rng.choice(union.variants.values()).unwrap();
                self.value(variant, depth)
            }
            Shape::ByType(alternatives) => {
                let alternative = self.rng.choice(alternatives).unwrap();
                self.value(alternative, depth)
            }
        }
    }

    fn object(&mut self, object: &Object, depth: usize) -> Value {
        // Objects with nothing optional and with everything are as telling as those in between.
        let density = if depth < DEPTH { self.rng.choice([0, 20, 50, 100]).unwrap() } else { 0 };
        let mut members = Map::new();
        for (name, member) in &object.members {
            if member.required || self.rng.u8(..100) < density {
                members.insert(name.clone(), self.value(&member.shape, depth + 1));
            }
        }
        if let Some(others) = &object.others {
            for _ in 0..few(self.rng) {
                let name = name(self.rng);
                if !object.members.contains_key(&name) {
                    members.insert(name, self.value(others, depth + 1));
                }
            }
        }
        members.into()
    }
}

/// Any JSON value.
pub(crate) fn any(rng: &mut Rng) -> Value {
    any_nested(rng, 3)
}

/// Any JSON value but `null`.
pub(crate) fn not_null(rng: &mut Rng) -> Value {
    loop {
        let value = any(rng);
        if !value.is_null() {
            return value;
        }
    }
}

fn any_nested(rng: &mut Rng, depth: usize) -> Value {
    match rng.u8(..if depth > 0 { 9 } else { 6 }) {
        0 => Value::Null,
        1 => rng.bool().into(),
        2 | 3 => number(rng),
        4 | 5 => text(rng).into(),
        6 => (0..few(rng)).map(|_| any_nested(rng, depth - 1)).collect(),
        7 if rng.u8(..20) == 0 => (0..rng.u8(1..60)).fold(Value::Null, |inner, _| Value::Array(vec![inner])),
        _ => Value::Object((0..few(rng)).map(|_| (name(rng), any_nested(rng, depth - 1))).collect()),
    }
}

/// An integer within bounds, often on or next to one of them or to zero.
fn integer(minimum: i64, maximum: i64, rng: &mut Rng) -> i64 {
    let wish = match rng.u8(..8) {
        0 => minimum,
        1 => maximum,
        2 => minimum.saturating_add(1),
        3 => maximum.saturating_sub(1),
        4 => rng.i64(-2..=2),
        5 => rng.i64(-10..=10) * 1000,
        _ => rng.i64(minimum..=maximum),
    };
    wish.clamp(minimum, maximum)
}

/// `1.0` is an integer to JSON Schema.
fn perhaps_float(integer: i64, rng: &mut Rng) -> Value {
    let exact = integer.unsigned_abs() <= EXACT.unsigned_abs();
    if exact && rng.u8(..4) == 0 { (integer as f64).into() } else { integer.into() }
}

fn number(rng: &mut Rng) -> Value {
    let float = match rng.u8(..10) {
        0 => return rng.choice([i64::MIN, -EXACT - 1, -1, 0, 1, EXACT, EXACT + 1, i64::MAX]).unwrap().into(),
        1 => return rng.choice([u64::MAX, u64::MAX - 1, 1 << 63]).unwrap().into(),
        2 | 3 => return rng.i64(..).into(),
        4 | 5 => return perhaps_float(rng.i64(-1000..=1000), rng),
        6 => rng.choice([0.0, -0.0, 1.0, 0.1, -1e-7, 1e3, 1e21, 1e300, 5e-324, f64::MAX, f64::MIN]).unwrap(),
        7 => rng.f64(),
        _ => f64::from_bits(rng.u64(..)),
    };
    Number::from_f64(float).map_or(Value::Null, Value::Number)
}

/// A string: plain, empty, in need of escapes, beyond the basic plane, long.
pub(crate) fn text(rng: &mut Rng) -> String {
    const STRINGS: [&str; 16] = [
        "",
        " ",
        "null",
        "0",
        "a\"b\\c/d",
        "line\nline\r\n\ttab",
        "\0\u{1}\u{1f}\u{7f}\u{80}\u{9f}",
        "\u{2028}\u{2029}\u{feff}\u{fffd}\u{ffff}",
        "Grüße, 你好, שלום, नमस्ते",
        "e\u{301} \u{200d}\u{fe0f}",
        "😀👩‍👩‍👧‍👦🏳️‍🌈",
        "\u{10000}\u{10ffff}",
        "{\"type\":\"RUN_ERROR\"}",
        "/a/~0/~1",
        "data: x\n\ndata: y",
        "/pointer: message at line 1 column 2",
    ];
    match rng.u8(..8) {
        0..3 => rng.choice(STRINGS).unwrap().to_owned(),
        3 if rng.u8(..40) == 0 => (0..rng.usize(1000..5000)).map(|_| rng.alphanumeric()).collect(),
        3 | 4 => (0..rng.u8(1..8)).map(|_| rng.char()).collect(),
        _ => (0..rng.u8(1..12)).map(|_| rng.alphanumeric()).collect(),
    }
}

/// The name of a member that no object defines, or that only another one does.
pub(crate) fn name(rng: &mut Rng) -> String {
    const NAMES: [&str; 26] = [
        "",
        " ",
        "/",
        "~",
        "~0",
        "~1",
        "a/b~c",
        "a: b",
        "a at line 1 column 2",
        "0",
        "-",
        "ag-ui",
        "type",
        "Type",
        "role",
        "op",
        "value",
        "from",
        "delta",
        "messageId",
        "message_id",
        "subagentRunId",
        "__proto__",
        "$ref",
        "ключ\"\\\n",
        "😀",
    ];
    if rng.u8(..3) > 0 { rng.choice(NAMES).unwrap().to_owned() } else { text(rng) }
}

fn json_pointer(rng: &mut Rng) -> String {
    let segments = (0..few(rng)).map(|_| format!("/{}", text(rng).replace('~', "~0").replace('/', "~1")));
    segments.collect()
}

/// A small number, zero included.
fn few(rng: &mut Rng) -> usize {
    rng.choice([0, 0, 1, 1, 2, 3]).unwrap()
}

/// The protocol's schema does not use everything that the tests understand.
#[test]
fn generated_documents_are_valid_whatever_the_keywords() {
    let schema = Schema::new(
        "a made-up schema",
        &serde_json::json!({
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "$defs": {
                "Types": { "type": ["string", "null", "integer"] },
                "Number": { "type": "number" },
                "Bounded": { "type": "integer", "minimum": -1, "maximum": 1 },
                "Long": { "type": "array", "minItems": 3, "items": { "$ref": "#/$defs/Bounded" } },
                "Map": { "type": "object", "additionalProperties": { "$ref": "#/$defs/Bounded" } },
                "Base": { "type": "object", "properties": { "a": {}, "b": { "type": "string" } }, "required": ["a"] },
                "Narrow": {
                    "type": "object",
                    "allOf": [{ "$ref": "#/$defs/Base" }],
                    "properties": { "b": { "const": "narrow" }, "next": { "$ref": "#/$defs/Union" } },
                    "required": ["b"],
                    "unevaluatedProperties": { "type": "boolean" }
                },
                "Other": {
                    "type": "object",
                    "properties": { "b": { "const": "other" }, "c": { "not": { "type": "null" } } },
                    "required": ["b", "c"],
                    "additionalProperties": false
                },
                "Union": { "oneOf": [{ "$ref": "#/$defs/Narrow" }, { "$ref": "#/$defs/Other" }] }
            }
        }),
    );
    let mut rng = Rng::with_seed(3);
    for definition in schema.definitions() {
        for _ in 0..200 {
            let document = document(&schema, schema.shape(definition), &mut rng);
            assert!(
                schema.accepts(definition, &document),
                "{document}: {}",
                schema.verdict(definition, &document)
            );
        }
    }
}
