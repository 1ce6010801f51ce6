//! Schemas that nobody wrote: whatever is done to one, the generator says what is wrong with it.

use agui_codegen::{Error, Schema, Settings, generate};
use fastrand::Rng;
use serde_json::{Value, json};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// What mutations put in place of something else: JSON of every kind, and schemas that may refer to a
/// definition.
fn replacements(definition: &str) -> Vec<Value> {
    let reference = json!({ "$ref": format!("#/$defs/{definition}") });
    vec![
        json!(null),
        json!(true),
        json!(false),
        json!(-1),
        json!(0.5),
        json!(1e300),
        json!(""),
        json!("type"),
        json!(format!("#/$defs/{definition}")),
        json!(format!("#{definition}")),
        json!("self"),
        json!("(a|b"),
        json!([]),
        json!(["string", "null"]),
        json!(["a", "A", "a-b", "a_b"]),
        json!({}),
        json!({ "type": "object" }),
        json!({ "type": "object", "additionalProperties": { "type": "string" } }),
        json!({ "type": "object", "additionalProperties": reference }),
        json!({ "type": "array", "items": reference, "maxItems": 1 }),
        json!({ "type": "array", "items": reference }),
        reference.clone(),
        json!({ "const": "a" }),
        json!({ "const": 1 }),
        json!({ "const": null }),
        json!({ "enum": ["a", "b", null] }),
        json!({ "oneOf": [{ "type": "string" }, reference, { "type": "null" }] }),
        json!({ "oneOf": [reference, { "type": "null" }] }),
        json!({ "allOf": [reference] }),
        json!({ "type": "object", "properties": { "inner": reference }, "required": ["inner"] }),
        json!({ "not": { "type": "null" } }),
    ]
}

/// Names for definitions and members; some clash with others, some with Rust.
const NAMES: [&str; 14] = [
    "event", "Event", "type", "Type", "self", "new", "extra", "", "a b", "1", "$ref", "entries", "oneOf",
    "items",
];

/// A random node of the document, as the steps that lead to it; all are equally likely.
fn pointers(value: &Value, at: &mut Vec<String>, found: &mut Vec<Vec<String>>) {
    found.push(at.clone());
    let children: Vec<_> = match value {
        Value::Object(object) => object.iter().map(|(key, value)| (key.clone(), value)).collect(),
        Value::Array(items) => {
            items.iter().enumerate().map(|(index, value)| (index.to_string(), value)).collect()
        }
        _ => Vec::new(),
    };
    for (key, child) in children {
        at.push(key);
        pointers(child, at, found);
        at.pop();
    }
}

fn at<'v>(document: &'v mut Value, steps: &[String]) -> Option<&'v mut Value> {
    steps.iter().try_fold(document, |value, step| match value {
        Value::Object(object) => object.get_mut(step),
        Value::Array(items) => items.get_mut(step.parse::<usize>().ok()?),
        _ => None,
    })
}

/// Does something to a random node, and says what.
fn mutate(document: &mut Value, random: &mut Rng) -> String {
    let mut found = Vec::new();
    pointers(document, &mut Vec::new(), &mut found);
    let steps = random.choice(&found).unwrap().clone();
    let place = steps.join("/");
    let definitions = document.get("$defs").and_then(Value::as_object);
    let definition =
        definitions.and_then(|definitions| random.choice(definitions.keys())).cloned().unwrap_or_default();
    let replacement = random.choice(replacements(&definition)).unwrap();
    let name = (*random.choice(&NAMES).unwrap()).to_owned();
    let Some((last, parent)) = steps.split_last() else {
        *document = replacement.clone();
        return format!("replaced everything by {replacement}");
    };
    match (random.u8(..5), at(document, parent).unwrap()) {
        (0, Value::Object(object)) => {
            object.remove(last);
            format!("removed {place}")
        }
        (1, Value::Object(object)) => {
            if let Some(value) = object.remove(last) {
                object.insert(name.clone(), value);
            }
            format!("renamed {place} to {name}")
        }
        (2, Value::Object(object)) => {
            object.insert(name.clone(), replacement.clone());
            format!("added {name}: {replacement} beside {place}")
        }
        (0 | 1, Value::Array(items)) => {
            items.remove(last.parse().unwrap());
            format!("removed {place}")
        }
        (2, Value::Array(items)) => {
            items.push(replacement.clone());
            format!("added {replacement} beside {place}")
        }
        (3, _) => {
            // Something from elsewhere in the document.
            let source = random.choice(&found).unwrap();
            let value = at(document, source).unwrap().clone();
            *at(document, &steps).unwrap() = value;
            format!("copied {} to {place}", source.join("/"))
        }
        _ => {
            *at(document, &steps).unwrap() = replacement.clone();
            format!("replaced {place} by {replacement}")
        }
    }
}

