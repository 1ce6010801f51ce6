//! Random documents of a schema, read keyword by keyword, and what spoils them.

use fastrand::Rng;
use serde_json::{Map, Value, json};

/// Beyond this nesting nothing optional is made.
const DEPTH: usize = 6;

/// The documents of one definition.
pub(crate) struct Documents<'s> {
    schema: &'s Value,
    start: &'s Value,
}

impl<'s> Documents<'s> {
    /// Of a definition, or of the whole schema.
    pub(crate) fn new(schema: &'s Value, definition: Option<&str>) -> Self {
        Self { schema, start: definition.map_or(schema, |name| &schema["$defs"][name]) }
    }

    /// A document that is mostly valid: what several keywords demand together is not solved, but tried.
    pub(crate) fn random(&self, rng: &mut Rng) -> Value {
        self.value(self.start, rng, 0)
    }

    fn value(&self, schema: &Value, rng: &mut Rng, depth: usize) -> Value {
        if let Some(reference) = schema["$ref"].as_str() {
            return self.value(self.schema.pointer(&reference[1..]).unwrap(), rng, depth);
        }
        if let Some(constant) = schema.get("const") {
            return constant.clone();
        }
        if let Some(values) = schema["enum"].as_array() {
            return rng.choice(values).unwrap().clone();
        }
        if let Some(members) = schema["oneOf"].as_array().or(schema["anyOf"].as_array()) {
            let member = rng.choice(members).unwrap();
            return self.value(&beside(schema, member, members), rng, depth);
        }
        let types = match &schema["type"] {
            Value::Array(types) => types.clone(),
            Value::Null => return any(rng),
            single => vec![single.clone()],
        };
        match rng.choice(&types).unwrap().as_str().unwrap() {
            "null" => Value::Null,
            "boolean" => rng.bool().into(),
            "string" => text(rng).into(),
            "integer" => rng.i32(-3..300).into(),
            "number" => (f64::from(rng.i32(-9..9)) / 2.0).into(),
            "array" => self.array(schema, rng, depth),
            "object" => self.object(schema, rng, depth),
            other => panic!("{other} is no type"),
        }
    }

    fn array(&self, schema: &Value, rng: &mut Rng, depth: usize) -> Value {
        let minimum = schema["minItems"].as_u64().unwrap_or(0);
        let more = if depth < DEPTH { rng.u64(..3) } else { 0 };
        let item = schema.get("items").unwrap_or(&Value::Null);
        (0..minimum + more).map(|_| self.value(item, rng, depth + 1)).collect()
    }

    fn object(&self, schema: &Value, rng: &mut Rng, depth: usize) -> Value {
        let density = if depth < DEPTH { *rng.choice(&[0, 15, 50]).unwrap() } else { 0 };
        let required = schema["required"].as_array().map(Vec::as_slice).unwrap_or_default();
        let mut members = Map::new();
        for (name, property) in schema["properties"].as_object().into_iter().flatten() {
            if required.contains(&json!(name)) || rng.u8(..100) < density {
                members.insert(name.clone(), self.value(property, rng, depth + 1));
            }
        }
        let further = &schema["additionalProperties"];
        if *further != Value::Bool(false) {
            let minimum = schema["minProperties"].as_u64().unwrap_or(0);
            let more = if depth < DEPTH { rng.u64(..3) } else { 0 };
            for index in 0..minimum + more {
                members
                    .entry(format!("{}{index}", text(rng)))
                    .or_insert_with(|| self.value(further, rng, depth + 1));
            }
        }
        members.into()
    }
}

/// A member of a union, with what stands beside the union.
fn beside(schema: &Value, member: &Value, all: &[Value]) -> Value {
    let mut beside = schema.as_object().cloned().unwrap_or_default();
    beside.retain(|keyword, _| keyword != "oneOf" && keyword != "anyOf");
    beside.extend(member.as_object().cloned().unwrap_or_default());
    // What another member requires would choose that one too.
    let others = all.iter().filter(|other| *other != member);
    let excluded: Vec<_> = others.flat_map(|other| other["required"].as_array()).flatten().collect();
    if let Some(properties) = beside.get_mut("properties").and_then(Value::as_object_mut) {
        properties.retain(|name, _| !excluded.iter().any(|excluded| *excluded == name));
    }
    beside.into()
}

fn any(rng: &mut Rng) -> Value {
    match rng.u8(..6) {
        0 => Value::Null,
        1 => rng.bool().into(),
        2 => rng.i64(-5..5).into(),
        3 => json!([text(rng), null]),
        4 => json!({ text(rng): 0.5, "deep": { "er": [] } }),
        _ => text(rng).into(),
    }
}

fn text(rng: &mut Rng) -> String {
    const TEXTS: [&str; 8] = ["", "a", "*.rs", "two words", "a/b~c", "\"\\\n", "Grüße 😀", "type"];
    (*rng.choice(&TEXTS).unwrap()).to_owned()
}

/// Changes a document in one place, which mostly spoils it.
pub(crate) fn mutate(document: &mut Value, rng: &mut Rng) {
    let mut target = document;
    while rng.u8(..4) > 0 && has_members(target) {
        target = match target {
            Value::Array(items) => {
                let index = rng.usize(..items.len());
                &mut items[index]
            }
            Value::Object(members) => {
                let index = rng.usize(..members.len());
                members.values_mut().nth(index).unwrap()
            }
            other => other,
        };
    }
    match (target, rng.u8(..4)) {
        (Value::Object(members), 0) => {
            members.insert("unheard-of".to_owned(), any(rng));
        }
        (Value::Object(members), 1) if !members.is_empty() => {
            let name = members.keys().nth(rng.usize(..members.len())).unwrap().clone();
            members.remove(&name);
        }
        (Value::Object(members), 2) => members.clear(),
        (Value::Array(items), 0) => items.push(any(rng)),
        (Value::Array(items), 1) => items.clear(),
        (Value::Array(items), 2) if !items.is_empty() => items.push(items[0].clone()),
        (target, _) => *target = any(rng),
    }
}

fn has_members(value: &Value) -> bool {
    value.as_array().is_some_and(|items| !items.is_empty())
        || value.as_object().is_some_and(|members| !members.is_empty())
}
