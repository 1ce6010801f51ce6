//! What kinds, types and bounds are called in the messages.

use crate::model::{Kind, Rule, Shape};

pub(super) fn kind_name(kind: &Kind) -> &'static str {
    match kind {
        Kind::Object(_) => "an object",
        Kind::Union(_) => "a union",
        Kind::Choice(_) => "a choice of JSON types",
        Kind::Enumeration(_) => "an enumeration",
        Kind::Other(ty) => match ty.shape {
            Shape::List(_) => "a list",
            Shape::Map(_) => "a map",
            Shape::String => "a string",
            _ => "another type",
        },
    }
}

pub(super) fn shape_name(shape: &Shape) -> String {
    match shape {
        Shape::Any => "any value".to_owned(),
        Shape::Boolean => "a boolean".to_owned(),
        Shape::Integer { .. } => "an integer".to_owned(),
        Shape::Number => "a number".to_owned(),
        Shape::String => "a string".to_owned(),
        Shape::Constant(value) => format!("the constant {value}"),
        Shape::List(_) => "a list".to_owned(),
        Shape::Map(_) => "a map".to_owned(),
        Shape::Reference(name) => format!("`{name}`"),
    }
}

pub(super) fn bound_name(rule: &Rule) -> Option<String> {
    let of = |what: &str, minimum: usize, maximum: usize| match maximum {
        usize::MAX => format!("at least {minimum} {what}"),
        maximum => format!("{minimum} to {maximum} {what}"),
    };
    Some(match rule {
        Rule::AtLeast(limit) => format!("≥ {limit}"),
        Rule::AtMost(limit) => format!("≤ {limit}"),
        Rule::Above(limit) => format!("> {limit}"),
        Rule::Below(limit) => format!("< {limit}"),
        Rule::Items { minimum, maximum } => of("items", *minimum, *maximum),
        Rule::Members { minimum, maximum } => of("members", *minimum, *maximum),
        Rule::Names(rules) => {
            let patterns = rules.iter().map(|rule| match rule {
                Rule::Pattern(pattern) => Some(format!("`{pattern}`")),
                rule => bound_name(rule),
            });
            format!("names {}", patterns.flatten().collect::<Vec<_>>().join(", "))
        }
        Rule::MultipleOf(divisor) => format!("a multiple of {divisor}"),
        Rule::Unique => "no item twice".to_owned(),
        Rule::Length { minimum, maximum } => of("characters", *minimum, *maximum),
        Rule::NotNull | Rule::Pattern(_) => return None,
    })
}