/// Generates from mutated copies of the document; returns how many of them were in order.
fn survive(document: &Value, seeds: std::ops::Range<u64>) -> usize {
    let mut in_order = 0;
    for seed in seeds {
        let mut random = Rng::with_seed(seed);
        let mut mutated = document.clone();
        let done: Vec<_> = (0..random.usize(1..4)).map(|_| mutate(&mut mutated, &mut random)).collect();
        let schema = Schema::from(mutated);
        match catch_unwind(AssertUnwindSafe(|| generate(&schema, &Settings::default()))) {
            Ok(Ok(_)) => in_order += 1,
            Ok(Err(Error::Schema(problems))) => {
                assert!(!problems.is_empty(), "seed {seed}, {done:#?}");
                for problem in problems {
                    let exists = schema.document().pointer(&problem.pointer).is_some();
                    assert!(exists, "seed {seed}, {done:#?}: no such place as {problem}");
                }
            }
            Ok(Err(error)) => panic!("seed {seed}, {done:#?}: {error}"),
            Err(_) => panic!("seed {seed}, {done:#?}: panicked"),
        }
    }
    in_order
}

/// The definitions that the named ones lead to, which is quick to generate from; and a change to one
/// of few reaches deeper than one to any of many.
fn excerpt(document: &Value, names: &[&str]) -> Value {
    fn collect(value: &Value, found: &mut Vec<String>) {
        match value {
            Value::Object(object) => {
                let reference = object.get("$ref").and_then(Value::as_str);
                found.extend(
                    reference.and_then(|reference| reference.strip_prefix("#/$defs/")).map(str::to_owned),
                );
                object.values().for_each(|value| collect(value, found));
            }
            Value::Array(items) => items.iter().for_each(|value| collect(value, found)),
            _ => {}
        }
    }
    let mut kept = serde_json::Map::new();
    let mut wanted: Vec<_> = names.iter().map(|&name| name.to_owned()).collect();
    while let Some(name) = wanted.pop() {
        let definition = &document["$defs"][&name];
        if kept.insert(name, definition.clone()).is_none() {
            collect(definition, &mut wanted);
        }
    }
    json!({ "$defs": kept })
}

/// Mutations of a part and how many; `AGUI_MUTATIONS` multiplies them.
#[track_caller]
fn mutations(part: &[&str], count: u64) {
    let document = if part.is_empty() { ag_ui() } else { excerpt(&ag_ui(), part) };
    let times = std::env::var("AGUI_MUTATIONS").map_or(1, |times| times.parse().unwrap());
    let in_order = survive(&document, 0..count * times);
    // Both kinds have to occur often for the test to be worth its time.
    let (in_order, all) = (in_order as f64, (count * times) as f64);
    assert!(in_order > all * 0.05 && in_order < all * 0.95, "{in_order} of {all} are in order");
}

#[test]
fn mutations_of_patches() {
    mutations(&["JsonPatch"], 900);
}

#[test]
fn mutations_of_outcomes() {
    mutations(&["RunFinishedOutcome", "SubagentFinishedOutcome"], 800);
}

#[test]
fn mutations_of_messages() {
    mutations(&["Message"], 150);
}

#[test]
fn mutations_of_capabilities() {
    mutations(&["AgentCapabilities"], 110);
}

#[test]
fn mutations_of_everything() {
    mutations(&[], 40);
}

fn ag_ui() -> Value {
    let file = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../schema/ag-ui-1.0.json");
    Schema::read(file).unwrap().document().clone()
}
