//! Types, their limits and JSON values in words.

use super::markdown::{code, link};
use crate::model::{Rule, Shape, Type};
use serde_json::Value;
use std::collections::BTreeMap;

/// A type in words, with links to definitions; its own limits are left to [`limits`].
pub(super) fn words(ty: &Type) -> String {
    let shape = match &ty.shape {
        Shape::Any => "any JSON value".to_owned(),
        Shape::Boolean => "boolean".to_owned(),
        Shape::Integer { unsigned: false } => "integer".to_owned(),
        Shape::Integer { unsigned: true } => "non-negative integer".to_owned(),
        Shape::Number => "number".to_owned(),
        Shape::String => "string".to_owned(),
        Shape::Constant(value) => code(&json(value)),
        Shape::List(item) => format!("list of {}", nested(item)),
        Shape::Map(value) if **value == Type::new(Shape::Any) => "object".to_owned(),
        Shape::Map(value) => format!("object with values of type {}", nested(value)),
        Shape::Reference(name) => link(name),
    };
    if ty.nullable { format!("{shape} or `null`") } else { shape }
}

/// A type inside of another one, with its limits.
pub(super) fn nested(ty: &Type) -> String {
    let limits = limits(&ty.rules);
    match (words(ty), ty.nullable) {
        (words, false) if limits.is_empty() => words,
        (words, true) if limits.is_empty() => format!("({words})"),
        (words, false) => format!("{words} ({limits})"),
        (words, true) => format!("({words}; {limits})"),
    }
}

pub(super) fn limits(rules: &[Rule]) -> String {
    rules.iter().map(limit).collect::<Vec<_>>().join(", ")
}

fn limit(rule: &Rule) -> String {
    match rule {
        Rule::NotNull => "not `null`".to_owned(),
        Rule::AtLeast(limit) => format!("at least {limit}"),
        Rule::AtMost(limit) => format!("at most {limit}"),
        Rule::Above(limit) => format!("above {limit}"),
        Rule::Below(limit) => format!("below {limit}"),
        Rule::Items { minimum, maximum } => count(*minimum, *maximum, "item"),
        Rule::Members { minimum, maximum } => count(*minimum, *maximum, "member"),
        Rule::Names(rules) => format!("names {}", limits(rules)),
        Rule::MultipleOf(divisor) => format!("a multiple of {divisor}"),
        Rule::Unique => "no item twice".to_owned(),
        Rule::Length { minimum, maximum } => count(*minimum, *maximum, "character"),
        Rule::Pattern(pattern) => format!("matching {}", code(pattern)),
    }
}

fn count(minimum: usize, maximum: usize, unit: &str) -> String {
    let counted = |count| format!("{count} {unit}{}", if count == 1 { "" } else { "s" });
    match (minimum, maximum) {
        (_, usize::MAX) => format!("at least {}", counted(minimum)),
        (0, _) => format!("at most {}", counted(maximum)),
        _ if minimum == maximum => format!("exactly {}", counted(minimum)),
        _ => format!("{minimum} to {}", counted(maximum)),
    }
}

/// JSON with its keys in order.
pub(super) fn json(value: &Value) -> String {
    match value {
        Value::Object(members) => {
            let sorted: BTreeMap<_, _> = members.iter().collect();
            let member =
                |(key, value): (&String, &Value)| format!("{}:{}", Value::from(key.as_str()), json(value));
            format!("{{{}}}", sorted.into_iter().map(member).collect::<Vec<_>>().join(","))
        }
        Value::Array(values) => format!("[{}]", values.iter().map(json).collect::<Vec<_>>().join(",")),
        other => other.to_string(),
    }
}
