//! What schemas say of a value by itself.

use super::verdict::{Unfit, misfit, unusable};
use serde_json::{Map, Number, Value};
use std::cmp::Ordering;

type Judge = fn(&Map<String, Value>, &Value) -> Result<(), Unfit>;

/// Each looks at keywords of its own; `pattern` is not among them.
pub(super) const ALL: [Judge; 5] = [types, fixed, numbers, texts, sizes];

fn types(schema: &Map<String, Value>, value: &Value) -> Result<(), Unfit> {
    let expected = match schema.get("type") {
        None => return Ok(()),
        Some(Value::Array(names)) if names.is_empty() => return unusable("`type` is empty"),
        Some(Value::Array(names)) => names.as_slice(),
        Some(name) => std::slice::from_ref(name),
    };
    let mut names = Vec::new();
    for name in expected {
        let Some((name, is)) = name.as_str().and_then(|name| Some((name, is_type(name, value)?))) else {
            return unusable(format_args!("{name} is no type"));
        };
        if is {
            return Ok(());
        }
        names.push(name);
    }
    misfit(format_args!("expected {}", names.join(" or ")))
}

/// `None` if there is no such type.
fn is_type(name: &str, value: &Value) -> Option<bool> {
    Some(match name {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "string" => value.is_string(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        "number" => value.is_number(),
        "integer" => value.as_f64().is_some_and(|number| number.fract() == 0.0),
        _ => return None,
    })
}

fn fixed(schema: &Map<String, Value>, value: &Value) -> Result<(), Unfit> {
    match schema.get("const") {
        Some(expected) if !equal(expected, value) => return misfit(format_args!("expected {expected}")),
        _ => {}
    }
    match schema.get("enum") {
        None => Ok(()),
        Some(Value::Array(allowed)) if allowed.iter().any(|allowed| equal(allowed, value)) => Ok(()),
        Some(allowed @ Value::Array(_)) => misfit(format_args!("expected one of {allowed}")),
        Some(_) => unusable("`enum` is no list"),
    }
}

/// Numbers are equal whatever they are written like.
pub(super) fn equal(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Number(one), Value::Number(other)) => compare(one, other).is_eq(),
        (Value::Array(one), Value::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| equal(one, other))
        }
        (Value::Object(one), Value::Object(other)) => {
            let same = |(name, one)| other.get(name).is_some_and(|other| equal(one, other));
            one.len() == other.len() && one.iter().all(same)
        }
        _ => one == other,
    }
}

/// A value with its numbers in one spelling, so that what is [`equal`] is the same.
pub(super) fn spelled(value: &Value) -> Value {
    match value {
        Value::Number(number) => {
            integer(number).and_then(Number::from_i128).map_or_else(|| value.clone(), Value::Number)
        }
        Value::Array(elements) => elements.iter().map(spelled).collect(),
        Value::Object(members) => {
            Value::Object(members.iter().map(|(name, value)| (name.clone(), spelled(value))).collect())
        }
        other => other.clone(),
    }
}

/// As they are meant, whatever has no place in a float.
fn compare(one: &Number, other: &Number) -> Ordering {
    match (integer(one), integer(other)) {
        (Some(one), Some(other)) => one.cmp(&other),
        _ => float(one).total_cmp(&float(other)),
    }
}

/// A number without a fraction, also if it is spelled with one.
fn integer(number: &Number) -> Option<i128> {
    let float = || Some(float(number)).filter(|float| float.fract() == 0.0 && float.abs() < 1e38);
    number.as_i128().or_else(|| Some(float()? as i128))
}

/// Without the sign of zero.
fn float(number: &Number) -> f64 {
    number.as_f64().unwrap_or_default() + 0.0
}

fn numbers(schema: &Map<String, Value>, value: &Value) -> Result<(), Unfit> {
    let Value::Number(value) = value else { return Ok(()) };
    let bounds: [(&str, &str, &[Ordering]); 4] = [
        ("minimum", "at least", &[Ordering::Greater, Ordering::Equal]),
        ("maximum", "at most", &[Ordering::Less, Ordering::Equal]),
        ("exclusiveMinimum", "more than", &[Ordering::Greater]),
        ("exclusiveMaximum", "less than", &[Ordering::Less]),
    ];
    let mut ends = Ok(());
    for (keyword, words, fitting) in bounds {
        match schema.get(keyword) {
            None => {}
            Some(Value::Number(bound)) if fitting.contains(&compare(value, bound)) => {}
            Some(Value::Number(bound)) => return misfit(format_args!("expected {words} {bound}")),
            Some(other) => ends = unusable(format_args!("`{keyword}` is {other}")),
        }
    }
    match schema.get("multipleOf") {
        None => ends,
        Some(Value::Number(of)) if float(of) > 0.0 => {
            if is_multiple(value, of) {
                ends
            } else {
                misfit(format_args!("expected a multiple of {of}"))
            }
        }
        Some(other) => unusable(format_args!("`multipleOf` is {other}")),
    }
}

fn is_multiple(value: &Number, of: &Number) -> bool {
    if let (Some(value), Some(of)) = (integer(value), integer(of)) {
        return value.checked_rem(of) == Some(0);
    }
    let (value, of) = (float(value), float(of));
    // 0.3 is a multiple of 0.1, which neither is to the last bit.
    let times = value / of;
    value % of == 0.0 || (times - times.round()).abs() <= 4.0 * f64::EPSILON * times.abs()
}

fn texts(schema: &Map<String, Value>, value: &Value) -> Result<(), Unfit> {
    let Value::String(text) = value else { return Ok(()) };
    sized(schema, ["minLength", "maxLength"], text.chars().count(), "characters")
}

fn sizes(schema: &Map<String, Value>, value: &Value) -> Result<(), Unfit> {
    match value {
        Value::Array(elements) => sized(schema, ["minItems", "maxItems"], elements.len(), "elements"),
        Value::Object(members) => sized(schema, ["minProperties", "maxProperties"], members.len(), "members"),
        _ => Ok(()),
    }
}

fn sized(
    schema: &Map<String, Value>,
    [least, most]: [&str; 2],
    size: usize,
    what: &str,
) -> Result<(), Unfit> {
    let (least, most) = (count(schema, least), count(schema, most));
    match (&least, &most) {
        (Ok(Some(least)), _) if size < *least => misfit(format_args!("expected at least {least} {what}")),
        (_, Ok(Some(most))) if size > *most => misfit(format_args!("expected at most {most} {what}")),
        _ => least.and(most).map(drop),
    }
}

/// A keyword whose value is a number of things.
pub(super) fn count(schema: &Map<String, Value>, keyword: &str) -> Result<Option<usize>, Unfit> {
    let Some(value) = schema.get(keyword) else { return Ok(None) };
    match value.as_f64() {
        // What is larger than all that can be counted is as good as that.
        Some(number) if number >= 0.0 && number.fract() == 0.0 => Ok(Some(number as usize)),
        _ => unusable(format_args!("`{keyword}` is {value}")),
    }
}
